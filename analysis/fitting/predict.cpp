#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/quadrature.hpp>
#include <npcsim/fitting/detail/covariance_factor.hpp>
#include <npcsim/fitting/predict.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace npcsim {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr QuadratureTolerance tight{0.0, 1e-12};

double survival(const Baseline& baseline, std::span<const double> natural, double t) {
  return std::exp(-cumulative_hazard(baseline, natural.data(), t));
}

/// Times between which survival is smooth and falls by no more than quadrature notices: those at
/// which the hazard or one of its derivatives jumps, and some at which survival has certain values.
/// Without the latter the nodes of a far horizon all lie where nobody is left.
std::vector<double> breaks(const Baseline& baseline, std::span<const double> natural, double end) {
  std::vector<double> times;
  const bool log_scale = baseline.family != Family::piecewise;
  for (int k = 0; k < baseline.knot_count; ++k) {
    const double t = log_scale ? std::exp(baseline.knots[k]) : baseline.knots[k];
    if (t > 0.0 && t < end) times.push_back(t);
  }
  const auto add_time_at = [&](double h) {
    const double t = time_at(baseline, natural.data(), h);
    if (t > 0.0 && t < end) times.push_back(t);
  };
  for (const double h : {0.1, 0.7, 2.0, 5.0, 10.0, 20.0, 40.0}) add_time_at(h);
  // Where some are cured the hazard accumulates early, to a limit.
  const double last = cumulative_hazard(baseline, natural.data(), end);
  if (time_at(baseline, natural.data(), 0.5 * last) < 0.01 * end) {
    for (double missing = 0.5; missing > 1e-13; missing *= 0.1) add_time_at((1 - missing) * last);
  }
  times.push_back(end);
  std::sort(times.begin(), times.end());
  return times;
}

double restricted_mean(const Baseline& baseline, std::span<const double> natural, double end) {
  if (!(end > 0.0)) return 0.0;
  double sum = 0.0;
  double from = 0.0;
  for (const double to : breaks(baseline, natural, end)) {
    const double width = to - from;
    if (!(width > 0.0)) continue;
    // t = from + width v^2: powers of t with small exponents at 0 become smooth.
    const Quadrature part = integrate(
        [&](double v) {
          return 2.0 * width * v * survival(baseline, natural, from + width * v * v);
        },
        0.0, 1.0, tight);
    if (!part.converged) return not_a_number;
    sum += part.value;
    from = to;
  }
  return sum;
}

double mean(const Baseline& baseline, std::span<const double> natural) {
  if (baseline.cure != Cure::none) return infinity;
  const double late = time_at(baseline, natural.data(), 300.0);
  if (!(late < infinity)) {
    // H stays low for ever, or t is beyond all numbers: the tail is heavier than any power of
    // t that has a mean.
    return infinity;
  }
  // The tail falls as t^-(t h(t)): its mean exists if that exponent is above 1.
  if (!(late * hazard(baseline, natural.data(), late) > 1.0)) return infinity;
  double split = time_at(baseline, natural.data(), 0.7);
  for (int k = 0; k < baseline.knot_count; ++k) {
    const bool log_scale = baseline.family != Family::piecewise;
    split = std::max(split, log_scale ? std::exp(baseline.knots[k]) : baseline.knots[k]);
  }
  const Quadrature tail = integrate_to_infinity(
      [&](double y) {
        const double t = split * std::exp(y);
        return t < infinity ? t * survival(baseline, natural, t) : 0.0;
      },
      0.0, tight);
  return tail.converged ? restricted_mean(baseline, natural, split) + tail.value : not_a_number;
}

double predicted_hazard(const Baseline& baseline, std::span<const double> natural, double at) {
  const double* const end = baseline.knots + baseline.knot_count;
  // A change time belongs to the piece before it, as events at that time do in the likelihood.
  const bool change =
      baseline.family == Family::piecewise && std::find(baseline.knots, end, at) != end;
  return hazard(baseline, natural.data(), change ? std::nextafter(at, 0.0) : at);
}

}  // namespace

double predicted_value(const Baseline& baseline, std::span<const double> natural,
                       PredictedQuantity quantity, double at) {
  for (int i = 0; i < parameter_count(baseline); ++i) {
    const double value = natural[static_cast<std::size_t>(i)];
    if (!parameter_problem(baseline, i, value).empty()) return not_a_number;
  }
  switch (quantity) {
    case PredictedQuantity::survival:
      return survival(baseline, natural, at);
    case PredictedQuantity::hazard:
      return predicted_hazard(baseline, natural, at);
    case PredictedQuantity::cumulative_hazard:
      return cumulative_hazard(baseline, natural.data(), at);
    case PredictedQuantity::quantile:
      return at >= 0.0 && at <= 1.0 ? time_at(baseline, natural.data(), -std::log1p(-at))
                                    : not_a_number;
    case PredictedQuantity::rmst:
      return restricted_mean(baseline, natural, at);
    case PredictedQuantity::mean:
      return mean(baseline, natural);
  }
  return not_a_number;
}

Prediction predict(const FitResult& fit, std::span<const double> covariates,
                   PredictedQuantity quantity, double at) {
  const Baseline baseline = fit.baseline();
  const std::vector<double> estimates = fit.transformed();
  const auto value_at = [&](const std::vector<double>& coefficients) {
    return predicted_value(baseline, fit.natural_parameters(covariates, coefficients), quantity,
                           at);
  };
  Prediction result{value_at(estimates), not_a_number, not_a_number, not_a_number};
  if (!std::isfinite(result.value)) return result;
  const detail::CovarianceFactor factor(fit.covariance, estimates.size());
  if (factor.axes.empty()) return result;
  constexpr double step = 0.02;
  double variance = 0.0;
  for (const std::vector<double>& axis : factor.axes) {
    const auto moved = [&](double steps) {
      std::vector<double> coefficients = estimates;
      for (std::size_t i = 0; i < coefficients.size(); ++i) {
        coefficients[i] += steps * step * axis[i];
      }
      return value_at(coefficients);
    };
    const double slope =
        (8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0))) / (12.0 * step);
    variance += slope * slope;
  }
  return with_limits(quantity, result.value, std::sqrt(variance));
}

Prediction with_limits(PredictedQuantity quantity, double value, double se) {
  if (!std::isfinite(value) || !std::isfinite(se)) {
    return {value, not_a_number, not_a_number, not_a_number};
  }
  if (!(value > 0.0)) return {value, se, value, value};
  if (quantity != PredictedQuantity::survival) {
    const double spread = std::exp(z_95 * se / value);
    return {value, se, value / spread, value * spread};
  }
  if (!(value < 1.0)) return {value, se, value, value};
  const double log_s = std::log(value);
  const double spread = std::exp(z_95 * se / (value * std::fabs(log_s)));
  return {value, se, std::exp(log_s * spread), std::exp(log_s / spread)};
}

}  // namespace npcsim
