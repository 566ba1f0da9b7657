#include <npcsim/base/table.hpp>
#include <npcsim/csv_analyses/detail/survival_run.hpp>

#include <utility>

namespace npcsim::detail {
namespace {

// Keeps what is still under observation at the landmark.
void move_to_landmark(RunRecords& all, double landmark) {
  all.late = landmark_records(all.records, landmark);
  all.records = all.late->view();
  std::vector<std::int32_t> group;
  for (const std::size_t row : all.late->row) {
    if (!all.group.empty()) group.push_back(all.group[row]);
  }
  all.group = std::move(group);
  const auto kept = [&all](std::span<const double> column) {
    std::vector<double> out;
    out.reserve(all.late->row.size());
    for (const std::size_t row : all.late->row) out.push_back(column[row]);
    return out;
  };
  for (const auto& column : all.covariates.columns) all.late_columns.push_back(kept(column));
  all.covariates.columns.clear();
  for (const auto& column : all.late_columns) all.covariates.columns.emplace_back(column);
  for (auto& column : all.others) column = kept(column);
}

}  // namespace

double RunRecords::sum_of_weights(std::optional<std::size_t> of_group) const {
  double sum = 0;
  for (std::size_t row = 0; row < records.weight.size(); ++row) {
    const bool counts =
        !of_group || group.empty() || static_cast<std::size_t>(group[row]) == *of_group;
    if (counts) sum += records.weight[row];
  }
  return sum;
}

std::unique_ptr<RunRecords> SurvivalRun::records_with(const FrameParts& parts) {
  auto frame = make_frame(data, parts, file, diagnostics);
  if (!frame) return nullptr;
  add_warnings(warnings, frame->warnings());
  auto out = std::make_unique<RunRecords>(std::move(*frame));
  out->records = records_of(out->frame);
  out->covariates = covariates_of(out->frame);
  out->group.assign(out->frame.group().begin(), out->frame.group().end());
  out->others = out->frame.others();
  if (request.landmark > 0) {
    move_to_landmark(*out, request.landmark);
    add_warnings(warnings,
                 {"landmark " + figure(request.landmark, 6) + ": " +
                  std::to_string(out->late->ended_before) +
                  " rows whose follow-up ends before it are left out; times count from it"});
    if (out->rows() == 0) {
      file.header_error("no row is left after the landmark", "choose an earlier one", diagnostics);
      return nullptr;
    }
  }
  return out;
}

RunRecords* SurvivalRun::curve_records() {
  if (curves == nullptr) {
    FrameParts parts;
    parts.group = true;
    parts.cluster = true;
    curves = records_with(parts);
  }
  return curves.get();
}

void SurvivalRun::fail(const StatisticRequest& statistic, const std::string& why) {
  failed = true;
  warn(statistic, why);
}

void SurvivalRun::warn(const StatisticRequest& statistic, const std::string& what) {
  add_warnings(warnings, {statistic.text + ": " + what});
}

void SurvivalRun::warn(const StatisticRequest& statistic, const std::vector<std::string>& what) {
  for (const std::string& one : what) warn(statistic, one);
}

JsonWriter& SurvivalRun::begin(const StatisticRequest& statistic, const RunRecords& records,
                               std::optional<std::size_t> group) {
  JsonWriter& out = json.begin_result("statistic", statistic.text);
  if (group && !records.group.empty()) {
    put(out, "group", records.frame.group_names()[*group]);
  } else {
    out.key("group").null();
  }
  return out;
}

void SurvivalRun::table(const std::string& title,
                        const std::vector<std::vector<std::string>>& rows) {
  text += (text.empty() ? "" : "\n") + title + "\n";
  std::vector<std::vector<std::string>> indented = rows;
  for (auto& row : indented) {
    if (!row.empty()) row[0] = "  " + row[0];
  }
  text += aligned(indented);
}

void put_records(JsonWriter& out, const RunRecords& records, std::size_t n,
                 std::optional<std::size_t> group) {
  put_count(out, "n", n);
  if (records.weighted()) put(out, "weighted_n", records.sum_of_weights(group));
}

std::vector<std::string> record_headers(const RunRecords& records) {
  if (!records.weighted()) return {"n", "events"};
  return {"records", "sum of weights", "weighted events"};
}

std::vector<std::string> record_cells(const RunRecords& records, std::size_t n,
                                      std::optional<std::size_t> group, double events) {
  if (!records.weighted()) return {std::to_string(n), figure(events)};
  return {std::to_string(n), figure(records.sum_of_weights(group)), figure(events)};
}

IntervalScale interval_scale(const SurvivalRequest& request) {
  if (request.conf == "plain") return IntervalScale::plain;
  if (request.conf == "log") return IntervalScale::log;
  if (request.conf == "logit") return IntervalScale::logit;
  return IntervalScale::log_log;
}

std::string group_label(const RunRecords& records, std::size_t group) {
  return records.group.empty() ? "all records" : records.frame.group_names()[group];
}

std::string with_limits(double value, double lower, double upper, int digits) {
  return figure(value, digits) + " (" + figure(lower, digits) + " to " + figure(upper, digits) +
         ")";
}

}  // namespace npcsim::detail
