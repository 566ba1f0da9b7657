// The mode of the posterior by Gauss-Newton steps, with variances between studies at typical
// values.
#pragma once

#include <npcsim/calibration/detail/evaluator.hpp>
#include <npcsim/calibration/detail/problem.hpp>

#include <Eigen/Dense>

namespace npcsim::detail {

struct ModeSearch {
  Eigen::VectorXd scores;
  Eigen::VectorXd figures;  ///< of the model there, without offset
  double log_posterior = 0;
  double predicted_gain = 0;    ///< of the step that was not taken any more
  Eigen::MatrixXd information;  ///< expected, with that of the prior
};

/// Levenberg's damped Gauss-Newton steps from `start`; derivatives are central differences over a
/// quarter of a prior standard deviation with the same patients, because figures of simulated
/// patients are rough on shorter distances. `offset` is added to the model's figures.
/// Source: Nocedal & Wright (2006), chapter 10.
ModeSearch search_mode(const Problem& problem, Evaluator& evaluator, const Eigen::VectorXd& start,
                       const Eigen::VectorXd& offset, std::size_t steps);

}  // namespace npcsim::detail
