#include <npcsim/calibration/detail/relevance_fit.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Noise variance of a point over the variance that a product of two parameters of relevance 1 has
// before the runs are seen. The largest leaves a plane.
constexpr std::array<double, 9> quadratic_penalties{3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 30, 1000};
// In units of one point: 1 is as much as one more observation that says that the term is 0.
constexpr std::array<double, 3> cubic_penalties{10, 100, 1000};
// Assumed. Ten times more or less of the floor moves left-out errors of the dmNPC figures by 2 %.
constexpr double relevance_floor = 0.003;  // of all parameters together
constexpr double least_variance = 1e-5;    // of a product that is looked at
constexpr Index cubic_directions = 4;
constexpr int rounds = 2;  // of relevance and regression; more change nothing

struct Ridge {
  VectorXd coefficients;
  double score = std::numeric_limits<double>::infinity();  ///< generalised cross validation
};

// What a regression within sets needs of its runs.
struct Moments {
  MatrixXd gram;
  VectorXd with_figures;
  double squares = 0;  ///< of the figures
  double points = 0;
  double sets = 0;
};

Ridge ridge(const Moments& runs, const VectorXd& penalties) {
  MatrixXd penalised = runs.gram;
  penalised.diagonal() += penalties;
  const Eigen::LLT<MatrixXd> factor(penalised);
  Ridge out;
  if (factor.info() != Eigen::Success) return out;
  out.coefficients = factor.solve(runs.with_figures);
  MatrixXd inverse = MatrixXd::Identity(penalised.rows(), penalised.cols());
  factor.matrixL().solveInPlace(inverse);
  const double trace = static_cast<double>(penalties.size()) -
                       inverse.colwise().squaredNorm().dot(penalties.transpose());
  const double left = 1 - (trace + runs.sets) / runs.points;
  const double residual = runs.squares - out.coefficients.dot(runs.with_figures) -
                          out.coefficients.cwiseAbs2().dot(penalties);
  if (left > 0) out.score = std::max(residual, 0.0) / (left * left);
  return out;
}

// Hermite polynomials of degree 3, orthonormal under the standard normal.
MatrixXd cubic_features(const MatrixXd& places) {
  const Index directions = places.cols();
  MatrixXd out(places.rows(), CubicTerms::count(directions));
  CubicTerms::for_each(directions, [&](Index k, Index a, Index b, Index c) {
    const auto first = places.col(a).array();
    const auto second = places.col(b).array();
    const auto third = places.col(c).array();
    if (a == c) {
      out.col(k) = (first.cube() - 3 * first) / std::sqrt(6.0);
    } else if (a == b) {
      out.col(k) = (first.square() - 1) * third / std::sqrt(2.0);
    } else if (b == c) {
      out.col(k) = (second.square() - 1) * first / std::sqrt(2.0);
    } else {
      out.col(k) = first * second * third;
    }
  });
  return out;
}

// The same polynomials as products of places, and what they hold of degree 1.
CubicTerms as_products(const VectorXd& coefficients, Index directions, VectorXd& linear) {
  CubicTerms out(directions);
  linear = VectorXd::Zero(directions);
  CubicTerms::for_each(directions, [&](Index k, Index a, Index b, Index c) {
    const double size = coefficients[k] / (a == c             ? std::sqrt(6.0)
                                           : a == b || b == c ? std::sqrt(2.0)
                                                              : 1.0);
    out[k] = size;
    if (a == c) {
      linear[a] -= 3 * size;
    } else if (a == b) {
      linear[c] -= size;
    } else if (b == c) {
      linear[a] -= size;
    }
  });
  return out;
}

