// Running blocks from a command: progress on a terminal, interruption by signals.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/cli/context.hpp>
#include <npcsim/run/runner.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace npcsim {

/// "100,000".
std::string count_text(std::uint64_t count);

/// "1.5 GB".
std::string amount(std::uint64_t bytes);

/// Says that a run would take too much memory, and prints it; empty if it would not.
std::optional<ExitCode> refuse_memory(const Forecast& ahead);

/// Overwrites the progress line on standard error; `what` stands in front of it and may be empty.
void show_progress(const Progress& progress, const std::string& what);

/// Runs what is not finished yet, until a signal comes. Throws FileError.
RunResult run_watched(const Context& context, const CompiledStudy& study, RunOptions options);

/// Says why a run could not go on, with the line of its document if that is known, and gives the
/// exit code.
ExitCode say_failed(const Context& context, Diagnostics& diagnostics, const SourcePlace& place,
                    const std::string& failure);

/// Says where what is finished lies, and gives the exit code of the signal that came.
ExitCode say_interrupted(const Context& context, const std::string& part);

/// The same where nothing is kept.
ExitCode say_interrupted(const Context& context);

/// Stops work when a signal has come.
StopSign stop_sign(const Context& context);

}  // namespace npcsim
