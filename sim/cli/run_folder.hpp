// The folder of a run: what it is called, and what is written into it.
#pragma once

#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/work_folder.hpp>
#include <npcsim/results/results.hpp>
#include <npcsim/run/run_manifest.hpp>
#include <npcsim/run/runner.hpp>

#include <chrono>
#include <ctime>
#include <optional>
#include <string>

namespace npcsim {

/// `--out` without slashes at its end, or outputs/runs/STUDY.
std::string folder_of_run(const std::string& out, const std::string& study);

/// What a run with these options says about itself.
RunManifest manifest_of(const CompiledStudy& study, const RunOptions& options);

/// When a command began, by the calendar and by the watch.
struct Beginning {
  std::chrono::steady_clock::time_point watch = std::chrono::steady_clock::now();
  std::time_t calendar = std::time(nullptr);
};

/// Which program ran, how, and how long since it began.
Provenance provenance_of_run(const Context& context, const SimulationOptions& options,
                             const Beginning& began);

/// Says that a signal has come, if one has: before anything is cleared away that an interrupted run
/// has left.
std::optional<ExitCode> say_if_interrupted(const Context& context, const WorkFolder& work);

/// Writes the results of a complete run, puts them in their place, and prints what is asked for of
/// the command; --json and provenance.json also have the warnings about documents.
ExitCode finish_run(const Context& context, const std::string& command,
                    const SimulationOptions& options, const CompiledStudy& study,
                    const RunResult& result, const Beginning& began,
                    const Diagnostics& of_documents, WorkFolder& work);

}  // namespace npcsim
