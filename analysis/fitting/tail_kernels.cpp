// Gamma, generalised gamma and generalised F. Densities are closed forms; survival and its
// derivatives by the shapes are integrals of the density over the shorter tail, all taken in one
// Gauss-Legendre quadrature whose panels follow the scale on which the density changes. Derivatives
// by location and scale are closed forms of the hazard.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/fitting/detail/kernel.hpp>
#include <npcsim/fitting/detail/tail_integral.hpp>
#include <npcsim/fitting/detail/tail_shapes.hpp>

#include <array>
#include <cmath>
#include <optional>

namespace npcsim::detail {
namespace {

/// log density or log survival of w and the shapes: derivatives by w (index 0) and shapes.
template <std::size_t K>
struct Standardised {
  double v = 0.0;
  double d[K + 1] = {};
  double dd[K + 1][K + 1] = {};  // upper triangle
};

template <class Shape>
auto standard_density(const Shape& shape, double w) {
  constexpr std::size_t k = Shape::shapes;
  const ShapePoint<k> e = shape.at(w);
  const Jet<k>& c = shape.constant();
  Standardised<k> r;
  r.v = c.v - e.excess.v;
  r.d[0] = -e.slope;
  r.dd[0][0] = -e.bend;
  for (std::size_t a = 0; a < k; ++a) {
    r.d[a + 1] = c.d[a] - e.excess.d[a];
    r.dd[0][a + 1] = -e.mixed[a];
    for (std::size_t b = a; b < k; ++b) r.dd[a + 1][b + 1] = c.dd[a][b] - e.excess.dd[a][b];
  }
  return r;
}

template <class Shape>
auto standard_survival(const Shape& shape, double w, const PanelSums<Shape::shapes>& sums) {
  constexpr std::size_t k = Shape::shapes;
  const ShapePoint<k> here = shape.at(w);
  const Jet<k>& c = shape.constant();
  const bool upper = w >= 0.0;
  // T = log of this tail; its density over it is 1 / mass.
  Standardised<k> t;
  t.v = c.v - here.excess.v + portable::log(sums.mass);
  const double rate = 1.0 / sums.mass;
  const double sign = upper ? -1.0 : 1.0;
  t.d[0] = sign * rate;
  t.dd[0][0] = t.d[0] * (-here.slope - t.d[0]);
  double mean[k];
  for (std::size_t a = 0; a < k; ++a) {
    mean[a] = sums.first[a] * rate;
    t.d[a + 1] = c.d[a] + mean[a];
  }
  for (std::size_t a = 0; a < k; ++a) {
    t.dd[0][a + 1] = t.d[0] * ((c.d[a] - here.excess.d[a]) - t.d[a + 1]);
    for (std::size_t b = a; b < k; ++b) {
      t.dd[a + 1][b + 1] = c.dd[a][b] + sums.second[a][b] * rate - mean[a] * mean[b];
    }
  }
  if (upper) return t;
  // log S = log(1 - e^T).
  const double ratio = 1.0 / portable::expm1(-t.v);
  Standardised<k> s;
  s.v = portable::log1m_exp(t.v);
  for (std::size_t a = 0; a <= k; ++a) {
    s.d[a] = -ratio * t.d[a];
    for (std::size_t b = a; b <= k; ++b) {
      s.dd[a][b] = -ratio * t.dd[a][b] - ratio * (1.0 + ratio) * t.d[a] * t.d[b];
    }
  }
  return s;
}

/// Derivatives by mu, log sigma and the shapes, from those by w = (log t - mu) / sigma.
template <std::size_t K>
struct LocationScale {
  static constexpr std::size_t size = K + 2;
  double v;
  double d[size];
  double dd[size][size];

  LocationScale(const Standardised<K>& s, double w, double precision) {
    v = s.v;
    d[0] = -s.d[0] * precision;
    d[1] = -s.d[0] * w;
    dd[0][0] = s.dd[0][0] * precision * precision;
    dd[0][1] = (s.dd[0][0] * w + s.d[0]) * precision;
    dd[1][1] = (s.dd[0][0] * w + s.d[0]) * w;
    for (std::size_t a = 0; a < K; ++a) {
      d[a + 2] = s.d[a + 1];
      dd[0][a + 2] = -s.dd[0][a + 1] * precision;
      dd[1][a + 2] = -s.dd[0][a + 1] * w;
      for (std::size_t b = a; b < K; ++b) dd[a + 2][b + 2] = s.dd[a + 1][b + 1];
    }
  }
};

/// The shape of the row at hand; shapes rarely depend on covariates, so what is made of them is
/// kept from row to row, and tabulated once many rows have had the same.
template <class Shape>
class CurrentShape {
 public:
  static constexpr std::size_t shapes = Shape::shapes;

