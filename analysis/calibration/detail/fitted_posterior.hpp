// What the checks of a finished calibration read: draws, and the linear picture at their mean.
#pragma once

#include <npcsim/calibration/detail/posterior.hpp>

#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

struct FittedPosterior {
  FittedPosterior(const Problem& problem, const Region& region, const Emulator& emulator,
                  const Chains& chains);

  const Problem& problem;
  const Region& region;
  const Emulator& emulator;
  EmulatorPosterior density;
  Eigen::MatrixXd draws;       ///< [draw][dimension], coordinates of the density
  Eigen::MatrixXd scores;      ///< [draw][dimension], standard normal a priori
  Eigen::VectorXd mean;        ///< of draws
  Eigen::MatrixXd covariance;  ///< of draws
  Eigen::VectorXd mean_scores;
  Eigen::VectorXd figures;          ///< of the model at the mean
  Eigen::MatrixXd slopes;           ///< d figures / d coordinates there, [target][parameter]
  std::vector<StudySpread> spread;  ///< mean over the draws, [study]

  /// About `count` draws at even distances.
  std::vector<Eigen::Index> thinned(std::size_t count) const;
};

}  // namespace npcsim::detail
