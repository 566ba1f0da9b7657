// What `npcsim calibrate` leaves in its folder.
#pragma once

#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/cli/context.hpp>

#include <string>

namespace npcsim {

/// Evaluations of a calibration that is not finished; a file of its folder.
inline constexpr const char* calibration_log = "evaluations.log";

/// Writes posterior.csv, posterior.h5, parameters.csv, predictions.csv, gates.csv, studies.csv,
/// provenance.json and report.html into a folder that exists. `work` holds the options of the
/// calibration; `identity` tells it from others. Throws FileError.
void write_calibration(const Context& context, const CalibrationDoc& doc, const EmulationSet& set,
                       const EmulationTargets& targets, const CalibrationOptions& work,
                       const CalibrationResult& result, const std::string& identity,
                       const std::string& folder);

/// What the terminal shows, as one JSON object.
std::string calibration_json(const CalibrationDoc& doc, const EmulationTargets& targets,
                             const CalibrationResult& result, const std::string& folder);

}  // namespace npcsim
