// npcsim run: simulates a study and writes the folder of the run.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/results/results.hpp>
#include <npcsim/run/runner.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <thread>

namespace npcsim {
namespace {

std::string amount(std::uint64_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  return megabytes < 1000 ? rounded(megabytes, 3) + " MB" : rounded(megabytes / 1000, 3) + " GB";
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

void show(const Progress& progress) {
  const double done = static_cast<double>(progress.done - progress.done_before);
  const double rate = progress.seconds > 0 ? done / progress.seconds : 0;
  const double left = rate > 0 ? static_cast<double>(progress.total - progress.done) / rate : 0;
  print_error("\r  " + count_text(progress.done) + " / " + count_text(progress.total) +
              " patients, " + count_text(static_cast<std::uint64_t>(rate)) + " per second, " +
              clock_text(left) + " left   ");
  std::fflush(stderr);
}

// The digest of the study that a finished run belongs to; empty if it cannot be told.
std::string digest_of_run(const std::string& folder) {
  const std::string path = beside(folder, "provenance.json");
  if (!file_exists(path)) return {};
  const std::string text = read_file(path);
  const std::string mark = "\"digest\"";
  auto at = text.find(mark);
  if (at == std::string::npos) return {};
  at = text.find('"', at + mark.size());
  const auto end = text.find('"', at + 1);
  return at == std::string::npos || end == std::string::npos ? std::string()
                                                             : text.substr(at + 1, end - at - 1);
}

bool folder_exists(const std::string& path) {
  return file_exists(path) || file_exists(beside(path, "provenance.json"));
}

}  // namespace

ExitCode run_command(const Context& context) {
  const auto options =
      read_options(context, "run", {.running = true}, "npcsim run configs/studies/lrrt.yaml");
  if (!options) return ExitCode::done;
  Diagnostics diagnostics;
  const auto study = load_study(context, *options, diagnostics);
  if (study == nullptr || diagnostics.has_errors())
    return report(context, diagnostics, "nothing was run");
  if (diagnostics.warning_count() > 0 && !options->quiet && !options->json) {
    print_error(diagnostics.text("", context.colour_errors, 5));
  }

  std::string folder =
      options->folder.empty() ? "outputs/runs/" + study->study.name : options->folder;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  const std::string part = folder + ".part";
  const std::string old = digest_of_run(folder);
  if (folder_exists(folder) && old != digest_text(study->digest) && !options->force) {
    print_error("npcsim: error: " + folder +
                (old.empty() ? " exists and is not a run of this program"
                             : " holds the run of another study or other options") +
                "\n   hint: --force replaces it, --out DIR writes elsewhere\n");
    return ExitCode::cannot_create;
  }

  const bool keep = study->study.output != "summary";
  RunOptions run;
  run.threads = options->threads;
  run.block_patients = options->block;
  run.folder = part;
  run.resume = options->resume;
  run.keep_patients = keep;
  std::atomic<bool> stop{false};
  run.stop = &stop;
  const Forecast ahead = forecast(*study, options->threads, keep);
  if (keep && !options->quiet && !options->json) {
    print_error("  will take about " + amount(ahead.memory_bytes) + " of memory and write " +
                amount(ahead.patient_bytes) + " before compression\n");
  }
  if (ahead.memory_bytes > std::uint64_t{16} * 1000 * 1000 * 1000) {
    print_error(
        "npcsim: error: the run would take " + amount(ahead.memory_bytes) +
        " of memory\n   hint: fewer strategies, endpoints or subgroups, or a shorter horizon\n");
    return ExitCode::contradiction;
  }
  if (context.progress && !options->quiet && !options->json) run.progress = show;
  std::error_code none;
  if (!options->resume && std::filesystem::exists(part, none)) remove_path(part);
  make_folders(part);

  // The signal handler can only set a number; this thread carries it to the workers.
  std::atomic<bool> finished{false};
  std::thread watch([&] {
    while (!finished.load()) {
      if (context.signal->load() != 0) stop.store(true);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  const auto began = std::chrono::steady_clock::now();
  const std::time_t wall = std::time(nullptr);
  RunResult result;
  std::exception_ptr trouble;
  try {
    result = run_blocks(*study, run);
  } catch (...) {
    trouble = std::current_exception();
  }
  finished = true;
  watch.join();
  if (run.progress) print_error("\r\033[K");
  if (trouble) std::rethrow_exception(trouble);
  if (!result.failure.empty()) {
    print_error("npcsim: error: " + result.failure + "\n");
    remove_path(part);
    return ExitCode::contradiction;
  }
  if (!result.complete) {
    const int signal = context.signal->load();
    print_error("npcsim: interrupted; what is finished is kept in " + part +
                "\n   hint: the same command with --resume goes on\n");
    return signal == 15 ? ExitCode::terminated : ExitCode::interrupted;
  }

  Provenance provenance = make_provenance(context);
  provenance.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  provenance.threads = options->threads;
  char stamp[32] = {};
  std::tm parts{};
  gmtime_r(&wall, &parts);
  std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts);
  provenance.started_at = stamp;
  WriteOptions write;
  write.folder = part;
  write.keep = study->study.output == "patients"  ? WriteOptions::Keep::patients
               : study->study.output == "journal" ? WriteOptions::Keep::journal
                                                  : WriteOptions::Keep::summary;
  write.sample = options->sample;
  const std::vector<SummaryRow> rows = write_results(*study, result, provenance, write);
  remove_path(beside(part, "blocks.log"));
  remove_path(beside(part, "tallies.snapshot"));
  remove_path(folder);
  rename_path(part, folder);
  write.folder = folder;
  if (options->json) {
    print(result_json(*study, result, rows, provenance, write) + "\n");
  } else if (!options->quiet) {
    print(result_text(*study, result, rows, write));
  }
  return ExitCode::done;
}

}  // namespace npcsim
