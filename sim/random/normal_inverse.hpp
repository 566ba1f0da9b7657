// Standard normal quantile for draws: the same operations one at a time and in vector loops.
#pragma once

#include <npcsim/base/portable_math.hpp>

#include <cmath>

namespace npcsim {

namespace detail {

/// Coefficients of one of the three rational approximations, constant term first.
struct NormalInverseCoefficients {
  double numerator[8];
  double denominator[8];
};

// Wichura (1988), Algorithm AS 241, PPND16, Applied Statistics 37, 477-484: a and b, c and d,
// e and f. Relative error about 1e-16.
inline constexpr NormalInverseCoefficients normal_inverse_centre = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
     1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
     3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
     5.2264952788528545610e+3}};
inline constexpr NormalInverseCoefficients normal_inverse_tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
inline constexpr NormalInverseCoefficients normal_inverse_far_tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

/// Half width of the central region and the tail's limit sqrt(-log p), both from AS 241.
inline constexpr double normal_inverse_split = 0.425;
inline constexpr double normal_inverse_far_split = 5.0;

[[gnu::always_inline]] inline double normal_inverse_ratio(const NormalInverseCoefficients& of,
                                                          double r) noexcept {
  const double* a = of.numerator;
  const double* b = of.denominator;
  const double above =
      ((((((a[7] * r + a[6]) * r + a[5]) * r + a[4]) * r + a[3]) * r + a[2]) * r + a[1]) * r + a[0];
  const double below =
      ((((((b[7] * r + b[6]) * r + b[5]) * r + b[4]) * r + b[3]) * r + b[2]) * r + b[1]) * r + b[0];
  return above / below;
}

[[gnu::always_inline]] inline double normal_inverse_centre_value(double q) noexcept {
  return q * normal_inverse_ratio(normal_inverse_centre,
                                  normal_inverse_split * normal_inverse_split - q * q);
}

}  // namespace detail

/// z with Phi(z) = u, relative error about 1e-15. \pre 0 < u < 1.
///
/// Increasing in u, and exactly antisymmetric: normal_from_uniform(1 - u) = -normal_from_uniform(u)
/// whenever 1 - u is exact, as it is for every uniform draw.
[[nodiscard]] inline double normal_from_uniform(double u) noexcept {
  const double q = u - 0.5;
  if (std::fabs(q) <= detail::normal_inverse_split) return detail::normal_inverse_centre_value(q);
  const double r = std::sqrt(-portable::log(q < 0.0 ? u : 1.0 - u));
  const double size = r <= detail::normal_inverse_far_split
                          ? detail::normal_inverse_ratio(detail::normal_inverse_tail, r - 1.6)
                          : detail::normal_inverse_ratio(detail::normal_inverse_far_tail,
                                                         r - detail::normal_inverse_far_split);
  return q < 0.0 ? -size : size;
}

}  // namespace npcsim
