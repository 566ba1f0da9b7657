#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_beta.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/base/special_gamma.hpp>
#include <npcsim/base/special_series.hpp>

#include <cmath>

namespace npcsim::portable {
namespace {

using detail::polynomial;

constexpr double half_log_2pi = 0.91893853320467274178;
constexpr double sqrt_half = 0.70710678118654752440;
constexpr double log_half = -0.69314718055994530942;

/// e^(-factor x^2), factor 1 or 1/2: x^2 in two parts, or its rounding would grow with x.
double exp_minus_square(double factor, double x) {
  const double x_head = detail::head(x);
  return exp(-factor * x_head * x_head) * exp(-factor * (x - x_head) * (x + x_head));
}

/// erf(x) / x through its values at twelve Chebyshev nodes of [0, 1] in x^2; 5e-17 relative.
double erf_over_x(double square) {
  static constexpr double c[] = {
      0x1.20dd750429b6dp+0,  -0x1.812746b0379c1p-2,  0x1.ce2f21a040f66p-4,  -0x1.b82ce31203772p-6,
      0x1.565bccfa44156p-8,  -0x1.c02db0665e53dp-11, 0x1.f9a2be4f731a1p-14, -0x1.f4ca838adb73bp-17,
      0x1.b981d78881a5dp-20, -0x1.5c131500d3f88p-23, 0x1.d76af6ca49787p-27, -0x1.ac9585a44fe29p-31};
  return polynomial(c, square);
}

/// (1 + 2x) e^(x^2) erfc(x) for x >= 0.5 as a polynomial in (x - 3) / (x + 3), through its values
/// at 23 Chebyshev nodes; 8e-17 relative. The map is that of Shepherd & Laframboise (1981),
/// Mathematics of Computation 36: 249.
double erfc_scaled_far(double x) {
  static constexpr double c[] = {
      0x1.40c522d7e4987p+0,  -0x1.15c084bb9e905p-3,  -0x1.85a15c58aa968p-5,  0x1.098366a5b4fbap-3,
      -0x1.e88b803a4271bp-4, 0x1.17ca2877c6667p-4,   -0x1.8574c40e330c4p-6,  0x1.4b884ea373d3dp-9,
      0x1.ef1bdef1cb590p-10, -0x1.98db600a65801p-11, -0x1.b913158d61af2p-14, 0x1.065ba6c7f6198p-13,
      0x1.4c45c59113702p-18, -0x1.5168119a4289cp-16, -0x1.89c499cabf357p-21, 0x1.d57f3bdec0585p-19,
      0x1.7a692ff1df904p-22, -0x1.5fbe2cd9ef428p-21, -0x1.09cf84439182cp-23, 0x1.1f42b3851e635p-23,
      0x1.3c5b6edc7a4b9p-26, -0x1.96419456b7109p-26, 0x1.df1455d335e74p-29};
  const double t = x < 1e17 ? (x - 3.0) / (x + 3.0) : 1.0;
  return polynomial(c, t) / (1.0 + 2.0 * x);
}

}  // namespace

double erf(double x) noexcept {
  const double size = std::fabs(x);
  if (size < 1.0) return x * erf_over_x(x * x);
  const double value = 1.0 - erfc(size);
  return x < 0.0 ? -value : value;
}

double erfc(double x) noexcept {
  if (x < 0.5) return 1.0 - erf(x);
  if (x > 28.0) return 0.0;
  return exp_minus_square(1.0, x) * erfc_scaled_far(x);
}

double erfc_scaled(double x) noexcept {
  if (!(x >= 0.0)) return not_a_number;
  return x < 0.5 ? exp(x * x) * erfc(x) : erfc_scaled_far(x);
}

double normal_survival(double z) noexcept {
  if (z < 1.0) return 0.5 * erfc(z * sqrt_half);
  if (z > 39.0) return 0.0;
  return 0.5 * exp_minus_square(0.5, z) * erfc_scaled_far(z * sqrt_half);
}

double normal_cdf(double z) noexcept { return normal_survival(-z); }

double normal_log_survival(double z) noexcept {
  if (z < -1.0) return log1p(-normal_survival(-z));
  if (z < 1.0) return log(normal_survival(z));
  return log(0.5 * erfc_scaled(z * sqrt_half)) - 0.5 * z * z;
}

double normal_hazard(double z) noexcept {
  constexpr double sqrt_2_over_pi = 0.79788456080286535588;
  if (z < 0.0) return 0.5 * sqrt_2_over_pi * exp(-0.5 * z * z) / normal_survival(z);
  return z < infinity ? sqrt_2_over_pi / erfc_scaled(z * sqrt_half) : infinity;
}

namespace {

/// Wichura (1988), Algorithm AS 241 (PPND16), Applied Statistics 37: 477; 1e-16 relative.
/// Centre: |q| <= 0.425, q = p - 1/2.
double quantile_centre(double q) {
  static constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                 1.9715909503065514427e3, 1.3731693765509461125e4,
                                 4.5921953931549871457e4, 6.7265770927008700853e4,
                                 3.3430575583588128105e4, 2.5090809287301226727e3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e1,
                                 6.8718700749205790830e2,
                                 5.3941960214247511077e3,
                                 2.1213794301586595867e4,
                                 3.9307895800092710610e4,
                                 2.8729085735721942674e4,
                                 5.2264952788528545610e3};
  const double r = 0.180625 - q * q;
  return q * polynomial(a, r) / polynomial(b, r);
}

/// Tail: r = sqrt(-log of the smaller tail) <= 27; the positive quantile.
double quantile_tail(double r) {
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                 5.76949722146069140550e0,  3.64784832476320460504e0,
                                 1.27045825245236838258e0,  2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                 1.78482653991729133580e0,  2.96560571828504891230e-1,
                                 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  if (r <= 5.0) return polynomial(c, r - 1.6) / polynomial(d, r - 1.6);
  return polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
}

}  // namespace

