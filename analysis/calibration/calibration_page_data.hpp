// The page of a calibration, filled from its result.
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/report/calibration_page.hpp>

namespace npcsim {

/// Everything of the page but its head. Pairs are shown of the at most twelve parameters that take
/// part in the strongest correlations, chains of those that mix worst.
CalibrationPageData calibration_page_data(const CalibrationResult& result,
                                          const EmulationTargets& targets,
                                          const CalibrationOptions& options);

/// What it means for the result when the check of this name fails; empty if nothing is said.
std::string meaning_of_failure(const std::string& gate);

}  // namespace npcsim
