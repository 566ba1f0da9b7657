// Does the calibrated model describe the figures that it was calibrated to?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

/// One figure against its posterior prediction, on its scale.
struct TargetCheck {
  std::size_t target = 0;
  double predicted = 0;  ///< posterior mean of the figure of a study of this size
  double sd = 0;         ///< of the prediction of a new such study
  double z = 0;          ///< (observed - predicted) / sd; of a bounded figure the score of its tail
};

struct StudyCheck {
  std::string study;
  double chi_square = 0;  ///< mean over the draws
  std::size_t figures = 0;
  double p = 1;  ///< posterior predictive: probability of a larger distance of a new data set
};

/// A test on residuals at the posterior mean, whose covariance is that of the figures less what the
/// fit has taken away.
struct ResidualTest {
  double z = 0;
  double p = 1;         ///< two-sided for the time-varying one, one-sided for the overall one
  bool tested = false;  ///< there were figures to test
};

struct PredictiveCheck {
  std::vector<TargetCheck> targets;
  std::vector<StudyCheck> studies;
  ResidualTest overall;       ///< too large a distance over all figures
  ResidualTest time_varying;  ///< early against late survival of treated arms
  bool flagged = false;       ///< one of the two has p below 0.01
};

}  // namespace npcsim
