// Do records keep the promises of TimeToEvent?
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <span>
#include <string>
#include <vector>

namespace npcsim::detail {

/// One sentence for each promise that is broken; empty: none. `offset` may be empty.
std::vector<std::string> broken_promises(const TimeToEvent& records,
                                         const Covariates& covariates = {},
                                         std::span<const double> offset = {});

}  // namespace npcsim::detail
