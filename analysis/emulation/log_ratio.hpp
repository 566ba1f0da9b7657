// A hazard ratio of two groups of records.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <span>

namespace npcsim {

/// A log hazard ratio with its standard error; NaN where it cannot be computed.
struct LogRatio {
  double value = 0;
  double se = 0;
};

/// Cox's ratio of the rows with 1 in `exposed` to those with 0. The standard error is the sandwich
/// of Lin & Wei (J Am Stat Assoc 1989;84:1074) where records are weighted or come in clusters, such
/// as the lives of one patient under two strategies. NaN without a maximum of the likelihood.
LogRatio log_hazard_ratio(const TimeToEvent& records, std::span<const double> exposed);

}  // namespace npcsim
