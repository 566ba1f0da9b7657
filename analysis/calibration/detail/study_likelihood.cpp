#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/detail/study_likelihood.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd part(const VectorXd& whole, const std::vector<Index>& which) {
  VectorXd out(static_cast<Index>(which.size()));
  for (std::size_t i = 0; i < which.size(); ++i) out[static_cast<Index>(i)] = whole[which[i]];
  return out;
}

// First derivative of the figures in a shift of kind k at the mean of that shift.
VectorXd slope_at(const StudyFigures& study, std::size_t k, const StudySpread& spread) {
  if (k != effect_kind) return study.slope[k];
  return study.slope[k] + spread.effect_bias * study.bend[k];
}

// log P(low < Z < high) with its derivatives with respect to a common shift of Z's mean, m, and to
// log s, where the limits are (bound - m) / s. Also minus the second derivative in m, times s^2.
struct BoundTerm {
  double value = 0;
  double per_mean = 0;       ///< times 1 / s
  double per_log_scale = 0;  ///< d / d log s
  double information = 0;    ///< times 1 / s^2
};

BoundTerm above(double limit) {
  const double rate = portable::normal_hazard(limit);
  return {portable::normal_log_survival(limit), rate, rate * limit, rate * (rate - limit)};
}

BoundTerm bound_term(const CalibrationTarget& target, double mean, double sd) {
  if (target.reading == TargetReading::above) return above((target.value - mean) / sd);
  if (target.reading == TargetReading::below) {
    BoundTerm out = above((mean - target.value) / sd);
    out.per_mean = -out.per_mean;
    return out;
  }
  // Reflected so that the nearer limit is in the upper tail, where survivals keep their digits.
  double low = (target.low - mean) / sd;
  double high = (target.high - mean) / sd;
  const bool reflected = low + high < 0;
  if (reflected) {
    const double old = low;
    low = -high;
    high = -old;
  }
  const BoundTerm from = above(low);
  const BoundTerm to = above(high);
  const double left = -portable::expm1(std::min(to.value - from.value, -1e-300));
  const double beyond = portable::exp(to.value - from.value) / left;
  BoundTerm out;
  out.value = from.value + portable::log(left);
  const double first = from.per_mean / left;
  const double second = to.per_mean * beyond;
  out.per_mean = first - second;
  out.per_log_scale = first * low - second * high;
  out.information = out.per_mean * out.per_mean - out.per_log_scale;
  if (reflected) out.per_mean = -out.per_mean;
  return out;
}

// The exact figures, factored: what both the likelihood and the information rest on.
struct ExactPart {
  MatrixXd covariance;  ///< of all figures
  Eigen::LLT<MatrixXd> factor;
  VectorXd residual;
  VectorXd weighted;  ///< covariance^-1 residual

  ExactPart(const StudyFigures& study, const VectorXd& mean, const StudySpread& spread)
      : covariance(study_covariance(study, spread)) {
    const auto n = static_cast<Index>(study.exact.size());
    MatrixXd of_exact(n, n);
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j)
        of_exact(i, j) = covariance(study.exact[static_cast<std::size_t>(i)],
                                    study.exact[static_cast<std::size_t>(j)]);
    }
    factor.compute(of_exact);
    residual = part(study.value, study.exact) - part(mean, study.exact);
    weighted = factor.solve(residual);
  }

  double log_likelihood() const {
    double sum = -0.5 * residual.dot(weighted);
    for (Index i = 0; i < residual.size(); ++i) sum -= portable::log(factor.matrixLLT()(i, i));
    return sum;
  }
};

// A bounded figure given the exact ones: mean, variance, and its regression on them.
struct Conditional {
  VectorXd on_exact;
  double mean = 0;
  double variance = 0;

  Conditional(const StudyFigures& study, const VectorXd& all, const ExactPart& exact, Index c) {
    const VectorXd shared = part(exact.covariance.col(c), study.exact);
    on_exact = exact.factor.solve(shared);
    mean = all[c] + on_exact.dot(exact.residual);
    // At least a millionth is its own: the covariance is never singular by more than rounding.
    variance =
        std::max(exact.covariance(c, c) - on_exact.dot(shared), 1e-6 * exact.covariance(c, c));
  }
};

// What a bounded figure adds to the log likelihood, and its derivatives in the conditional mean and
// variance.
struct BoundedPart {
  Index figure;
  Conditional given;
  double value = 0;
  double per_mean = 0;
  double per_variance = 0;
  double information = 0;

  BoundedPart(const StudyFigures& study, const VectorXd& all, const ExactPart& exact, Index c)
      : figure(c), given(study, all, exact, c) {
    const double sd = std::sqrt(given.variance);
    const BoundTerm term = bound_term(*study.targets[static_cast<std::size_t>(c)], given.mean, sd);
    value = term.value;
    per_mean = term.per_mean / sd;
    per_variance = term.per_log_scale / (2 * given.variance);
    information = term.information / given.variance;
  }
};

std::vector<BoundedPart> bounded_parts(const StudyFigures& study, const VectorXd& mean,
                                       const ExactPart& exact) {
  std::vector<BoundedPart> out;
  for (const Index c : study.bounded) out.emplace_back(study, mean, exact, c);
  return out;
}

