// Size of a two-arm trial with a survival endpoint, where a formula exists.
#pragma once

#include <npcsim/base/units.hpp>

namespace npcsim {

/// What a log-rank test is planned for.
struct TestPlan {
  HazardRatio hazard_ratio{1};     ///< under the alternative, treated / control; not 1
  double two_sided_alpha = 0.05;   ///< 0..1, both excluded
  double power = 0.8;              ///< 0..1, both excluded; above alpha / 2
  double treated_per_control = 1;  ///< allocation ratio, above 0
};

/// Expected share with an event when patients enter evenly over `accrual` and everybody is followed
/// until `follow_up` after the last entry; exponential times, nobody lost.
///   1 - exp(-rate follow_up) (1 - exp(-rate accrual)) / (rate accrual)
///
/// Source: Schoenfeld & Richter, Biometrics 1982;38:163. \pre accrual, follow_up >= 0.
Probability event_probability(RatePerMonth rate, Months accrual, Months follow_up);

/// Events needed: (z_(1 - alpha/2) + z_power)^2 / (p (1 - p) (log HR)^2), p the share of the
/// treated.
///
/// Source: Schoenfeld, Biometrika 1981;68:316 and Biometrics 1983;39:499. Not rounded.
double schoenfeld_events(const TestPlan& plan);

/// Events needed: (z_(1 - alpha/2) + z_power)^2 (1 + r HR)^2 / (r (1 - HR)^2), r the allocation
/// ratio.
///
/// Source: Freedman, Stat Med 1982;1:121. Not rounded; more cautious than Schoenfeld's for strong
/// effects.
double freedman_events(const TestPlan& plan);

/// Power of the log-rank test with this number of events, by Schoenfeld's approximation: the
/// inverse of schoenfeld_events() (the chance to win on the wrong side is left out). \pre events >=
/// 0.
Probability schoenfeld_power(const TestPlan& plan, double events);

}  // namespace npcsim
