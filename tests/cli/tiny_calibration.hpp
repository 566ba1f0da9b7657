// A disease with one hazard, two published trials of one drug, and the calibration of both.
#pragma once

#include "support/temp_folder.hpp"

namespace npcsim::testing {

/// Writes models, strategies, evidence, emulations and configs/calibrations/tiny.yaml. Two
/// parameters: `death_rate`, log-normal with median 0.04 per month and sd 0.3 of the logarithm, and
/// `effect`, normal with mean 0 and sd 0.5. The drug is given at diagnosis.
void write_tiny_calibration(const TempFolder& folder);

}  // namespace npcsim::testing
