#include <npcsim/cli/command_line.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace {

// A signal handler can only reach a global.
std::atomic<int> received_signal{0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> watched{false};     // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_signal(int number) {
  // A command that watches is asked for an orderly end by the first signal; others end at once.
  // Files have their names only when they are whole.
  if (!watched.load() || received_signal.exchange(number) != 0) _exit(128 + number);
}

void watch_signals() { watched = true; }

// Whoever started the program may want it to go on: nohup, and `&` in a script.
void hear(int number) {
  if (std::signal(number, on_signal) == SIG_IGN) std::signal(number, SIG_IGN);
}

// The first file that is opened would take the number of a stream that is closed, and get what is
// printed. Opened the other way round, such a stream fails as if it were closed.
void keep_numbers_of_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0)
      static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

}  // namespace

int main(int count, char** words) {
  keep_numbers_of_streams();
  hear(SIGINT);
  hear(SIGTERM);
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
  context.watch_signals = watch_signals;
  npcsim::ExitCode code = npcsim::run_program(std::move(context));
  // Output that could not be written is not done.
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && code == npcsim::ExitCode::done) {
    std::fputs("npcsim: error: cannot write standard output\n", stderr);
    code = npcsim::ExitCode::cannot_write;
  }
  return static_cast<int>(code);
}
