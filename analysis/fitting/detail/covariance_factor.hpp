// A covariance as a sum of products of vectors with themselves.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim::detail {

/// Vectors whose outer products sum to the covariance: independent standard normal multiples of
/// them have that covariance. Rows with NaN count as zero; no axes if nothing is left or the
/// matrix is not non-negative definite.
struct CovarianceFactor {
  CovarianceFactor(std::span<const double> covariance, std::size_t count);

  std::vector<std::vector<double>> axes;
};

}  // namespace npcsim::detail
