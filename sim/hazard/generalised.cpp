// Gamma, generalised gamma and generalised F, whose inverses need the incomplete gamma and beta
// integrals. All work on log time relative to the centre, so that nothing breaks near the limits
// Q = 0 (log-normal) and P = 0 (generalised gamma), where shapes grow without bound.
#include <npcsim/base/special_functions.hpp>
#include <npcsim/hazard/detail/families.hpp>

#include <cmath>

namespace npcsim::detail {

using portable::exp;
using portable::infinity;
using portable::log;
using portable::Tails;

namespace {

/// Below this the generalised gamma is the log-normal, the generalised F the generalised gamma, to
/// every digit.
constexpr double smallest_q = 1e-100;
constexpr double smallest_p = 1e-20;

/// Limit of a hazard that behaves like t^(power - 1) at 0; `near` is its value close by.
double rate_at_zero(double power, double near) {
  if (power == 1.0) return near;
  return power < 1.0 ? infinity : 0.0;
}

constexpr double near_zero = 1e-200;

}  // namespace

// Gamma: p = {shape, rate}.

double Gamma::cumulative(const double* p, double t) noexcept {
  return -portable::gamma_log_q(p[0], p[1] * t);
}

double Gamma::rate(const double* p, double t) noexcept {
  if (!(t > 0.0)) return rate_at_zero(p[0], p[1]);
  if (!(p[1] * t < infinity)) return p[1];
  return portable::gamma_tails(p[0], p[1] * t).upper_rate() / t;
}

double Gamma::time(const double* p, double h) noexcept {
  return portable::gamma_log_q_inverse(p[0], -h) / p[1];
}

// Generalised gamma: p = {mu, sigma, Q}; with w = (log t - mu) / sigma and a = 1 / Q^2,
// S = Q(a, a e^(Q w)) for Q > 0 and P(a, a e^(Q w)) for Q < 0 (Prentice 1974, Biometrika 61: 539).

namespace {

Tails generalised_gamma_tails(const double* p, double t) {
  const double q = p[2];
  return portable::gamma_tails_at(1.0 / (q * q), q * ((log(t) - p[0]) / p[1]));
}

}  // namespace

double GeneralisedGamma::cumulative(const double* p, double t) noexcept {
  if (std::fabs(p[2]) < smallest_q) return LogNormal::cumulative(p, t);
  const Tails tails = generalised_gamma_tails(p, t);
  return p[2] > 0.0 ? -tails.log_upper() : -tails.log_lower();
}

double GeneralisedGamma::rate(const double* p, double t) noexcept {
  if (std::fabs(p[2]) < smallest_q) return LogNormal::rate(p, t);
  if (!(t > 0.0)) return p[2] > 0.0 ? rate_at_zero(1.0 / (p[2] * p[1]), rate(p, near_zero)) : 0.0;
  const Tails tails = generalised_gamma_tails(p, t);
  const double rate = p[2] > 0.0 ? tails.upper_rate() : tails.lower_rate();
  return rate * (std::fabs(p[2]) / p[1] / t);
}

double GeneralisedGamma::time(const double* p, double h) noexcept {
  const double q = p[2];
  if (std::fabs(q) < smallest_q) return LogNormal::time(p, h);
  const double log_ratio = portable::gamma_log_ratio_at(1.0 / (q * q), q > 0.0, -h);
  return exp(p[0] + p[1] * (log_ratio / q));
}

// Generalised F: p = {mu, sigma, Q, P}; e^(delta (log t - mu) / sigma) follows F with 2 s1 and
// 2 s2 degrees of freedom (Prentice 1975, Biometrika 62: 607; Cox 2008, Stat. Med. 27: 4301).

namespace {

struct FShapes {
  explicit FShapes(const double* p) noexcept : delta(std::sqrt(p[2] * p[2] + 2.0 * p[3])) {
    // 2 / (delta (delta + Q)) and 2 / (delta (delta - Q)), free of the cancelling difference.
    const double sum = delta + std::fabs(p[2]);
    const double small = 2.0 / (delta * sum);
    const double large = sum / (delta * p[3]);
    s1 = p[2] >= 0.0 ? small : large;
    s2 = p[2] >= 0.0 ? large : small;
  }
  double delta;
  double s1;
  double s2;
};

Tails generalised_f_tails(const FShapes& shapes, const double* p, double t) {
  return portable::beta_tails_at(shapes.s1, shapes.s2, shapes.delta * ((log(t) - p[0]) / p[1]));
}

}  // namespace

double GeneralisedF::cumulative(const double* p, double t) noexcept {
  if (p[3] < smallest_p) return GeneralisedGamma::cumulative(p, t);
  return -generalised_f_tails(FShapes(p), p, t).log_upper();
}

double GeneralisedF::rate(const double* p, double t) noexcept {
  if (p[3] < smallest_p) return GeneralisedGamma::rate(p, t);
  const FShapes shapes(p);
  if (!(t > 0.0)) return rate_at_zero(shapes.s1 * shapes.delta / p[1], rate(p, near_zero));
  return generalised_f_tails(shapes, p, t).upper_rate() * (shapes.delta / p[1] / t);
}

double GeneralisedF::time(const double* p, double h) noexcept {
  if (p[3] < smallest_p) return GeneralisedGamma::time(p, h);
  const FShapes shapes(p);
  return exp(p[0] +
             p[1] * (portable::beta_log_f_at(shapes.s1, shapes.s2, true, -h) / shapes.delta));
}

}  // namespace npcsim::detail
