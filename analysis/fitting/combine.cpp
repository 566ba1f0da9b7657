#include <npcsim/base/portable_math.hpp>
#include <npcsim/fitting/detail/combine.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

/// theta = 1 / (1 + e^-q) and its logarithm, precise at both ends.
struct Share {
  explicit Share(double q) {
    const double small = portable::exp(-std::fabs(q));
    const double tail = portable::log1p(small);
    theta = (q < 0.0 ? small : 1.0) / (1.0 + small);
    rest = (q < 0.0 ? 1.0 : small) / (1.0 + small);
    log_theta = q < 0.0 ? q - tail : -tail;
    log_rest = q < 0.0 ? -tail : -q - tail;
  }
  double theta;
  double rest;  // 1 - theta
  double log_theta;
  double log_rest;
};

/// out's derivatives of v(q, a) with a the family's quantity: v_a, v_q, v_aa, v_aq, v_qq by row.
struct Outer {
  double value, a, q, aa, aq, qq;
};

template <class Rule>
void chain_with_theta(std::size_t rows, const double* logit_theta, Block& inner, Block& out,
                      const Rule& rule) {
  const std::size_t m = inner.predictors();
  for (std::size_t i = 0; i < rows; ++i) {
    const Outer d = rule(Share(logit_theta[i]), inner.value()[i]);
    out.value()[i] = d.value;
    out.gradient(0)[i] = d.q;
    out.hessian(0, 0)[i] = d.qq;
    for (std::size_t j = 0; j < m; ++j) {
      const double a_j = inner.gradient(j)[i];
      out.gradient(j + 1)[i] = d.a * a_j;
      out.hessian(0, j + 1)[i] = d.aq * a_j;
      for (std::size_t k = j; k < m; ++k) {
        out.hessian(j + 1, k + 1)[i] =
            d.a * inner.hessian(j, k)[i] + d.aa * a_j * inner.gradient(k)[i];
      }
    }
  }
}

}  // namespace

void cured_log_survival(Cure cure, std::size_t rows, const double* logit_theta, Block& log_survival,
                        Block& out) {
  if (cure == Cure::mixture) {  // S = theta + (1 - theta) S0
    chain_with_theta(rows, logit_theta, log_survival, out, [](const Share& s, double a) {
      const double s0 = portable::exp(a);
      const double failed = -portable::expm1(a);
      const double total = s.theta + s.rest * s0;
      // Near S = 1 the sum rounds; 1 - (1 - theta) F0 does not.
      const double log_total =
          failed < 0.5 ? portable::log1p(-s.rest * failed) : portable::log(total);
      const double uncured = s.rest * s0 / total;
      const double cured = s.theta / total;
      const double width = s.theta * s.rest;
      const double dq = width * failed / total;
      return Outer{log_total,
                   uncured,
                   dq,
                   uncured * cured,
                   -width * s0 / total - uncured * dq,
                   dq * (s.rest - s.theta) - dq * dq};
    });
    return;
  }
  // S = theta^F0
  chain_with_theta(rows, logit_theta, log_survival, out, [](const Share& s, double a) {
    const double s0 = portable::exp(a);
    const double failed = -portable::expm1(a);
    return Outer{s.log_theta * failed, -s.log_theta * s0, s.rest * failed,
                 -s.log_theta * s0,    -s.rest * s0,      -s.theta * s.rest * failed};
  });
}

void cured_log_density(Cure cure, std::size_t rows, const double* logit_theta, Block& log_density,
                       Block& log_survival, Block& out) {
  const std::size_t m = log_density.predictors();
  if (cure == Cure::mixture) {  // f = (1 - theta) f0
    chain_with_theta(rows, logit_theta, log_density, out, [](const Share& s, double v) {
      return Outer{v + s.log_rest, 1.0, -s.theta, 0.0, 0.0, -s.theta * s.rest};
    });
    return;
  }
  // f = -log(theta) f0 theta^F0
  cured_log_survival(cure, rows, logit_theta, log_survival, out);
  for (std::size_t i = 0; i < rows; ++i) {
    const Share s(logit_theta[i]);
    const double first = s.rest / s.log_theta;
    out.value()[i] += portable::log(-s.log_theta) + log_density.value()[i];
    out.gradient(0)[i] += first;
    out.hessian(0, 0)[i] += -s.theta * first - first * first;
  }
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < rows; ++i) out.gradient(j + 1)[i] += log_density.gradient(j)[i];
    for (std::size_t k = j; k < m; ++k) {
      double* const h = out.hessian(j + 1, k + 1);
      const double* const d = log_density.hessian(j, k);
      for (std::size_t i = 0; i < rows; ++i) h[i] += d[i];
    }
  }
}

void interval_log_probability(std::size_t rows, Block& early, Block& late) {
  const std::size_t m = early.predictors();
  for (std::size_t i = 0; i < rows; ++i) {
    const double drop = late.value()[i] - early.value()[i];
    const double ratio = 1.0 / portable::expm1(-drop);  // e^d / (1 - e^d), d = drop < 0
    early.value()[i] += portable::log1m_exp(drop);
    const double bend = -ratio * (1.0 + ratio);
    for (std::size_t j = 0; j < m; ++j) {
      const double d_j = late.gradient(j)[i] - early.gradient(j)[i];
      for (std::size_t k = j; k < m; ++k) {
        const double d_k = late.gradient(k)[i] - early.gradient(k)[i];
        double& h = early.hessian(j, k)[i];
        h += -ratio * (late.hessian(j, k)[i] - h) + bend * d_j * d_k;
      }
    }
    for (std::size_t j = 0; j < m; ++j) {
      double& g = early.gradient(j)[i];
      g -= ratio * (late.gradient(j)[i] - g);
    }
  }
}

void left_log_probability(std::size_t rows, Block& late) {
  const std::size_t m = late.predictors();
  for (std::size_t i = 0; i < rows; ++i) {
    const double log_s = late.value()[i];
    const double ratio = 1.0 / portable::expm1(-log_s);
    const double bend = -ratio * (1.0 + ratio);
    late.value()[i] = portable::log1m_exp(log_s);
    for (std::size_t j = 0; j < m; ++j) {
      for (std::size_t k = j; k < m; ++k) {
        double& h = late.hessian(j, k)[i];
        h = -ratio * h + bend * late.gradient(j)[i] * late.gradient(k)[i];
      }
    }
    for (std::size_t j = 0; j < m; ++j) late.gradient(j)[i] *= -ratio;
  }
}

void add_background(std::size_t rows, const double* background, Block& density, Block& survival) {
  const std::size_t m = density.predictors();
  for (std::size_t i = 0; i < rows; ++i) {
    const double log_hazard = density.value()[i] - survival.value()[i];
    const double relative = background[i] * portable::exp(-log_hazard);
    const double share = 1.0 / (1.0 + relative);
    density.value()[i] += portable::log1p(relative);
    const double bend = share * (1.0 - share);
    for (std::size_t j = 0; j < m; ++j) {
      const double x_j = density.gradient(j)[i] - survival.gradient(j)[i];
      for (std::size_t k = j; k < m; ++k) {
        const double x_k = density.gradient(k)[i] - survival.gradient(k)[i];
        const double s = survival.hessian(j, k)[i];
        double& h = density.hessian(j, k)[i];
        h = s + share * (h - s) + bend * x_j * x_k;
      }
    }
    for (std::size_t j = 0; j < m; ++j) {
      const double s = survival.gradient(j)[i];
      density.gradient(j)[i] = s + share * (density.gradient(j)[i] - s);
    }
  }
}

}  // namespace npcsim::detail
