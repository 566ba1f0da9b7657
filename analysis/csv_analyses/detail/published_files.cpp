#include <npcsim/csv_analyses/detail/published_files.hpp>
#include <npcsim/io/csv.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

// How far noise may carry a click: out of 0..1, above an earlier click, before time 0 or before its
// predecessor (the last two as shares of the axis). More is no noise but another kind of file.
constexpr double most_outside = 0.05;
constexpr double most_rise = 0.1;
constexpr double most_backward = 0.03;
// A rise that people should hear of (assumed): clicks on one step of a curve differ by less.
constexpr double noticed_rise = 0.02;
// A first survival above this means per cent.
constexpr double per_cent_above = 1.5;
constexpr const char* hint = "shares 0..1 in every row, or per cent 0..100 in every row";

struct Column {
  const npcsim::Column::Numbers* values = nullptr;
  std::size_t index = 0;
};

std::optional<Column> number_column(const CsvTable& table, std::string_view name,
                                    Diagnostics& diagnostics) {
  Column column;
  column.values = table.numbers(name, diagnostics);
  if (column.values == nullptr) return std::nullopt;
  column.index = *table.find(name);
  bool complete = true;
  for (std::size_t row = 0; row < column.values->size(); ++row) {
    if (std::isfinite((*column.values)[row])) continue;
    diagnostics.error(table.place(row, column.index),
                      "column '" + std::string(name) + "' needs a number in every row",
                      "remove the row or fill in the number");
    complete = false;
  }
  return complete ? std::optional(column) : std::nullopt;
}

bool has_rows(const CsvTable& table, const std::string& what, Diagnostics& diagnostics) {
  if (table.rows() > 0) return true;
  diagnostics.error(table.place(), "no rows: " + what);
  return false;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

bool read_curve(const std::string& path, PublishedCurve& curve, Diagnostics& diagnostics,
                std::vector<std::string>& warnings) {
  const auto table = read_csv_file(path, diagnostics);
  if (!table || !has_rows(*table, "a curve needs clicks", diagnostics)) return false;
  const auto time = number_column(*table, "time", diagnostics);
  const auto survival = number_column(*table, "survival", diagnostics);
  if (!time || !survival) return false;
  const std::size_t before = diagnostics.error_count();
  double axis = 0;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    axis = std::max(axis, (*time->values)[row]);
  }
  if (!(axis > 0)) {
    diagnostics.error(table->header_place(time->index), "no time is above 0");
    return false;
  }
  // A curve that starts at 1 holds shares, however large a mistyped number further down is.
  const double start = survival->values->front();
  const bool per_cent = start > per_cent_above && start <= 100 * (1 + most_outside);
  const double unit = per_cent ? 100 : 1;
  const std::string range = per_cent ? "survival must lie in 0..100 per cent, found "
                                     : "survival must lie in 0..1, found ";
  if (per_cent) warnings.push_back(path + ": survival is read as per cent (values up to 100)");
  double lowest = 1 + most_outside;
  std::size_t outside = 0;
  std::size_t backward = 0;
  std::size_t rising = 0;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const double t = (*time->values)[row];
    const double s = (*survival->values)[row] / unit;
    const SourcePlace survival_place = table->place(row, survival->index);
    const SourcePlace time_place = table->place(row, time->index);
    if (s > 1 + most_outside) {
      diagnostics.error(survival_place, range + short_number(s * unit), hint);
    } else if (s < -most_outside) {
      diagnostics.error(survival_place, range + short_number(s * unit), hint);
    } else if (s > lowest + most_rise) {
      diagnostics.error(survival_place, "the curve rises here, which survival cannot",
                        "for a cumulative incidence give 1 - value; one file for each curve");
    } else if (s > lowest + noticed_rise) {
      ++rising;
    }
    lowest = std::min(lowest, s);
    if (t < -most_backward * axis) {
      diagnostics.error(time_place, "time is below 0");
    } else if (row > 0 && t < (*time->values)[row - 1] - most_backward * axis) {
      diagnostics.error(time_place, "times must not fall from row to row",
                        "sort the clicks by time; one file for each curve");
    } else if (row > 0 && t < (*time->values)[row - 1]) {
      ++backward;
    }
    if (s > 1 || s < 0 || t < 0) ++outside;
    curve.clicks.push_back({t, s});
  }
  if (outside > 0) {
    warnings.push_back(path + ": " + counted(outside, "click lies", "clicks lie") +
                       " slightly outside the axes; taken as noise");
  }
  if (rising > 0) {
    warnings.push_back(path + ": " + counted(rising, "click lies", "clicks lie") +
                       " above an earlier one, which survival cannot; taken as noise");
  }
  if (backward > 0) {
    warnings.push_back(path + ": " + counted(backward, "click was", "clicks were") +
                       " slightly out of order of time and sorted");
  }
  return diagnostics.error_count() == before;
}

