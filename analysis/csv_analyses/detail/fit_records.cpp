// The rows of a data file as records for fits: by transition, with background hazards.
#include <npcsim/base/units.hpp>
#include <npcsim/csv_analyses/detail/fit_run.hpp>
#include <npcsim/hazard/life_table.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

// Views of the rows in `chosen`, gathered.
FitRecords gather(const FitData& all, const std::vector<std::uint32_t>& chosen) {
  FitRecords out;
  const auto numbers = [&](std::span<const double> column) -> std::span<const double> {
    if (column.empty()) return {};
    std::vector<double> values;
    values.reserve(chosen.size());
    for (const std::uint32_t row : chosen) values.push_back(column[row]);
    out.own.push_back(std::move(values));
    return out.own.back();
  };
  const auto codes = [&](std::span<const std::int32_t> column) -> std::span<const std::int32_t> {
    if (column.empty()) return {};
    std::vector<std::int32_t> values;
    values.reserve(chosen.size());
    for (const std::uint32_t row : chosen) values.push_back(column[row]);
    out.own_codes.push_back(std::move(values));
    return out.own_codes.back();
  };
  out.data.records.time = numbers(all.records.time);
  out.data.records.entry = numbers(all.records.entry);
  out.data.records.weight = numbers(all.records.weight);
  out.data.records.event = codes(all.records.event);
  out.data.records.cluster = codes(all.records.cluster);
  out.data.upper = numbers(all.upper);
  out.data.background = numbers(all.background);
  out.data.covariates.names = all.covariates.names;
  for (const auto& column : all.covariates.columns) {
    out.data.covariates.columns.push_back(numbers(column));
  }
  return out;
}

// Time since the state was entered: from 0, or from the start of observation in it.
void reset_clock(FitRecords& records) {
  std::vector<double> time(records.rows());
  for (std::size_t i = 0; i < time.size(); ++i) {
    time[i] = records.data.records.time[i] - records.data.records.entry[i];
  }
  records.own.push_back(std::move(time));
  records.data.records.time = records.own.back();
  records.data.records.entry = {};
}

std::optional<LifeTableSex> sex_of(const std::string& name) {
  if (name == "female" || name == "f" || name == "F" || name == "Female" || name == "2") {
    return LifeTableSex::female;
  }
  if (name == "male" || name == "m" || name == "M" || name == "Male" || name == "1") {
    return LifeTableSex::male;
  }
  return std::nullopt;
}

const DataColumn* first_of(const std::vector<DataColumn>& columns,
                           std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const DataColumn& column : columns) {
      if (column.name == name) return &column;
    }
  }
  return nullptr;
}

// The same columns as a model document's life table.
std::optional<LifeTable> read_life_table(const std::string& path, Diagnostics& diagnostics) {
  auto file = DataFile::open(path, diagnostics);
  if (!file) return std::nullopt;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < file->columns().size(); ++i) indices.push_back(i);
  const auto columns = read_columns(*file, indices, diagnostics);
  if (!columns) return std::nullopt;
  const DataColumn* from = first_of(*columns, {"age_from", "age", "age_start"});
  const DataColumn* to = first_of(*columns, {"age_to", "age_end"});
  const DataColumn* rate = first_of(*columns, {"rate", "deaths_per_person_year", "mx"});
  const DataColumn* probability = first_of(*columns, {"probability", "qx"});
  const DataColumn* sex = first_of(*columns, {"sex"});
  const DataColumn* year = first_of(*columns, {"year"});
  const DataColumn* value = rate != nullptr ? rate : probability;
  if (from == nullptr || value == nullptr || from->is_text || value->is_text) {
    file->header_error(
        "the life table needs columns of numbers age_from and rate (deaths per "
        "person-year) or probability",
        "optional: sex (male, female), age_to, year", diagnostics);
    return std::nullopt;
  }
  std::vector<LifeTableRow> rows(from->rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    LifeTableRow& row = rows[i];
    row.age_from_years = from->numbers[i];
    if (to != nullptr && !to->is_text && !to->missing(i)) row.age_to_years = to->numbers[i];
    row.value = value->numbers[i];
    row.measure = value == rate ? LifeTableRow::Measure::rate : LifeTableRow::Measure::probability;
    if (year != nullptr && !year->is_text && !year->missing(i)) {
      row.year = static_cast<int>(year->numbers[i]);
    }
    if (sex == nullptr) continue;
    const std::string name = sex->missing(i) ? std::string("all")
                             : sex->is_text  ? sex->levels[static_cast<std::size_t>(sex->codes[i])]
                                             : std::to_string(static_cast<int>(sex->numbers[i]));
    if (name == "all" || name == "both") continue;
    const auto known = sex_of(name);
    if (!known) {
      file->error(i, sex->index, "the sex must be male or female, found '" + name + "'", "",
                  diagnostics);
      return std::nullopt;
    }
    row.sex = *known;
  }
  if (to == nullptr) {
    // Rows end where the next of their stratum begins.
    for (LifeTableRow& row : rows) {
      for (const LifeTableRow& next : rows) {
        if (next.sex == row.sex && next.year == row.year &&
            next.age_from_years > row.age_from_years) {
          row.age_to_years = std::min(row.age_to_years, next.age_from_years);
        }
      }
    }
  }
  LifeTableResult result = LifeTable::build(rows);
  for (const std::string& problem : result.problems) {
    file->header_error("life table: " + problem, "", diagnostics);
  }
  return std::move(result.table);
}

}  // namespace

