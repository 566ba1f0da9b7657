// Loops over patients, written so that a compiler turns them into vector code at any width.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/normal_inverse.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace npcsim::detail {

/// Unit exponentials of u, in place.
[[gnu::always_inline]] inline void minus_log_kernel(std::size_t n, double* __restrict u) noexcept {
  for (std::size_t i = 0; i < n; ++i) u[i] = -portable::log(u[i]);
}

/// Normal quantiles of u. The far tail (u or 1 - u below e^-25, once in 4e10 draws) is left to the
/// scalar function; both other regions are computed for every element and one is kept.
[[gnu::always_inline]] inline void normal_from_uniform_kernel(const double* __restrict u,
                                                              std::size_t n,
                                                              double* __restrict out) noexcept {
  // A little below e^-25, so that rounding in the square root cannot hide an element.
  constexpr double far_limit = 0.99 * normal_inverse_far_split * normal_inverse_far_split;
  std::uint64_t far_away = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double q = u[i] - 0.5;
    const double minus_log = -portable::log(q < 0.0 ? u[i] : 1.0 - u[i]);
    const double size = normal_inverse_ratio(normal_inverse_tail, std::sqrt(minus_log) - 1.6);
    const double tail = q < 0.0 ? -size : size;
    out[i] = std::fabs(q) <= normal_inverse_split ? normal_inverse_centre_value(q) : tail;
    far_away |= minus_log > far_limit ? 1U : 0U;
  }
  if (far_away == 0) return;
  for (std::size_t i = 0; i < n; ++i) out[i] = normal_from_uniform(u[i]);
}

}  // namespace npcsim::detail
