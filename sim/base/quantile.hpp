// Quantiles of a sample.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace npcsim {

/// Linear between neighbours, the smallest value at p = 0 and the largest at p = 1: type 7 of
/// Hyndman & Fan, Am Stat 1996;50:361, which is R's default. What lies between a number and
/// infinity is infinite, and between two infinities it is the nearer one.
/// \pre `sorted` rises and is not empty; 0 <= p <= 1.
inline double quantile(std::span<const double> sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  if (part == 0 || below + 1 == sorted.size()) return sorted[below];
  const double low = sorted[below];
  const double high = sorted[below + 1];
  if (std::isinf(low) && std::isinf(high)) return part < 0.5 ? low : high;
  if (std::isinf(low)) return low;
  if (std::isinf(high)) return high;
  return low + part * (high - low);
}

}  // namespace npcsim
