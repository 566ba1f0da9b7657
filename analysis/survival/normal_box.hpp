// Probability that correlated normal variables leave a box.
#pragma once

#include <span>

namespace npcsim {

struct BoxProbability {
  double value = 0;
  double error = 0;  ///< estimate of the absolute error, usually far too large
  bool converged = true;
};

/// P(some Z_i < lower_i or > upper_i), Z standard normal with the given correlations. Infinite
/// bounds are allowed; singular matrices too. Small probabilities keep their relative accuracy.
///
/// The event is split by the first variable that leaves its range; each part is an integral over
/// that variable's tail of the probability that the earlier ones, given it, stay inside. Those are
/// computed after a pivoted Cholesky decomposition by nested adaptive Gauss-Kronrod quadrature,
/// with the last variable in closed form (the conditioning of Genz, J Comput Graph Stat 1992;1:141,
/// without random points, so that every machine gives the same number). Cost grows about fiftyfold
/// with each variable. \pre 1 to 5 variables, correlation symmetric with unit diagonal, [i][j].
BoxProbability probability_outside(std::span<const double> correlation,
                                   std::span<const double> lower, std::span<const double> upper);

}  // namespace npcsim
