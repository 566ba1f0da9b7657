// The dmNPC model and its strategies as documents: who gives what.
#pragma once

#include <npcsim/base/tree.hpp>

#include <set>
#include <string>
#include <vector>

namespace npcsim::testing {

/// All agents of dmnpc.yaml and of the parts that it includes.
const std::set<std::string>& agent_names();

/// One of them as it is written. Throws std::out_of_range if there is none.
const Tree& agent(const std::string& name);

bool of_class(const Tree& agent, const std::string& name);

/// The agents of a regimen, the agent itself, or nothing for a name that is neither.
std::vector<std::string> members(const std::string& name);

/// Strategies in strategies/ by file name.
const std::set<std::string>& strategy_names();

/// Strategies that some arm of an emulation in configs/emulations/ gives.
std::set<std::string> emulated_strategies();

/// Emulations of published studies, as paths in the project; not those of running trials.
std::vector<std::string> emulation_paths();

/// Agents that a strategy gives in any line; empty if there is no such strategy.
const std::set<std::string>& given_agents(const std::string& strategy);

}  // namespace npcsim::testing
