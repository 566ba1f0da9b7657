#include <npcsim/calibration/detail/posterior.hpp>

namespace npcsim::detail {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double EmulatorPosterior::log_density(const VectorXd& at, VectorXd& gradient) const {
  const Index p = problem_.parameters();
  const Index h = problem_.between();
  const VectorXd w = at.head(p);
  const VectorXd between = at.tail(h);
  const VectorXd theta = region_.scores(w);
  QuadraticEmulator::Work work;
  const VectorXd mu = emulator_.figures(w, work);
  VectorXd of_mu;
  VectorXd of_between;
  const double likelihood = problem_.log_likelihood(mu, between, &of_mu, &of_between);
  gradient.resize(p + h);
  gradient.head(p) = emulator_.pull(of_mu, work) - region_.spread.transpose() * theta;
  gradient.tail(h) = of_between - between;
  return likelihood - 0.5 * theta.squaredNorm() - 0.5 * between.squaredNorm();
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
