// The hazard ratio of two groups in Cox's model.
#pragma once

#include <npcsim/survival/risk_table.hpp>

#include <vector>

namespace npcsim {

/// Logarithm of the hazard ratio, treated / control. Marginal: nothing is adjusted for.
struct CoxFit {
  double value = 0;  ///< log hazard ratio
  double se = 0;     ///< square root of the inverse observed information
  /// False: no finite estimate, or too many iterations; then value and se mean nothing.
  bool converged = false;
  int iterations = 0;
};

/// Which groups had an event while somebody of the other group was at risk. The estimate is finite
/// if both had, infinite if one had, and nothing is known of it if neither had.
struct InformativeGroups {
  bool treated = false;
  bool control = false;
};
InformativeGroups informative_groups(const std::vector<RiskRow>& rows);

/// Maximises the partial likelihood with Efron's treatment of ties by Newton's method from `start`,
/// kept inside a bracket of the score's sign change (the score falls strictly). Any number of ties
/// costs the same.
///
/// Not converged when one group has no event while the other was at risk, so that the estimate is
/// infinite. Source: Cox, J R Stat Soc B 1972;34:187; Efron, J Am Stat Assoc 1977;72:557.
CoxFit cox_two_groups(const std::vector<RiskRow>& rows, double start = 0);

}  // namespace npcsim
