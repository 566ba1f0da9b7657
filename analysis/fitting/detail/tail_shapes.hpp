// Shapes of standardised log time whose tails have no closed derivative: generalised gamma and F.
#pragma once

#include <npcsim/base/portable_math.hpp>

#include <cmath>
#include <cstddef>

namespace npcsim::detail {

/// A function of up to two shape parameters with its derivatives.
template <std::size_t K>
struct Jet {
  double v = 0.0;
  double d[K] = {};
  double dd[K][K] = {};  ///< symmetric
};

/// Error of Stirling's formula, lgamma(a) - (a - 1/2) log a + a - log(2 pi) / 2, and derivatives.
struct StirlingError {
  double value;
  double first;
  double second;
};

/// Recurrence up to a >= 15, then the asymptotic series (DLMF 5.11.1). \pre a > 0.
inline StirlingError stirling_error(double a) {
  StirlingError sum{0.0, 0.0, 0.0};
  while (a < 15.0) {
    const double log_ratio = portable::log1p(1.0 / a);
    const double product = a * (a + 1.0);
    sum.value += (a + 0.5) * log_ratio - 1.0;
    sum.first += log_ratio - (a + 0.5) / product;
    sum.second += -1.0 / product + (product + 0.5) / (product * product);
    a += 1.0;
  }
  // B_2k / (2k (2k - 1)), k = 1 ... 8.
  constexpr double c[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                          1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
  const double y = 1.0 / a;
  const double z = y * y;
  double value = 0.0;
  double first = 0.0;
  double second = 0.0;
  for (int k = 7; k >= 0; --k) {
    const double power = 2.0 * k + 1.0;
    value = value * z + c[k];
    first = first * z - power * c[k];
    second = second * z + power * (power + 1.0) * c[k];
  }
  sum.value += value * y;
  sum.first += first * z;
  sum.second += second * z * y;
  return sum;
}

/// What a density e^(c - E(u)) of w = (log t - mu) / sigma is made of; E is convex, 0 at its
/// minimum u = 0.
template <std::size_t K>
struct ShapePoint {
  Jet<K> excess;         ///< E(u)
  double slope = 0.0;    ///< dE / du
  double bend = 0.0;     ///< d2E / du2
  double mixed[K] = {};  ///< d2E / du dshape
};

/// Nodes of one panel of the quadrature.
inline constexpr std::size_t panel_nodes = 24;

/// Sums over a panel: integral of e^-E, and its derivatives' parts.
template <std::size_t K>
struct PanelSums {
  double mass = 0.0;
  double first[K] = {};      ///< of -E_k e^-E
  double second[K][K] = {};  ///< of (E_k E_l - E_kl) e^-E, upper triangle
};

/// E = (e^z - 1 - z) / Q^2, z = Q u (Prentice 1974); smooth through Q = 0, where it is u^2 / 2.
class GammaShape {
 public:
  static constexpr std::size_t shapes = 1;

  explicit GammaShape(const double* shape);

  double width() const { return std::fabs(q_); }  ///< r = width u: scale on which E changes
  const Jet<1>& constant() const { return constant_; }
  double excess(double u) const;
  double slope(double u) const;
  ShapePoint<1> at(double u) const;
  /// Adds the panel with the given middle and half width, relative to e^-offset.
  void add_panel(double middle, double half, double offset, PanelSums<1>& sums) const;

 private:
  double q_;
  Jet<1> constant_;
};

/// E = n (log(1 - m + m e^r) - m r), r = delta u, delta^2 = Q^2 + 2 P, n = 2 / P,
/// m = (delta - Q) / (2 delta): Prentice's (1975) generalised F around its mode. The second shape
/// is log P.
class FShape {
 public:
  static constexpr std::size_t shapes = 2;

  explicit FShape(const double* shape);

  double width() const { return delta_.v; }
  const Jet<2>& constant() const { return constant_; }
  double excess(double u) const;
  double slope(double u) const;
  ShapePoint<2> at(double u) const;
  void add_panel(double middle, double half, double offset, PanelSums<2>& sums) const;

 private:
  Jet<2> delta_;
  Jet<2> size_;   // n
  Jet<2> share_;  // m
  double rest_;   // 1 - m, which may be tiny
  Jet<2> constant_;
};

}  // namespace npcsim::detail
