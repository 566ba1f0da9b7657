#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/detail/block_bytes.hpp>
#include <npcsim/run/detail/run_state.hpp>
#include <npcsim/run/runner.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <algorithm>
#include <mutex>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim {

using detail::RunState;

namespace {

constexpr std::uint64_t most_block_patients = 16384;
constexpr std::uint64_t most_block_bytes = std::uint64_t{16} << 20;

}  // namespace

std::uint32_t patients_in_a_block(const CompiledStudy& study, const RunOptions& options) {
  if (options.block_patients > 0) return options.block_patients;
  const std::uint64_t fitting =
      most_block_bytes / std::max<std::uint64_t>(1, detail::bytes_per_patient(study.shape));
  // Whole jackknife groups, and not so few that the histograms are fetched for a handful.
  const std::uint64_t rounded = fitting / jackknife_groups * jackknife_groups;
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(rounded, 16 * jackknife_groups, most_block_patients));
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
  const auto work = [&] {
    auto& worker = workers.local();
    if (worker == nullptr) worker = std::make_unique<Worker>(study, sampler);
    while (!state.should_stop()) {
      const std::uint64_t block = next.fetch_add(1);
      if (block >= state.end_block()) break;
      if (state.finished(block)) continue;
      std::uint64_t candidates = 0;
      if (!worker->simulator.run(state.first(block), state.count(block), worker->block,
                                 candidates)) {
        state.fail(block, "the population finds fewer than one eligible patient in " +
                              std::to_string(PatientSampler::most_candidates) +
                              " candidates (block of patient " +
                              std::to_string(state.first(block)) + ")");
        break;
      }
      try {
        state.add(block, worker->block, candidates);
      } catch (...) {
        const std::lock_guard<std::mutex> one(trouble_mutex);
        if (!trouble) trouble = std::current_exception();
        state.fail(block, "the result of a block could not be kept");
        break;
      }
    }
  };
  const int threads = options.threads > 0 ? options.threads : tbb::info::default_concurrency();
  if (threads == 1) {
    work();
  } else {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<int>(0, threads, 1), [&](const tbb::blocked_range<int>&) { work(); },
          tbb::simple_partitioner());
    });
  }
  if (trouble) std::rethrow_exception(trouble);
  state.report();
  // A plugin may have failed in some life: the lowest patient is named, whichever thread met it.
  for (std::size_t s = 0; s < study.strategies.size(); ++s) {
    const auto* plugin = dynamic_cast<const PluginStrategy*>(study.strategies[s].get());
    const auto failed = plugin == nullptr ? std::nullopt : plugin->failed();
    if (!failed) continue;
    state.fail(failed->patient, failed->message + "\n   hint: npcsim replay STUDY --patient " +
                                    std::to_string(failed->patient) + " --strategy " +
                                    study.shape.strategies[s] + " shows that life");
  }
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

void read_patients(const CompiledStudy& study, const std::string& folder,
                   const std::function<void(const OutcomeBlock&)>& visit) {
  // Blocks lie in the log in the order in which they were finished: find them first, then read them
  // in order, one at a time.
  static_cast<void>(study);
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
  const auto workers = static_cast<std::uint64_t>(
      options.threads > 0 ? options.threads : tbb::info::default_concurrency());
  out.memory_bytes = Tally::memory_bytes(study.shape) +
                     workers * patients_in_a_block(study, options) * per_patient;
  if (options.keep_patients) {
    out.patient_bytes = per_patient * static_cast<std::uint64_t>(study.study.patients);
  }
  return out;
}

}  // namespace npcsim
