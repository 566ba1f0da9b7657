// Integrals of a standardised density over its shorter tail, with derivatives by the shapes.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/fitting/detail/tail_shapes.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace npcsim::detail {

/// Where the density has fallen to e^-38 of that at w, going outwards from the mode at 0.
template <class Shape>
double end_of_tail(const Shape& shape, double w, double excess) {
  constexpr double drop = 38.0;
  const double sign = w >= 0.0 ? 1.0 : -1.0;
  const double target = excess + drop;
  // E is convex: a tangent crosses the target beyond the end, and Newton's steps stay beyond it.
  double end = w + sign * drop / std::max(std::fabs(shape.slope(w)), 1e-300);
  for (const double ahead : {1.0, 4.0, 9.0}) {
    const double near = w + sign * ahead;
    const double level = shape.excess(near);
    const bool beyond = level >= target;
    const double reach =
        beyond ? near : near + sign * (target - level) / std::fabs(shape.slope(near));
    end = sign > 0.0 ? std::min(end, reach) : std::max(end, reach);
    if (beyond) break;
  }
  for (int step = 0; step < 6; ++step) {
    const double miss = shape.excess(end) - target;
    if (miss < 2.0) break;
    end -= miss / shape.slope(end);
  }
  return end;
}

/// e^(E(w)) times the integral of e^-E over the tail beyond w: the upper one for w >= 0, else the
/// lower one. Relative accuracy about 1e-14.
template <class Shape>
PanelSums<Shape::shapes> tail_integral(const Shape& shape, double w) {
  const double offset = shape.excess(w);
  const bool upper = w >= 0.0;
  const double end = end_of_tail(shape, w, offset);
  PanelSums<Shape::shapes> sums;
  // Panels grow away from the mode, where the density becomes a plain exponential.
  double left = w;
  double length = 3.0 / std::max(shape.width(), 1e-8);
  for (int panel = 0; panel < 60; ++panel) {
    const double rest = std::fabs(end - left);
    const bool last = rest <= 1.3 * length;
    const double right = last ? end : left + (upper ? length : -length);
    shape.add_panel(0.5 * (left + right), 0.5 * std::fabs(right - left), offset, sums);
    if (last) break;
    left = right;
    if (panel > 0) length *= 2.0;
  }
  return sums;
}

/// The same integrals for many w and one shape: polynomials on short stretches of w, set up where
/// they are first asked for. Chebyshev interpolation with 14 nodes leaves errors of the order of
/// rounding, because the nearest singularities are several lengths away.
template <class Shape>
class TailTable {
 public:
  static constexpr std::size_t shapes = Shape::shapes;

  explicit TailTable(const Shape& shape)
      : shape_(shape), length_(0.5 / std::max(1.0, shape.width())), stretches_(2 * half_range) {}

  PanelSums<shapes> at(double w) {
    const double place = std::floor(w / length_);
    if (!(std::fabs(place) < static_cast<double>(half_range))) return tail_integral(shape_, w);
    Stretch& stretch =
        stretches_[static_cast<std::size_t>(place + static_cast<double>(half_range))];
    const double middle = (place + 0.5) * length_;
    if (!stretch.ready) build(stretch, middle);
    const double x = 2.0 * (w - middle) / length_;
    PanelSums<shapes> sums;
    std::size_t f = 0;
    sums.mass = value(stretch.coefficients[f++], x);
    for (std::size_t a = 0; a < shapes; ++a) sums.first[a] = value(stretch.coefficients[f++], x);
    for (std::size_t a = 0; a < shapes; ++a) {
      for (std::size_t b = a; b < shapes; ++b) {
        sums.second[a][b] = value(stretch.coefficients[f++], x);
      }
    }
    return sums;
  }

 private:
  static constexpr std::size_t nodes = 14;
  static constexpr std::size_t functions = 1 + shapes + shapes * (shapes + 1) / 2;
  static constexpr std::size_t half_range = 200;
  using Coefficients = std::array<double, nodes>;

  struct Stretch {
    bool ready = false;
    std::array<Coefficients, functions> coefficients{};
  };

  /// Clenshaw's recurrence.
  static double value(const Coefficients& c, double x) {
    double above = 0.0;
    double next = 0.0;
    for (std::size_t k = nodes - 1; k > 0; --k) {
      const double now = 2.0 * x * next - above + c[k];
      above = next;
      next = now;
    }
    return x * next - above + 0.5 * c[0];
  }

  void build(Stretch& stretch, double middle) const {
    constexpr double pi = 3.14159265358979323846;
    for (std::size_t i = 0; i < nodes; ++i) {
      const double angle = pi * (static_cast<double>(i) + 0.5) / static_cast<double>(nodes);
      const PanelSums<shapes> sums =
          tail_integral(shape_, middle + 0.5 * length_ * std::cos(angle));
      std::array<double, functions> at_node{};
      std::size_t f = 0;
      at_node[f++] = sums.mass;
      for (std::size_t a = 0; a < shapes; ++a) at_node[f++] = sums.first[a];
      for (std::size_t a = 0; a < shapes; ++a) {
        for (std::size_t b = a; b < shapes; ++b) at_node[f++] = sums.second[a][b];
      }
      for (std::size_t k = 0; k < nodes; ++k) {
        const double factor =
            2.0 / static_cast<double>(nodes) * std::cos(static_cast<double>(k) * angle);
        for (std::size_t g = 0; g < functions; ++g) {
          stretch.coefficients[g][k] += factor * at_node[g];
        }
      }
    }
    stretch.ready = true;
  }

  Shape shape_;
  double length_;
  std::vector<Stretch> stretches_;
};

}  // namespace npcsim::detail
