// Options that the commands share, and a table of commands.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/run/compiled_study.hpp>

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
  std::vector<std::string> strategies;
  std::vector<std::pair<std::string, std::string>> set;  ///< --set path=value
  int threads = 0;
  std::uint32_t block = 0;  ///< --block-size: patients per block
  double sample = 1;
  std::uint32_t slice = 1;  ///< --blocks K/N
  std::uint32_t slices = 1;
  double snapshot_seconds = 5;
  bool force = false;
  bool resume = false;
  bool quiet = false;
  bool json = false;
  std::int64_t patient = -1;  ///< replay
  std::string strategy;       ///< replay
};

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

/// Reads, changes as the options say, and compiles a study. Problems go to `diagnostics`.
std::unique_ptr<CompiledStudy> load_study(const Context& context, const SimulationOptions& options,
                                          Diagnostics& diagnostics);

struct Command {
  std::string_view name;
  std::string_view arguments;
  std::string_view help;
  ExitCode (*run)(const Context& context);
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
ExitCode validate_command(const Context& context);
ExitCode calibrate_command(const Context& context);

/// The whole program: finds the command and turns what goes wrong into messages and exit codes.
ExitCode run_program(Context context);

}  // namespace npcsim
