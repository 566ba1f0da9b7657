#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/comparison/run_study.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

namespace npcsim {
namespace {

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

}  // namespace

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string amount(std::uint64_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  return megabytes < 1000 ? rounded(megabytes, 3) + " MB" : rounded(megabytes / 1000, 3) + " GB";
}

std::optional<ExitCode> refuse_memory(const Forecast& ahead) {
  constexpr std::uint64_t most_bytes = std::uint64_t{16} * 1000 * 1000 * 1000;
  if (ahead.memory_bytes <= most_bytes) return std::nullopt;
  print_error(
      "npcsim: error: the run would take " + amount(ahead.memory_bytes) +
      " of memory\n   hint: fewer strategies, endpoints or subgroups, or a shorter horizon\n");
  return ExitCode::contradiction;
}

void show_progress(const Progress& progress, const std::string& what) {
  const double done = static_cast<double>(progress.done - progress.done_before);
  const double rate = progress.seconds > 0 ? done / progress.seconds : 0;
  const double left = rate > 0 ? static_cast<double>(progress.total - progress.done) / rate : 0;
  print_error("\r  " + what + count_text(progress.done) + " / " + count_text(progress.total) +
              " patients, " + count_text(static_cast<std::uint64_t>(rate)) + " per second, " +
              clock_text(left) + " left   ");
  std::fflush(stderr);
}

RunResult run_watched(const Context& context, const CompiledStudy& study, RunOptions options) {
  std::atomic<bool> stop{false};
  options.stop = &stop;
  // The signal handler can only set a number; this thread carries it to the workers.
  std::atomic<bool> finished{false};
  std::thread watch([&] {
    while (!finished.load()) {
      if (context.signal->load() != 0) stop.store(true);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  RunResult result;
  std::exception_ptr trouble;
  try {
    result = run_study(study, options);
  } catch (...) {
    trouble = std::current_exception();
  }
  finished = true;
  watch.join();
  if (options.progress) print_error("\r\033[K");
  if (trouble) std::rethrow_exception(trouble);
  return result;
}

namespace {

ExitCode code_of_signal(const Context& context) {
  return context.signal->load() == 15 ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace

ExitCode say_failed(const Context& context, Diagnostics& diagnostics, const SourcePlace& place,
                    const std::string& failure) {
  if (place.line > 0) {
    diagnostics.error(place, failure, "a wider condition under 'eligible'");
    return report(context, diagnostics, "nothing was written");
  }
  print_error("npcsim: error: " + failure + "\n");
  return ExitCode::bad_document;
}

ExitCode say_interrupted(const Context& context, const std::string& part) {
  print_error("npcsim: interrupted; what is finished is kept in " + part +
              "\n   hint: the same command with --resume goes on\n");
  return code_of_signal(context);
}

ExitCode say_interrupted(const Context& context) {
  print_error("npcsim: interrupted; nothing was written\n");
  return code_of_signal(context);
}

StopSign stop_sign(const Context& context) {
  if (context.signal == nullptr) return {};
  return [signal = context.signal] { return signal->load() != 0; };
}

}  // namespace npcsim
