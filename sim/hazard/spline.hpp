// Natural cubic splines in log time (Royston & Parmar 2002, Statistics in Medicine 21: 2175).
#pragma once

#include <npcsim/hazard/baseline.hpp>

namespace npcsim {

/// Value and slope of the spline at log time x.
struct SplinePoint {
  double value;
  double slope;
};

/// gamma_0 + gamma_1 x + sum of gamma_j v_j(x), with flexsurv's basis
/// v_j(x) = (x - k_j)+^3 - l_j (x - k_min)+^3 - (1 - l_j)(x - k_max)+^3,
/// l_j = (k_max - k_j) / (k_max - k_min); straight beyond the boundary knots.
/// \pre knot_count >= 2; `gamma` has knot_count entries.
SplinePoint spline_at(const Baseline& baseline, const double* gamma, double x) noexcept;

/// Whether the transformed survival increases everywhere, and where not.
struct SplineCheck {
  bool increases;
  double time;   ///< the smallest slope of the first stretch that fails; 0 if it increases
  double slope;  ///< d spline / d log t there, <= 0 if it fails; else the smallest of all
};

/// Looks at the knots, the stationary points of the slope between them, and both straight tails.
/// `parameters` as for cumulative_hazard, the cured fraction first if there is one.
SplineCheck spline_is_monotone(const Baseline& baseline, const double* parameters) noexcept;

}  // namespace npcsim
