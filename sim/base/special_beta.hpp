// Tails of the beta distribution on the scale of log F. For special_functions.cpp only.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quadrature.hpp>
#include <npcsim/base/special_gamma.hpp>
#include <npcsim/base/special_series.hpp>

#include <cmath>

namespace npcsim::portable::detail {

/// log of the odds x / (1 - x) relative to a / b.
inline double log_f_of(double a, double b, double x, double y) noexcept {
  const double numerator = x * b - y * a;
  const double excess = numerator / (y * a);
  return std::fabs(excess) < 0.5 ? log1p(excess) : log(x / a) - log(y / b);
}

/// Share p = a / (a + b), q = 1 - p and the point x, y = 1 - x at log F = f.
struct BetaPoint {
  BetaPoint(double a, double b, double f) noexcept : p(a / (a + b)), q(b / (a + b)) {
    const double small = exp(-std::fabs(f));
    size = f > 0.0 ? p + q * small : q + p * small;
    x = (f > 0.0 ? p : p * small) / size;
    y = (f > 0.0 ? q * small : q) / size;
  }
  double p, q;
  double x, y;
  double size;  // of p e^f + q, divided by e^f if f > 0
};

/// log(p e^f + q) - p f >= 0, without loss near f = 0: minus the log of x^p y^q relative to its
/// maximum. The smaller share carries the expansion, so that its two parts do not cancel.
inline double beta_deviance(double p, double q, double f) noexcept {
  if (p > q) {
    const double swap = p;
    p = q;
    q = swap;
    f = -f;
  }
  if (f > 30.0) return q * f + log(p + q * exp(-f));
  const double excess = p * expm1(f);
  return log1p_minus(excess) + p * expm1_minus(f);
}

/// log of x^a y^b / B(a, b), the density of log F.
inline double beta_log_density(double a, double b, double f, const BetaPoint& at) noexcept {
  constexpr double half_log_2pi = 0.91893853320467274178;
  if (a < 10.0 || b < 10.0) {
    // Logarithms of the point from f, because x or y may have underflowed.
    const double excess = f > 0.0 ? at.q * expm1(-f) : at.p * expm1(f);
    const double log_size = excess > -0.5 ? log1p(excess) : log(at.size);
    const double log_x = log(at.p) + (f > 0.0 ? 0.0 : f) - log_size;
    const double log_y = log(at.q) + (f > 0.0 ? -f : 0.0) - log_size;
    if (a < 10.0 && b < 10.0) return a * log_x + b * log_y - log_beta(a, b);
    // One shape may be large: the terms of its size cancel against those of log B.
    const double small = a < b ? a : b;
    const double large = a < b ? b : a;
    const double log_small = a < b ? log_x : log_y;
    const double point = a < b ? at.x : at.y;
    const double log_large = point < 0.5 ? log1p(-point) : (a < b ? log_y : log_x);
    const double ratio = small / large;
    return small * (log_small + log(small + large)) - lgamma(small) +
           large * (log_large + log1p_minus(ratio)) - 0.5 * log1p(ratio) - stirling_error(large) +
           stirling_error(small + large);
  }
  const double corrections = stirling_error(a + b) - stirling_error(a) - stirling_error(b);
  return 0.5 * log(a * at.q) - half_log_2pi + corrections - (a + b) * beta_deviance(at.p, at.q, f);
}

/// x^a y^b / B(a, b) over I_x(a, b), y = 1 - x, by the continued fraction of DiDonato & Morris
/// (1992), Algorithm 708, ACM TOMS 18: 360, equation 9; modified Lentz. Both x and y enter, so
/// that nothing cancels at either end. \pre b x - a y < 1, left of the centre.
inline double beta_fraction(double a, double b, double x, double y) noexcept {
  const double balance = a * y - b * x + 1.0;
  double value = a * balance / (a + 1.0);
  double c = value;
  double d = 0.0;
  for (int m = 1; m < 5000; ++m) {
    const double odd = a + 2 * m - 1.0;
    const double numerator =
        (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * (m * (b - m)) * x * x;
    const double denominator =
        m + m * (b - m) * x / odd + (a + m) * (balance + m * (1.0 + y)) / (odd + 2.0);
    d = 1.0 / (denominator + numerator * d);
    c = denominator + numerator / c;
    const double factor = c * d;
    value *= factor;
    if (std::fabs(factor - 1.0) < 2.3e-16) break;
  }
  return value;
}

/// Upper tail over density at f >= 0 for large shapes: the integral of
/// e^(-(a + b)(deviance(f + u) - deviance(f))) over u >= 0, a smooth falling integrand, by
/// three panels of 21-point Gauss-Kronrod up to where it is below e^-60.
inline double beta_mills_ratio(double a, double b, double f, const BetaPoint& at) noexcept {
  const double slope = b * at.x - a * at.y;
  const double curvature = (a + b) * at.x * at.y;
  const double reach = 120.0 / (slope + std::sqrt(slope * slope + 120.0 * curvature));
  const double here = beta_deviance(at.p, at.q, f);
  constexpr int panels = 3;
  const double half = reach / (2 * panels);
  double sum = 0.0;
  for (int panel = 0; panel < panels; ++panel) {
    const double centre = f + half * (2 * panel + 1);
    for (int i = 0; i < 21; ++i) {
      const int node = i < 11 ? i : 20 - i;
      const double at_node = centre + (i < 11 ? half : -half) * npcsim::detail::kronrod_nodes[node];
      sum += npcsim::detail::kronrod_weights[node] *
             exp((a + b) * (here - beta_deviance(at.p, at.q, at_node)));
    }
  }
  return half * sum;
}

inline Tails beta_tails_of(double a, double b, double f) noexcept {
  if (f == -infinity) return {false, -infinity, -infinity, log(a)};
  if (f == infinity) return {true, -infinity, -infinity, log(b)};
  const BetaPoint at(a, b, f);
  const double log_density = beta_log_density(a, b, f, at);
  if (a >= 200.0 && b >= 200.0) {
    const bool upper = f >= 0.0;
    const double ratio =
        upper ? beta_mills_ratio(a, b, f, at) : beta_mills_ratio(b, a, -f, BetaPoint(b, a, -f));
    const double log_ratio = log(ratio);
    return {upper, log_density + log_ratio, log_density, -log_ratio};
  }
  const bool upper = b * at.x >= a * at.y;
  const double log_rate =
      log(upper ? beta_fraction(b, a, at.y, at.x) : beta_fraction(a, b, at.x, at.y));
  const double log_tail = log_density - log_rate;
  // Rounding may push a tail that is all but 1 above it.
  return {upper, log_tail < 0.0 ? log_tail : -0x1p-60, log_density, log_rate};
}

struct BetaProblem {
  double a;
  double b;

  Tails tails(double f) const noexcept { return beta_tails_of(a, b, f); }
  double density_slope(double f) const noexcept {
    const BetaPoint at(a, b, f);
    return a * at.y - b * at.x;
  }

  double start(bool upper, double target) const noexcept {
    // Far out the tail is a power of the odds; near the centre log F is nearly normal.
    const double shape = upper ? b : a;
    const double power =
        (target + log(shape) + log_beta(a, b)) / shape + log(a / b) * (upper ? 1 : -1);
    const double z = normal_at_log_survival(target) * std::sqrt(1.0 / a + 1.0 / b);
    const double side = power < -z && shape < 10.0 ? power : -z;
    return upper ? -side : side;
  }
};

}  // namespace npcsim::portable::detail
