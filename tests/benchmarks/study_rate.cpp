// Runs a study without writing anything and prints its speed as one line of JSON.
#include <npcsim/base/diagnostics.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/library.hpp>
#include <npcsim/run/runner.hpp>
#include <npcsim/run/set_value.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <sys/resource.h>

namespace {

constexpr const char* usage =
    "usage: study_rate STUDY PATIENTS [THREADS [REPEATS]]\n"
    "Runs the study REPEATS times (1) on THREADS threads (1); the fastest counts. Documents are "
    "looked for in\n"
    "the project's folder.\n";

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// User and system time of all threads.
double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double peak_megabytes() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1000.0;  // Linux counts kilobytes
}

double wall_seconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int measure(const std::string& path, const std::string& patients, int threads, int repeats) {
  npcsim::Diagnostics diagnostics;
  const npcsim::Library library{{NPCSIM_SOURCE_DIR}};
  auto document = npcsim::read_study(library, path, diagnostics);
  if (document) npcsim::set_value(*document, "patients", patients, diagnostics);
  if (!document || diagnostics.has_errors()) {
    std::fputs(diagnostics.text("nothing was run").c_str(), stderr);
    return 1;
  }
  const auto study = npcsim::compile_study(library, *document, diagnostics);
  if (study == nullptr || diagnostics.has_errors()) {
    std::fputs(diagnostics.text("nothing was run").c_str(), stderr);
    return 1;
  }
  npcsim::RunOptions options;
  options.threads = threads;
  double best_cpu = 0;
  double best_wall = 0;
  npcsim::RunResult result;
  for (int k = 0; k < repeats; ++k) {
    result = npcsim::RunResult{};  // two tallies at a time would count as memory
    const double cpu = cpu_seconds();
    const double wall = wall_seconds();
    result = npcsim::run_blocks(*study, options);
    const double cpu_used = cpu_seconds() - cpu;
    const double wall_used = wall_seconds() - wall;
    best_cpu = k == 0 ? cpu_used : std::min(best_cpu, cpu_used);
    best_wall = k == 0 ? wall_used : std::min(best_wall, wall_used);
    if (!result.complete) {
      std::fprintf(stderr, "%s\n", result.failure.c_str());
      return 1;
    }
  }
  const double lives =
      static_cast<double>(study->study.patients) * static_cast<double>(study->strategies.size());
  std::printf(
      "{\"study\": \"%s\", \"patients\": %lld, \"strategies\": %zu, \"threads\": %d, "
      "\"cpu_seconds\": %.6f, "
      "\"wall_seconds\": %.6f, \"lifetimes_per_cpu_second\": %.0f, \"peak_megabytes\": %.1f, "
      "\"tally\": \"%s\"}\n",
      study->study.name.c_str(), static_cast<long long>(study->study.patients),
      study->strategies.size(), threads, best_cpu, best_wall, lives / best_cpu, peak_megabytes(),
      npcsim::digest_text(npcsim::digest_of(result.tally->bytes())).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 5) {
    std::fputs(usage, stderr);
    return 64;
  }
  const int threads = argc > 3 ? std::atoi(argv[3]) : 1;
  const int repeats = argc > 4 ? std::atoi(argv[4]) : 1;
  try {
    return measure(argv[1], argv[2], std::max(1, threads), std::max(1, repeats));
  } catch (const std::exception& trouble) {
    std::fprintf(stderr, "study_rate: %s\n", trouble.what());
    return 1;
  }
}
