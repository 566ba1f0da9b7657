// Studies of scenarios for the commands that read them.
#pragma once

#include <npcsim/cli/command_line.hpp>
#include <npcsim/scenarios/scenario_set.hpp>

#include <string>

namespace npcsim {

/// Whether a study, given by path or name, says `kind: scenarios`. Throws FileError.
bool names_scenario_study(const Context& context, const std::string& study);

/// Reads, changes as the options say, and compiles a study of scenarios. `--seed` and
/// `--strategies` are about its base. Problems go to `diagnostics`. Throws UsageError for options
/// that do not apply, FileError.
ScenarioSet load_scenarios(const Context& context, const SimulationOptions& options,
                           Diagnostics& diagnostics);

/// One line for `npcsim check`.
std::string check_scenarios(const Library& library, Tree document, Diagnostics& diagnostics);

/// The study in words, with the words of its base after it, for `npcsim describe`.
std::string scenarios_in_words(const ScenarioSet& set);

}  // namespace npcsim
