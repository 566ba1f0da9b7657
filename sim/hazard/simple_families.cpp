// Families whose cumulative hazard inverts in closed form.
#include <npcsim/base/special_functions.hpp>
#include <npcsim/hazard/detail/families.hpp>

#include <cmath>

namespace npcsim::detail {

using portable::exp;
using portable::expm1;
using portable::fast_pow;
using portable::infinity;
using portable::log;
using portable::log1p;

// Weibull, proportional-hazards form: p = {shape, scale}.

double WeibullPh::cumulative(const double* p, double t) noexcept {
  return p[1] > 0.0 ? p[1] * fast_pow(t, p[0]) : 0.0;
}

double WeibullPh::rate(const double* p, double t) noexcept {
  return p[1] > 0.0 ? p[1] * p[0] * fast_pow(t, p[0] - 1.0) : 0.0;
}

double WeibullPh::time(const double* p, double h) noexcept {
  return fast_pow(h / p[1], 1.0 / p[0]);
}

double WeibullPh::after(const double* p, double from, double h) noexcept {
  const double before = cumulative(p, from);
  if (h < before) return from + from * expm1(log1p(h / before) / p[0]);
  const double t = time(p, before + h);
  return t > from ? t : from;
}

// Gompertz: p = {shape, rate}; rate H = (e^(shape t) - 1) / shape.

namespace {

/// The step s with rate (e^(shape s) - 1) / shape = h.
double gompertz_step(double shape, double rate, double h) {
  const double linear = h / rate;
  const double growth = shape * linear;
  if (!(std::fabs(growth) > 1e-17)) return linear;
  return growth > -1.0 ? log1p(growth) / shape : infinity;
}

}  // namespace

double Gompertz::cumulative(const double* p, double t) noexcept {
  if (!(p[1] > 0.0)) return 0.0;
  const double growth = p[0] * t;
  return std::fabs(growth) > 1e-17 && p[0] != 0.0 ? p[1] * (expm1(growth) / p[0]) : p[1] * t;
}

double Gompertz::rate(const double* p, double t) noexcept {
  if (!(p[1] > 0.0)) return 0.0;
  return p[0] == 0.0 ? p[1] : p[1] * exp(p[0] * t);
}

double Gompertz::time(const double* p, double h) noexcept { return gompertz_step(p[0], p[1], h); }

double Gompertz::after(const double* p, double from, double h) noexcept {
  // In local time the hazard is again Gompertz, from its present height.
  const double local = rate(p, from);
  return local < infinity ? from + gompertz_step(p[0], local, h) : from;
}

// Log-logistic: p = {shape, scale}; U = (t / scale)^shape are the odds of the event.

double LogLogistic::cumulative(const double* p, double t) noexcept {
  return log_logistic_cumulative(p[0], p[1], t);
}

double LogLogistic::rate(const double* p, double t) noexcept {
  if (t == infinity) return 0.0;
  const double u = fast_pow(t / p[1], p[0]);
  const double probability = u < 1.0 ? u / (1.0 + u) : 1.0 / (1.0 + 1.0 / u);
  if (t > 1e-300 * p[1]) return p[0] * probability / t;
  return p[0] == 1.0 ? 1.0 / p[1] : p[0] / p[1] * fast_pow(t / p[1], p[0] - 1.0);
}

double LogLogistic::time(const double* p, double h) noexcept {
  const double log_odds = h + portable::log1m_exp(-h);
  return p[1] * exp((h < infinity ? log_odds : infinity) / p[0]);
}

double LogLogistic::after(const double* p, double from, double h) noexcept {
  // (1 + U') = (1 + U) e^h, so U' / U = 1 + (1 + 1 / U)(e^h - 1).
  const double growth = (1.0 + fast_pow(p[1] / from, p[0])) * expm1(h);
  if (growth < 1.0) return from + from * expm1(log1p(growth) / p[0]);
  const double t = time(p, cumulative(p, from) + h);
  return t > from ? t : from;
}

// Log-normal: p = {meanlog, sdlog}.

double LogNormal::cumulative(const double* p, double t) noexcept {
  return -portable::normal_log_survival((log(t) - p[0]) / p[1]);
}

double LogNormal::rate(const double* p, double t) noexcept {
  if (!(t > 0.0 && t < infinity)) return 0.0;
  return portable::normal_hazard((log(t) - p[0]) / p[1]) / (p[1] * t);
}

double LogNormal::time(const double* p, double h) noexcept {
  return exp(p[0] + p[1] * portable::normal_at_log_survival(-h));
}

// Piecewise constant: p = {rate_0, ..., rate_K}, changes at the K knots.

double Piecewise::cumulative(const Baseline& b, const double* p, double t) noexcept {
  double sum = 0.0;
  double from = 0.0;
  int piece = 0;
  for (; piece < b.knot_count && b.knots[piece] <= t; ++piece) {
    sum += p[piece] * (b.knots[piece] - from);
    from = b.knots[piece];
  }
  return p[piece] > 0.0 ? sum + p[piece] * (t - from) : sum;
}

double Piecewise::rate(const Baseline& b, const double* p, double t) noexcept {
  int piece = 0;
  while (piece < b.knot_count && b.knots[piece] <= t) ++piece;
  return p[piece];
}

double Piecewise::after(const Baseline& b, const double* p, double from, double h) noexcept {
  int piece = 0;
  while (piece < b.knot_count && b.knots[piece] <= from) ++piece;
  for (; piece < b.knot_count; ++piece) {
    const double spent = p[piece] * (b.knots[piece] - from);
    if (h <= spent) return from + h / p[piece];
    h -= spent;
    from = b.knots[piece];
  }
  return p[piece] > 0.0 ? from + h / p[piece] : infinity;
}

}  // namespace npcsim::detail