double normal_quantile(double p) noexcept {
  if (!(p > 0.0 && p < 1.0)) return p == 0.0 ? -infinity : p == 1.0 ? infinity : not_a_number;
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) return quantile_centre(q);
  const double z = quantile_tail(std::sqrt(-log(q < 0.0 ? p : 1.0 - p)));
  return q < 0.0 ? -z : z;
}

double normal_at_log_survival(double log_survival) noexcept {
  if (!(log_survival < 0.0)) return log_survival == 0.0 ? -infinity : not_a_number;
  if (log_survival == -infinity) return infinity;
  if (log_survival > log_half) {
    const double p = -expm1(log_survival);
    if (p > 0.075) return quantile_centre(p - 0.5);
    return p > 0.0 ? -quantile_tail(std::sqrt(-log(p))) : -infinity;
  }
  if (log_survival > -2.59) return -quantile_centre(exp(log_survival) - 0.5);
  const double r = std::sqrt(-log_survival);
  if (r <= 27.0) return quantile_tail(r);
  // Newton on log(1 - Phi): the start is Mill's ratio, the error squares at every step.
  double z = std::sqrt(-2.0 * (log_survival + half_log_2pi + log(r * 1.4142135623730951)));
  for (int step = 0; step < 3; ++step) {
    z += (normal_log_survival(z) - log_survival) / normal_hazard(z);
  }
  return z;
}

double lgamma(double x) noexcept {
  if (!(x > 0.0)) return x == 0.0 ? infinity : not_a_number;
  if (x >= 10.0) {
    if (x > 2.5e305) return infinity;
    return (x - 0.5) * (log(x) - 1.0) + (half_log_2pi - 0.5) + detail::stirling_error(x);
  }
  if (x < 0.5) return detail::lgamma_one_plus(x) - log(x);
  if (x < 1.5) return detail::lgamma_one_plus(x - 1.0);
  double product = 1.0;
  while (x > 2.5) {
    x -= 1.0;
    product *= x;
  }
  return detail::lgamma_two_plus(x - 2.0) + log(product);
}

double digamma(double x) noexcept {
  if (!(x > 0.0)) return not_a_number;
  double shift = 0.0;
  while (x < 12.0) {
    shift -= 1.0 / x;
    x += 1.0;
  }
  // Abramowitz & Stegun 6.3.18.
  static constexpr double c[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                 1.0 / 132, -691.0 / 32760, 1.0 / 12,  -3617.0 / 8160};
  const double w = 1.0 / (x * x);
  return shift + (log(x) - 0.5 / x - w * polynomial(c, w));
}

double log_beta(double a, double b) noexcept {
  if (!(a > 0.0 && b > 0.0)) return not_a_number;
  return detail::log_beta_ordered(a < b ? a : b, a < b ? b : a);
}

double gamma_p(double a, double x) noexcept { return gamma_tails(a, x).lower_probability(); }
double gamma_q(double a, double x) noexcept { return gamma_tails(a, x).upper_probability(); }
double gamma_log_q(double a, double x) noexcept { return gamma_tails(a, x).log_upper(); }

Tails gamma_tails(double a, double x) noexcept {
  if (!(a > 0.0 && a < infinity && x >= 0.0)) return detail::no_tails;
  // Near the centre x - a is exact while x / a is not.
  const double excess = (x - a) / a;
  return detail::gamma_tails_of(a, x, std::fabs(excess) < 0.5 ? log1p(excess) : log(x / a));
}

