#include <npcsim/survival/detail/standardised_columns.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

StandardisedColumns::StandardisedColumns(const Covariates& covariates,
                                         std::span<const std::uint32_t> row)
    : columns(covariates.count()), mean(covariates.count()), scale(covariates.count()) {
  const std::size_t n = row.size();
  for (std::size_t j = 0; j < covariates.count(); ++j) {
    const std::span<const double> source = covariates.columns[j];
    double sum = 0;
    for (const double x : source) sum += x;
    mean[j] = source.empty() ? 0 : sum / static_cast<double>(source.size());
    std::vector<double>& column = columns[j];
    column.resize(n);
    double square = 0;
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      column[i] = source[row[i]] - mean[j];
      square += column[i] * column[i];
      largest = std::max(largest, std::fabs(column[i]));
    }
    // What is left of a constant column is the rounding of its mean.
    if (!(largest > 1e-13 * std::fabs(mean[j])) || n == 0) {
      std::fill(column.begin(), column.end(), 0.0);
      continue;
    }
    scale[j] = std::sqrt(square / static_cast<double>(n));
    const double reciprocal = 1 / scale[j];
    for (double& x : column) x *= reciprocal;
  }
}

}  // namespace npcsim::detail
