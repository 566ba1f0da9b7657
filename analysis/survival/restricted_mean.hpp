// Restricted mean survival times and their contrasts.
#pragma once

#include <npcsim/survival/contrast.hpp>
#include <npcsim/survival/risk_sets.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <cstddef>
#include <vector>

namespace npcsim {

/// Area under a survival curve up to a horizon.
struct RestrictedMean {
  double horizon = 0;
  double value = 0;
  double se = 0;
  /// False: the horizon lies beyond the last time, which is a censoring; the last value of S was
  /// carried on, and the standard error does not know.
  bool within_follow_up = true;
};

/// Standard error: sum over event times of (area after it)^2 d / (n (n - d)), as print(survfit,
/// rmean) and survRM2 have it; weights count as numbers of like subjects. Source: Klein &
/// Moeschberger (2003), section 4.5.
RestrictedMean restricted_mean(const SurvivalCurve& curve, double horizon);
/// The same from risk sets, without drawing a curve. \pre one stratum, no time below 0.
RestrictedMean restricted_mean(const RiskSets& sets, std::size_t group, double horizon);
/// Kaplan-Meier areas of all groups with the infinitesimal jackknife over clusters for their
/// errors: right for inverse probability weights, equal to the above without weights. [group]
std::vector<RestrictedMean> restricted_means_robust(const SortedRecords& records, double horizon);

/// Treated against control, as survRM2 has them: `ratio` is that of restricted means, `loss_ratio`
/// that of horizon - mean. Source: Uno et al., J Clin Oncol 2014;32:2380.
struct RestrictedMeanContrast {
  Contrast difference;
  Contrast ratio;       ///< log is the scale of its se
  Contrast loss_ratio;  ///< log is the scale of its se
};
RestrictedMeanContrast contrast(const RestrictedMean& treated, const RestrictedMean& control,
                                double level = 0.95);

}  // namespace npcsim
