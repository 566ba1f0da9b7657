// The posterior with the model replaced by its emulator.
#pragma once

#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/calibration/detail/problem.hpp>
#include <npcsim/calibration/detail/quadratic_emulator.hpp>

#include <Eigen/Dense>

namespace npcsim::detail {

/// A point is (w, scores of what differs between studies); w are the coordinates of the region.
class EmulatorPosterior {
 public:
  EmulatorPosterior(const Problem& problem, const Region& region, const QuadraticEmulator& emulator)
      : problem_(problem), region_(region), emulator_(emulator) {}

  Eigen::Index dimensions() const { return problem_.parameters() + problem_.between(); }
  double log_density(const Eigen::VectorXd& at, Eigen::VectorXd& gradient) const;

  /// Scores of parameters and of what differs between studies, all standard normal a priori.
  Eigen::VectorXd scores(const Eigen::VectorXd& at) const;
  /// Draws [draw][dimension] turned into such scores.
  Eigen::MatrixXd scores(const Eigen::MatrixXd& draws) const;
  Eigen::VectorXd figures(const Eigen::VectorXd& at) const {
    return emulator_.figures(at.head(problem_.parameters()));
  }

 private:
  const Problem& problem_;
  const Region& region_;
  const QuadraticEmulator& emulator_;
};

}  // namespace npcsim::detail
