// The weights that a weighted log-rank test gives to event times.
#pragma once

#include <npcsim/survival/risk_sets.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// A rule for the weight of each event time. S is the Kaplan-Meier estimate of all groups together,
/// within a stratum; S- its value just before the time; n the number at risk.
struct EventWeight {
  enum class Kind : std::uint8_t {
    fleming_harrington,  ///< (S-)^a (1 - S-)^b; a = b = 0 is the log-rank test
    modest_time,         ///< 1 / max(S-, S(a)): modest weights up to time a
    modest_survival,     ///< 1 / max(S-, a)
    gehan,               ///< n
    tarone_ware,         ///< sqrt(n)
    peto,                ///< product of 1 - d / (n + 1) up to and with the time
    modified_peto,       ///< that times n / (n + 1)
  };
  Kind kind = Kind::fleming_harrington;
  double a = 0;
  double b = 0;

  static EventWeight log_rank() { return {}; }
  static EventWeight fleming_harrington(double rho, double gamma) {
    return {Kind::fleming_harrington, rho, gamma};
  }
};

/// The weight of each row of `sets`. Sources: Fleming & Harrington (1991), Counting Processes and
/// Survival Analysis; Magirr & Burman, Stat Med 2019;38:3782; Gehan, Biometrika 1965;52:203; Tarone
/// & Ware, Biometrika 1977;64:156; Peto & Peto, J R Stat Soc A 1972;135:185; Andersen et al.
/// (1993).
std::vector<double> event_weights(const RiskSets& sets, const EventWeight& rule);

}  // namespace npcsim
