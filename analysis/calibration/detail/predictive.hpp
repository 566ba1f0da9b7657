// Posterior predictive checks and the posterior without one study.
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/detail/fitted_posterior.hpp>

#include <vector>

namespace npcsim::detail {

/// Figures against their predictions. The two tests use residuals at the posterior mean: with V the
/// covariance of the figures and C that of all parameters that move their mean, the residuals have
/// covariance V - J C J' (J the derivatives), and the score of a deviation along c is
/// c' V^-1 r / sqrt(c' V^-1 (V - J C J') V^-1 c). For the time-varying test, c is the derivative of
/// each treated arm's early survival in the effect: an effect that comes late makes early survival
/// worse than the fit says, and the rest better. Source: Cox & Hinkley (1974), section 9.3.
PredictiveCheck check_predictions(const TargetModel& model, const CalibrationOptions& options,
                                  const FittedPosterior& fitted);

/// The posterior without each study: how far the means of the parameters move, and what it says of
/// the figures of the study that was left out.
struct LeftOut {
  std::vector<StudyInfluence> influence;
  std::vector<LeftOutPrediction> predictions;
};
LeftOut leave_studies_out(const TargetModel& model, const CalibrationOptions& options,
                          const FittedPosterior& fitted);

}  // namespace npcsim::detail
