// Score residuals: what each row adds to the gradient of the partial likelihood.
#pragma once

#include <npcsim/survival/detail/partial_likelihood.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim::detail {

/// Score residuals [coefficient][position] of standardised columns, not weighted, at the
/// coefficients of the last evaluate(). Efron's version for tied events, as residuals.coxph of R's
/// package survival. Source: Therneau, Grambsch & Fleming, Biometrika 1990;77:147.
std::vector<std::vector<double>> score_residuals(const PartialLikelihood& likelihood);

/// Residuals times weights, summed over the rows of each cluster; without clusters every row is its
/// own. [coefficient][cluster]
std::vector<std::vector<double>> cluster_sums(const PartialLikelihood& likelihood,
                                              const std::vector<std::vector<double>>& residuals);

}  // namespace npcsim::detail
