// Do predicted risks agree with what was observed?
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

struct CalibrationGroup {
  std::size_t subjects = 0;
  double mean_predicted = 0;
  double observed = 0;  ///< 1 - Kaplan-Meier at the time
  double observed_se = 0;
};

struct Calibration {
  std::vector<CalibrationGroup> groups;  ///< by quantiles of predicted risk, lowest first
  /// Coefficient of log(-log(1 - risk)) in a Cox regression up to the time; 1 when risks are right,
  /// below 1 when they are too extreme.
  double slope = 0;
  double slope_se = 0;
  /// Risk of all by the time (1 - Kaplan-Meier) over the mean predicted risk; 1 when risks are
  /// right.
  double observed_over_expected = 0;
  bool defined = false;  ///< false: see warnings
  std::vector<std::string> warnings;
};

/// Predicted against observed risk by `time`. `risk` [row] strictly between 0 and 1; equal risks
/// stay in one group. Source: van Houwelingen, Stat Med 2000;19:3401; Crowson, Atkinson & Therneau,
/// Stat Methods Med Res 2016;25:1692. Entry times and weights are not supported.
Calibration calibration(const TimeToEvent& records, std::span<const double> risk, double time,
                        std::size_t groups = 10);

}  // namespace npcsim