// Where the figure is steepest, then where it is most bent. [direction][w], orthonormal
MatrixXd leading_directions(const VectorXd& linear, const MatrixXd& quadratic, Index count) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> bends(quadratic);
  std::vector<Index> order(static_cast<std::size_t>(linear.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return std::fabs(bends.eigenvalues()[a]) > std::fabs(bends.eigenvalues()[b]);
  });
  MatrixXd columns(linear.size(), count);
  columns.col(0) = linear;
  for (Index k = 1; k < count; ++k)
    columns.col(k) = bends.eigenvectors().col(order[static_cast<std::size_t>(k - 1)]);
  const Eigen::HouseholderQR<MatrixXd> orthogonal(columns);
  return (orthogonal.householderQ() * MatrixXd::Identity(linear.size(), count)).transpose();
}

}  // namespace

// Linear terms, then products with a prior variance worth looking at, each divided by its prior
// standard deviation.
struct RelevanceFit::Regression {
  std::vector<Index> columns;  ///< of the features
  VectorXd scale;              ///< prior standard deviation, of each
  Moments runs;
  VectorXd penalties;
  Ridge best;
};

RelevanceFit::RelevanceFit(const MatrixXd& points, const WithinSets& sets, const MatrixXd& spread)
    : points_(points),
      sets_(sets),
      axes_(spread.rowwise().norm().cwiseInverse().asDiagonal() * spread) {
  const Index p = points.cols();
  const MatrixXd z = points * axes_.transpose();
  features_.resize(points.rows(), p + p * (p + 1) / 2);
  features_.leftCols(p) = points;
  for (Index i = 0; i < p; ++i) {
    for (Index j = 0; j <= i; ++j) {
      features_.col(p + static_cast<Index>(pairs_.size())) =
          z.col(i).cwiseProduct(z.col(j)) / (i == j ? std::sqrt(2.0) : 1.0);
      pairs_.emplace_back(i, j);
    }
  }
  means_ = features_.colwise().mean().transpose();
  sets_.centre(features_);
  gram_ = features_.transpose() * features_;
}

Index RelevanceFit::directions() const { return std::min(cubic_directions, points_.cols()); }

VectorXd RelevanceFit::relevance(const VectorXd& linear, const MatrixXd& quadratic) const {
  // f(w) = f(axes^-1 z).
  const auto axes = axes_.triangularView<Eigen::Lower>();
  const VectorXd slopes = axes.transpose().solve(linear);
  MatrixXd bends = axes.transpose().solve(quadratic);
  bends = axes.transpose().solve(MatrixXd(bends.transpose()));
  VectorXd out = slopes.cwiseAbs2();
  for (Index i = 0; i < out.size(); ++i) {
    for (Index j = 0; j < out.size(); ++j)
      out[i] += (i == j ? 2 : 4) * bends(i, j) * bends(i, j);  // of the orthonormal polynomials
  }
  const double total = out.sum();
  if (total > 0) out /= total;
  out.array() += relevance_floor / static_cast<double>(out.size());
  return out;
}

RelevanceFit::Regression RelevanceFit::regress(const VectorXd& figures,
                                               const VectorXd& relevance) const {
  const Index p = points_.cols();
  Regression out;
  std::vector<double> scale;
  for (Index k = 0; k < p; ++k) {
    out.columns.push_back(k);
    scale.push_back(1);
  }
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    const double variance = relevance[pairs_[k].first] * relevance[pairs_[k].second];
    if (variance < least_variance) continue;
    out.columns.push_back(p + static_cast<Index>(k));
    scale.push_back(std::sqrt(variance));
  }
  out.scale = VectorXd::Map(scale.data(), static_cast<Index>(scale.size()));
  out.runs.gram = out.scale.asDiagonal() * gram_(out.columns, out.columns) * out.scale.asDiagonal();
  const VectorXd moments = features_.transpose() * figures;
  out.runs.with_figures = out.scale.cwiseProduct(moments(out.columns));
  out.runs.squares = figures.squaredNorm();
  out.runs.points = static_cast<double>(points_.rows());
  out.runs.sets = static_cast<double>(sets_.count());
  for (const double penalty : quadratic_penalties) {
    VectorXd penalties = VectorXd::Constant(out.scale.size(), penalty);
    penalties.head(p).setZero();
    Ridge one = ridge(out.runs, penalties);
    if (out.best.coefficients.size() > 0 && one.score >= out.best.score) continue;
    out.best = std::move(one);
    out.penalties = std::move(penalties);
  }
  return out;
}

