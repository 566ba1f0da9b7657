// Options that the commands share, and a table of commands.
#pragma once

#include <npcsim/cli/context.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// Options of every command that simulates. Absent options leave the study as it is.
struct SimulationOptions {
  std::string study;   ///< path or name
  std::string folder;  ///< --out
  std::optional<std::string> patients;
  std::optional<std::string> seed;
  std::optional<std::string> output;
  std::optional<std::string> sample;
  std::optional<std::string> draws;  ///< --draws
  std::vector<std::string> strategies;
  std::vector<std::pair<std::string, std::string>> set;  ///< --set path=value
  int threads = 0;
  std::uint32_t block = 0;  ///< --block-size: patients per block
  std::uint32_t slice = 1;  ///< --blocks K/N
  std::uint32_t slices = 1;
  double snapshot_seconds = 5;
  bool force = false;
  bool resume = false;
  bool quiet = false;
  bool json = false;
  std::int64_t patient = -1;       ///< replay
  std::string strategy;            ///< replay
  std::int64_t draw = 0;           ///< replay; 0: the values of the documents
  std::vector<std::string> given;  ///< names of the options that were written
};

/// Whether the option was written.
bool given(const SimulationOptions& options, std::string_view option);

/// What a command can be asked.
struct CommandOptions {
  bool study = true;     ///< takes a study
  bool running = false;  ///< --out, --threads, --resume, ...
  bool replay = false;   ///< --patient, --strategy
};

/// Reads the arguments; nothing when --help was asked for and has been printed. Throws UsageError.
std::optional<SimulationOptions> read_options(const Context& context, const std::string& command,
                                              const CommandOptions& wanted,
                                              const std::string& example);

/// What a signal does to a command: end it at once, or ask it to stop at the next good moment.
enum class OnSignal : std::uint8_t { ends, asks };

struct Command {
  std::string_view name;
  std::string_view arguments;
  std::string_view help;
  ExitCode (*run)(const Context& context);
  OnSignal on_signal = OnSignal::ends;
};

/// All commands in the order of the help page.
const std::vector<Command>& commands();

ExitCode run_command(const Context& context);
ExitCode check_command(const Context& context);
ExitCode list_command(const Context& context);
ExitCode describe_command(const Context& context);
ExitCode explain_command(const Context& context);
ExitCode replay_command(const Context& context);
ExitCode report_command(const Context& context);
ExitCode digest_command(const Context& context);
ExitCode merge_command(const Context& context);
ExitCode status_command(const Context& context);
ExitCode survival_command(const Context& context);
ExitCode fit_command(const Context& context);
ExitCode reconstruct_command(const Context& context);
ExitCode calibrate_command(const Context& context);
ExitCode self_test_command(const Context& context);
ExitCode validate_command(const Context& context);

/// The whole program: finds the command and turns what goes wrong into messages and exit codes.
ExitCode run_program(Context context);

}  // namespace npcsim