  /// \pre call first for every row.
  void set(const std::array<double, shapes>& known) {
    if (shape_ && known == known_) return;
    known_ = known;
    shape_.emplace(known_.data());
    table_.reset();
    integrals_ = 0;
  }

  auto density(double w) const { return standard_density(*shape_, w); }

  auto survival(double w) {
    constexpr std::size_t many = 300;
    if (!table_ && ++integrals_ > many) table_.emplace(*shape_);
    return standard_survival(*shape_, w, table_ ? table_->at(w) : tail_integral(*shape_, w));
  }

 private:
  std::array<double, shapes> known_{};
  std::optional<Shape> shape_;
  std::optional<TailTable<Shape>> table_;
  std::size_t integrals_ = 0;
};

template <class Shape>
class TailKernel final : public Kernel {
 public:
  static constexpr std::size_t size = Shape::shapes + 2;
  std::size_t predictors() const override { return size; }
  void log_density(const Chunk& chunk, Block& out) override { run<true>(chunk, out); }
  void log_survival(const Chunk& chunk, Block& out) override { run<false>(chunk, out); }

 private:
  template <bool Density>
  void run(const Chunk& chunk, Block& out) {
    for (std::size_t i = 0; i < chunk.rows; ++i) {
      std::array<double, Shape::shapes> shapes;
      for (std::size_t a = 0; a < Shape::shapes; ++a) shapes[a] = chunk.predictor[a + 2][i];
      current_.set(shapes);
      const double precision = portable::exp(-chunk.predictor[1][i]);
      const double w = (chunk.log_time[i] - chunk.predictor[0][i]) * precision;
      const auto s = Density ? current_.density(w) : current_.survival(w);
      const LocationScale<Shape::shapes> r(s, w, precision);
      out.value()[i] = r.v;
      for (std::size_t a = 0; a < size; ++a) {
        out.gradient(a)[i] = r.d[a];
        for (std::size_t b = a; b < size; ++b) out.hessian(a, b)[i] = r.dd[a][b];
      }
      if (Density) {
        out.value()[i] -= chunk.predictor[1][i] + chunk.log_time[i];
        out.gradient(1)[i] -= 1.0;
      }
    }
  }

  CurrentShape<Shape> current_;
};

/// Shape a and rate b are the generalised gamma with mu = log(a / b), sigma = Q = a^(-1/2).
class GammaKernel final : public Kernel {
 public:
  std::size_t predictors() const override { return 2; }
  void log_density(const Chunk& chunk, Block& out) override { run<true>(chunk, out); }
  void log_survival(const Chunk& chunk, Block& out) override { run<false>(chunk, out); }

 private:
  template <bool Density>
  void run(const Chunk& chunk, Block& out) {
    for (std::size_t i = 0; i < chunk.rows; ++i) {
      const double log_shape = chunk.predictor[0][i];
      const double q = portable::exp(-0.5 * log_shape);
      current_.set({q});
      const double w = (chunk.log_time[i] - log_shape + chunk.predictor[1][i]) / q;
      const auto s = Density ? current_.density(w) : current_.survival(w);
      const LocationScale<1> r(s, w, 1.0 / q);
      const double scale_slope = r.d[1] - (Density ? 1.0 : 0.0);
      // By log shape: mu moves by 1, log sigma by -1/2, Q by -Q/2 (and Q/4 in second order).
      const double m0 = r.dd[0][0] - 0.5 * r.dd[0][1] - 0.5 * q * r.dd[0][2];
      const double m1 = r.dd[0][1] - 0.5 * r.dd[1][1] - 0.5 * q * r.dd[1][2];
      const double m2 = r.dd[0][2] - 0.5 * r.dd[1][2] - 0.5 * q * r.dd[2][2];
      out.value()[i] = r.v + (Density ? 0.5 * log_shape - chunk.log_time[i] : 0.0);
      out.gradient(0)[i] = r.d[0] - 0.5 * scale_slope - 0.5 * q * r.d[2];
      out.gradient(1)[i] = -r.d[0];
      out.hessian(0, 0)[i] = m0 - 0.5 * m1 - 0.5 * q * m2 + 0.25 * q * r.d[2];
      out.hessian(0, 1)[i] = -m0;
      out.hessian(1, 1)[i] = r.dd[0][0];
    }
  }

  CurrentShape<GammaShape> current_;
};

}  // namespace

std::unique_ptr<Kernel> make_tail_kernel(Family family) {
  if (family == Family::gamma) return std::make_unique<GammaKernel>();
  if (family == Family::generalised_f) return std::make_unique<TailKernel<FShape>>();
  return std::make_unique<TailKernel<GammaShape>>();
}

}  // namespace npcsim::detail
