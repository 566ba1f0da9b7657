// Weights cut to quantiles of their distribution.
#pragma once

#include <npcsim/base/quantile.hpp>

#include <algorithm>
#include <vector>

namespace npcsim::detail {

/// Weights outside the p and 1 - p quantiles are set to these. Nothing for p = 0.
/// Source: Cole & Hernan, Am J Epidemiol 2008;168:656.
inline void truncate_weights(std::vector<double>& weight, double p) {
  if (!(p > 0) || weight.empty()) return;
  std::vector<double> sorted = weight;
  std::sort(sorted.begin(), sorted.end());
  const double low = quantile(sorted, p);
  const double high = quantile(sorted, 1 - p);
  for (double& w : weight) w = std::clamp(w, low, high);
}

}  // namespace npcsim::detail
