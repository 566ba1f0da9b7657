// Runs the blocks of a study on all threads, with progress, interruption and restart.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/tally.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace npcsim {

struct Progress {
  std::uint64_t done = 0;  ///< patients
  std::uint64_t total = 0;
  double seconds = 0;             ///< since this run (or its resumption) began
  std::uint64_t done_before = 0;  ///< patients that were finished before it began
};

struct RunOptions {
  int threads = 0;                   ///< 0: all cores
  std::uint32_t block_patients = 0;  ///< 0: chosen by size; results do not depend on it
  std::string folder;  ///< where a restart finds what is finished; empty: nothing is kept
  bool resume = false;
  bool keep_patients = false;  ///< keep the outcome columns of every block in the folder
  const std::atomic<bool>* stop =
      nullptr;  ///< set from outside: finish the running blocks and return
  std::function<void(const Progress&)> progress;  ///< called now and then from one thread at a time
  double snapshot_seconds = 5;  ///< between snapshots of a summary run; 0: after every block
  /// Which share of the blocks is run: 1..slices of so many of nearly equal size.
  std::uint32_t slice = 1;
  std::uint32_t slices = 1;
  std::size_t figures = 0;  ///< that are kept of each draw of the parameters, for the forecast
};

/// Threads that are meant by an option: 0 is all cores.
int threads_meant(int threads);

struct RunResult {
  std::unique_ptr<Tally> tally;
  std::uint64_t candidates = 0;  ///< drawn to find the eligible patients
  bool complete = false;         ///< all blocks of the slice are finished
  std::string
      failure;  ///< why it could not go on, with the patient to replay; empty if all is well
  /// Of what is at fault in the study's document: for a failure of nobody being eligible.
  SourcePlace place;
  /// [draw - 1][figure] of a study with draws of its parameters, see draw_runner.hpp.
  std::vector<std::vector<double>> draws;
};

/// Patients in a block of this run: as the options say, else 16,384 (up to 65,536 where lives are
/// lived in columns), or fewer where a block would take more than 16 MB of every worker. Results do
/// not depend on it.
std::uint32_t patients_in_a_block(const CompiledStudy& study, const RunOptions& options);

/// Runs what is not finished yet. Throws FileError when it cannot keep what it has.
RunResult run_blocks(const CompiledStudy& study, const RunOptions& options);

/// Joins the blocks that other runs of the same study, with the same options but for the slice,
/// keep in their folders, in `options.folder`. `failure` says which folder does not fit. Throws
/// FileError.
RunResult merge_blocks(const CompiledStudy& study, const RunOptions& options,
                       const std::vector<std::string>& folders);

/// Blocks of patients in order of their numbers, from the folder of a run with keep_patients.
void read_patients(const std::string& folder,
                   const std::function<void(const OutcomeBlock&)>& visit);

/// Bytes of memory and of disk that a run will take, for the forecast before it.
struct Forecast {
  std::uint64_t memory_bytes = 0;
  std::uint64_t patients = 0;       ///< of the base case and of all draws
  std::uint64_t patient_bytes = 0;  ///< of per-patient output, uncompressed
};
Forecast forecast(const CompiledStudy& study, const RunOptions& options);

}  // namespace npcsim
