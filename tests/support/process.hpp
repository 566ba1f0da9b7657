// Runs a program and captures what it says.
#pragma once

#include "support/temp_folder.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace npcsim::testing {

struct ProcessResult {
  int exit_code = -1;      ///< What the program returned; 128 + signal if a signal ended it.
  std::string out;         ///< Standard output.
  std::string err;         ///< Standard error.
  bool timed_out = false;  ///< It was killed because it ran longer than allowed.
};

struct ProcessOptions {
  std::filesystem::path folder;  ///< Where it runs; empty: where the test runs.
  std::string input;             ///< Standard input.
  /// Added to the environment of the test, or replacing what is there.
  std::vector<std::pair<std::string, std::string>> environment;
  /// Only what hangs should meet it: a calibration under sanitizers takes minutes.
  std::chrono::milliseconds limit = std::chrono::minutes(10);
};

/// A program that is running. Output goes to files, so a program that says much never blocks.
class Process {
 public:
  /// `command[0]` is looked up on PATH when it has no slash. Throws std::runtime_error if it cannot
  /// be started.
  explicit Process(const std::vector<std::string>& command, ProcessOptions options = {});
  ~Process();  ///< Kills it if it still runs.
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send_signal(int signal) const;

  /// What it has written to standard error so far; to wait for a sign of life.
  std::string err_so_far() const;

  /// Waits for its end, at most `limit`, and collects the output. Call it once.
  [[nodiscard]] ProcessResult wait();

 private:
  TempFolder files_;
  ProcessOptions options_;
  pid_t id_ = -1;
};

/// Starts, waits, collects.
[[nodiscard]] ProcessResult run_program(const std::vector<std::string>& command,
                                        ProcessOptions options = {});

}  // namespace npcsim::testing
