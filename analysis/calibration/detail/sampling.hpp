// Mean and covariance of the authors' statistics, from simulated data sets.
#pragma once

#include <npcsim/calibration/target_model.hpp>

#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

struct SampledFigures {
  /// Mean figure at each point; NaN where nothing can be said, as for a median that is nearly never
  /// reached. [point][target]
  Eigen::MatrixXd mean;
  std::vector<Eigen::MatrixXd> covariance;  ///< within points, widened, [study]
  Eigen::VectorXd variance;                 ///< the same for each figure alone, not widened
};

/// `data_sets`: one matrix [data set][target] for each point of the parameters.
///
/// A median that is not reached (infinity) counts as the upper tail of a normal distribution whose
/// lower part is seen: mean and standard deviation come from quantiles, and the value from the mean
/// of the tail; minus infinity, of a difference, counts as the lower tail. A data set that says
/// nothing of a figure (NaN) is left out of its mean and variance. The covariance is shrunk towards
/// its diagonal, and widened by (n - 1) / (n - d - 2), since its inverse is what is used (Hartlap,
/// Simon & Schneider, Astron Astrophys 2007;464:399). No standard deviation is below a quarter of
/// the median one on the same scale in the study; shares that are the same in all data sets have
/// that of their number of patients.
SampledFigures summarise_data_sets(const TargetModel& model,
                                   const std::vector<Eigen::MatrixXd>& data_sets);

}  // namespace npcsim::detail
