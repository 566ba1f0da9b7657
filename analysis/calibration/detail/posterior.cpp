#include <npcsim/calibration/detail/posterior.hpp>

#include <cmath>

namespace npcsim::detail {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// How far the neighbourhood of the runs goes, in reaches of the region.
constexpr double farthest = 1.5;

}  // namespace

double EmulatorPosterior::log_density(const VectorXd& at, VectorXd& gradient) const {
  const Index p = problem_.parameters();
  const Index h = problem_.between();
  const VectorXd w = at.head(p);
  const VectorXd between = at.tail(h);
  const VectorXd theta = region_.scores(w);
  // Beyond, the figures are those of the edge, and the density falls like a normal one.
  const double edge = farthest * std::sqrt(region_.reach_squared());
  const double length = w.norm();
  const double beyond = extent_ == Extent::near_the_runs && length > edge ? length - edge : 0.0;
  Emulator::Work work;
  const VectorXd mu = emulator_.figures(beyond > 0 ? VectorXd(w * (edge / length)) : w, work);
  VectorXd of_mu;
  VectorXd of_between;
  const double likelihood = problem_.log_likelihood(mu, between, &of_mu, &of_between);
  gradient.resize(p + h);
  VectorXd of_w = emulator_.pull(of_mu, work);
  if (beyond > 0) {
    const VectorXd outwards = w / length;
    of_w = edge / length * (of_w - outwards * outwards.dot(of_w)) - beyond * outwards;
  }
  gradient.head(p) = of_w - region_.spread.transpose() * theta;
  gradient.tail(h) = of_between - between;
  return likelihood - 0.5 * theta.squaredNorm() - 0.5 * between.squaredNorm() -
         0.5 * beyond * beyond;
}

VectorXd EmulatorPosterior::scores(const VectorXd& at) const {
  VectorXd out = at;
  out.head(problem_.parameters()) = region_.scores(at.head(problem_.parameters()));
  return out;
}

MatrixXd EmulatorPosterior::scores(const MatrixXd& draws) const {
  MatrixXd out(draws.rows(), draws.cols());
  for (Index i = 0; i < draws.rows(); ++i)
    out.row(i) = scores(VectorXd(draws.row(i).transpose())).transpose();
  return out;
}

}  // namespace npcsim::detail
