#include <npcsim/base/stopped.hpp>
#include <npcsim/population/attribute_block.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <algorithm>
#include <optional>

namespace npcsim {
namespace {

// The agents that each strategy gives for good at diagnosis; nothing if one of them does more, or
// if an outcome is not kept in columns.
std::optional<std::vector<FlatLives::GivenAtStart>> given_at_start(const CompiledStudy& study) {
  std::vector<FlatLives::GivenAtStart> given;
  for (const auto& strategy : study.strategies) {
    const auto* steps = dynamic_cast<const StepStrategy*>(strategy.get());
    if (steps == nullptr || !steps->only_gives_at_start()) return std::nullopt;
    given.push_back(steps->agents());
  }
  for (const std::int32_t e : study.endpoints) {
    const Endpoint& endpoint = study.program->endpoints[static_cast<std::size_t>(e)];
    if (endpoint.since.kind != Origin::Kind::diagnosis) return std::nullopt;
  }
  for (const Measure& measure : study.measures) {
    if (measure.kind != Measure::Kind::received) return std::nullopt;
  }
  return given;
}

}  // namespace

bool is_columnwise(const CompiledStudy& study) {
  const auto given = given_at_start(study);
  return given && FlatLives::make(*study.program, *given) != nullptr;
}

BlockSimulator::BlockSimulator(const CompiledStudy& study, const PatientSampler& sampler,
                               bool columnwise)
    : study_(study),
      program_(*study.program),
      sampler_(sampler),
      key_{static_cast<std::uint64_t>(study.study.seed),
           static_cast<std::uint32_t>(study.study.replicate)},
      life_(*study.program) {
  for (const auto& strategy : study.strategies) strategies_.push_back(strategy.get());
  // Thresholds of stops and toxicities of agents that no strategy gives are not drawn.
  std::vector<std::uint32_t>& drawn = harm_streams_;
  harm_places_.assign(program_.harms.size(), -1);
  const auto want = [&](std::int32_t harm) {
    harm_places_[static_cast<std::size_t>(harm)] = static_cast<std::int32_t>(drawn.size());
    drawn.push_back(program_.harms[static_cast<std::size_t>(harm)]);
  };
  for (std::size_t a = 0; a < program_.agents.size(); ++a) {
    if (!study.agents_in_use[a]) continue;
    for (const CycleRisk& risk : program_.agents[a].risks) want(risk.harm);
    for (const Toxicity& toxicity : program_.toxicities) {
      for (std::size_t i = 0; i < toxicity.harms.size(); ++i) {
        if (toxicity.agents[i] == static_cast<std::int32_t>(a)) want(toxicity.harms[i]);
      }
    }
  }
  if (!columnwise) return;
  const auto given = given_at_start(study);
  if (!given) return;
  for (const FlatLives::GivenAtStart& agents : *given) {
    given_.emplace_back(program_.agents.size(), false);
    for (const std::int32_t agent : agents) given_.back()[static_cast<std::size_t>(agent)] = true;
  }
  flat_ = FlatLives::make(program_, *given);
}

void BlockSimulator::run_columns(std::uint32_t done, std::size_t n, OutcomeBlock& out) {
  const OutcomeShape& shape = study_.shape;
  flat_->begin(n);
  tick_columns_.resize(study_.endpoints.size());
  code_columns_.resize(study_.endpoints.size());
  for (std::size_t s = 0; s < study_.strategies.size(); ++s) {
    for (std::size_t e = 0; e < study_.endpoints.size(); ++e) {
      tick_columns_[e] = out.ticks.data() + out.endpoint_column(shape, s, e) + done;
      code_columns_[e] = out.events.data() + out.endpoint_column(shape, s, e) + done;
    }
    flat_->run(s, n, columns_.data(), base_.data(), thresholds_.data(), study_.endpoints,
               tick_columns_.data(), code_columns_.data());
    for (std::size_t m = 0; m < study_.measures.size(); ++m) {
      const bool received = given_[s][static_cast<std::size_t>(study_.measures[m].index)];
      std::fill_n(out.measures.begin() +
                      static_cast<std::ptrdiff_t>(out.measure_column(shape, s, m) + done),
                  n, received ? 1 : 0);
    }
  }
}

bool BlockSimulator::prepare(std::uint32_t first, std::size_t n, std::uint64_t& candidates) {
  stride_ = n;
  columns_.resize(program_.columns.size() * n);
  base_.resize(program_.processes.size() * n);
  thresholds_.resize(program_.processes.size() * n);
  const std::uint64_t drawn = sampler_.draw(key_, first, n, columns_.data(), work_);
  if (drawn == 0) return false;
  candidates += drawn;
  for (std::size_t p = 0; p < program_.processes.size(); ++p) {
    const Process& process = program_.processes[p];
    double* base = base_.data() + p * n;
    fill_linear(process.log_hr, {columns_.data(), n, n}, base);
    for (const FrailtyUse& use : process.frailties) {
      const double* log_w = columns_.data() + static_cast<std::size_t>(use.log_column) * n;
      for (std::size_t i = 0; i < n; ++i) base[i] += use.exponent * log_w[i];
    }
    if (process.log_hr.terms.empty() && process.frailties.empty() &&
        process.log_hr.intercept == 0) {
      std::fill(base, base + n, 1.0);
    } else {
      exponentiate(base, n);
    }
    fill_unit_exponential(key_, first, n, StreamName::from_hash(process.stream), 0,
                          thresholds_.data() + p * n);
  }
  harms_.resize(harm_streams_.size() * n);
  for (std::size_t h = 0; flat_ == nullptr && h < harm_streams_.size(); ++h) {
    fill_unit_exponential(key_, first, n, StreamName::from_hash(harm_streams_[h]), 0,
                          harms_.data() + h * n);
  }
  return true;
}

void BlockSimulator::keep(std::uint32_t done, std::size_t n, OutcomeBlock& out) const {
  for (std::size_t k = 0; k < kept_.size(); ++k) {
    const double* column = columns_.data() + static_cast<std::size_t>(kept_[k]) * n;
    std::copy_n(column, n, out.attributes.data() + k * out.count + done);
  }
}

// Strategies that share a life have the same row.
void BlockSimulator::write_life(OutcomeBlock& out, std::size_t row) const {
  const auto shared_by = life_.lived_by();
  const std::size_t endpoints = study_.endpoints.size();
  for (std::size_t e = 0; e < endpoints; ++e) {
    std::int32_t tick = 0;
    std::int8_t code = 0;
    endpoint_outcome(life_, program_.endpoints[static_cast<std::size_t>(study_.endpoints[e])], tick,
                     code);
    for (const std::int32_t s : shared_by) {
      const std::size_t at = (static_cast<std::size_t>(s) * endpoints + e) * out.count + row;
      out.ticks[at] = tick;
      out.events[at] = code;
    }
  }
  const std::size_t measures = study_.measures.size();
  std::int32_t* const values = out.measures.data() + row;
  for (std::size_t m = 0; m < measures; ++m) {
    const std::int32_t value = measure_value(life_, study_.measures[m]);
    for (const std::int32_t s : shared_by)
      values[(static_cast<std::size_t>(s) * measures + m) * out.count] = value;
  }
}

bool BlockSimulator::run(std::uint32_t first, std::uint32_t count, OutcomeBlock& out,
                         std::uint64_t& candidates) {
  const OutcomeShape& shape = study_.shape;
  out.resize(shape, first, count);
  out.attributes.resize(kept_.size() * count);
  for (std::uint32_t done = 0; done < count; done += chunk) {
    const std::uint32_t n = std::min(chunk, count - done);
    if (!prepare(first + done, n, candidates)) return false;
    for (std::size_t g = 0; g < study_.subgroup_columns.size(); ++g) {
      const double* level =
          columns_.data() + static_cast<std::size_t>(study_.subgroup_columns[g]) * n;
      std::uint8_t* row = out.levels.data() + g * count + done;
      for (std::uint32_t i = 0; i < n; ++i) row[i] = static_cast<std::uint8_t>(level[i]);
    }
    keep(done, n, out);
    if (flat_ != nullptr) {
      if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) throw Stopped();
      run_columns(done, n, out);
      continue;
    }
    for (std::uint32_t i = 0; i < n; ++i) {
      if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) throw Stopped();
      const PatientInput patient{columns_.data() + i,
                                 n,
                                 base_.data() + i,
                                 thresholds_.data() + i,
                                 PatientDraws(key_, first + done + i),
                                 harms_.data() + i,
                                 harm_places_.data()};
      const std::size_t row = done + i;
      life_.start(patient, strategies_);
      while (life_.next()) write_life(out, row);
    }
  }
  return true;
}

bool BlockSimulator::replay(std::uint32_t patient, std::size_t strategy, Journal& journal) {
  std::uint64_t candidates = 0;
  if (!prepare(patient, 1, candidates)) return false;
  const PatientInput input{columns_.data(),
                           1,
                           base_.data(),
                           thresholds_.data(),
                           PatientDraws(key_, patient),
                           harms_.data(),
                           harm_places_.data()};
  journal.clear();
  life_.run(input, *study_.strategies[strategy], &journal);
  return true;
}

}  // namespace npcsim
