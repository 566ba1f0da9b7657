// One run of npcsim survival: what the statistics share.
#pragma once

#include <npcsim/csv_analyses/data_input.hpp>
#include <npcsim/csv_analyses/survival_analysis.hpp>
#include <npcsim/survival/landmark.hpp>
#include <npcsim/survival/sorted_records.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

struct Regression;

/// Records and covariates of one frame, after the landmark if there is one.
struct RunRecords {
  explicit RunRecords(ModelFrame f) : frame(std::move(f)) {}

  ModelFrame frame;
  TimeToEvent records;              ///< views of the frame or of `late`
  std::vector<std::int32_t> group;  ///< [row], empty without groups
  Covariates covariates;            ///< views of the frame or of `late_columns`
  std::optional<LandmarkRecords> late;
  std::vector<std::vector<double>> late_columns;
  std::vector<std::vector<double>> others;  ///< FrameParts::others, [column][row]

  std::size_t rows() const { return records.rows(); }
  std::size_t groups() const { return group.empty() ? 1 : frame.group_names().size(); }
  bool weighted() const { return !records.weight.empty(); }
  /// Sum of the weights, of one group or of all; \pre weighted().
  double sum_of_weights(std::optional<std::size_t> of_group = {}) const;
};

/// The statistics of one kind write their results into `json` and `text`.
struct SurvivalRun {
  const SurvivalRequest& request;
  const StudyData& data;
  const DataFile& file;
  Diagnostics& diagnostics;
  AnalysisJson& json;
  std::string text;
  std::vector<std::string> warnings;
  bool failed = false;
  /// Records of curves and tests of groups: time, event, entry, weights and group.
  std::unique_ptr<RunRecords> curves;
  /// The Cox regression, see regression_of().
  std::shared_ptr<Regression> regression;

  /// Records with what a statistic uses; nothing, and errors, if none are left.
  std::unique_ptr<RunRecords> records_with(const FrameParts& parts);
  /// The same for curves, kept for the next statistic.
  RunRecords* curve_records();

  /// Says why a statistic has no numbers.
  void fail(const StatisticRequest& statistic, const std::string& why);
  void warn(const StatisticRequest& statistic, const std::string& what);
  void warn(const StatisticRequest& statistic, const std::vector<std::string>& what);
  /// Begins a result and writes its group; null without groups.
  JsonWriter& begin(const StatisticRequest& statistic, const RunRecords& records,
                    std::optional<std::size_t> group = {});
  void end() { json.end_result(); }
  /// A paragraph for the terminal: its title and aligned rows, the first of them the header.
  void table(const std::string& title, const std::vector<std::vector<std::string>>& rows);
};

/// "n" counts records; "weighted_n", written with --weights alone, sums their weights.
void put_records(JsonWriter& out, const RunRecords& records, std::size_t n,
                 std::optional<std::size_t> group = {});
/// The columns of a table that say the same: n and events, with --weights records, sum of weights
/// and weighted events.
std::vector<std::string> record_headers(const RunRecords& records);
std::vector<std::string> record_cells(const RunRecords& records, std::size_t n,
                                      std::optional<std::size_t> group, double events);

/// The scale that --conf names.
IntervalScale interval_scale(const SurvivalRequest& request);
/// "1" or "all records".
std::string group_label(const RunRecords& records, std::size_t group);
/// "3.9 (3.1 to 4.8)"
std::string with_limits(double value, double lower, double upper, int digits = 4);

// Each writes one statistic; false after an error in the diagnostics.
bool write_km(SurvivalRun& run, const StatisticRequest& statistic);
bool write_restricted_mean(SurvivalRun& run, const StatisticRequest& statistic);
bool write_milestone(SurvivalRun& run, const StatisticRequest& statistic);
bool write_group_test(SurvivalRun& run, const StatisticRequest& statistic);
bool write_max_combo(SurvivalRun& run, const StatisticRequest& statistic);
bool write_cox(SurvivalRun& run, const StatisticRequest& statistic);
bool write_zph(SurvivalRun& run, const StatisticRequest& statistic);
bool write_concordance(SurvivalRun& run, const StatisticRequest& statistic);
bool write_auc(SurvivalRun& run, const StatisticRequest& statistic);
bool write_brier(SurvivalRun& run, const StatisticRequest& statistic);
bool write_calibration(SurvivalRun& run, const StatisticRequest& statistic);
bool write_cumulative_incidence(SurvivalRun& run, const StatisticRequest& statistic);
bool write_gray(SurvivalRun& run, const StatisticRequest& statistic);
bool write_fine_gray(SurvivalRun& run, const StatisticRequest& statistic);
bool write_rpsft(SurvivalRun& run, const StatisticRequest& statistic);

}  // namespace npcsim::detail
