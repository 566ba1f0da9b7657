// npcsim run for a study of scenarios.
#pragma once

#include <npcsim/cli/command_line.hpp>

namespace npcsim {

/// Runs the base case and every scenario, one after the other; a finished one is kept for --resume.
ExitCode run_scenarios(const Context& context, const SimulationOptions& options);

}  // namespace npcsim
