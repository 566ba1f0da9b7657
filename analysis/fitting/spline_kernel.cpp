// Royston-Parmar splines: s(log t) is linear in the predictors, so their derivatives need only
// those of a scalar: log S = G(s), log f = log s' - log t + L(s).
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/fitting/detail/kernel.hpp>

#include <algorithm>

namespace npcsim::detail {
namespace {

/// The raw basis 1, x, v_j(x) of flexsurv and its slope in x; straight beyond the boundary knots.
NPCSIM_VECTOR_CLONES void inner_function(std::size_t rows, const double* x, double first,
                                         double last, double knot, double* value, double* slope) {
  const double share = (last - knot) / (last - first);
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) {
    const double inside = x[i] < last ? x[i] : last;
    const double a = inside > first ? inside - first : 0.0;
    const double b = inside > knot ? inside - knot : 0.0;
    const double at = b * b * b - share * a * a * a;
    const double rise = 3.0 * (b * b - share * a * a);
    value[i] = at + rise * (x[i] - inside);
    slope[i] = rise;
  }
}

NPCSIM_VECTOR_CLONES void add_multiple(std::size_t rows, double factor, const double* from,
                                       double* to) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) to[i] += factor * from[i];
}

NPCSIM_VECTOR_CLONES void add_product(std::size_t rows, const double* a, const double* b,
                                      double* to) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) to[i] += a[i] * b[i];
}

/// g = first * b and h = second * b * c (+ third * b' * c').
NPCSIM_VECTOR_CLONES void scale(std::size_t rows, const double* a, const double* b, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) out[i] = a[i] * b[i];
}

/// log S or log f without the slope, and its two derivatives in s.
NPCSIM_VECTOR_CLONES void hazard_link(std::size_t rows, const double* s, double event, double* v,
                                      double* first, double* second) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) {
    const double cumulative = portable::exp(s[i]);
    v[i] = event * s[i] - cumulative;
    first[i] = event - cumulative;
    second[i] = -cumulative;
  }
}

NPCSIM_VECTOR_CLONES void odds_link(std::size_t rows, const double* s, double event, double* v,
                                    double* first, double* second) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < rows; ++i) {
    const double small = portable::exp(s[i] < 0.0 ? s[i] : -s[i]);
    const double inverse = 1.0 / (1.0 + small);
    const double share = s[i] < 0.0 ? small * inverse : inverse;
    const double sum = 1.0 + small;
    const double lost = (small - (sum - 1.0)) * inverse;
    const double softplus = (s[i] > 0.0 ? s[i] : 0.0) + (portable::log(sum) + lost);
    const double times = 1.0 + event;
    v[i] = event * s[i] - times * softplus;
    first[i] = event - times * share;
    second[i] = -times * share * (1.0 - share);
  }
}

void normal_link(std::size_t rows, const double* s, double event, double* v, double* first,
                 double* second) {
  constexpr double half_log_2pi = 0.91893853320467274178;
  for (std::size_t i = 0; i < rows; ++i) {
    if (event > 0.0) {
      v[i] = -0.5 * s[i] * s[i] - half_log_2pi;
      first[i] = -s[i];
      second[i] = -1.0;
    } else {
      const double rate = portable::normal_hazard(s[i]);
      v[i] = portable::normal_log_survival(s[i]);
      first[i] = -rate;
      second[i] = -rate * (rate - s[i]);
    }
  }
}

class SplineKernel final : public Kernel {
 public:
  SplineKernel(Family family, const SplineBasis& basis)
      : family_(family),
        basis_(basis),
        size_(basis.knots.size()),
        raw_value_(size_ * chunk_rows),
        raw_slope_(size_ * chunk_rows),
        value_(predictors() * chunk_rows),
        slope_(predictors() * chunk_rows) {}

  std::size_t predictors() const override { return size_ + basis_.raw.size(); }

  void log_survival(const Chunk& chunk, Block& out) override { run(chunk, 0.0, out); }
  void log_density(const Chunk& chunk, Block& out) override { run(chunk, 1.0, out); }

