// What it is worth to know more, where a formula exists.
#pragma once

#include <npcsim/base/units.hpp>

namespace npcsim {

/// Incremental net benefit of a strategy over its comparator as a normal distribution; in any
/// currency or in QALYs.
struct NormalNetBenefit {
  double mean = 0;
  double standard_deviation = 1;  ///< of the uncertainty about the mean benefit; above 0
};

/// Expected value of perfect information per decision: E[max(0, b)] - max(0, E[b])
///   = sd * L(|mean| / sd),  L(u) = phi(u) - u (1 - Phi(u))  the unit normal linear loss integral.
///
/// Source: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory.
double expected_value_of_perfect_information(const NormalNetBenefit& benefit);

/// Probability that the strategy is the better buy: P(b > 0).
Probability probability_cost_effective(const NormalNetBenefit& benefit);

}  // namespace npcsim
