// What a running trial will report one day.
#pragma once

#include <npcsim/emulation/detail/figure_design.hpp>

#include <functional>
#include <vector>

namespace npcsim::detail {

/// Medians and survival of each arm, its response, and hazard ratios against the first arm. `make`
/// finds their names in the design.
std::vector<FigureDesign> promised_figures(
    const StudyDesign& design, const std::function<FigureDesign(const Name&, const Target&)>& make);

}  // namespace npcsim::detail
