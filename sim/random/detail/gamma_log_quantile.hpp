// Log gamma quantiles as a function of a standard normal deviate, with their Taylor series.
#pragma once

#include <array>
#include <cstddef>

namespace npcsim::detail {

/// Number of Taylor coefficients kept: derivatives 0 to 8.
inline constexpr std::size_t taylor_terms = 9;
using Taylor = std::array<double, taylor_terms>;

/// log(x / shape) where the lower (or upper) tail of the gamma distribution with rate 1 has the
/// given logarithm. Far to the left, where x^shape is all that counts, it is a closed form.
[[nodiscard]] double gamma_log_ratio(double shape, bool upper, double log_tail) noexcept;

/// g(z) = log of the Phi(z) quantile of the gamma distribution with given shape and mean 1.
[[nodiscard]] double gamma_log_quantile(double shape, double z) noexcept;

/// Coefficients c_k of g(z + d) = sum of c_k d^k. \pre shape >= 0.01, |z| <= 8.5.
[[nodiscard]] Taylor gamma_log_quantile_taylor(double shape, double z) noexcept;

}  // namespace npcsim::detail
