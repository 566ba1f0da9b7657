#include <npcsim/base/vectorise.hpp>
#include <npcsim/hazard/baseline.hpp>
#include <npcsim/hazard/detail/families.hpp>

namespace npcsim {

using portable::exp;
using portable::expm1;
using portable::infinity;
using portable::log;
using portable::log1p;

int parameter_count(const Baseline& baseline) noexcept {
  const int cured = baseline.cure == Cure::none ? 0 : 1;
  switch (baseline.family) {
    case Family::exponential:
      return cured + 1;
    case Family::weibull:
    case Family::weibull_ph:
    case Family::gompertz:
    case Family::log_logistic:
    case Family::log_normal:
    case Family::gamma:
      return cured + 2;
    case Family::generalised_gamma:
      return cured + 3;
    case Family::generalised_f:
      return cured + 4;
    case Family::piecewise:
      return cured + baseline.knot_count + 1;
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return cured + baseline.knot_count;
  }
  return 0;
}

namespace detail {
namespace {

Baseline uncured(const Baseline& baseline) {
  return {baseline.family, Cure::none, baseline.knots, baseline.knot_count};
}

/// The t >= from at which H has grown by h, by inverting H. Good to about H / (t h(t)) roundings of
/// t, and that ratio is moderate for every family sent here: log time at most.
double after_by_inversion(double from, double t) { return t > from || t != t ? t : from; }

template <class F>
double after_by_inversion(const double* p, double from, double h) {
  return after_by_inversion(from, F::time(p, F::cumulative(p, from) + h));
}

double plain_cumulative(const Baseline& b, const double* p, double t) {
  switch (b.family) {
    case Family::exponential:
    case Family::weibull:
      return cumulative_hazard(b, p, t);
    case Family::weibull_ph:
      return WeibullPh::cumulative(p, t);
    case Family::gompertz:
      return Gompertz::cumulative(p, t);
    case Family::log_logistic:
      return LogLogistic::cumulative(p, t);
    case Family::log_normal:
      return LogNormal::cumulative(p, t);
    case Family::gamma:
      return Gamma::cumulative(p, t);
    case Family::generalised_gamma:
      return GeneralisedGamma::cumulative(p, t);
    case Family::generalised_f:
      return GeneralisedF::cumulative(p, t);
    case Family::piecewise:
      return Piecewise::cumulative(b, p, t);
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return Spline::cumulative(b, p, t);
  }
  return 0.0;
}

double plain_rate(const Baseline& b, const double* p, double t) {
  switch (b.family) {
    case Family::exponential:
    case Family::weibull:
      return hazard(b, p, t);
    case Family::weibull_ph:
      return WeibullPh::rate(p, t);
    case Family::gompertz:
      return Gompertz::rate(p, t);
    case Family::log_logistic:
      return LogLogistic::rate(p, t);
    case Family::log_normal:
      return LogNormal::rate(p, t);
    case Family::gamma:
      return Gamma::rate(p, t);
    case Family::generalised_gamma:
      return GeneralisedGamma::rate(p, t);
    case Family::generalised_f:
      return GeneralisedF::rate(p, t);
    case Family::piecewise:
      return Piecewise::rate(b, p, t);
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return Spline::rate(b, p, t);
  }
  return 0.0;
}

double plain_time(const Baseline& b, const double* p, double h) {
  switch (b.family) {
    case Family::exponential:
    case Family::weibull:
      return time_at(b, p, h);
    case Family::weibull_ph:
      return WeibullPh::time(p, h);
    case Family::gompertz:
      return Gompertz::time(p, h);
    case Family::log_logistic:
      return LogLogistic::time(p, h);
    case Family::log_normal:
      return LogNormal::time(p, h);
    case Family::gamma:
      return Gamma::time(p, h);
    case Family::generalised_gamma:
      return GeneralisedGamma::time(p, h);
    case Family::generalised_f:
      return GeneralisedF::time(p, h);
    case Family::piecewise:
      return Piecewise::after(b, p, 0.0, h);
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return Spline::time(b, p, h);
  }
  return infinity;
}

double plain_after(const Baseline& b, const double* p, double from, double h) {
  switch (b.family) {
    case Family::exponential:
    case Family::weibull:
      return time_after(b, p, from, h);
    case Family::weibull_ph:
      return WeibullPh::after(p, from, h);
    case Family::gompertz:
      return Gompertz::after(p, from, h);
    case Family::log_logistic:
      return LogLogistic::after(p, from, h);
    case Family::log_normal:
      return after_by_inversion<LogNormal>(p, from, h);
    case Family::gamma:
      return after_by_inversion<Gamma>(p, from, h);
    case Family::generalised_gamma:
      return after_by_inversion<GeneralisedGamma>(p, from, h);
    case Family::generalised_f:
      return after_by_inversion<GeneralisedF>(p, from, h);
    case Family::piecewise:
      return Piecewise::after(b, p, from, h);
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return after_by_inversion(from, Spline::time(b, p, Spline::cumulative(b, p, from) + h));
  }
  return infinity;
}

/// Cumulative hazard of the uncured at which a share `events` of them has had the event; infinity
/// for 1 and more.
double hazard_of_share(double events) { return events < 1.0 ? -log1p(-events) : infinity; }

}  // namespace

double general_cumulative(const Baseline& baseline, const double* parameters, double t) noexcept {
  if (baseline.cure == Cure::none) return plain_cumulative(baseline, parameters, t);
  const double theta = parameters[0];
  const double uncured_hazard = plain_cumulative(uncured(baseline), parameters + 1, t);
  if (baseline.cure == Cure::mixture && theta == 0.0) return uncured_hazard;
  const double events = -expm1(-uncured_hazard);
  return baseline.cure == Cure::mixture ? -log1p(-(1.0 - theta) * events)
                                        : (0.0 - log(theta)) * events;
}

double general_hazard(const Baseline& baseline, const double* parameters, double t) noexcept {
  if (baseline.cure == Cure::none) return plain_rate(baseline, parameters, t);
  const double theta = parameters[0];
  const Baseline plain = uncured(baseline);
  const double rate = plain_rate(plain, parameters + 1, t);
  if (baseline.cure == Cure::mixture && theta == 0.0) return rate;
  const double survival = t > 0.0 ? exp(-plain_cumulative(plain, parameters + 1, t)) : 1.0;
  if (survival == 0.0) return 0.0;
  return baseline.cure == Cure::mixture
             ? rate * ((1.0 - theta) * survival / (theta + (1.0 - theta) * survival))
             : rate * ((0.0 - log(theta)) * survival);
}

double general_time_at(const Baseline& baseline, const double* parameters, double h) noexcept {
  if (baseline.cure == Cure::none) return plain_time(baseline, parameters, h);
  const double theta = parameters[0];
  const Baseline plain = uncured(baseline);
  if (baseline.cure == Cure::mixture && theta == 0.0) return plain_time(plain, parameters + 1, h);
  const double events =
      baseline.cure == Cure::mixture ? -expm1(-h) / (1.0 - theta) : h / (0.0 - log(theta));
  const double uncured_hazard = hazard_of_share(events);
  return uncured_hazard < infinity ? plain_time(plain, parameters + 1, uncured_hazard) : infinity;
}

double general_time_after(const Baseline& baseline, const double* parameters, double from,
                          double h) noexcept {
  if (baseline.cure == Cure::none) return plain_after(baseline, parameters, from, h);
  const double theta = parameters[0];
  const Baseline plain = uncured(baseline);
  if (baseline.cure == Cure::mixture && theta == 0.0) {
    return plain_after(plain, parameters + 1, from, h);
  }
  // With s = S0(from), the share of those uncured and at risk who have the event while h is spent:
  // mixture (1 - e^-h)(1 + theta / ((1 - theta) s)), non-mixture h / (-log(theta) s).
  const double survival = exp(-plain_cumulative(plain, parameters + 1, from));
  const double events = baseline.cure == Cure::mixture
                            ? -expm1(-h) * (1.0 + theta / ((1.0 - theta) * survival))
                            : h / ((0.0 - log(theta)) * survival);
  const double uncured_hazard = hazard_of_share(events);
  if (!(uncured_hazard < infinity)) return infinity;
  return plain_after(plain, parameters + 1, from, uncured_hazard);
}

namespace {

constexpr int lanes = 8;

NPCSIM_VECTOR_CLONES void log_logistic_eight(double shape, double scale, const double* times,
                                             double* out) noexcept {
  for (int i = 0; i < lanes; ++i) {
    const double t = times[i] > 0.0 ? times[i] : 1.0;
    const double h = log_logistic_cumulative(shape, scale, t);
    out[i] = times[i] > 0.0 ? h : 0.0;
  }
}

NPCSIM_VECTOR_CLONES void weibull_eight(double shape, double scale, const double* times,
                                        double* out) noexcept {
  for (int i = 0; i < lanes; ++i) {
    const double t = times[i] > 0.0 ? times[i] : 1.0;
    const double h = portable::fast_pow(t / scale, shape);
    out[i] = times[i] > 0.0 ? h : 0.0;
  }
}

}  // namespace
}  // namespace detail

void cumulative_hazards(const Baseline& baseline, const double* parameters, const double* times,
                        int count, double* out) noexcept {
  if (baseline.cure == Cure::none && baseline.family == Family::log_logistic) {
    detail::log_logistic_eight(parameters[0], parameters[1], times, out);
  } else if (baseline.cure == Cure::none && baseline.family == Family::weibull &&
             parameters[0] != 1.0) {
    detail::weibull_eight(parameters[0], parameters[1], times, out);
  } else {
    for (int i = 0; i < count; ++i) out[i] = cumulative_hazard(baseline, parameters, times[i]);
  }
}

}  // namespace npcsim
