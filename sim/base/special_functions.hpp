// Error function, normal, gamma and beta integrals, their tails on the log scale, and inverses.
#pragma once

/// Built on portable_math.hpp alone, so every machine gives the same bits. Relative accuracy is
/// about 1e-14 for values and tails down to e^-700 (a few 1e-13 at shapes of 1e4 and more), and
/// 1e-13 for inverses where the problem is well conditioned; tests/base_math states worst errors.
/// Arguments outside a function's range give NaN.
namespace npcsim::portable {

double erf(double x) noexcept;
double erfc(double x) noexcept;
/// e^(x^2) erfc(x) for x >= 0: the tail of the error function without its exponential.
double erfc_scaled(double x) noexcept;

/// Phi(z), the standard normal distribution function, and 1 - Phi(z).
double normal_cdf(double z) noexcept;
double normal_survival(double z) noexcept;
/// log(1 - Phi(z)); about -z^2 / 2 far right, no underflow.
double normal_log_survival(double z) noexcept;
/// phi(z) / (1 - Phi(z)): the hazard of the standard normal.
double normal_hazard(double z) noexcept;
/// The z with Phi(z) = p; -infinity at 0, infinity at 1.
double normal_quantile(double p) noexcept;
/// The z with log(1 - Phi(z)) = log_survival <= 0; works where the survival underflows.
double normal_at_log_survival(double log_survival) noexcept;

/// log Gamma(x). \pre x > 0.
double lgamma(double x) noexcept;
/// d/dx log Gamma(x). \pre x > 0.
double digamma(double x) noexcept;
/// log B(a, b) = log(Gamma(a) Gamma(b) / Gamma(a + b)). \pre a, b > 0.
double log_beta(double a, double b) noexcept;

/// Lower and upper tail of a distribution at a point, one of them computed without cancellation.
struct Tails {
  bool upper;          ///< which tail log_tail is
  double log_tail;     ///< log of that tail's probability
  double log_density;  ///< log of the density with respect to log x (gamma) or log F (beta)
  double log_rate;     ///< log_density - log_tail, free of the rounding of either

  double lower_probability() const noexcept;
  double upper_probability() const noexcept;
  double log_lower() const noexcept;
  double log_upper() const noexcept;
  /// Density over the lower and over the upper tail.
  double lower_rate() const noexcept;
  double upper_rate() const noexcept;
};

/// Gamma distribution with shape a > 0 and rate 1 at x >= 0.
Tails gamma_tails(double a, double x) noexcept;
/// The same at x = a e^log_ratio: exact near the centre however large a is.
Tails gamma_tails_at(double a, double log_ratio) noexcept;

/// Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P. \pre a > 0, x >= 0.
double gamma_p(double a, double x) noexcept;
double gamma_q(double a, double x) noexcept;
double gamma_log_q(double a, double x) noexcept;

/// log(x / a) where the log of the upper (or lower) tail is log_probability <= 0.
double gamma_log_ratio_at(double a, bool upper, double log_probability) noexcept;

/// The x with P(a, x) = p, Q(a, x) = q, log Q(a, x) = log_q.
double gamma_p_inverse(double a, double p) noexcept;
double gamma_q_inverse(double a, double q) noexcept;
double gamma_log_q_inverse(double a, double log_q) noexcept;

/// Beta distribution with shapes a, b > 0 at the x in [0, 1] whose odds are
/// x / (1 - x) = (a / b) e^log_f; then e^log_f follows Snedecor's F with 2a and 2b degrees.
Tails beta_tails_at(double a, double b, double log_f) noexcept;
/// The same at x, with 1 - x given for x near 1.
Tails beta_tails(double a, double b, double x, double one_minus_x) noexcept;

/// Regularised incomplete beta I_x(a, b) and 1 - I_x(a, b).
double beta_p(double a, double b, double x) noexcept;
double beta_q(double a, double b, double x) noexcept;
double beta_log_q(double a, double b, double x) noexcept;

/// log F where the log of the upper (or lower) tail is log_probability <= 0.
double beta_log_f_at(double a, double b, bool upper, double log_probability) noexcept;

/// The x with I_x(a, b) = p, with 1 - I_x(a, b) = q.
double beta_p_inverse(double a, double b, double p) noexcept;
double beta_q_inverse(double a, double b, double q) noexcept;

}  // namespace npcsim::portable
