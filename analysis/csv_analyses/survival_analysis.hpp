// Survival statistics of a CSV file: what npcsim survival computes and writes.
#pragma once

#include <npcsim/csv_analyses/analysis_json.hpp>
#include <npcsim/dataset/model_frame.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// A statistic that was asked for, such as "rmst:365".
struct StatisticRequest {
  enum class Kind : std::uint8_t {
    km,
    log_rank,
    fleming_harrington,  ///< fh:rho:gamma
    modest,              ///< mwlr:t, modestly weighted up to time t
    gehan,
    tarone_ware,
    peto,
    max_combo,
    trend,
    cox,
    zph,
    restricted_mean,  ///< rmst:t
    milestone,        ///< milestone:t
    concordance,
    uno,          ///< uno or uno:t
    auc,          ///< auc:t
    brier,        ///< brier:t
    calibration,  ///< calibration:t
    cumulative_incidence,
    gray,
    fine_gray,
    rpsft
  };
  std::string text;  ///< as written
  Kind kind = Kind::km;
  std::vector<double> numbers;  ///< after the name
};

/// A line of the help page.
struct StatisticInfo {
  std::string_view form;  ///< "rmst:T"
  std::string_view meaning;
};
const std::vector<StatisticInfo>& statistic_infos();

/// Reads "km", "fh:0:1", "rmst:365"; nothing, and an explanation, if there is no such statistic or
/// its numbers are wrong.
std::optional<StatisticRequest> parse_statistic(const std::string& text, std::string& problem);

/// What npcsim survival was asked.
struct SurvivalRequest {
  DataRoles roles;
  std::vector<StatisticRequest> statistics;  ///< empty: km, and with a group logrank and cox
  std::string ties = "efron";                ///< of the Cox regression: efron or breslow
  std::string conf = "log-log";  ///< scale of limits of curves: log-log, plain, log or logit
  std::vector<double> quantiles{0.25, 0.5, 0.75};
  std::vector<double> at;      ///< times of the table of numbers at risk
  double landmark = 0;         ///< above 0: follow-up begins there
  bool curves = true;          ///< whether the JSON has the points of curves
  std::string marker;          ///< column for concordance and auc; default: the covariates
  std::string switched_share;  ///< rpsft: share of follow-up on the experimental treatment
  std::string censoring_time;  ///< rpsft: administrative end of follow-up
};

/// Computes everything. Nothing, and errors with their places, if the data do not allow it; a
/// statistic that cannot be computed from sound data is a warning and AnalysisOutput::failed.
std::optional<AnalysisOutput> survival_analysis(DataFile& file, SurvivalRequest request,
                                                std::string_view version, Diagnostics& diagnostics);

}  // namespace npcsim
