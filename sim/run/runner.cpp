#include <npcsim/base/stopped.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/detail/block_bytes.hpp>
#include <npcsim/run/detail/failed_lives.hpp>
#include <npcsim/run/detail/on_threads.hpp>
#include <npcsim/run/detail/run_state.hpp>
#include <npcsim/run/nobody_eligible.hpp>
#include <npcsim/run/runner.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include <tbb/enumerable_thread_specific.h>

namespace npcsim {

using detail::RunState;

namespace {

constexpr std::uint64_t usual_block_patients = 16384;
// Of lives in columns: their time goes into sweeps of histograms through the cache, one a block.
constexpr std::uint64_t large_block_patients = 65536;
// But enough blocks for many threads.
constexpr std::uint64_t least_large_blocks = 16;
constexpr std::uint64_t most_block_bytes = std::uint64_t{16} << 20;
// Of the program, its libraries, documents and the report of a run, as measured.
constexpr std::uint64_t program_bytes = 45'000'000;

}  // namespace

std::uint32_t patients_in_a_block(const CompiledStudy& study, const RunOptions& options) {
  if (options.block_patients > 0) return options.block_patients;
  std::uint64_t most = usual_block_patients;
  if (is_columnwise(study)) {
    const auto patients = static_cast<std::uint64_t>(study.study.patients);
    most = std::clamp(patients / least_large_blocks, usual_block_patients, large_block_patients);
  }
  const std::uint64_t fitting =
      most_block_bytes / std::max<std::uint64_t>(1, detail::bytes_per_patient(study.shape));
  // Whole jackknife groups, and not so few that the histograms are fetched for a handful.
  const std::uint64_t rounded = fitting / jackknife_groups * jackknife_groups;
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
      rounded, 16 * jackknife_groups, most / jackknife_groups * jackknife_groups));
}

RunResult run_blocks(const CompiledStudy& study, const RunOptions& options) {
  RunState state(study, options);
  state.restore();
  const PatientSampler sampler(*study.program, study.needed);
  struct Worker {
    Worker(const CompiledStudy& study, const PatientSampler& sampler) : simulator(study, sampler) {}
    BlockSimulator simulator;
    OutcomeBlock block;
  };
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
  std::atomic<std::uint64_t> next{state.begin_block()};
  std::exception_ptr trouble;
  std::mutex trouble_mutex;

  // Each worker takes the next block that is not finished; which one does it changes nothing.
  const auto take_blocks = [&] {
    auto& worker = workers.local();
    if (worker == nullptr) worker = std::make_unique<Worker>(study, sampler);
    worker->simulator.stop_when(options.stop);
    while (!state.should_stop()) {
      const std::uint64_t block = next.fetch_add(1);
      if (block >= state.end_block()) break;
      if (state.was_finished(block)) continue;
      std::uint64_t candidates = 0;
      if (!worker->simulator.run(state.first(block), state.count(block), worker->block,
                                 candidates)) {
        state.fail(state.first(block), nobody_eligible(), place_of_population(study));
        break;
      }
      // A block with failed lives is worth nothing, and must not be there when the run is resumed.
      const std::vector<detail::FailedLife> failed = detail::failed_lives(study, "");
      for (const detail::FailedLife& life : failed) state.fail(life.patient, life.message);
      if (!failed.empty()) break;
      state.add(block, worker->block, candidates);
    }
  };
  detail::on_threads(options.threads, [&] {
    try {
      take_blocks();
    } catch (const Stopped&) {
      // A block is kept whole or not at all.
    } catch (...) {
      state.give_up();
      const std::lock_guard<std::mutex> one(trouble_mutex);
      if (!trouble) trouble = std::current_exception();
    }
  });
  if (trouble) {
    // What the workers have finished is kept if that is possible; the first trouble is told.
    try {
      state.save();
    } catch (const std::exception&) {
    }
    std::rethrow_exception(trouble);
  }
  state.report();
  state.save();
  return state.result();
}

RunResult merge_blocks(const CompiledStudy& study, const RunOptions& options,
                       const std::vector<std::string>& folders) {
  RunState state(study, options);
  state.restore();
  for (const std::string& folder : folders) {
    const std::string problem = state.join(folder);
    if (problem.empty()) continue;
    state.fail(0, problem);
    break;
  }
  return state.result();
}

void read_patients(const std::string& folder,
                   const std::function<void(const OutcomeBlock&)>& visit) {
  // Blocks lie in the log in the order in which they were finished: find them first, then read them
  // in order, one at a time.
  std::vector<BlockPlace> places = block_places(detail::log_path(folder));
  std::stable_sort(places.begin(), places.end(),
                   [](const BlockPlace& a, const BlockPlace& b) { return a.block < b.block; });
  OutcomeBlock outcomes;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && places[i].block == places[i - 1].block) continue;
    std::uint64_t candidates = 0;
    const std::string payload = read_block(detail::log_path(folder), places[i]);
    if (detail::decode(payload, outcomes, candidates)) visit(outcomes);
  }
}

Forecast forecast(const CompiledStudy& study, const RunOptions& options) {
  Forecast out;
  const std::uint64_t per_patient = detail::bytes_per_patient(study.shape);
  const auto workers = static_cast<std::uint64_t>(threads_meant(options.threads));
  const std::uint64_t block = patients_in_a_block(study, options) * per_patient;
  out.memory_bytes = program_bytes + Tally::memory_bytes(study.shape) + workers * block;
  out.patients = static_cast<std::uint64_t>(study.study.patients);
  if (study.draws) {
    const auto draws = static_cast<std::uint64_t>(study.draws->count);
    // Beside the base case, a tally for each draw at which a worker is, and the figures of all.
    // In the end the parameters of all draws stand in a table beside them.
    out.memory_bytes += std::min(workers, draws) * Tally::memory_bytes(study.shape) +
                        draws * options.figures * sizeof(double) +
                        draws * (study.model.parameters.rows().size() + 1) * sizeof(double);
    out.patients *= 1 + draws;
  }
  if (options.keep_patients) {
    const double written = static_cast<double>(study.study.patients) * study.study.sample /
                           static_cast<double>(options.slices);
    out.patient_bytes = per_patient * static_cast<std::uint64_t>(std::ceil(written));
    // A block is packed to be kept, by every worker, and read again at the end; columns of the file
    // are filled side by side, a chunk of each.
    const std::uint64_t row = per_patient / study.shape.strategies.size() + 12;
    out.memory_bytes += (workers + 1) * block + Hdf5File::chunk_rows * row;
  }
  return out;
}

}  // namespace npcsim
