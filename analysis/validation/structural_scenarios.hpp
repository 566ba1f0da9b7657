// Results under other structures of the model, for the page of a validation.
#pragma once

#include <npcsim/report/validation_page.hpp>
#include <npcsim/scenarios/conclusions.hpp>

#include <vector>

namespace npcsim {

/// Overall survival of every contrast (hazard ratio, and difference at the landmark of
/// headlines()) in each scenario beside the base case. A scenario without a value is left out.
std::vector<PageScenario> page_scenarios(const ScenarioSet& set, const ScenarioRows& rows);

}  // namespace npcsim
