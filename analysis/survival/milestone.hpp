// Survival at fixed times, alone and compared.
#pragma once

#include <npcsim/survival/contrast.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <cstddef>

namespace npcsim {

/// S(t) with its error and limits on the curve's scale.
struct Milestone {
  double time = 0;
  double survival = 1;
  double se = 0;
  double lower = 1;
  double upper = 1;
  double at_risk = 0;  ///< just before `time`
  /// False: `time` lies beyond the last time, which is a censoring.
  bool within_follow_up = true;
};

Milestone milestone(const SurvivalCurve& curve, double time);

/// Treated against control. `complementary` is the difference of log(-log S), which keeps its level
/// in small groups (Klein et al., Stat Med 2007;26:4505); NaN where a curve is at 0 or 1.
struct MilestoneContrast {
  Contrast difference;
  Contrast ratio;  ///< of survivals; se on the log scale
  Contrast complementary;
};
MilestoneContrast contrast(const Milestone& treated, const Milestone& control, double level = 0.95);

}  // namespace npcsim
