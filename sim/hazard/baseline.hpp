// Baseline hazards: cumulative hazard, hazard and exact inversion for a closed set of families.
#pragma once

#include <npcsim/base/portable_math.hpp>

#include <cstdint>

namespace npcsim {

/// Names, order and meaning of parameters follow R's flexsurv (Jackson 2016, J. Stat. Softw.
/// 70(8)), on the natural scale, in one time unit that the caller chooses (the engine: days):
///   exponential         rate
///   weibull             shape, scale           H = (t / scale)^shape (accelerated failure time)
///   weibull_ph          shape, scale           H = scale t^shape
///   gompertz            shape, rate            h = rate e^(shape t), shape any sign
///   log_logistic        shape, scale           S = 1 / (1 + (t / scale)^shape)
///   log_normal          meanlog, sdlog
///   gamma               shape, rate
///   generalised_gamma   mu, sigma, Q           Prentice (1974); Q = 0 log-normal, 1 Weibull,
///                                              sigma gamma
///   generalised_f       mu, sigma, Q, P        Prentice (1975); P = 0 generalised gamma
///   piecewise           rate_0 ... rate_K      constant between the K change times
///   spline_hazard       gamma_0 ... gamma_K+1  log H a natural cubic spline in log t
///   spline_odds         gamma_0 ... gamma_K+1  log(1 / S - 1) likewise
///   spline_normal       gamma_0 ... gamma_K+1  -Phi^-1(S) likewise
/// (splines: Royston & Parmar 2002, Statistics in Medicine 21: 2175; K inner knots).
enum class Family : std::uint8_t {
  exponential,
  weibull,
  weibull_ph,
  gompertz,
  log_logistic,
  log_normal,
  gamma,
  generalised_gamma,
  generalised_f,
  piecewise,
  spline_hazard,
  spline_odds,
  spline_normal
};

/// A fraction theta never has the event; it comes FIRST in the parameters.
/// mixture: S = theta + (1 - theta) S0 (Boag 1949). non_mixture: S = theta^F0 (Yakovlev 1996).
enum class Cure : std::uint8_t { none, mixture, non_mixture };

/// What is the same for all patients; plain data, owns nothing.
struct Baseline {
  Family family = Family::exponential;
  Cure cure = Cure::none;
  /// piecewise: change times, increasing, > 0. Splines: all knots on the log-time scale,
  /// increasing, the two boundary knots included. Otherwise unused.
  const double* knots = nullptr;
  int knot_count = 0;
};

/// How many parameters the baseline takes, the cured fraction included.
int parameter_count(const Baseline& baseline) noexcept;

/// All functions below presume parameters without parameter_problem() (family_info.hpp) and
/// t, from, h >= 0; they never throw and never allocate. Times and hazards may be infinite.

/// Cumulative hazard H(t), no unit; H(0) = 0.
double cumulative_hazard(const Baseline& baseline, const double* parameters, double t) noexcept;

/// H at eight times at once, bit for bit as cumulative_hazard() gives it; the vector unit makes
/// this cheaper than two single values where the formula has no branch (Weibull, log-logistic).
/// times, out: [8], of which the first `count` are meant; the others must hold some number.
void cumulative_hazards(const Baseline& baseline, const double* parameters, const double* times,
                        int count, double* out) noexcept;

/// Hazard h(t) per unit of time; its limit at t = 0, which may be infinite.
double hazard(const Baseline& baseline, const double* parameters, double t) noexcept;

/// The t with H(t) = h, to 1e-12 relative where that is well conditioned; infinity if H stays
/// below h for ever. 0 for h = 0.
double time_at(const Baseline& baseline, const double* parameters, double h) noexcept;

/// The t >= from with H(t) - H(from) = h; infinity if the event never happens. Exponential,
/// Weibull, Gompertz, log-logistic, piecewise and cured fractions find the step t - from itself, so
/// small h late in time loses nothing; the others invert H, good to a few roundings of t.
double time_after(const Baseline& baseline, const double* parameters, double from,
                  double h) noexcept;

namespace detail {

double general_cumulative(const Baseline& baseline, const double* parameters, double t) noexcept;
double general_hazard(const Baseline& baseline, const double* parameters, double t) noexcept;
double general_time_at(const Baseline& baseline, const double* parameters, double h) noexcept;
double general_time_after(const Baseline& baseline, const double* parameters, double from,
                          double h) noexcept;

/// H of the log-logistic distribution at t > 0; log_odds is that of the event, no unit.
inline double log_logistic_cumulative(double shape, double scale, double t) noexcept {
  const double log_odds = shape * portable::log(t / scale);
  const double above = log_odds > 0.0 ? log_odds : 0.0;
  return above + portable::log1p_of_share(portable::exp(log_odds > 0.0 ? -log_odds : log_odds));
}

}  // namespace detail

inline double cumulative_hazard(const Baseline& baseline, const double* parameters,
                                double t) noexcept {
  if (!(t > 0.0)) return 0.0;
  if (baseline.cure == Cure::none) {
    if (baseline.family == Family::exponential) {
      return parameters[0] > 0.0 ? parameters[0] * t : 0.0;
    }
    if (baseline.family == Family::weibull) {
      const double u = t / parameters[1];
      return parameters[0] == 1.0 ? u : portable::fast_pow(u, parameters[0]);
    }
    if (baseline.family == Family::log_logistic) {
      return detail::log_logistic_cumulative(parameters[0], parameters[1], t);
    }
  }
  return detail::general_cumulative(baseline, parameters, t);
}

inline double hazard(const Baseline& baseline, const double* parameters, double t) noexcept {
  if (baseline.cure == Cure::none) {
    if (baseline.family == Family::exponential) return parameters[0];
    if (baseline.family == Family::weibull) {
      const double shape = parameters[0];
      if (shape == 1.0) return 1.0 / parameters[1];
      return shape / parameters[1] * portable::fast_pow(t / parameters[1], shape - 1.0);
    }
  }
  return detail::general_hazard(baseline, parameters, t);
}

inline double time_at(const Baseline& baseline, const double* parameters, double h) noexcept {
  if (!(h > 0.0)) return 0.0;
  if (baseline.cure == Cure::none) {
    if (baseline.family == Family::exponential)
      return parameters[0] > 0.0 ? h / parameters[0] : portable::infinity;
    if (baseline.family == Family::weibull) {
      if (parameters[0] == 1.0) return parameters[1] * h;
      return parameters[1] * portable::fast_pow(h, 1.0 / parameters[0]);
    }
  }
  return detail::general_time_at(baseline, parameters, h);
}

inline double time_after(const Baseline& baseline, const double* parameters, double from,
                         double h) noexcept {
  if (!(h > 0.0)) return from;
  if (!(from > 0.0)) return time_at(baseline, parameters, h);
  if (baseline.cure == Cure::none) {
    if (baseline.family == Family::exponential)
      return parameters[0] > 0.0 ? from + h / parameters[0] : portable::infinity;
    if (baseline.family == Family::weibull) {
      const double shape = parameters[0];
      const double scale = parameters[1];
      if (shape == 1.0) return from + h * scale;
      const double before = portable::fast_pow(from / scale, shape);
      // Far from the origin the step is found by itself, not as a difference of two times.
      if (h < before) {
        return from + from * portable::expm1(portable::log1p(h / before) / shape);
      }
      const double t = scale * portable::fast_pow(before + h, 1.0 / shape);
      return t > from ? t : from;
    }
  }
  return detail::general_time_after(baseline, parameters, from, h);
}

}  // namespace npcsim
