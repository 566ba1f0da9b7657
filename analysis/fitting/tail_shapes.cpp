#include <npcsim/base/vectorise.hpp>
#include <npcsim/fitting/detail/inverse_factorial.hpp>
#include <npcsim/fitting/detail/panel_rule.hpp>
#include <npcsim/fitting/detail/tail_shapes.hpp>

namespace npcsim::detail {
namespace {

constexpr double half_log_2pi = 0.91893853320467274178;

/// e2(z) = (e^z - 1 - z) / z^2 and its derivatives; series for |z| < 1, where 19 terms are exact.
struct SecondRemainder {
  double value;
  double first;
  double second;
};

inline SecondRemainder second_remainder(double z) {
  const double s = z < -1.0 ? -1.0 : z > 1.0 ? 1.0 : z;
  double value = 0.0;
  double first = 0.0;
  double second = 0.0;
  for (int k = 17; k >= 0; --k) {
    second = second * s + 2.0 * first;
    first = first * s + value;
    value = value * s + inverse_factorial[k + 2];
  }
  const bool series = z > -1.0 && z < 1.0;
  const double y = series ? 1.0 : 1.0 / z;
  const double e = portable::exp(z);
  const double direct = (e - 1.0 - z) * y * y;
  const double direct_first = ((e - 1.0) * y - 2.0 * direct) * y;
  const double direct_second = ((e - 2.0 * direct) * y - 4.0 * direct_first) * y;
  return {series ? value : direct, series ? first : direct_first, series ? second : direct_second};
}

NPCSIM_VECTOR_CLONES void gamma_panel(double q, double middle, double half, double offset,
                                      double* sums) {
  double mass[panel_nodes];
  double first[panel_nodes];
  double second[panel_nodes];
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    const double u = middle + half * panel_node[i];
    const SecondRemainder e = second_remainder(q * u);
    const double square = u * u;
    const double weight = panel_weight[i] * half * portable::exp(offset - square * e.value);
    const double by_q = square * u * e.first;
    mass[i] = weight;
    first[i] = -weight * by_q;
    second[i] = weight * (by_q * by_q - square * square * e.second);
  }
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    sums[0] += mass[i];
    sums[1] += first[i];
    sums[2] += second[i];
  }
}

}  // namespace

GammaShape::GammaShape(const double* shape) : q_(shape[0]) {
  // c(Q) = -log(2 pi) / 2 - stirling_error(1 / Q^2), a power series in Q^4 times Q^2 near 0.
  const double q = q_;
  if (std::fabs(q) < 0.02) {
    const double q4 = q * q * q * q;
    constant_.v = -half_log_2pi - q * q * (1.0 / 12 - q4 / 360);
    constant_.d[0] = -q * (1.0 / 6 - q4 / 60);
    constant_.dd[0][0] = -(1.0 / 6 - q4 / 12);
    return;
  }
  const double a = 1.0 / (q * q);
  const StirlingError error = stirling_error(a);
  const double a_q = -2.0 * a / q;
  const double a_qq = 6.0 * a * a;
  constant_.v = -half_log_2pi - error.value;
  constant_.d[0] = -error.first * a_q;
  constant_.dd[0][0] = -(error.second * a_q * a_q + error.first * a_qq);
}

double GammaShape::excess(double u) const {
  const double z = q_ * u;
  if (std::fabs(z) < 0.3) return u * u * second_remainder(z).value;
  return (portable::exp(z) - 1.0 - z) / (q_ * q_);
}

double GammaShape::slope(double u) const {
  const double z = q_ * u;
  return std::fabs(z) < 1e-4 ? u * (1.0 + 0.5 * z) : portable::expm1(z) / q_;
}

ShapePoint<1> GammaShape::at(double u) const {
  const double z = q_ * u;
  const SecondRemainder e = second_remainder(z);
  ShapePoint<1> point;
  point.excess.v = u * u * e.value;
  point.excess.d[0] = u * u * u * e.first;
  point.excess.dd[0][0] = u * u * u * u * e.second;
  // (e^z - 1) / Q = u (1 + z e2), and its derivative by Q.
  point.slope = u * (1.0 + z * e.value);
  point.bend = portable::exp(z);
  point.mixed[0] = u * u * (e.value + z * e.first);
  return point;
}

