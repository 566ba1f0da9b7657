// Kaplan-Meier and Nelson-Aalen curves of individual records.
#pragma once

#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace npcsim {

/// The scale on which a confidence interval is symmetric: S, log S, log(-log S), log(S / (1 - S)).
enum class IntervalScale : std::uint8_t { plain, log, log_log, logit };

/// What S(t) is made of. The two others are exp(-H), with H = sum of d / n, or with tied events
/// taken one after the other (stype = 2 with ctype = 1 and 2 in R's survfit).
enum class SurvivalEstimator : std::uint8_t { kaplan_meier, nelson_aalen, fleming_harrington };

/// Greenwood's variance, which takes weights for numbers of like subjects, or the infinitesimal
/// jackknife over clusters, which is right for inverse probability weights.
enum class CurveVariance : std::uint8_t { greenwood, robust };

struct CurveOptions {
  IntervalScale scale = IntervalScale::log_log;
  double level = 0.95;  ///< of the intervals, 0..1
  SurvivalEstimator estimator = SurvivalEstimator::kaplan_meier;
  CurveVariance variance = CurveVariance::greenwood;
};

/// One point for every distinct time, with an event or a censoring, as survfit of R's package
/// survival returns them. A number that does not exist is NaN: limits where S = 0, or where S = 1
/// on the log-log scale, and `se` under Greenwood where S = 0.
struct SurvivalCurve {
  std::size_t records = 0;
  double start = 0;                          ///< 0, or the earliest time if that is negative
  bool weighted = false;                     ///< weights other than 1 were given
  std::vector<double> time;                  ///< [point] rising
  std::vector<double> at_risk;               ///< [point] sum of weights just before
  std::vector<double> events;                ///< [point] sum of weights
  std::vector<double> censored;              ///< [point] sum of weights
  std::vector<double> survival;              ///< [point] just after
  std::vector<double> se;                    ///< [point] of survival
  std::vector<double> log_se;                ///< [point] of log survival; infinite where S = 0
  std::vector<double> lower;                 ///< [point] confidence limits of survival
  std::vector<double> upper;                 ///< [point]
  std::vector<double> cumulative_hazard;     ///< [point] Nelson-Aalen (or as the estimator says)
  std::vector<double> cumulative_hazard_se;  ///< [point]
  CurveOptions options;

  /// The last point at or before t; empty before the first.
  std::optional<std::size_t> point_at(double t) const;
  /// S(t), 1 before the first time, the last value after the last time.
  double survival_at(double t) const;
};

/// The curve of each group, strata taken together. Source: Kaplan & Meier, J Am Stat Assoc
/// 1958;53:457; Greenwood 1926; Nelson, Technometrics 1972;14:945; Fleming & Harrington, Commun
/// Statist 1984;13:2469; robust: Therneau & Atkinson, vignette "Methods" of survival, section 2.
std::vector<SurvivalCurve> survival_curves(const SortedRecords& records,
                                           const CurveOptions& options = {});

/// Confidence limits of one probability as R's survfit forms them: plain limits are cut to 0..1,
/// the upper log limit to 1; none for 0, and on the log-log and logit scales none for 1. `log_se`
/// belongs to log(share).
struct ShareLimits {
  double lower = 0;
  double upper = 0;
};
ShareLimits share_limits(double share, double log_se, IntervalScale scale, double level);

/// The p-th quantile: the time at which S reaches 1 - p, and the times at which its limits do.
struct QuantileEstimate {
  std::optional<double> value;  ///< empty: not reached
  std::optional<double> lower;
  std::optional<double> upper;
};
/// R's convention: where S equals 1 - p (within 1.5e-8) over a flat stretch, the middle of it; if
/// the curve ends on that stretch, the middle to its last time. Source: Brookmeyer & Crowley,
/// Biometrics 1982;38:29, for the limits. \pre 0 < p < 1.
QuantileEstimate curve_quantile(const SurvivalCurve& curve, double p);

/// Number (sum of weights) under observation at each time: entry < t <= end. [time][group]
std::vector<std::vector<double>> numbers_at_risk(const SortedRecords& records,
                                                 std::span<const double> times);

}  // namespace npcsim
