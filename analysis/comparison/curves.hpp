// Survival curves of a run on a grid of months, for the report and for results.h5.
#pragma once

#include <npcsim/run/tally.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim {

/// Kaplan-Meier curve of one endpoint under one strategy; all vectors are as long as the grid.
struct Curve {
  std::size_t strategy = 0;  ///< index in the shape
  std::size_t endpoint = 0;
  std::vector<double> months;
  std::vector<double> survival;  ///< S at the month, events at the month included
  std::vector<double>
      lo95;  ///< log-log limits from Greenwood's variance; S itself where S is 0 or 1
  std::vector<double> hi95;
  /// Under observation and without event just before the month.
  std::vector<std::uint64_t> at_risk;
};

/// Curves [strategy][endpoint] of all sets that have a patient. \pre months within 0..horizon,
/// increasing.
std::vector<Curve> curves(const Tally& tally, const std::vector<double>& months);

/// 0, step, 2 step, ... up to the horizon, which is always the last. \pre step_months > 0.
std::vector<double> month_grid(const OutcomeShape& shape, double step_months);

}  // namespace npcsim
