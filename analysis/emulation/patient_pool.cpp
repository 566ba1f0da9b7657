#include <npcsim/base/first_error.hpp>
#include <npcsim/emulation/patient_pool.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/nobody_eligible.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <algorithm>
#include <atomic>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace npcsim {
namespace {

constexpr std::uint32_t block_patients = 512;

void shift_hazards(Program& program, HazardShift shift) {
  for (Process& process : program.processes) {
    if (process.life_table != nullptr) continue;
    process.log_hr.intercept += process.fatal ? shift.death : shift.progression;
  }
}

// Copies the columns of a block into those of all patients.
template <class T>
void place(const std::vector<T>& from, std::uint32_t count, std::vector<T>& to, std::uint32_t first,
           std::uint32_t patients) {
  const std::size_t columns = from.size() / count;
  for (std::size_t c = 0; c < columns; ++c) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(c * count), count,
                to.begin() + static_cast<std::ptrdiff_t>(c * patients + first));
  }
}

template <class List>
std::int32_t index_of(const List& list, std::string_view name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return static_cast<std::int32_t>(i);
  }
  return -1;
}

}  // namespace

PatientPool::PatientPool(std::unique_ptr<CompiledStudy> base) : base_(std::move(base)) {}

std::size_t PatientPool::keep(std::int32_t column) {
  const auto found = std::find(kept_.begin(), kept_.end(), column);
  if (found != kept_.end()) return static_cast<std::size_t>(found - kept_.begin());
  kept_.push_back(column);
  return kept_.size() - 1;
}

std::size_t PatientPool::measure(const Measure& measure) {
  const MeasureShape shape = shape_of(measure, *base_->program);
  const std::int32_t known = find_measure(shape.name);
  if (known >= 0) return static_cast<std::size_t>(known);
  base_->measures.push_back(measure);
  base_->shape.measures.push_back(shape);
  return base_->measures.size() - 1;
}

std::int32_t PatientPool::find_endpoint(std::string_view name) const {
  return index_of(base_->shape.endpoints, name);
}

std::int32_t PatientPool::find_measure(std::string_view name) const {
  return index_of(base_->shape.measures, name);
}

std::int32_t PatientPool::find_strategy(std::string_view name) const {
  const auto& names = base_->shape.strategies;
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<std::int32_t>(found - names.begin());
}

bool PatientPool::is_fixed(std::string_view parameter) const {
  return std::find(fixed_.begin(), fixed_.end(), parameter) != fixed_.end();
}

std::unique_ptr<CompiledStudy> PatientPool::at(const NamedValues& values, HazardShift shift,
                                               std::uint32_t stream) const {
  const ParameterTable& table = base_->model.parameters;
  std::vector<double> parameters = table.values();
  for (const auto& [name, value] : values) {
    const std::int32_t index = table.find(name);
    if (index >= 0 && !is_fixed(name)) parameters[static_cast<std::size_t>(index)] = value;
  }
  Diagnostics diagnostics;
  auto study = with_parameters(*base_, parameters, diagnostics);
  if (diagnostics.has_errors()) throw ContradictoryParameters(first_error(diagnostics).message);
  study->study.replicate = stream;
  study->needed = study->program->needed_rules(kept_);
  shift_hazards(*study->program, shift);
  return study;
}

Twins PatientPool::simulate(const NamedValues& values, HazardShift shift, std::uint32_t stream,
                            std::uint32_t patients) const {
  const auto study = at(values, shift, stream);
  const PatientSampler sampler(*study->program, study->needed);
  Twins out;
  out.patients = patients;
  out.outcomes.resize(study->shape, 0, patients);
  out.outcomes.attributes.resize(kept_.size() * patients);

  struct Worker {
    std::unique_ptr<BlockSimulator> simulator;
    OutcomeBlock block;
  };
  tbb::enumerable_thread_specific<Worker> workers;
  std::atomic<bool> refused{false};
  const std::uint32_t blocks = (patients + block_patients - 1) / block_patients;
  tbb::parallel_for(std::uint32_t{0}, blocks, [&](std::uint32_t b) {
    Worker& worker = workers.local();
    if (worker.simulator == nullptr) {
      worker.simulator = std::make_unique<BlockSimulator>(*study, sampler);
      worker.simulator->keep_columns(kept_);
    }
    const std::uint32_t first = b * block_patients;
    const std::uint32_t count = std::min(block_patients, patients - first);
    std::uint64_t candidates = 0;
    if (!worker.simulator->run(first, count, worker.block, candidates)) {
      refused = true;
      return;
    }
    place(worker.block.ticks, count, out.outcomes.ticks, first, patients);
    place(worker.block.events, count, out.outcomes.events, first, patients);
    place(worker.block.measures, count, out.outcomes.measures, first, patients);
    place(worker.block.attributes, count, out.outcomes.attributes, first, patients);
  });
  if (refused) throw NobodyEligible(nobody_eligible(), place_of_population(*base_));
  for (std::size_t s = 0; s < study->strategies.size(); ++s) {
    if (const auto failure = failure_of(*study->strategies[s]))
      throw StrategyFailed("strategy '" + study->shape.strategies[s] + "', patient " +
                           std::to_string(failure->patient) + ": " + failure->message);
  }
  return out;
}

}  // namespace npcsim