void GammaShape::add_panel(double middle, double half, double offset, PanelSums<1>& sums) const {
  double parts[3] = {};
  gamma_panel(q_, middle, half, offset, parts);
  sums.mass += parts[0];
  sums.first[0] += parts[1];
  sums.second[0][0] += parts[2];
}

// Generalised F.

namespace {

/// Sum, product and composition of jets of two variables.
Jet<2> times(double factor, const Jet<2>& a) {
  Jet<2> r = a;
  r.v *= factor;
  for (std::size_t i = 0; i < 2; ++i) {
    r.d[i] *= factor;
    for (std::size_t j = 0; j < 2; ++j) r.dd[i][j] *= factor;
  }
  return r;
}

Jet<2> plus(const Jet<2>& a, const Jet<2>& b) {
  Jet<2> r = a;
  r.v += b.v;
  for (std::size_t i = 0; i < 2; ++i) {
    r.d[i] += b.d[i];
    for (std::size_t j = 0; j < 2; ++j) r.dd[i][j] += b.dd[i][j];
  }
  return r;
}

Jet<2> product(const Jet<2>& a, const Jet<2>& b) {
  Jet<2> r;
  r.v = a.v * b.v;
  for (std::size_t i = 0; i < 2; ++i) {
    r.d[i] = a.d[i] * b.v + a.v * b.d[i];
    for (std::size_t j = 0; j < 2; ++j) {
      r.dd[i][j] = a.dd[i][j] * b.v + a.d[i] * b.d[j] + a.d[j] * b.d[i] + a.v * b.dd[i][j];
    }
  }
  return r;
}

/// f(a) from f and its derivatives at a.v.
Jet<2> apply(double f, double first, double second, const Jet<2>& a) {
  Jet<2> r;
  r.v = f;
  for (std::size_t i = 0; i < 2; ++i) {
    r.d[i] = first * a.d[i];
    for (std::size_t j = 0; j < 2; ++j) r.dd[i][j] = first * a.dd[i][j] + second * a.d[i] * a.d[j];
  }
  return r;
}

Jet<2> reciprocal(const Jet<2>& a) {
  const double y = 1.0 / a.v;
  return apply(y, -y * y, 2.0 * y * y * y, a);
}

Jet<2> stirling_jet(const Jet<2>& a) {
  const StirlingError e = stirling_error(a.v);
  return apply(e.value, e.first, e.second, a);
}

/// K(r, m) = log(1 - m + m e^r) - m r and derivatives, without cancellation for small r or m.
struct Cumulant {
  double value, r, m, rr, rm, mm;
};

Cumulant cumulant(double r, double m, double rest) {
  if (r > 600.0) {  // e^r may overflow
    const double small = portable::exp(-r);
    const double d = m + rest * small;  // D e^-r
    const double rise = (1.0 - small) / d;
    return {portable::log(d) + rest * r, m * rest * rise,       rise - r,
            m * rest * small / (d * d),  small / (d * d) - 1.0, -rise * rise};
  }
  const double x = portable::expm1(r);
  const double y = m * x;
  const double d = 1.0 + y;
  // Far right the two terms of the second form are large and cancel.
  const double value = r > 1.0 ? portable::log1p(y) - m * r
                               : portable::log1p_minus(y) + m * portable::expm1_minus(r);
  return {value,
          rest * y / d,
          (portable::expm1_minus(r) - r * y) / d,
          m * rest * (1.0 + x) / (d * d),
          (x / d) * ((1.0 - 2.0 * m - m * y) / d),
          -(x / d) * (x / d)};
}

/// Of m and 1 - m the smaller is the one to work with: K(r, m) = K(-r, 1 - m).
Cumulant mirrored_cumulant(double r, double m, double rest) {
  if (m <= 0.5) return cumulant(r, m, rest);
  Cumulant k = cumulant(-r, rest, m);
  k.r = -k.r;
  k.m = -k.m;
  return k;
}

}  // namespace

