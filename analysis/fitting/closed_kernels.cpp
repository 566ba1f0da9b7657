// Families whose survival is elementary. Each loop is one row's closed form; the derivatives are
// with respect to the transformed parameters in flexsurv's order.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/fitting/detail/inverse_factorial.hpp>
#include <npcsim/fitting/detail/kernel.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

using portable::exp;

/// Columns of a block of two predictors.
struct Two {
  explicit Two(Block& b)
      : v(b.value()),
        g0(b.gradient(0)),
        g1(b.gradient(1)),
        h00(b.hessian(0, 0)),
        h01(b.hessian(0, 1)),
        h11(b.hessian(1, 1)) {}
  double* v;
  double* g0;
  double* g1;
  double* h00;
  double* h01;
  double* h11;
};

/// log(1 + e^z) and the logistic function, without overflow; plain arithmetic, so it vectorises.
struct Softplus {
  double value;
  double share;  // e^z / (1 + e^z)
};

inline Softplus softplus(double z) {
  const double small = exp(z < 0.0 ? z : -z);
  const double share = 1.0 / (1.0 + small);
  // log(1 + small) for small in [0, 1]: what 1 + small loses is given back to first order.
  const double sum = 1.0 + small;
  const double lost = (small - (sum - 1.0)) * share;
  return {(z > 0.0 ? z : 0.0) + (portable::log(sum) + lost), z < 0.0 ? small * share : share};
}

// Exponential: eta = log rate, H = e^eta t.

NPCSIM_VECTOR_CLONES void exponential(const Chunk& c, Block& out, double event) {
  const double* eta = c.predictor[0];
  const double* t = c.time;
  double* v = out.value();
  double* g = out.gradient(0);
  double* h = out.hessian(0, 0);
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double cumulative = exp(eta[i]) * t[i];
    v[i] = event * eta[i] - cumulative;
    g[i] = event - cumulative;
    h[i] = -cumulative;
  }
}

// Weibull, accelerated: z = shape (log t - log scale), log S = -e^z, log h = log shape + z - log t.

NPCSIM_VECTOR_CLONES void weibull(const Chunk& c, const Two out, double event) {
  const double* log_shape = c.predictor[0];
  const double* log_scale = c.predictor[1];
  const double* log_t = c.log_time;
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double shape = exp(log_shape[i]);
    const double z = shape * (log_t[i] - log_scale[i]);
    const double cumulative = exp(z);
    const double log_hazard = log_shape[i] + z - log_t[i];
    const double d1 = event - cumulative;  // d / dz
    out.v[i] = (event != 0.0 ? log_hazard : 0.0) - cumulative;
    out.g0[i] = d1 * z + event;
    out.g1[i] = -d1 * shape;
    out.h00[i] = z * (d1 - cumulative * z);
    out.h01[i] = shape * (cumulative * z - d1);
    out.h11[i] = -cumulative * shape * shape;
  }
}

// Weibull, proportional hazards: z = log scale + shape log t.

NPCSIM_VECTOR_CLONES void weibull_ph(const Chunk& c, const Two out, double event) {
  const double* log_shape = c.predictor[0];
  const double* log_scale = c.predictor[1];
  const double* log_t = c.log_time;
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double power = exp(log_shape[i]) * log_t[i];
    const double z = log_scale[i] + power;
    const double cumulative = exp(z);
    const double log_hazard = log_shape[i] + z - log_t[i];
    const double d1 = event - cumulative;
    out.v[i] = (event != 0.0 ? log_hazard : 0.0) - cumulative;
    out.g0[i] = d1 * power + event;
    out.g1[i] = d1;
    out.h00[i] = power * (d1 - cumulative * power);
    out.h01[i] = -cumulative * power;
    out.h11[i] = -cumulative;
  }
}

// Log-logistic: z as Weibull, log S = -log(1 + e^z).

NPCSIM_VECTOR_CLONES void log_logistic(const Chunk& c, const Two out, double event) {
  const double* log_shape = c.predictor[0];
  const double* log_scale = c.predictor[1];
  const double* log_t = c.log_time;
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double shape = exp(log_shape[i]);
    const double z = shape * (log_t[i] - log_scale[i]);
    const Softplus s = softplus(z);
    const double times = 1.0 + event;
    const double d1 = event - times * s.share;
    const double d2 = -times * s.share * (1.0 - s.share);
    const double log_slope = log_shape[i] + z - log_t[i];
    out.v[i] = (event != 0.0 ? log_slope : 0.0) - times * s.value;
    out.g0[i] = d1 * z + event;
    out.g1[i] = -d1 * shape;
    out.h00[i] = z * (d2 * z + d1);
    out.h01[i] = -shape * (d2 * z + d1);
    out.h11[i] = d2 * shape * shape;
  }
}

// Log-normal: z = (log t - mu) / sigma, log S = log Phi(-z).

