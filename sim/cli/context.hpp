// What every command gets: where documents are, how to speak, how to end.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/run/library.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace npcsim {

/// Exit codes; scripts rely on them.
enum class ExitCode : int {
  done = 0,
  check_failed = 1,
  usage = 64,
  bad_document = 65,  ///< also a plugin that fails
  cannot_read = 66,
  our_fault = 70,
  cannot_create = 73,
  cannot_write = 74,
  contradiction = 78,
  interrupted = 130,
  terminated = 143,
};

/// A mistake on the command line.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Context {
  std::string program;  ///< path of this program, to find what is installed beside it
  std::vector<std::string> arguments;  ///< after the command
  std::string command_line;            ///< as typed, for provenance
  bool colour_errors = false;
  bool progress = false;                     ///< standard error is a terminal
  const std::atomic<int>* signal = nullptr;  ///< number of the signal that came, 0 if none
  /// From now on a first signal is written to `signal` and does not end the program.
  void (*watch_signals)() = nullptr;
};

/// Roots for documents: folders above `near` and above the working folder that hold configs/, then
/// the installed ones.
Library library_near(const Context& context, const std::string& near);

void print(const std::string& text);        ///< to standard output
void print_error(const std::string& text);  ///< to standard error

/// The warnings in words, "study.yaml:3:5: ...", for --json.
std::vector<std::string> warning_lines(const Diagnostics& diagnostics);

/// The same without files and lines, but with the path in the document: for what lies beside a copy
/// of the document that has other lines.
std::vector<std::string> warning_messages(const Diagnostics& diagnostics);

/// Prints the problems and says which exit code follows from them.
ExitCode report(const Context& context, const Diagnostics& diagnostics,
                const std::string& last_words);

}  // namespace npcsim
