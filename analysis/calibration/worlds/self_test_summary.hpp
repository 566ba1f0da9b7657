// What a self-test says: coverage, ranks, how much is learnt, and whether misfit is seen.
#pragma once

#include <npcsim/calibration/calibration_result.hpp>
#include <npcsim/calibration/worlds/self_test.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

inline constexpr std::size_t rank_bins = 10;

struct ParameterSummary {
  std::string name;
  double coverage95 = 0;  ///< share of worlds whose central interval holds the truth
  double coverage50 = 0;
  double sd_ratio = 1;         ///< posterior / prior standard deviation, mean over the worlds
  double sd_ratio_se = 0;      ///< of that mean
  double reference_ratio = 0;  ///< the same in long runs; 0: none is stored
  bool identified = false;     ///< reference ratio at most identified_up_to
  std::array<std::size_t, rank_bins> ranks{};  ///< worlds by the share of draws below the truth
  double uniform_p = 1;                        ///< chi-square test that the ranks are uniform
};

/// Parameters with a smaller reference ratio count as identified.
inline constexpr double identified_up_to = 0.7;
/// What the posterior standard deviation of identified parameters may be above that of long runs.
inline constexpr double largest_excess = 1.15;

struct SelfTestSummary {
  std::size_t worlds = 0;
  double coverage95 = 0;
  double coverage95_se = 0;  ///< over worlds, whose parameters share data
  double coverage50 = 0;
  double coverage50_se = 0;
  std::vector<ParameterSummary> parameters;
  std::vector<ParameterSummary> between;       ///< without reference
  std::array<std::size_t, rank_bins> ranks{};  ///< of all parameters
  double flagged = 0;               ///< share of worlds that the posterior predictive check flags
  double flagged_overall = 0;       ///< by the distance of all figures
  double flagged_time_varying = 0;  ///< by early against late survival
  double gates_passed =
      0;  ///< share of worlds whose numerical gates all passed, checks of fit apart
  double cpu_seconds = 0;  ///< mean of a world
  std::vector<Gate> criteria;
  bool passed() const;
};

/// Criteria depend on what was asked for: well-specified worlds need coverage, uniform ranks,
/// posteriors nearly as narrow as in long runs, and few flags; delayed effects need flags; a fit
/// without heterogeneity needs to fail. With fewer than 100 worlds, what is within two standard
/// errors of its limit passes or fails with a remark.
SelfTestSummary summarise_self_test(const SelfTestResult& result, const SelfTestOptions& options);

/// Mean posterior / prior standard deviation of a parameter in long runs, or 0.
double long_run_ratio(const std::string& parameter);

}  // namespace npcsim
