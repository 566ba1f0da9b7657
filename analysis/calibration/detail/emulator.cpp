#include <npcsim/calibration/detail/emulator.hpp>
#include <npcsim/calibration/detail/relevance_fit.hpp>
#include <npcsim/calibration/detail/within_sets.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Ridge penalties that are compared, in units of one point: 1 is as much as one more observation
// that says that the coefficient is 0.
constexpr std::array<double, 8> penalties{1e-3, 3, 10, 30, 100, 300, 1000, 3000};

// Hermite polynomials, orthonormal under the standard normal: w_i, (w_i^2 - 1) / sqrt 2, w_i w_j.
MatrixXd features(const MatrixXd& points) {
  const Index p = points.cols();
  MatrixXd out(points.rows(), Emulator::coefficients(p) - 1);
  out.leftCols(p) = points;
  Index column = p;
  for (Index i = 0; i < p; ++i) {
    out.col(column++) = (points.col(i).array().square() - 1) / std::sqrt(2.0);
    for (Index j = 0; j < i; ++j) out.col(column++) = points.col(i).cwiseProduct(points.col(j));
  }
  return out;
}

struct RidgeFit {
  MatrixXd coefficients;  ///< [feature][target]
  MatrixXd left_out;      ///< [point][target]
  double leverage = 0;
};

// Leave-one-out errors of a linear smoother: residual / (1 - leverage). `own` is the leverage of
// each point on the constant of its set.
RidgeFit ridge(const MatrixXd& x, const MatrixXd& gram, const MatrixXd& moments,
               const MatrixXd& figures, const VectorXd& own, Index free, double penalty) {
  MatrixXd penalised = gram;
  penalised.diagonal().tail(gram.rows() - free).array() += penalty;
  const Eigen::LLT<MatrixXd> factor(penalised);
  RidgeFit fit;
  fit.coefficients = factor.solve(moments);
  MatrixXd half = x.transpose();
  factor.matrixL().solveInPlace(half);
  const VectorXd leverage = half.colwise().squaredNorm();
  fit.leverage = leverage.mean();
  fit.left_out = figures - x * fit.coefficients;
  for (Index i = 0; i < x.rows(); ++i)
    fit.left_out.row(i) /= std::max(1 - own[i] - leverage[i], least_slack);
  return fit;
}

}  // namespace

Emulator::Emulator(const MatrixXd& points, const MatrixXd& figures,
                   const std::vector<Index>& sets) {
  const Index p = points.cols();
  const Index targets = figures.cols();
  MatrixXd x = features(points);
  const Eigen::RowVectorXd mean_features = x.colwise().mean();
  MatrixXd within = figures;
  const WithinSets same_patients(sets);
  same_patients.centre(within);
  same_patients.centre(x);
  const MatrixXd gram = x.transpose() * x;
  const MatrixXd moments = x.transpose() * within;
  MatrixXd best(x.cols(), targets);
  left_out_.resize(points.rows(), targets);
  leverage_.resize(targets);
  VectorXd error = VectorXd::Constant(targets, -1);
  for (const double penalty : penalties) {
    const RidgeFit fit = ridge(x, gram, moments, within, same_patients.leverage(), p, penalty);
    for (Index t = 0; t < targets; ++t) {
      const double squares = fit.left_out.col(t).squaredNorm();
      if (error[t] >= 0 && squares >= error[t]) continue;
      error[t] = squares;
      best.col(t) = fit.coefficients.col(t);
      left_out_.col(t) = fit.left_out.col(t);
      leverage_[t] = fit.leverage;
    }
  }
  constant_ = (figures.colwise().mean() - mean_features * best).transpose();
  linear_ = best.topRows(p).transpose();
  quadratic_.resize(targets * p, p);
  for (Index t = 0; t < targets; ++t) {
    Index row = p;
    for (Index i = 0; i < p; ++i) {
      const double square = best(row++, t) / std::sqrt(2.0);
      quadratic_(t * p + i, i) = square;
      constant_[t] -= square;
      for (Index j = 0; j < i; ++j) {
        const double half = 0.5 * best(row++, t);
        quadratic_(t * p + i, j) = half;
        quadratic_(t * p + j, i) = half;
      }
    }
  }
}

void Emulator::refine(const MatrixXd& points, const MatrixXd& figures,
                      const std::vector<Index>& sets, const MatrixXd& spread) {
  const Index p = parameters();
  const WithinSets same_patients(sets);
  const RelevanceFit fits(points, same_patients, spread);
  const Index k = fits.directions();
  directions_ = MatrixXd::Zero(targets() * k, p);
  cubic_.assign(static_cast<std::size_t>(targets()), CubicTerms(k));
  tbb::parallel_for(
      tbb::blocked_range<Index>(0, targets(), 1),
      [&](const tbb::blocked_range<Index>& range) {
        const Index t = range.begin();
        const FittedFigure fitted =
            fits.fit(figures.col(t), linear_.row(t).transpose(), quadratic_.middleRows(t * p, p));
        if (!(fitted.left_out.squaredNorm() < left_out_.col(t).squaredNorm()) ||
            fitted.left_out.size() == 0)
          return;
        constant_[t] = fitted.constant;
        linear_.row(t) = fitted.linear.transpose();
        quadratic_.middleRows(t * p, p) = fitted.quadratic;
        directions_.middleRows(t * k, k) = fitted.directions;
        cubic_[static_cast<std::size_t>(t)] = fitted.cubic;
        left_out_.col(t) = fitted.left_out;
        leverage_[t] = fitted.leverage;
      },
      tbb::simple_partitioner());
}

VectorXd Emulator::figures(const VectorXd& w, Work& work) const {
  const Index p = parameters();
  work.products.noalias() = quadratic_ * w;
  const Eigen::Map<const MatrixXd> products(work.products.data(), p, targets());
  VectorXd out = constant_ + linear_ * w + products.transpose() * w;
  if (cubic_.empty()) return out;
  work.places.noalias() = directions_ * w;
  const Index k = directions_.rows() / targets();
  for (Index t = 0; t < targets(); ++t)
    out[t] += cubic_[static_cast<std::size_t>(t)].value(work.places.segment(t * k, k));
  return out;
}

VectorXd Emulator::figures(const VectorXd& w) const {
  Work work;
  return figures(w, work);
}

VectorXd Emulator::pull(const VectorXd& weights, const Work& work) const {
  const Eigen::Map<const MatrixXd> products(work.products.data(), parameters(), targets());
  VectorXd out = linear_.transpose() * weights + 2 * (products * weights);
  if (cubic_.empty()) return out;
  const Index k = directions_.rows() / targets();
  VectorXd slopes(directions_.rows());
  for (Index t = 0; t < targets(); ++t)
    slopes.segment(t * k, k) =
        weights[t] * cubic_[static_cast<std::size_t>(t)].slopes(work.places.segment(t * k, k));
  out.noalias() += directions_.transpose() * slopes;
  return out;
}

MatrixXd Emulator::jacobian(const VectorXd& w) const {
  const VectorXd products = quadratic_ * w;
  const Eigen::Map<const MatrixXd> by_target(products.data(), parameters(), targets());
  MatrixXd out = linear_ + 2 * by_target.transpose();
  if (cubic_.empty()) return out;
  const Index k = directions_.rows() / targets();
  const VectorXd places = directions_ * w;
  for (Index t = 0; t < targets(); ++t)
    out.row(t) += cubic_[static_cast<std::size_t>(t)].slopes(places.segment(t * k, k)).transpose() *
                  directions_.middleRows(t * k, k);
  return out;
}

}  // namespace npcsim::detail
