#include <npcsim/base/quadrature.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

struct Interval {
  double from;
  double to;
  double value;
  double error;
};

constexpr int max_intervals = 500;
constexpr int points = 21;

/// QUADPACK's rule and error estimate (Piessens et al. 1983, section 3.4.1).
Interval apply_rule(Integrand f, const void* context, double from, double to) {
  const double half = 0.5 * (to - from);
  const double centre = 0.5 * (from + to);
  std::array<double, points> y;
  for (int i = 0; i < 10; ++i) {
    const auto low = static_cast<std::size_t>(i);
    y[low] = f(context, centre - half * kronrod_nodes[low]);
    y[20 - low] = f(context, centre + half * kronrod_nodes[low]);
  }
  y[10] = f(context, centre);
  double kronrod = kronrod_weights[10] * y[10];
  double gauss = 0.0;
  double size = std::fabs(kronrod);
  for (std::size_t i = 0; i < 10; ++i) {
    const double pair = y[i] + y[20 - i];
    kronrod += kronrod_weights[i] * pair;
    size += kronrod_weights[i] * (std::fabs(y[i]) + std::fabs(y[20 - i]));
    if (i % 2 == 1) gauss += gauss_weights[i / 2] * pair;
  }
  double spread = kronrod_weights[10] * std::fabs(y[10] - 0.5 * kronrod);
  for (std::size_t i = 0; i < 10; ++i) {
    spread += kronrod_weights[i] *
              (std::fabs(y[i] - 0.5 * kronrod) + std::fabs(y[20 - i] - 0.5 * kronrod));
  }
  double error = std::fabs(kronrod - gauss) * std::fabs(half);
  spread *= std::fabs(half);
  size *= std::fabs(half);
  if (spread > 0.0 && error > 0.0) {
    const double ratio = 200.0 * error / spread;
    error = ratio < 1.0 ? spread * ratio * std::sqrt(ratio) : spread;
  }
  const double rounding = 50.0 * std::numeric_limits<double>::epsilon() * size;
  if (error < rounding) error = rounding;
  return {from, to, kronrod * half, error};
}

struct HalfInfinite {
  Integrand f;
  const void* context;
  double from;
};

double on_unit_interval(const void* context, double t) {
  const auto& map = *static_cast<const HalfInfinite*>(context);
  const double rest = 1.0 - t;
  return map.f(map.context, map.from + t / rest) / (rest * rest);
}

}  // namespace

Quadrature integrate(Integrand f, const void* context, double from, double to,
                     QuadratureTolerance tolerance) {
  std::array<Interval, max_intervals> intervals;
  intervals[0] = apply_rule(f, context, from, to);
  std::size_t count = 1;
  int evaluations = points;
  for (;;) {
    // Summed afresh each round, in one order: no drift from adding and taking away.
    double value = 0.0;
    double error = 0.0;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value += intervals[i].value;
      error += intervals[i].error;
      if (intervals[i].error > intervals[worst].error) worst = i;
    }
    if (!std::isfinite(value) || !std::isfinite(error)) return {value, error, false, evaluations};
    const double relative = tolerance.relative * std::fabs(value);
    const double bound = relative > tolerance.absolute ? relative : tolerance.absolute;
    if (error <= bound) return {value, error, true, evaluations};
    const Interval split = intervals[worst];
    const double middle = 0.5 * (split.from + split.to);
    if (count == max_intervals || middle == split.from || middle == split.to) {
      return {value, error, false, evaluations};
    }
    intervals[worst] = apply_rule(f, context, split.from, middle);
    intervals[count] = apply_rule(f, context, middle, split.to);
    ++count;
    evaluations += 2 * points;
  }
}

Quadrature integrate_to_infinity(Integrand f, const void* context, double from,
                                 QuadratureTolerance tolerance) {
  const HalfInfinite map{f, context, from};
  return integrate(&on_unit_interval, &map, 0.0, 1.0, tolerance);
}

}  // namespace npcsim::detail
