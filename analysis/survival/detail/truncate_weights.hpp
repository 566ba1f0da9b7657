// Weights cut to quantiles of their distribution.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace npcsim::detail {

/// Quantile of sorted values by linear interpolation: type 7 of R's quantile().
inline double sorted_quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Weights outside the p and 1 - p quantiles are set to these. Nothing for p = 0.
/// Source: Cole & Hernan, Am J Epidemiol 2008;168:656.
inline void truncate_weights(std::vector<double>& weight, double p) {
  if (!(p > 0) || weight.empty()) return;
  std::vector<double> sorted = weight;
  std::sort(sorted.begin(), sorted.end());
  const double low = sorted_quantile(sorted, p);
  const double high = sorted_quantile(sorted, 1 - p);
  for (double& w : weight) w = std::clamp(w, low, high);
}

}  // namespace npcsim::detail
