#include <npcsim/cli/command_line.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace {

// A signal handler can only reach a global.
std::atomic<int> received_signal{0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_signal(int number) {
  // The first signal asks for an orderly end, a second one ends at once.
  if (received_signal.exchange(number) != 0) _exit(128 + number);
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  npcsim::Context context;
  context.program = "/proc/self/exe";
  for (int i = 0; i < count; ++i) {
    context.command_line += (i == 0 ? "npcsim" : std::string(" ") + words[i]);
    if (i > 0) context.arguments.emplace_back(words[i]);
  }
  const char* no_colour = std::getenv("NO_COLOR");
  context.colour_errors =
      isatty(STDERR_FILENO) != 0 && (no_colour == nullptr || no_colour[0] == '\0');
  context.progress = isatty(STDERR_FILENO) != 0;
  context.signal = &received_signal;
  npcsim::ExitCode code = npcsim::run_program(std::move(context));
  // Output that could not be written is not done.
  if (std::fflush(stdout) != 0 && code == npcsim::ExitCode::done) {
    std::fputs("npcsim: error: cannot write standard output\n", stderr);
    code = npcsim::ExitCode::cannot_write;
  }
  return static_cast<int>(code);
}