bool read_at_risk(const ReconstructArm& arm, bool curve_is_good, PublishedCurve& curve,
                  Diagnostics& diagnostics) {
  const auto table = read_csv_file(arm.at_risk_path, diagnostics);
  if (!table || !has_rows(*table, "the number at the start at least is needed", diagnostics)) {
    return false;
  }
  const auto time = number_column(*table, "time", diagnostics);
  const auto count = number_column(*table, "at_risk", diagnostics);
  if (!time || !count) return false;
  const std::size_t before = diagnostics.error_count();
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const double t = (*time->values)[row];
    const double n = (*count->values)[row];
    const SourcePlace place = table->place(row, count->index);
    if (t < 0) diagnostics.error(table->place(row, time->index), "time is below 0");
    if (row > 0 && t <= (*time->values)[row - 1]) {
      diagnostics.error(table->place(row, time->index), "times must rise from row to row");
    }
    if (n < 0 || n != std::floor(n) || n > 1e7) {
      diagnostics.error(place, "at_risk is a number of patients: whole, 0 to 10 million");
    } else if (row > 0 && n > (*count->values)[row - 1]) {
      diagnostics.error(place, "more patients at risk than before",
                        "nobody joins an arm; is this column of the same arm as the row above?");
    } else if (row == 0 && n < 1) {
      diagnostics.error(place, "nobody is at risk in the first row");
    }
    curve.at_risk.push_back({t, static_cast<std::int32_t>(std::clamp(n, 0.0, 1e7))});
  }
  if (diagnostics.error_count() > before) return false;
  const AtRisk& first = curve.at_risk.front();
  double last_click = 0;
  for (const Click& click : curve.clicks) last_click = std::max(last_click, click.time);
  if (curve_is_good && first.time > last_click) {
    diagnostics.error(table->place(0, time->index),
                      "the first row of the at-risk table is after the last click of the curve",
                      "both files need one unit of time; the first row is usually at 0");
    return false;
  }
  if (arm.events && first.time <= 0 && *arm.events > first.count) {
    diagnostics.contradiction(table->place(0, count->index),
                              std::to_string(*arm.events) +
                                  " events were asked for, more than the " +
                                  std::to_string(first.count) + " patients of the arm",
                              "--events is the number of patients with an event, not of patients");
    return false;
  }
  return true;
}

bool read_ticks(const std::string& path, PublishedCurve& curve, Diagnostics& diagnostics) {
  const auto table = read_csv_file(path, diagnostics);
  if (!table) return false;
  const auto time = number_column(*table, "time", diagnostics);
  if (!time) return false;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const double t = (*time->values)[row];
    if (t < 0) {
      diagnostics.error(table->place(row, time->index), "time is below 0");
      return false;
    }
    curve.ticks.push_back(t);
  }
  std::sort(curve.ticks.begin(), curve.ticks.end());
  return true;
}

}  // namespace

std::optional<PublishedCurve> read_published(const ReconstructArm& arm, Diagnostics& diagnostics,
                                             std::vector<std::string>& warnings) {
  PublishedCurve curve;
  curve.events = arm.events;
  curve.median = arm.median;
  curve.landmarks = arm.landmarks;
  bool good = read_curve(arm.curve_path, curve, diagnostics, warnings);
  good = read_at_risk(arm, good, curve, diagnostics) && good;
  if (!arm.ticks_path.empty()) good = read_ticks(arm.ticks_path, curve, diagnostics) && good;
  if (!good) return std::nullopt;
  return curve;
}

}  // namespace npcsim::detail