NPCSIM_VECTOR_CLONES void log_normal_density(const Chunk& c, const Two out) {
  constexpr double half_log_2pi = 0.91893853320467274178;
  const double* mu = c.predictor[0];
  const double* log_sigma = c.predictor[1];
  const double* log_t = c.log_time;
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double precision = exp(-log_sigma[i]);
    const double z = (log_t[i] - mu[i]) * precision;
    out.v[i] = -0.5 * z * z - half_log_2pi - log_sigma[i] - log_t[i];
    out.g0[i] = z * precision;
    out.g1[i] = z * z - 1.0;
    out.h00[i] = -precision * precision;
    out.h01[i] = -2.0 * z * precision;
    out.h11[i] = -2.0 * z * z;
  }
}

void log_normal_survival(const Chunk& c, const Two out) {
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double precision = exp(-c.predictor[1][i]);
    const double z = (c.log_time[i] - c.predictor[0][i]) * precision;
    const double rate = portable::normal_hazard(z);
    const double bend = rate * (rate - z);  // d rate / dz
    out.v[i] = portable::normal_log_survival(z);
    out.g0[i] = rate * precision;
    out.g1[i] = rate * z;
    out.h00[i] = -bend * precision * precision;
    out.h01[i] = -precision * (bend * z + rate);
    out.h11[i] = -z * (bend * z + rate);
  }
}

// Gompertz: x = shape t, H = rate t (e^x - 1) / x. The function of x and its derivatives are
// taken from their series where the closed forms cancel.

struct Growth {
  double value;  // (e^x - 1) / x
  double first;  // d / dx
  double second;
};

inline Growth growth(double x) {
  // Taylor: sum of x^k / (k + 1)!, for |x| < 1; 18 terms leave less than 1e-17.
  const double s = x < -1.0 ? -1.0 : x > 1.0 ? 1.0 : x;
  double value = 0.0;
  double first = 0.0;
  double second = 0.0;
  for (int k = 19; k >= 0; --k) {
    second = second * s + 2.0 * first;
    first = first * s + value;
    value = value * s + inverse_factorial[k + 1];
  }
  const double e = exp(x);
  const bool series = x > -1.0 && x < 1.0;
  const double y = series ? 1.0 : x;
  const double direct = (e - 1.0) / y;
  const double direct_first = (e - direct) / y;
  const double direct_second = (e - 2.0 * direct_first) / y;
  return {series ? value : direct, series ? first : direct_first, series ? second : direct_second};
}

NPCSIM_VECTOR_CLONES void gompertz(const Chunk& c, const Two out, double event) {
  const double* shape = c.predictor[0];
  const double* log_rate = c.predictor[1];
  const double* t = c.time;
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < c.rows; ++i) {
    const double x = shape[i] * t[i];
    const Growth f = growth(x);
    const double scale = exp(log_rate[i]) * t[i];
    const double cumulative = scale * f.value;
    const double slope = scale * t[i] * f.first;
    out.v[i] = event * (x + log_rate[i]) - cumulative;
    out.g0[i] = event * t[i] - slope;
    out.g1[i] = event - cumulative;
    out.h00[i] = -scale * t[i] * t[i] * f.second;
    out.h01[i] = -slope;
    out.h11[i] = -cumulative;
  }
}

class ClosedKernel final : public Kernel {
 public:
  explicit ClosedKernel(Family family) : family_(family) {}
  std::size_t predictors() const override { return family_ == Family::exponential ? 1 : 2; }
  void log_density(const Chunk& chunk, Block& out) override { run(chunk, out, 1.0); }
  void log_survival(const Chunk& chunk, Block& out) override { run(chunk, out, 0.0); }

 private:
  void run(const Chunk& chunk, Block& out, double event) const {
    switch (family_) {
      case Family::exponential:
        return exponential(chunk, out, event);
      case Family::weibull:
        return weibull(chunk, Two(out), event);
      case Family::weibull_ph:
        return weibull_ph(chunk, Two(out), event);
      case Family::gompertz:
        return gompertz(chunk, Two(out), event);
      case Family::log_logistic:
        return log_logistic(chunk, Two(out), event);
      default:
        return event > 0.0 ? log_normal_density(chunk, Two(out))
                           : log_normal_survival(chunk, Two(out));
    }
  }

  Family family_;
};

}  // namespace

std::unique_ptr<Kernel> make_closed_kernel(Family family) {
  return std::make_unique<ClosedKernel>(family);
}

std::unique_ptr<Kernel> make_kernel(Family family, std::span<const double> knots,
                                    const SplineBasis& basis) {
  switch (family) {
    case Family::gamma:
    case Family::generalised_gamma:
    case Family::generalised_f:
      return make_tail_kernel(family);
    case Family::piecewise:
      return make_piecewise_kernel(knots);
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return make_spline_kernel(family, basis);
    default:
      return make_closed_kernel(family);
  }
}

}  // namespace npcsim::detail
