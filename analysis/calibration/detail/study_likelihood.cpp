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

void add_bounded(const StudyFigures& study, const VectorXd& mean, const ExactPart& exact, Index c,
                 double& sum, VectorXd* of_mean, StudySpread* of_spread) {
  const Conditional given(study, mean, exact, c);
  const double sd = std::sqrt(given.variance);
  const BoundTerm term = bound_term(*study.targets[static_cast<std::size_t>(c)], given.mean, sd);
  sum += term.value;
  if (of_mean == nullptr) return;
  const double per_mean = term.per_mean / sd;
  const double per_variance = term.per_log_scale / (2 * given.variance);
  (*of_mean)[c] += per_mean;
  for (std::size_t i = 0; i < study.exact.size(); ++i)
    (*of_mean)[study.exact[i]] -= per_mean * given.on_exact[static_cast<Index>(i)];
  // Adding d (g g') to the covariance moves the conditional mean by d q (g_e . weighted) and the
  // conditional variance by d q^2, q = g_c - on_exact . g_e.
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const VectorXd g = part(study.slope[k], study.exact);
    const double q = study.slope[k][c] - given.on_exact.dot(g);
    of_spread->variance[k] += per_mean * q * g.dot(exact.weighted) + per_variance * q * q;
  }
  const VectorXd f = part(study.proportion, study.exact);
  of_spread->proportion_variance +=
      -per_mean * (given.on_exact.array() * f.array() * exact.weighted.array()).sum() +
      per_variance * (study.proportion[c] + (given.on_exact.array().square() * f.array()).sum());
}

}  // namespace

VectorXd study_mean(const StudyFigures& study, const VectorXd& mu, const StudySpread& spread) {
  VectorXd mean = mu + spread.effect_bias * study.slope[2] +
                  (0.5 * spread.effect_bias * spread.effect_bias) * study.bend[2];
  for (std::size_t k = 0; k < shift_kinds; ++k) mean += 0.5 * spread.variance[k] * study.bend[k];
  return mean;
}

MatrixXd study_covariance(const StudyFigures& study, const StudySpread& spread) {
  MatrixXd out = study.sampling;
  for (std::size_t k = 0; k < shift_kinds; ++k)
    out.noalias() += spread.variance[k] * study.slope[k] * study.slope[k].transpose();
  out.diagonal() += spread.proportion_variance * study.proportion;
  return out;
}

double study_log_likelihood(const StudyFigures& study, const VectorXd& mu,
                            const StudySpread& spread, StudyGradient* gradient) {
  const VectorXd mean = study_mean(study, mu, spread);
  const ExactPart exact(study, mean, spread);
  double sum = exact.log_likelihood();
  VectorXd of_mean;
  StudySpread of_spread;
  if (gradient != nullptr) {
    of_mean = VectorXd::Zero(study.size());
    for (std::size_t i = 0; i < study.exact.size(); ++i)
      of_mean[study.exact[i]] = exact.weighted[static_cast<Index>(i)];
    for (std::size_t k = 0; k < shift_kinds; ++k) {
      const VectorXd g = part(study.slope[k], study.exact);
      const double along = g.dot(exact.weighted);
      of_spread.variance[k] = 0.5 * (along * along - g.dot(exact.factor.solve(g)));
    }
    const VectorXd f = part(study.proportion, study.exact);
    if (f.size() > 0 && f.maxCoeff() > 0) {
      const MatrixXd inverse =
          exact.factor.solve(MatrixXd::Identity(exact.residual.size(), exact.residual.size()));
      of_spread.proportion_variance =
          0.5 * (f.array() * (exact.weighted.array().square() - inverse.diagonal().array())).sum();
    }
  }
  for (const Index c : study.bounded)
    add_bounded(study, mean, exact, c, sum, gradient == nullptr ? nullptr : &of_mean, &of_spread);
  if (gradient != nullptr) {
    for (std::size_t k = 0; k < shift_kinds; ++k)
      of_spread.variance[k] += 0.5 * of_mean.dot(study.bend[k]);
    of_spread.effect_bias =
        of_mean.dot(study.slope[2]) + spread.effect_bias * of_mean.dot(study.bend[2]);
    gradient->mu = std::move(of_mean);
    gradient->spread = of_spread;
  }
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
  for (const Index c : study.bounded) {
    const Conditional given(study, mean, exact, c);
    const double sd = std::sqrt(given.variance);
    const BoundTerm term = bound_term(*study.targets[static_cast<std::size_t>(c)], given.mean, sd);
    VectorXd direction = VectorXd::Zero(study.size());
    direction[c] = 1;
    for (std::size_t i = 0; i < study.exact.size(); ++i)
      direction[study.exact[i]] = -given.on_exact[static_cast<Index>(i)];
    out.noalias() += (term.information / given.variance) * direction * direction.transpose();
  }
  return out;
}

}  // namespace npcsim::detail
