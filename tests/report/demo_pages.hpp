// Made-up data of the pages of validate and calibrate: no number here means anything.
#pragma once

#include <npcsim/report/calibration_page.hpp>
#include <npcsim/report/validation_page.hpp>

namespace npcsim {

/// Four groups of 18 invented studies with figures of every measure, reading and use.
ValidationPageData demo_validation();

/// 24 invented parameters, the last five of which no data inform.
CalibrationPageData demo_calibration();

}  // namespace npcsim
