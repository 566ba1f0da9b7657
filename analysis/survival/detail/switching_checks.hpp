// Do the columns of a trial with switching keep their promises?
#pragma once

#include <npcsim/survival/treatment_switching.hpp>

#include <string>
#include <vector>

namespace npcsim::detail {

/// One sentence for each promise that is broken; empty: none.
std::vector<std::string> broken_promises(const SwitchingTrial& trial);

}  // namespace npcsim::detail