 private:
  void fill_basis(const Chunk& chunk) {
    const std::size_t rows = chunk.rows;
    for (std::size_t i = 0; i < rows; ++i) {
      raw_value_[i] = 1.0;
      raw_slope_[i] = 0.0;
      raw_value_[chunk_rows + i] = chunk.log_time[i];
      raw_slope_[chunk_rows + i] = 1.0;
    }
    for (std::size_t j = 2; j < size_; ++j) {
      inner_function(rows, chunk.log_time, basis_.knots.front(), basis_.knots.back(),
                     basis_.knots[j - 1], raw_value_.data() + j * chunk_rows,
                     raw_slope_.data() + j * chunk_rows);
    }
    for (std::size_t d = 0; d < size_; ++d) {
      double* const value = value_.data() + d * chunk_rows;
      double* const slope = slope_.data() + d * chunk_rows;
      std::fill_n(value, rows, 0.0);
      std::fill_n(slope, rows, 0.0);
      for (std::size_t j = 0; j < size_; ++j) {
        const double factor = basis_.to_raw[j * size_ + d];
        if (factor == 0.0) continue;
        add_multiple(rows, factor, raw_value_.data() + j * chunk_rows, value);
        add_multiple(rows, factor, raw_slope_.data() + j * chunk_rows, slope);
      }
    }
    for (std::size_t r = 0; r < basis_.raw.size(); ++r) {
      const std::size_t j = basis_.raw[r] * chunk_rows;
      std::copy_n(raw_value_.data() + j, rows, value_.data() + (size_ + r) * chunk_rows);
      std::copy_n(raw_slope_.data() + j, rows, slope_.data() + (size_ + r) * chunk_rows);
    }
  }

  void run(const Chunk& chunk, double event, Block& out) {
    const std::size_t rows = chunk.rows;
    const std::size_t m = predictors();
    fill_basis(chunk);
    std::fill_n(s_, rows, 0.0);
    std::fill_n(rise_, rows, 0.0);
    for (std::size_t d = 0; d < m; ++d) {
      add_product(rows, chunk.predictor[d], value_.data() + d * chunk_rows, s_);
      add_product(rows, chunk.predictor[d], slope_.data() + d * chunk_rows, rise_);
    }
    if (family_ == Family::spline_hazard) {
      hazard_link(rows, s_, event, out.value(), first_, second_);
    } else if (family_ == Family::spline_odds) {
      odds_link(rows, s_, event, out.value(), first_, second_);
    } else {
      normal_link(rows, s_, event, out.value(), first_, second_);
    }
    const bool density = event > 0.0;
    if (density) {
      for (std::size_t i = 0; i < rows; ++i) {
        out.value()[i] += portable::log(rise_[i]) - chunk.log_time[i];
        rise_[i] = 1.0 / rise_[i];
      }
    }
    for (std::size_t d = 0; d < m; ++d) {
      const double* const b = value_.data() + d * chunk_rows;
      double* const relative = slope_.data() + d * chunk_rows;  // b' / s'
      scale(rows, first_, b, out.gradient(d));
      if (density) {
        scale(rows, relative, rise_, relative);
        add_multiple(rows, 1.0, relative, out.gradient(d));
      }
      scale(rows, second_, b, bent_);
      for (std::size_t e = 0; e <= d; ++e) {
        double* const h = out.hessian(e, d);
        scale(rows, bent_, value_.data() + e * chunk_rows, h);
        if (density) subtract_product(rows, relative, slope_.data() + e * chunk_rows, h);
      }
    }
  }

  static void subtract_product(std::size_t rows, const double* a, const double* b, double* to) {
    for (std::size_t i = 0; i < rows; ++i) to[i] -= a[i] * b[i];
  }

  Family family_;
  SplineBasis basis_;
  std::size_t size_;
  std::vector<double> raw_value_;
  std::vector<double> raw_slope_;
  std::vector<double> value_;
  std::vector<double> slope_;
  double s_[chunk_rows];
  double rise_[chunk_rows];
  double first_[chunk_rows];
  double second_[chunk_rows];
  double bent_[chunk_rows];
};

}  // namespace

std::unique_ptr<Kernel> make_spline_kernel(Family family, const SplineBasis& basis) {
  return std::make_unique<SplineKernel>(family, basis);
}

}  // namespace npcsim::detail
