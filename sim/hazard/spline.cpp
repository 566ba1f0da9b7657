#include <npcsim/base/root_find.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/hazard/detail/families.hpp>
#include <npcsim/hazard/spline.hpp>

#include <cmath>

namespace npcsim {

using portable::exp;
using portable::infinity;
using portable::log;

SplinePoint spline_at(const Baseline& baseline, const double* gamma, double x) noexcept {
  const int last = baseline.knot_count - 1;
  const double first_knot = baseline.knots[0];
  const double last_knot = baseline.knots[last];
  if (x <= first_knot) return {gamma[0] + gamma[1] * x, gamma[1]};
  // Beyond the last knot the cubes cancel; the straight line is exact.
  const double inside = x < last_knot ? x : last_knot;
  const double a = inside - first_knot;
  SplinePoint point{gamma[0] + gamma[1] * inside, gamma[1]};
  for (int j = 1; j < last; ++j) {
    const double share = (last_knot - baseline.knots[j]) / (last_knot - first_knot);
    const double b = inside > baseline.knots[j] ? inside - baseline.knots[j] : 0.0;
    point.value += gamma[j + 1] * (b * b * b - share * a * a * a);
    point.slope += 3.0 * gamma[j + 1] * (b * b - share * a * a);
  }
  if (x > last_knot) point.value += point.slope * (x - last_knot);
  return point;
}

namespace {

/// A sixth of the second derivative, which is linear between knots.
double spline_bend(const Baseline& baseline, const double* gamma, double x) {
  const int last = baseline.knot_count - 1;
  const double width = baseline.knots[last] - baseline.knots[0];
  double sum = 0.0;
  for (int j = 1; j < last; ++j) {
    const double share = (baseline.knots[last] - baseline.knots[j]) / width;
    const double b = x > baseline.knots[j] ? x - baseline.knots[j] : 0.0;
    sum += gamma[j + 1] * (b - share * (x - baseline.knots[0]));
  }
  return sum;
}

}  // namespace

SplineCheck spline_is_monotone(const Baseline& baseline, const double* parameters) noexcept {
  const double* gamma = parameters + (baseline.cure == Cure::none ? 0 : 1);
  const auto slope_at = [&](double x) { return spline_at(baseline, gamma, x).slope; };
  double smallest = slope_at(baseline.knots[0]);
  if (!(smallest > 0.0)) return {false, exp(baseline.knots[0]), smallest};
  for (int j = 0; j + 1 < baseline.knot_count; ++j) {
    const double left = baseline.knots[j];
    const double right = baseline.knots[j + 1];
    double place = right;
    double slope = slope_at(right);
    const double bend_left = spline_bend(baseline, gamma, left);
    const double bend_right = spline_bend(baseline, gamma, right);
    if (bend_left < 0.0 && bend_right > 0.0) {
      place = left + (right - left) * (bend_left / (bend_left - bend_right));
      slope = slope_at(place);
    }
    if (!(slope > 0.0)) return {false, exp(place), slope};
    if (slope < smallest) smallest = slope;
  }
  return {true, 0.0, smallest};
}

namespace detail {

double Spline::cumulative(const Baseline& b, const double* p, double t) noexcept {
  const double s = spline_at(b, p, log(t)).value;
  if (b.family == Family::spline_hazard) return exp(s);
  if (b.family == Family::spline_normal) return -portable::normal_log_survival(s);
  return s > 0.0 ? s + portable::log1p(exp(-s)) : portable::log1p(exp(s));
}

double Spline::rate(const Baseline& b, const double* p, double t) noexcept {
  if (t == infinity) t = 1e300;  // stands for the limit: the tail is a power of t by then
  const double x = t > 0.0 ? log(t) : -700.0;
  const SplinePoint s = spline_at(b, p, x);
  if (!(t > 0.0) && b.family != Family::spline_normal && s.slope != 1.0) {
    return s.slope < 1.0 ? infinity : 0.0;  // t^(slope - 1) in the left tail
  }
  if (b.family == Family::spline_normal) {
    return t > 0.0 ? portable::normal_hazard(s.value) * s.slope / t : 0.0;
  }
  // e^(s - x) as one exponential: t may be so small that e^s underflows.
  const double factor = b.family == Family::spline_hazard
                            ? exp(s.value - x)
                            : exp((s.value < 0.0 ? s.value - portable::log1p(exp(s.value))
                                                 : -portable::log1p(exp(-s.value))) -
                                  x);
  return factor * s.slope;
}

double Spline::time(const Baseline& b, const double* p, double h) noexcept {
  if (h == infinity) return infinity;
  double target = 0.0;
  if (b.family == Family::spline_hazard) {
    target = log(h);
  } else if (b.family == Family::spline_normal) {
    target = portable::normal_at_log_survival(-h);
  } else {
    target = h + portable::log1m_exp(-h);
  }
  if (target <= spline_at(b, p, b.knots[0]).value) return exp((target - p[0]) / p[1]);
  for (int j = 0; j + 1 < b.knot_count; ++j) {
    const double left = b.knots[j];
    const double right = b.knots[j + 1];
    const double at_right = spline_at(b, p, right).value;
    if (target > at_right) continue;
    const double at_left = spline_at(b, p, left).value;
    const auto miss = [&](double x) {
      const SplinePoint s = spline_at(b, p, x);
      return ValueSlope{s.value - target, s.slope};
    };
    // An absolute error in log time is a relative one in time.
    const double start = left + (right - left) * ((target - at_left) / (at_right - at_left));
    return exp(newton_in_bracket(miss, left, right, start, true, {1e-14, 0.0, 200}).value);
  }
  const SplinePoint end = spline_at(b, p, b.knots[b.knot_count - 1]);
  if (!(end.slope > 0.0)) return infinity;
  return exp(b.knots[b.knot_count - 1] + (target - end.value) / end.slope);
}

}  // namespace detail
}  // namespace npcsim
