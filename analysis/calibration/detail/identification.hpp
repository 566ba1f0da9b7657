// Which parameters, and which combinations of them, do the figures say something about?
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/detail/fitted_posterior.hpp>

namespace npcsim::detail {

/// Fills parameters, between, unidentified, collinearity, worst_pair and profiles.
void identify(const TargetModel& model, const CalibrationOptions& options,
              const FittedPosterior& fitted, const Chains& chains, CalibrationResult& result);

}  // namespace npcsim::detail
