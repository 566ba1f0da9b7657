// Roots of a function of one variable inside a bracket.
#pragma once

#include <cmath>

namespace npcsim {

/// A root, whether the tolerance was met, and how often the function was evaluated.
struct [[nodiscard]] Root {
  double value;
  bool converged;
  int iterations;
};

/// The search ends when the root is known to within absolute + relative * |root|.
struct RootTolerance {
  double absolute = 0.0;
  double relative = 1e-12;
  int iterations = 200;  ///< at most
};

/// A function's value and derivative at a point.
struct ValueSlope {
  double value;
  double slope;
};

/// Newton's method kept inside [low, high] by bisection (Press et al. 2007, Numerical Recipes,
/// section 9.4). f returns ValueSlope and rises or falls through zero once in the bracket; only
/// the sign of f at `low` is presumed, given as `rising`. \pre f does not throw.
template <class Function>
Root newton_in_bracket(const Function& f, double low, double high, double start, bool rising,
                       RootTolerance tolerance = {}) {
  double x = start > low && start < high ? start : 0.5 * (low + high);
  for (int i = 1; i <= tolerance.iterations; ++i) {
    const ValueSlope at = f(x);
    if (at.value == 0.0) return {x, true, i};
    if (std::isnan(at.value)) return {x, false, i};
    if ((at.value < 0.0) == rising) {
      low = x;
    } else {
      high = x;
    }
    double next = x - at.value / at.slope;
    const bool newton = next > low && next < high;  // false as well when next is NaN
    if (!newton) next = 0.5 * (low + high);
    const double change = std::fabs(next - x);
    const double bound = tolerance.absolute + tolerance.relative * std::fabs(next);
    x = next;
    if (change <= bound || high - low <= bound) return {x, true, i};
  }
  return {x, false, tolerance.iterations};
}

/// Brent's method (Brent 1973, Algorithms for Minimization without Derivatives, section 4.3).
/// f has opposite signs at low and high (or is zero there); otherwise converged is false.
/// \pre f does not throw.
template <class Function>
Root brent(const Function& f, double low, double high, RootTolerance tolerance = {}) {
  double a = low;
  double b = high;
  double fa = f(a);
  double fb = f(b);
  if (fa == 0.0) return {a, true, 2};
  if (fb == 0.0) return {b, true, 2};
  if (!((fa < 0.0) != (fb < 0.0)) || std::isnan(fa) || std::isnan(fb)) return {b, false, 2};
  double c = a;
  double fc = fa;
  double step = b - a;
  double before = step;
  for (int i = 3; i <= tolerance.iterations; ++i) {
    if (std::fabs(fc) < std::fabs(fb)) {  // b is the best point, c lies across the root
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const double bound = 0.5 * (tolerance.absolute + tolerance.relative * std::fabs(b));
    const double half = 0.5 * (c - b);
    if (std::fabs(half) <= bound || fb == 0.0) return {b, true, i};
    if (std::fabs(before) < bound || std::fabs(fa) <= std::fabs(fb)) {
      before = step = half;
    } else {
      const double s = fb / fa;
      double p;
      double q;
      if (a == c) {  // secant
        p = 2.0 * half * s;
        q = 1.0 - s;
      } else {  // inverse quadratic
        const double u = fa / fc;
        const double v = fb / fc;
        p = s * (2.0 * half * u * (u - v) - (b - a) * (v - 1.0));
        q = (u - 1.0) * (v - 1.0) * (s - 1.0);
      }
      if (p > 0.0) {
        q = -q;
      } else {
        p = -p;
      }
      if (2.0 * p < 3.0 * half * q - std::fabs(bound * q) && p < std::fabs(0.5 * before * q)) {
        before = step;
        step = p / q;
      } else {
        before = step = half;
      }
    }
    a = b;
    fa = fb;
    b += std::fabs(step) > bound ? step : (half > 0.0 ? bound : -bound);
    fb = f(b);
    if (std::isnan(fb)) return {b, false, i};
    if ((fb < 0.0) == (fc < 0.0)) {
      c = a;
      fc = fa;
      before = step = b - a;
    }
  }
  return {b, false, tolerance.iterations};
}

}  // namespace npcsim
