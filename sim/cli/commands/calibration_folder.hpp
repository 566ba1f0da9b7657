// What `npcsim calibrate` leaves in its folder.
#pragma once

#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/cli/context.hpp>

#include <string>

namespace npcsim {

/// Writes posterior.csv, posterior.h5, parameters.csv, predictions.csv, gates.csv, studies.csv and
/// report.html into a folder that exists. `work` holds the options of the calibration. Throws
/// FileError.
void write_calibration(const Context& context, const CalibrationDoc& doc, const EmulationSet& set,
                       const EmulationTargets& targets, const CalibrationOptions& work,
                       const CalibrationResult& result, const std::string& folder);

}  // namespace npcsim
