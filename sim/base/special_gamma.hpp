// Tails of the gamma distribution. For special_functions.cpp only.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_series.hpp>

#include <cmath>

namespace npcsim::portable::detail {

inline constexpr Tails no_tails{true, not_a_number, not_a_number, not_a_number};

/// Sum of x^n / ((a + 1) ... (a + n)), n >= 0 (DLMF 8.7.1): P = x^a e^-x / Gamma(a + 1) times it.
inline double gamma_lower_series(double a, double x) noexcept {
  double term = 1.0;
  double sum = 1.0;
  for (int n = 1; n < 1000; ++n) {
    term *= x / (a + n);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum;
}

/// Legendre's continued fraction (DLMF 8.9.2), by the modified Lentz method:
/// Q = x^a e^-x / Gamma(a) times it. \pre x > a + 1, or x >= 1.1 and a < 1.
inline double gamma_upper_fraction(double a, double x) noexcept {
  double b = x + 1.0 - a;
  double c = infinity;
  double d = 1.0 / b;
  double value = d;
  for (int n = 1; n < 1000; ++n) {
    const double numerator = n * (a - n);
    b += 2.0;
    d = 1.0 / (b + numerator * d);
    c = b + numerator / c;
    const double factor = c * d;
    value *= factor;
    if (std::fabs(factor - 1.0) < 1.2e-16) break;
  }
  return value;
}

/// Q for small a and x < 1.1, where 1 - P would cancel: with L = a log x - log Gamma(a + 1),
/// Q = -(e^L - 1) - e^L a sum of (-x)^n / ((a + n) n!), n >= 1 (DLMF 8.7.3).
inline double gamma_upper_small(double a, double x, double log_x) noexcept {
  const double l = a * log_x - lgamma_one_plus(a);
  double power = 1.0;
  double sum = 0.0;
  for (int n = 1; n < 60; ++n) {
    power *= -x / n;
    const double term = power / (a + n);
    sum += term;
    if (std::fabs(term) < 1e-17 * std::fabs(sum)) break;
  }
  return -expm1(l) - exp(l) * a * sum;
}

/// S(eta) in Q = erfc(eta sqrt(a / 2)) / 2 + e^(-a eta^2 / 2) / sqrt(2 pi a) S(eta), Temme's
/// expansion summed by the recursion of Gil, Segura & Temme (2012), SIAM J. Sci. Comput. 34:
/// A2965, section 2.2; a >= 12, |eta| < 1. c_n: expansion of 1 / (lambda - 1) - 1 / eta.
inline double temme_sum(double a, double eta) noexcept {
  static constexpr double c[] = {
      -0.3333333333333333,     0.08333333333333333,     -0.014814814814814815,
      0.0011574074074074073,   0.0003527336860670194,   -0.0001787551440329218,
      3.919263178522438e-05,   -2.185448510679992e-06,  -1.85406221071516e-06,
      8.296711340953087e-07,   -1.7665952736826078e-07, 6.707853543401498e-09,
      1.0261809784240309e-08,  -4.382036018453353e-09,  9.14769958223679e-10,
      -2.5514193994946248e-11, -5.830772132550426e-11,  2.4361948020667415e-11,
      -5.0276692801141755e-12, 1.1004392031956135e-13,  3.371763262400985e-13,
      -1.392388722418162e-13,  2.8534893807447045e-14,  -5.139111834242572e-16,
      -1.9752288294349442e-15, 8.099521156704561e-16,   -1.6522531216398162e-16};
  constexpr int last = 26;
  double above = 0.0;     // beta_(n + 2)
  double beta = c[last];  // beta_(n + 1)
  double sum = beta;
  double first = beta;
  for (int n = last - 1; n >= 0; --n) {
    const double next = c[n] + (n + 2) / a * above;
    above = beta;
    first = n == 0 ? above : first;
    beta = next;
    sum = beta + eta * sum;
  }
  return a / (a + first) * sum;
}

/// The tail that needs no subtraction, at x = a e^delta.
inline Tails gamma_tails_of(double a, double x, double delta) noexcept {
  constexpr double half_log_2pi = 0.91893853320467274178;
  if (delta == -infinity) return {false, -infinity, -infinity, log(a)};
  if (!(x < infinity)) return {true, -infinity, -infinity, infinity};
  const double log_x = x > 1e-290 ? log(x) : delta + log(a);         // x may have underflowed
  const double deviance = a >= 10.0 ? a * expm1_minus(delta) : 0.0;  // a (e^delta - 1 - delta)
  const double log_density = a >= 10.0 ? 0.5 * log(a) - half_log_2pi - deviance - stirling_error(a)
                                       : a * log_x - x - lgamma(a);
  if (a >= 12.0 && std::fabs(delta) < 0.6) {
    const double size = std::sqrt(deviance);
    const double eta = std::sqrt(2.0 / a) * size;
    const bool upper = delta >= 0.0;
    const double correction =
        temme_sum(a, upper ? eta : -eta) / std::sqrt(a) * 0.39894228040143267794;
    const double scaled = 0.5 * erfc_scaled(size) + (upper ? correction : -correction);
    const double log_scaled = log(scaled);
    return {upper, log_scaled - deviance, log_density,
            0.5 * log(a) - half_log_2pi - stirling_error(a) - log_scaled};
  }
  if (x >= 1.1 && x > a + 1.0) {
    const double log_fraction = log(gamma_upper_fraction(a, x));
    return {true, log_density + log_fraction, log_density, -log_fraction};
  }
  const bool mostly_lower = x < 0.5 ? -0.4 < a * log_x : 0.75 * x >= a;
  if (x < 1.1 && a < 0.5 && mostly_lower) {
    const double log_tail = log(gamma_upper_small(a, x, log_x));
    return {true, log_tail, log_density, log_density - log_tail};
  }
  const double log_series = log(gamma_lower_series(a, x) / a);
  return {false, log_density + log_series, log_density, -log_series};
}

/// Root of log tail(v) = target on the log scale by Halley's method. Both log tails are concave in
/// v, so Newton's steps converge from any start on the side where the tail is too small; Halley
/// triples the digits at each step. Steps are bounded against overflow.
template <class Problem>
double solve_log_tail(const Problem& problem, bool upper, double target) noexcept {
  double v = problem.start(upper, target);
  for (int step = 0; step < 60; ++step) {
    const Tails tails = problem.tails(v);
    const double value = upper ? tails.log_upper() : tails.log_lower();
    if (!(value > -infinity)) {  // overshot into underflow
      v *= 0.5;
      continue;
    }
    const double rate = upper ? tails.upper_rate() : tails.lower_rate();
    const double slope = upper ? -rate : rate;
    const double bend = problem.density_slope(v) - slope;  // d log(rate) / dv
    const double newton = (value - target) / slope;
    const double denominator = 1.0 - 0.5 * newton * bend;
    double change = newton / (denominator > 0.5 && denominator < 2.0 ? denominator : 1.0);
    const double bound = 1.0 + std::fabs(v);
    change = change > bound ? bound : change < -bound ? -bound : change;
    v -= change;
    // The error left is of the order of the third power of this.
    if (std::fabs(change) * (1.0 + rate + std::fabs(bend)) < 1e-5) break;
  }
  return v;
}

struct GammaProblem {
  double a;

  Tails tails(double delta) const noexcept { return gamma_tails_of(a, a * exp(delta), delta); }
  double density_slope(double delta) const noexcept { return -a * expm1(delta); }

  double start(bool upper, double target) const noexcept {
    // Wilson & Hilferty (1931): the cube root of a gamma variable is nearly normal.
    const double z = normal_at_log_survival(target);
    const double w = 1.0 / (9.0 * a);
    const double excess = (upper ? z : -z) * std::sqrt(w) - w;
    if (a > 1.0 && excess > -0.7) return 3.0 * log1p(excess);
    // P = x^a / Gamma(a + 1) for small x; Q = x^(a - 1) e^-x / Gamma(a) for large x.
    if (!upper) return (target + lgamma(a + 1.0)) / a - log(a);
    const double x = -target - lgamma(a);
    return log((x > 1.0 ? x + (a - 1.0) * log(x) : 0.3) / a);
  }
};

}  // namespace npcsim::portable::detail
