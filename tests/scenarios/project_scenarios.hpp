// The study of structural scenarios that the project ships, compiled.
#pragma once

#include <npcsim/scenarios/scenario_set.hpp>

#include <string>

namespace npcsim::testing {

/// configs/studies/scenarios.yaml with another number of patients. Throws std::runtime_error with
/// the messages if it has mistakes.
ScenarioSet project_scenarios(int patients);

/// The scenario of this name. Throws std::runtime_error if there is none.
const Scenario& scenario_named(const ScenarioSet& set, const std::string& name);

}  // namespace npcsim::testing