// Derivative of the log likelihood along dV = (a b' + b a') / 2. For the exact figures it is
// ((a . w) (b . w) - a' V^-1 b) / 2 with w = V^-1 r. The conditional mean of a bounded figure moves
// by (q_a (b . w) + q_b (a . w)) / 2 and its variance by q_a q_b, where q is what its regression on
// the exact figures leaves of a and of b.
double along(const StudyFigures& study, const ExactPart& exact,
             const std::vector<BoundedPart>& bounded, const VectorXd& a, const VectorXd& b) {
  const VectorXd a_exact = part(a, study.exact);
  const VectorXd b_exact = part(b, study.exact);
  const double a_weighted = a_exact.dot(exact.weighted);
  const double b_weighted = b_exact.dot(exact.weighted);
  double sum = 0.5 * (a_weighted * b_weighted - a_exact.dot(exact.factor.solve(b_exact)));
  for (const BoundedPart& one : bounded) {
    const double q_a = a[one.figure] - one.given.on_exact.dot(a_exact);
    const double q_b = b[one.figure] - one.given.on_exact.dot(b_exact);
    sum +=
        one.per_mean * 0.5 * (q_a * b_weighted + q_b * a_weighted) + one.per_variance * q_a * q_b;
  }
  return sum;
}

// The same along dV = diag(d).
double along_diagonal(const StudyFigures& study, const ExactPart& exact,
                      const std::vector<BoundedPart>& bounded, const VectorXd& d) {
  if (!(d.maxCoeff() > 0)) return 0;
  const Index n = exact.residual.size();
  const VectorXd f = part(d, study.exact);
  const MatrixXd inverse = exact.factor.solve(MatrixXd::Identity(n, n));
  double sum =
      0.5 * (f.array() * (exact.weighted.array().square() - inverse.diagonal().array())).sum();
  for (const BoundedPart& one : bounded) {
    const VectorXd& on = one.given.on_exact;
    sum += -one.per_mean * (on.array() * f.array() * exact.weighted.array()).sum() +
           one.per_variance * (d[one.figure] + (on.array().square() * f.array()).sum());
  }
  return sum;
}

VectorXd gradient_of_mean(const StudyFigures& study, const ExactPart& exact,
                          const std::vector<BoundedPart>& bounded) {
  VectorXd out = VectorXd::Zero(study.size());
  for (std::size_t i = 0; i < study.exact.size(); ++i)
    out[study.exact[i]] = exact.weighted[static_cast<Index>(i)];
  for (const BoundedPart& one : bounded) {
    out[one.figure] += one.per_mean;
    for (std::size_t i = 0; i < study.exact.size(); ++i)
      out[study.exact[i]] -= one.per_mean * one.given.on_exact[static_cast<Index>(i)];
  }
  return out;
}

}  // namespace

VectorXd study_mean(const StudyFigures& study, const VectorXd& mu, const StudySpread& spread) {
  const double bias = spread.effect_bias;
  VectorXd mean =
      mu + bias * study.slope[effect_kind] + (0.5 * bias * bias) * study.bend[effect_kind];
  for (std::size_t k = 0; k < shift_kinds; ++k) mean += 0.5 * spread.variance[k] * study.bend[k];
  return mean;
}

MatrixXd study_covariance(const StudyFigures& study, const StudySpread& spread) {
  MatrixXd out = study.sampling;
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const double s = spread.variance[k];
    if (!(s > 0)) continue;
    const VectorXd slope = slope_at(study, k, spread);
    out.noalias() += s * slope * slope.transpose();
    out.noalias() += (0.5 * s * s) * study.bend[k] * study.bend[k].transpose();
  }
  out.diagonal() +=
      spread.proportion_variance * study.proportion + spread.shape_variance * study.shape;
  return out;
}

double study_log_likelihood(const StudyFigures& study, const VectorXd& mu,
                            const StudySpread& spread, StudyGradient* gradient) {
  const VectorXd mean = study_mean(study, mu, spread);
  const ExactPart exact(study, mean, spread);
  const std::vector<BoundedPart> bounded = bounded_parts(study, mean, exact);
  double sum = exact.log_likelihood();
  for (const BoundedPart& one : bounded) sum += one.value;
  if (gradient == nullptr) return sum;
  gradient->mu = gradient_of_mean(study, exact, bounded);
  gradient->spread = {};
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const double s = spread.variance[k];
    const VectorXd slope = slope_at(study, k, spread);
    const VectorXd& bend = study.bend[k];
    gradient->spread.variance[k] = along(study, exact, bounded, slope, slope) +
                                   s * along(study, exact, bounded, bend, bend) +
                                   0.5 * gradient->mu.dot(bend);
    if (k == effect_kind)
      gradient->spread.effect_bias =
          2 * s * along(study, exact, bounded, slope, bend) + gradient->mu.dot(slope);
  }
  gradient->spread.proportion_variance = along_diagonal(study, exact, bounded, study.proportion);
  gradient->spread.shape_variance = along_diagonal(study, exact, bounded, study.shape);
  return sum;
}

MatrixXd study_information(const StudyFigures& study, const VectorXd& mu,
                           const StudySpread& spread) {
  const VectorXd mean = study_mean(study, mu, spread);
  const ExactPart exact(study, mean, spread);
  MatrixXd out = MatrixXd::Zero(study.size(), study.size());
  const MatrixXd inverse =
      exact.factor.solve(MatrixXd::Identity(exact.residual.size(), exact.residual.size()));
  for (std::size_t i = 0; i < study.exact.size(); ++i) {
    for (std::size_t j = 0; j < study.exact.size(); ++j)
      out(study.exact[i], study.exact[j]) = inverse(static_cast<Index>(i), static_cast<Index>(j));
  }
  for (const BoundedPart& one : bounded_parts(study, mean, exact)) {
    VectorXd direction = VectorXd::Zero(study.size());
    direction[one.figure] = 1;
    for (std::size_t i = 0; i < study.exact.size(); ++i)
      direction[study.exact[i]] = -one.given.on_exact[static_cast<Index>(i)];
    out.noalias() += one.information * direction * direction.transpose();
  }
  return out;
}

}  // namespace npcsim::detail
