// Two groups side by side at the times at which somebody has an event.
#pragma once

#include <npcsim/survival/grouped_times.hpp>

#include <vector>

namespace npcsim {

/// Counts as doubles, because all that is done with them are ratios; exact up to 2^53.
struct RiskRow {
  double events_treated;
  double events_control;
  double at_risk_treated;  ///< just before the events
  double at_risk_control;
};

/// One row for each bin with an event in either group, in order of time. \pre same grid, same
/// number of bins.
std::vector<RiskRow> risk_table(const GroupedTimes& treated, const GroupedTimes& control);

}  // namespace npcsim