void RelevanceFit::keep_quadratic(const Regression& regression, VectorXd& linear,
                                  MatrixXd& quadratic) const {
  const Index p = points_.cols();
  MatrixXd bends = MatrixXd::Zero(p, p);
  for (Index k = p; k < regression.scale.size(); ++k) {
    const auto [i, j] =
        pairs_[static_cast<std::size_t>(regression.columns[static_cast<std::size_t>(k)] - p)];
    const double size = regression.scale[k] * regression.best.coefficients[k];
    bends(i, j) = bends(j, i) = i == j ? size / std::sqrt(2.0) : 0.5 * size;
  }
  linear = regression.best.coefficients.head(p);
  quadratic = axes_.transpose() * bends * axes_;
}

FittedFigure RelevanceFit::fit(const VectorXd& figures, VectorXd linear, MatrixXd quadratic) const {
  MatrixXd centred = figures;
  sets_.centre(centred);
  const VectorXd within = centred.col(0);
  FittedFigure out;
  Regression regression;
  for (int round = 0; round < rounds; ++round) {
    regression = regress(within, relevance(linear, quadratic));
    if (regression.best.coefficients.size() == 0) return out;
    keep_quadratic(regression, linear, quadratic);
  }
  const Index terms = regression.scale.size();
  out.directions = leading_directions(linear, quadratic, directions());
  MatrixXd cubic = cubic_features(points_ * out.directions.transpose());
  const VectorXd cubic_means = cubic.colwise().mean().transpose();
  sets_.centre(cubic);
  MatrixXd x(points_.rows(), terms + cubic.cols());
  x << features_(Eigen::all, regression.columns) * regression.scale.asDiagonal(), cubic;
  Moments runs = regression.runs;
  runs.gram = x.transpose() * x;
  runs.with_figures = x.transpose() * within;
  Ridge best;
  VectorXd penalties(x.cols());
  for (const double penalty : cubic_penalties) {
    VectorXd tried(x.cols());
    tried << regression.penalties, VectorXd::Constant(cubic.cols(), penalty);
    Ridge one = ridge(runs, tried);
    if (best.coefficients.size() > 0 && one.score >= best.score) continue;
    best = std::move(one);
    penalties = std::move(tried);
  }
  if (!(best.score <= regression.best.score)) {
    // Without cubic terms.
    best.coefficients = VectorXd::Zero(x.cols());
    best.coefficients.head(terms) = regression.best.coefficients;
    penalties.head(terms) = regression.penalties;
    penalties.tail(cubic.cols()).setConstant(std::numeric_limits<double>::max());
  }

  regression.best.coefficients = best.coefficients.head(terms);
  keep_quadratic(regression, out.linear, out.quadratic);
  VectorXd inner;
  out.cubic = as_products(best.coefficients.tail(cubic.cols()), directions(), inner);
  out.linear += out.directions.transpose() * inner;
  const VectorXd plain = regression.scale.cwiseProduct(best.coefficients.head(terms));
  out.constant = figures.mean() - means_(regression.columns).dot(plain) -
                 cubic_means.dot(best.coefficients.tail(cubic.cols()));

  runs.gram.diagonal() += penalties;
  MatrixXd half = x.transpose();
  Eigen::LLT<MatrixXd>(runs.gram).matrixL().solveInPlace(half);
  const VectorXd leverage = half.colwise().squaredNorm().transpose();
  out.leverage = leverage.mean();
  out.left_out = (within - x * best.coefficients).array() /
                 (1 - sets_.leverage().array() - leverage.array()).max(least_slack);
  return out;
}

}  // namespace npcsim::detail