double BackgroundPopulation::hazard(std::size_t row, double time) const {
  return table.hazard(age_days[row] + time * days_per_unit, stratum[row]) * days_per_unit;
}

double BackgroundPopulation::survival(std::size_t row, double time) const {
  const double age = age_days[row];
  return std::exp(table.cumulative(age, stratum[row]) -
                  table.cumulative(age + time * days_per_unit, stratum[row]));
}

std::optional<BackgroundPopulation> background_population(const FitRequest& request,
                                                          const StudyData& data,
                                                          const ModelFrame& frame,
                                                          const DataFile& file,
                                                          Diagnostics& diagnostics) {
  auto table = read_life_table(request.life_table_path, diagnostics);
  if (!table) return std::nullopt;
  BackgroundPopulation out{std::move(*table), {}, {}, 1.0};
  out.days_per_unit = request.time_unit == "days"     ? 1.0
                      : request.time_unit == "months" ? days_per_month
                                                      : days_per_year;
  const DataColumn& age = data.column(request.age);
  const DataColumn* year = request.year.empty() ? nullptr : &data.column(request.year);
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const std::uint32_t row = frame.file_rows()[i];
    auto sex = std::optional<LifeTableSex>(LifeTableSex::all);
    if (!request.sex.empty()) {
      sex = sex_of(frame.group_names()[static_cast<std::size_t>(frame.group()[i])]);
    }
    const int start_year = year == nullptr ? 0 : static_cast<int>(year->numbers[row]);
    const auto stratum = sex ? out.table.stratum(*sex, start_year) : std::nullopt;
    if (!stratum || !(age.numbers[row] >= 0.0)) {
      const DataColumn& at = stratum || request.sex.empty() ? age : data.column(request.sex);
      file.error(
          row, at.index, stratum ? "an age must not be negative" : "the life table has no such sex",
          stratum ? ""
                  : "--sex needs male and female (also m and f, or 1 for male and 2 for female)",
          diagnostics);
      return std::nullopt;
    }
    out.age_days.push_back(age.numbers[row] * days_per_year);
    out.stratum.push_back(*stratum);
  }
  return out;
}

std::size_t FitRecords::events() const {
  const auto& event = data.records.event;
  if (event.empty()) return rows();
  return static_cast<std::size_t>(
      std::count_if(event.begin(), event.end(), [](std::int32_t code) { return code != 0; }));
}

std::optional<std::vector<FitRecords>> fit_records(const FitRequest& request, const StudyData& data,
                                                   const ModelFrame& frame,
                                                   const BackgroundPopulation* background,
                                                   const DataFile& file, Diagnostics& diagnostics) {
  FitRecords all;
  all.data.records = records_of(frame);
  all.data.records.stratum = {};
  all.data.upper = frame.upper();
  all.data.covariates = covariates_of(frame);
  if (background != nullptr) {
    for (std::size_t i = 0; i < frame.rows(); ++i) {
      all.background.push_back(background->hazard(i, frame.time()[i]));
    }
  } else if (!request.background.empty()) {
    const DataColumn& column = data.column(request.background);
    for (const std::uint32_t row : frame.file_rows()) {
      all.background.push_back(column.numbers[row]);
      if (all.background.back() >= 0.0) continue;
      file.error(row, column.index, "a background hazard must not be negative", "", diagnostics);
      return std::nullopt;
    }
  }
  all.data.background = all.background;
  all.file_rows.assign(frame.file_rows().begin(), frame.file_rows().end());
  std::vector<FitRecords> out;
  if (request.transition.empty()) {
    out.push_back(std::move(all));
    return out;
  }
  for (std::size_t stratum = 0; stratum < frame.stratum_names().size(); ++stratum) {
    std::vector<std::uint32_t> chosen;
    for (std::size_t i = 0; i < frame.rows(); ++i) {
      if (frame.stratum()[i] == static_cast<std::int32_t>(stratum)) {
        chosen.push_back(static_cast<std::uint32_t>(i));
      }
    }
    out.push_back(gather(all.data, chosen));
    for (const std::uint32_t i : chosen) out.back().file_rows.push_back(frame.file_rows()[i]);
    const std::uint32_t row = frame.file_rows()[chosen.front()];
    std::string name;
    for (const std::string& column_name : request.transition) {
      const auto factor = as_factor(data.column(column_name));
      name += (name.empty() ? "" : " -> ") +
              factor->levels[static_cast<std::size_t>(factor->codes[row])];
    }
    out.back().transition = name;
    if (request.clock == FitClock::reset && !frame.entry().empty()) reset_clock(out.back());
  }
  return out;
}

}  // namespace npcsim::detail
