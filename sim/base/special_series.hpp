// Series shared by the special functions. For special_*.hpp and special_functions.cpp only.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>

#include <cstddef>

namespace npcsim::portable::detail {

/// c[0] + c[1] x + ... by Horner's rule.
template <std::size_t n>
constexpr double polynomial(const double (&c)[n], double x) noexcept {
  double sum = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

/// log Gamma(x) - (x - 1/2) log x + x - log(2 pi) / 2 for x >= 10 (Abramowitz & Stegun 6.1.41).
inline double stirling_error(double x) noexcept {
  static constexpr double c[] = {1.0 / 12,   -1.0 / 360,        1.0 / 1260, -1.0 / 1680,
                                 1.0 / 1188, -691.0 / 360360.0, 1.0 / 156,  -3617.0 / 122400.0};
  const double reciprocal = 1.0 / x;
  return reciprocal * polynomial(c, reciprocal * reciprocal);
}

/// log Gamma(2 + u) for |u| <= 0.5: u (1 + u) times a polynomial through the values at
/// 17 Chebyshev nodes; 9e-17 relative.
inline double lgamma_two_plus(double u) noexcept {
  static constexpr double c[] = {
      0x1.b0ee6072093cep-2,  -0x1.9ae6509ea1059p-4,  0x1.0e0c9df2934efp-5,  -0x1.95ce223ab6f0bp-7,
      0x1.47974853c311ep-8,  -0x1.145121e2c02b7p-9,  0x1.dfebcf62f0610p-11, -0x1.a96a51f0b1f54p-12,
      0x1.7ed744b2ffe59p-13, -0x1.5c8304a0e4011p-14, 0x1.402b8bbb93778p-15, -0x1.28bea7fbc0f20p-16,
      0x1.144d306e09055p-17, -0x1.f5dbaf57c6e4cp-19, 0x1.d7867f70c1588p-20, -0x1.245388b4e0c0bp-20,
      0x1.15190f28cb281p-21};
  return u * (1.0 + u) * polynomial(c, u);
}

/// log Gamma(1 + u) for |u| <= 0.5.
inline double lgamma_one_plus(double u) noexcept { return lgamma_two_plus(u) - log1p(u); }

/// log B(a, b), 0 < a <= b; the large parts cancel before they are rounded
/// (DiDonato & Morris 1992, Algorithm 708, ACM TOMS 18: 360, functions algdiv and betaln).
inline double log_beta_ordered(double a, double b) noexcept {
  constexpr double log_2pi = 1.8378770664093454836;
  if (b < 10.0) return lgamma(a) + lgamma(b) - lgamma(a + b);
  const double ratio = a / b;
  const double correction = stirling_error(b) - stirling_error(a + b);
  if (a < 10.0) {
    return lgamma(a) - a * log(a + b) - b * log1p_minus(ratio) + 0.5 * log1p(ratio) + correction;
  }
  return 0.5 * (log_2pi + log1p(ratio) - log(a)) + a * log(a / (a + b)) - b * log1p(ratio) +
         stirling_error(a) + correction;
}

}  // namespace npcsim::portable::detail
