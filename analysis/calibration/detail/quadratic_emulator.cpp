#include <npcsim/calibration/detail/quadratic_emulator.hpp>

#include <algorithm>
#include <array>
#include <cmath>

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
  MatrixXd out(points.rows(), QuadraticEmulator::coefficients(p) - 1);
  out.leftCols(p) = points;
  Index column = p;
  for (Index i = 0; i < p; ++i) {
    out.col(column++) = (points.col(i).array().square() - 1) / std::sqrt(2.0);
    for (Index j = 0; j < i; ++j) out.col(column++) = points.col(i).cwiseProduct(points.col(j));
  }
  return out;
}

// Takes the mean of each set from its rows; returns the number of points in each.
VectorXd centre_within(const std::vector<Index>& sets, MatrixXd& rows) {
  const Index count = 1 + *std::max_element(sets.begin(), sets.end());
  MatrixXd mean = MatrixXd::Zero(count, rows.cols());
  VectorXd points = VectorXd::Zero(count);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    mean.row(sets[i]) += rows.row(static_cast<Index>(i));
    points[sets[i]] += 1;
  }
  mean.array().colwise() /= points.array().max(1);
  for (std::size_t i = 0; i < sets.size(); ++i)
    rows.row(static_cast<Index>(i)) -= mean.row(sets[i]);
  return points;
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
    fit.left_out.row(i) /= std::max(1 - own[i] - leverage[i], 1e-3);
  return fit;
}

}  // namespace

QuadraticEmulator::QuadraticEmulator(const MatrixXd& points, const MatrixXd& figures,
                                     const std::vector<Index>& sets) {
  const Index p = points.cols();
  const Index targets = figures.cols();
  MatrixXd x = features(points);
  const Eigen::RowVectorXd mean_features = x.colwise().mean();
  MatrixXd within = figures;
  centre_within(sets, within);
  const VectorXd points_of = centre_within(sets, x);
  VectorXd own(points.rows());
  for (Index i = 0; i < own.size(); ++i) own[i] = 1 / points_of[sets[static_cast<std::size_t>(i)]];
  const MatrixXd gram = x.transpose() * x;
  const MatrixXd moments = x.transpose() * within;
  MatrixXd best(x.cols(), targets);
  left_out_.resize(points.rows(), targets);
  leverage_.resize(targets);
  VectorXd error = VectorXd::Constant(targets, -1);
  for (const double penalty : penalties) {
    const RidgeFit fit = ridge(x, gram, moments, within, own, p, penalty);
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

VectorXd QuadraticEmulator::figures(const VectorXd& w, Work& work) const {
  const Index p = parameters();
  work.products.noalias() = quadratic_ * w;
  const Eigen::Map<const MatrixXd> products(work.products.data(), p, targets());
  return constant_ + linear_ * w + products.transpose() * w;
}

VectorXd QuadraticEmulator::figures(const VectorXd& w) const {
  Work work;
  return figures(w, work);
}

VectorXd QuadraticEmulator::pull(const VectorXd& weights, const Work& work) const {
  const Eigen::Map<const MatrixXd> products(work.products.data(), parameters(), targets());
  return linear_.transpose() * weights + 2 * (products * weights);
}

MatrixXd QuadraticEmulator::jacobian(const VectorXd& w) const {
  const VectorXd products = quadratic_ * w;
  const Eigen::Map<const MatrixXd> by_target(products.data(), parameters(), targets());
  return linear_ + 2 * by_target.transpose();
}

}  // namespace npcsim::detail
