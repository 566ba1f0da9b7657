// Products of small matrices for sandwich variances. [i * size + j]
#pragma once

#include <cstddef>
#include <vector>

namespace npcsim::detail {

/// D' D of columns [column][row].
std::vector<double> outer_product(const std::vector<std::vector<double>>& columns);

/// bread * filling * bread, bread symmetric.
std::vector<double> sandwich(const std::vector<double>& bread, const std::vector<double>& filling,
                             std::size_t size);

/// Covariance of coefficients of columns that were divided by `scale`: element / (scale scale').
std::vector<double> divide_by_scales(std::vector<double> matrix, const std::vector<double>& scale);

}  // namespace npcsim::detail