FShape::FShape(const double* shape) {
  const double q = shape[0];
  const double p = portable::exp(shape[1]);
  // delta = sqrt(Q^2 + 2 P); derivatives by Q and by log P.
  const double delta = std::sqrt(q * q + 2.0 * p);
  const double inverse = 1.0 / delta;
  const double cube = inverse * inverse * inverse;
  delta_.v = delta;
  delta_.d[0] = q * inverse;
  delta_.d[1] = p * inverse;
  delta_.dd[0][0] = 2.0 * p * cube;
  delta_.dd[0][1] = delta_.dd[1][0] = -q * p * cube;
  delta_.dd[1][1] = p * inverse - p * p * cube;

  size_.v = 2.0 / p;
  size_.d[1] = -size_.v;
  size_.dd[1][1] = size_.v;

  // m = P / (delta (delta + Q)) = (delta - Q) / (2 delta) = (1 - Q / delta) / 2.
  Jet<2> ratio = reciprocal(delta_);
  Jet<2> q_jet;
  q_jet.v = q;
  q_jet.d[0] = 1.0;
  ratio = product(q_jet, ratio);
  share_ = times(-0.5, ratio);
  const double tiny = p * inverse / (delta + std::fabs(q));
  const double big = 0.5 * (1.0 + std::fabs(q) * inverse);
  share_.v = q >= 0.0 ? tiny : big;
  rest_ = q >= 0.0 ? big : tiny;

  Jet<2> rest_jet = times(-1.0, share_);
  rest_jet.v = rest_;
  const Jet<2> sum =
      plus(stirling_jet(product(size_, share_)), stirling_jet(product(size_, rest_jet)));
  constant_ = plus(stirling_jet(size_), times(-1.0, sum));
  constant_.v -= half_log_2pi;
}

double FShape::excess(double u) const {
  return size_.v * mirrored_cumulant(delta_.v * u, share_.v, rest_).value;
}

double FShape::slope(double u) const {
  return size_.v * delta_.v * mirrored_cumulant(delta_.v * u, share_.v, rest_).r;
}

ShapePoint<2> FShape::at(double u) const {
  const Cumulant k = mirrored_cumulant(delta_.v * u, share_.v, rest_);
  const double n = size_.v;
  ShapePoint<2> point;
  point.excess.v = n * k.value;
  point.slope = n * delta_.v * k.r;
  point.bend = n * delta_.v * delta_.v * k.rr;
  double inner[2];  // dK
  for (std::size_t a = 0; a < 2; ++a) {
    inner[a] = k.r * delta_.d[a] * u + k.m * share_.d[a];
    point.excess.d[a] = size_.d[a] * k.value + n * inner[a];
    point.mixed[a] = size_.d[a] * delta_.v * k.r + n * delta_.d[a] * k.r +
                     n * delta_.v * (k.rr * delta_.d[a] * u + k.rm * share_.d[a]);
  }
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t b = 0; b < 2; ++b) {
      const double bent = k.rr * delta_.d[a] * delta_.d[b] * u * u +
                          k.rm * u * (delta_.d[a] * share_.d[b] + delta_.d[b] * share_.d[a]) +
                          k.mm * share_.d[a] * share_.d[b] + k.r * delta_.dd[a][b] * u +
                          k.m * share_.dd[a][b];
      point.excess.dd[a][b] =
          size_.dd[a][b] * k.value + size_.d[a] * inner[b] + size_.d[b] * inner[a] + n * bent;
    }
  }
  return point;
}

void FShape::add_panel(double middle, double half, double offset, PanelSums<2>& sums) const {
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    const ShapePoint<2> e = at(middle + half * panel_node[i]);
    const double weight = panel_weight[i] * half * portable::exp(offset - e.excess.v);
    sums.mass += weight;
    for (std::size_t a = 0; a < 2; ++a) {
      sums.first[a] -= weight * e.excess.d[a];
      for (std::size_t b = a; b < 2; ++b) {
        sums.second[a][b] += weight * (e.excess.d[a] * e.excess.d[b] - e.excess.dd[a][b]);
      }
    }
  }
}

}  // namespace npcsim::detail
