// Parts of the simulation on their own, for people who look for where the time goes.
// items_per_second counts patients.
#include <npcsim/base/diagnostics.hpp>
#include <npcsim/engine/life.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/random/quantile_table.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/tally.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace npcsim {
namespace {

constexpr std::uint32_t block_patients = 16384;
constexpr DrawKey key{20240217, 0};
constexpr const char* three_state = "configs/studies/three_state.yaml";
constexpr const char* dmnpc = "tests/benchmarks/dmnpc_lrrt.yaml";

std::unique_ptr<CompiledStudy> load(const std::string& path) {
  Diagnostics diagnostics;
  const Library library{{NPCSIM_SOURCE_DIR}};
  const auto document =
      read_study(library, std::string(NPCSIM_SOURCE_DIR) + "/" + path, diagnostics);
  auto study = document ? compile_study(library, *document, diagnostics) : nullptr;
  if (study == nullptr || diagnostics.has_errors())
    throw std::runtime_error(diagnostics.text("no benchmark"));
  return study;
}

void count_patients(benchmark::State& state, std::size_t patients) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(patients));
}

void philox_batch(benchmark::State& state) {
  std::vector<double> out(4096);
  for (auto _ : state) {
    fill_uniform(key, 0, out.size(), StreamName("benchmark"), 0, out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_patients(state, out.size());
}
BENCHMARK(philox_batch);

void unit_exponential_batch(benchmark::State& state) {
  std::vector<double> out(4096);
  for (auto _ : state) {
    fill_unit_exponential(key, 0, out.size(), StreamName("benchmark"), 0, out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_patients(state, out.size());
}
BENCHMARK(unit_exponential_batch);

void frailty_table(benchmark::State& state) {
  const QuantileTable table = QuantileTable::gamma_of_variance(0.8);
  std::vector<double> z(4096);
  std::vector<double> out(z.size());
  fill_normal(key, 0, z.size(), StreamName("benchmark"), 0, z.data());
  for (auto _ : state) {
    table.log_values(z.data(), z.size(), out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_patients(state, z.size());
}
BENCHMARK(frailty_table);

void sampler(benchmark::State& state, const char* path) {
  const auto study = load(path);
  const PatientSampler patients(*study->program, study->needed);
  constexpr std::size_t n = 256;
  std::vector<double> columns(study->program->columns.size() * n);
  PatientSampler::Workspace work;
  std::uint32_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(patients.draw(key, first, n, columns.data(), work));
    benchmark::DoNotOptimize(columns.data());
    benchmark::ClobberMemory();
    first += static_cast<std::uint32_t>(n);
  }
  count_patients(state, n);
}
BENCHMARK_CAPTURE(sampler, three_state, three_state);
BENCHMARK_CAPTURE(sampler, dmnpc, dmnpc);

// Whole blocks under all strategies: with `columnwise` where the study allows it, else one life
// after another.
void block(benchmark::State& state, const char* path, bool columnwise) {
  const auto study = load(path);
  const PatientSampler patients(*study->program, study->needed);
  BlockSimulator simulator(*study, patients, columnwise);
  if (columnwise && !simulator.is_columnwise()) {
    state.SkipWithError("the study has no columnwise form");
    return;
  }
  OutcomeBlock out;
  std::uint32_t first = 0;
  constexpr std::uint32_t n = 2048;
  for (auto _ : state) {
    std::uint64_t candidates = 0;
    simulator.run(first, n, out, candidates);
    benchmark::DoNotOptimize(out.ticks.data());
    benchmark::ClobberMemory();
    first += n;
  }
  count_patients(state, n);
}
BENCHMARK_CAPTURE(block, three_state_columns, three_state, true);
BENCHMARK_CAPTURE(block, three_state_event_loop, three_state, false);
BENCHMARK_CAPTURE(block, dmnpc_event_loop, dmnpc, false);

// One life at a time: what replay pays.
void replay(benchmark::State& state) {
  const auto study = load(dmnpc);
  const PatientSampler patients(*study->program, study->needed);
  BlockSimulator simulator(*study, patients);
  Journal journal;
  std::uint32_t patient = 0;
  for (auto _ : state) {
    simulator.replay(patient++, 0, journal);
    benchmark::DoNotOptimize(journal.data());
  }
  count_patients(state, 1);
}
BENCHMARK(replay);

void tally(benchmark::State& state, const char* path) {
  const auto study = load(path);
  const PatientSampler patients(*study->program, study->needed);
  BlockSimulator simulator(*study, patients);
  OutcomeBlock outcomes;
  std::uint64_t candidates = 0;
  simulator.run(0, block_patients, outcomes, candidates);
  Tally sums(study->shape);
  for (auto _ : state) sums.add(outcomes);
  count_patients(state, block_patients);
}
BENCHMARK_CAPTURE(tally, three_state, three_state);
BENCHMARK_CAPTURE(tally, dmnpc, dmnpc);

}  // namespace
}  // namespace npcsim

BENCHMARK_MAIN();