Tails gamma_tails_at(double a, double log_ratio) noexcept {
  if (!(a > 0.0 && a < infinity && log_ratio == log_ratio)) return detail::no_tails;
  return detail::gamma_tails_of(a, a * exp(log_ratio), log_ratio);
}

double gamma_log_ratio_at(double a, bool upper, double log_probability) noexcept {
  if (!(a > 0.0 && a < infinity && log_probability <= 0.0)) return not_a_number;
  if (log_probability == 0.0) return upper ? -infinity : infinity;
  if (log_probability == -infinity) return upper ? infinity : -infinity;
  // Solve for the smaller of the two tails.
  if (log_probability > log_half) {
    upper = !upper;
    log_probability = log(-expm1(log_probability));
  }
  return detail::solve_log_tail(detail::GammaProblem{a}, upper, log_probability);
}

double gamma_log_q_inverse(double a, double log_q) noexcept {
  return a * exp(gamma_log_ratio_at(a, true, log_q));
}
double gamma_p_inverse(double a, double p) noexcept {
  return p <= 0.5 ? a * exp(gamma_log_ratio_at(a, false, log(p)))
                  : a * exp(gamma_log_ratio_at(a, true, log(1.0 - p)));
}
double gamma_q_inverse(double a, double q) noexcept {
  return q <= 0.5 ? a * exp(gamma_log_ratio_at(a, true, log(q)))
                  : a * exp(gamma_log_ratio_at(a, false, log(1.0 - q)));
}

Tails beta_tails_at(double a, double b, double log_f) noexcept {
  if (!(a > 0.0 && b > 0.0 && a < infinity && b < infinity && log_f == log_f)) {
    return detail::no_tails;
  }
  return detail::beta_tails_of(a, b, log_f);
}

Tails beta_tails(double a, double b, double x, double one_minus_x) noexcept {
  if (!(a > 0.0 && b > 0.0 && a < infinity && b < infinity && x >= 0.0 && one_minus_x >= 0.0)) {
    return detail::no_tails;
  }
  return detail::beta_tails_of(a, b, detail::log_f_of(a, b, x, one_minus_x));
}

double beta_p(double a, double b, double x) noexcept {
  return beta_tails(a, b, x, 1.0 - x).lower_probability();
}
double beta_q(double a, double b, double x) noexcept {
  return beta_tails(a, b, x, 1.0 - x).upper_probability();
}
double beta_log_q(double a, double b, double x) noexcept {
  return beta_tails(a, b, x, 1.0 - x).log_upper();
}

double beta_log_f_at(double a, double b, bool upper, double log_probability) noexcept {
  if (!(a > 0.0 && b > 0.0 && a < infinity && b < infinity && log_probability <= 0.0)) {
    return not_a_number;
  }
  if (log_probability == 0.0) return upper ? -infinity : infinity;
  if (log_probability == -infinity) return upper ? infinity : -infinity;
  if (log_probability > log_half) {
    upper = !upper;
    log_probability = log(-expm1(log_probability));
  }
  return detail::solve_log_tail(detail::BetaProblem{a, b}, upper, log_probability);
}

namespace {

double beta_x(double a, double b, double log_f) {
  if (log_f == infinity) return 1.0;
  return log_f > 0.0 ? a / (a + b * exp(-log_f)) : a * exp(log_f) / (a * exp(log_f) + b);
}

}  // namespace

double beta_p_inverse(double a, double b, double p) noexcept {
  return p <= 0.5 ? beta_x(a, b, beta_log_f_at(a, b, false, log(p)))
                  : beta_x(a, b, beta_log_f_at(a, b, true, log(1.0 - p)));
}
double beta_q_inverse(double a, double b, double q) noexcept {
  return q <= 0.5 ? beta_x(a, b, beta_log_f_at(a, b, true, log(q)))
                  : beta_x(a, b, beta_log_f_at(a, b, false, log(1.0 - q)));
}

double Tails::lower_probability() const noexcept {
  return upper ? -expm1(log_tail) : exp(log_tail);
}
double Tails::upper_probability() const noexcept {
  return upper ? exp(log_tail) : -expm1(log_tail);
}
double Tails::log_lower() const noexcept { return upper ? log1m_exp(log_tail) : log_tail; }
double Tails::log_upper() const noexcept { return upper ? log_tail : log1m_exp(log_tail); }
double Tails::lower_rate() const noexcept {
  return exp(upper ? log_density - log_lower() : log_rate);
}
double Tails::upper_rate() const noexcept {
  return exp(upper ? log_rate : log_density - log_upper());
}

}  // namespace npcsim::portable
