#include <npcsim/fitting/detail/covariance_factor.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Dense>

namespace npcsim::detail {

CovarianceFactor::CovarianceFactor(std::span<const double> covariance, std::size_t count) {
  if (covariance.size() != count * count) return;
  const auto p = static_cast<Eigen::Index>(count);
  Eigen::MatrixXd correlation(p, p);
  Eigen::VectorXd sd(p);
  for (std::size_t i = 0; i < count; ++i) {
    const double variance = covariance[i * count + i];
    sd[static_cast<Eigen::Index>(i)] = variance > 0.0 ? std::sqrt(variance) : 0.0;
  }
  if (!(sd.maxCoeff() > 0.0)) return;
  for (Eigen::Index i = 0; i < p; ++i) {
    for (Eigen::Index j = 0; j < p; ++j) {
      const double scale = sd[i] * sd[j];
      correlation(i, j) =
          scale > 0.0 ? covariance[static_cast<std::size_t>(i * p + j)] / scale : 0.0;
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(correlation);
  if (!(solver.eigenvalues()[0] > -1e-8)) return;
  for (Eigen::Index k = p - 1; k >= 0; --k) {
    const double size = std::sqrt(std::max(0.0, solver.eigenvalues()[k]));
    if (!(size > 0.0)) continue;
    // An eigenvector's sign is arbitrary: its largest entry is made positive.
    Eigen::VectorXd axis = solver.eigenvectors().col(k);
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    if (axis[largest] < 0.0) axis = -axis;
    std::vector<double> scaled(count);
    for (std::size_t i = 0; i < count; ++i) {
      scaled[i] = size * axis[static_cast<Eigen::Index>(i)] * sd[static_cast<Eigen::Index>(i)];
    }
    axes.push_back(std::move(scaled));
  }
}

}  // namespace npcsim::detail
