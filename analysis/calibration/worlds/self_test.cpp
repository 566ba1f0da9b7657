#include <npcsim/calibration/worlds/self_test.hpp>
#include <npcsim/calibration/worlds/synthetic_world.hpp>
#include <npcsim/random/draws.hpp>

#include <atomic>
#include <ctime>
#include <mutex>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim {
namespace {

// Seeds of worlds are 53 bits of a keyed draw, so that neighbouring master seeds share none.
std::uint64_t seed_of_world(std::uint64_t master, std::size_t world, StreamName name) {
  const double u = PatientDraws({master, 0}, static_cast<std::uint32_t>(world)).uniform(name);
  return static_cast<std::uint64_t>(u * 0x1p53);
}

double cpu_seconds_of_thread() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Share of the values of one column below a limit.
double share_below(const std::vector<double>& rows, std::size_t columns, std::size_t column,
                   double limit) {
  std::size_t below = 0;
  for (std::size_t i = column; i < rows.size(); i += columns) below += rows[i] < limit ? 1U : 0U;
  return static_cast<double>(below) * static_cast<double>(columns) /
         static_cast<double>(rows.size());
}

WorldOutcome run_world(const WorldDisease& disease, const SelfTestOptions& options,
                       std::size_t index) {
  const double began = cpu_seconds_of_thread();
  WorldOptions world;
  world.seed = seed_of_world(options.seed, index, StreamName("self-test world"));
  // Each calibration has patients of its own, or their noise would be common to all worlds.
  world.patients_seed =
      seed_of_world(options.patients_seed, index, StreamName("self-test patients"));
  world.delayed = options.delayed;
  CalibrationOptions calibration;
  calibration.seed = world.patients_seed;
  calibration.between_studies = options.between_studies;
  calibration.starts = 1;
  calibration.check_points = 40;
  calibration.check_streams = 8;
  calibration.draws = 800;
  if (options.effort == SelfTestEffort::long_run) {
    world.patients *= 8;
    world.data_patients *= 8;
    calibration.wave_points = 1000;  // nearly three times the coefficients
    calibration.replicates = 100;
    calibration.draws = 2500;
  }
  const SyntheticWorld model(disease, world);
  const CalibrationResult result = calibrate(model, calibration);
  WorldOutcome out;
  out.seed = world.seed;
  out.truth = model.truth();
  const std::size_t p = out.truth.size();
  for (std::size_t j = 0; j < p; ++j) {
    out.below.push_back(share_below(result.draws, p, j, out.truth[j]));
    out.mean.push_back(result.parameters[j].mean);
    out.sd_ratio.push_back(result.parameters[j].sd_ratio);
  }
  const std::size_t h = result.between_names.size();
  for (std::size_t k = 0; k < h; ++k)
    out.between_below.push_back(share_below(result.between_draws, h, k, model.true_between()[k]));
  for (const Direction& direction : result.unidentified) out.unidentified.push_back(direction.text);
  out.overall_p = result.check.overall.p;
  out.time_varying_p = result.check.time_varying.p;
  out.flagged = result.check.flagged;
  out.gates = result.gates;
  out.evaluations = result.evaluations;
  for (const CalibrationTarget& target : model.targets()) {
    out.targets += target.fitted ? 1U : 0U;
    out.bounded += target.reading == TargetReading::exact ? 0U : 1U;
  }
  out.cpu_seconds = cpu_seconds_of_thread() - began;
  return out;
}

}  // namespace

SelfTestResult run_self_test(const Library& library, const SelfTestOptions& options,
                             Diagnostics& diagnostics) {
  SelfTestResult out;
  const WorldDisease disease(library, diagnostics);
  if (diagnostics.has_errors()) return out;
  out.parameters = disease.parameters();
  for (const BetweenPrior& prior : default_between_priors())
    out.between_names.push_back(prior.name);
  out.worlds.resize(options.worlds);
  std::mutex mutex;
  std::size_t done = 0;
  std::atomic<bool> stopped{false};
  const auto run = [&](std::size_t w) {
    if (options.stop && options.stop()) stopped = true;
    if (stopped) return;
    out.worlds[w] = run_world(disease, options, w);
    const std::lock_guard<std::mutex> one(mutex);
    ++done;
    if (options.progress) options.progress(done);
  };
  tbb::task_arena arena(options.threads > 0 ? options.threads : tbb::task_arena::automatic);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, options.worlds, 1),
        [&](const tbb::blocked_range<std::size_t>& range) { run(range.begin()); },
        tbb::simple_partitioner());
  });
  out.complete = !stopped;
  if (stopped) out.worlds.clear();
  return out;
}

}  // namespace npcsim
