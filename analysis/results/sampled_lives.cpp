#include <npcsim/base/units.hpp>
#include <npcsim/comparison/curves.hpp>
#include <npcsim/results/detail/patient_columns.hpp>
#include <npcsim/results/detail/sampled_lives.hpp>
#include <npcsim/results/detail/stored_tables.hpp>
#include <npcsim/run/block_simulator.hpp>

#include <algorithm>
#include <future>

namespace npcsim::detail {

namespace {

constexpr std::size_t most_factors = 14;
constexpr std::size_t most_occupancy_points = 124;
constexpr double fewest_occupancy_points = 24;

void add_terms(const std::vector<LinearTerm>& terms, std::vector<std::int32_t>& columns) {
  for (const LinearTerm& term : terms) columns.push_back(term.column);
}

// Subgroups first, because the study asks for them; then what stands in a hazard or modifies an
// effect. Latent columns are left out.
std::vector<std::int32_t> factor_columns(const CompiledStudy& study) {
  const Program& program = *study.program;
  std::vector<std::int32_t> wanted = study.subgroup_columns;
  for (const Process& process : program.processes) {
    add_terms(process.log_hr.terms, wanted);
    for (const ParameterTerms& terms : process.covariates) add_terms(terms.terms, wanted);
  }
  for (const Track& track : program.tracks) add_terms(track.modifiers, wanted);
  for (const Process& process : program.processes) {
    if (process.age_column >= 0) wanted.push_back(process.age_column);
    if (process.calendar_column >= 0) wanted.push_back(process.calendar_column);
  }
  std::vector<std::int32_t> factors;
  for (const std::int32_t column : wanted) {
    if (program.columns[static_cast<std::size_t>(column)].hidden) continue;
    if (std::find(factors.begin(), factors.end(), column) != factors.end()) continue;
    if (factors.size() < most_factors) factors.push_back(column);
  }
  return factors;
}

// Adds one life to the counts by state and month.
class OccupancyCounter {
 public:
  OccupancyCounter(const Program& program, const std::vector<double>& months) : program_(program) {
    for (const double month : months) days_.push_back(Days(Months{month}).count());
  }
  void add(const Journal& journal, std::vector<std::vector<std::uint32_t>>& counts) const {
    auto state = static_cast<std::size_t>(program_.start);
    std::size_t from = 0;
    for (const JournalEntry& entry : journal) {
      std::int32_t next = -1;
      if (entry.kind == JournalEntry::Kind::fired) next = entry.detail;
      if (entry.kind == JournalEntry::Kind::left) {
        next = static_cast<std::int32_t>(program_.states.size());
      }
      if (entry.kind == JournalEntry::Kind::toxicity) {
        next = program_.toxicities[static_cast<std::size_t>(entry.index)].to_state;
      }
      if (next < 0) continue;
      const std::size_t until = first_at_or_after(entry.days);
      fill(counts[state], from, until);
      from = std::max(from, until);
      state = static_cast<std::size_t>(next);
    }
    fill(counts[state], from, days_.size());
  }

 private:
  std::size_t first_at_or_after(double days) const {
    return static_cast<std::size_t>(std::lower_bound(days_.begin(), days_.end(), days) -
                                    days_.begin());
  }
  static void fill(std::vector<std::uint32_t>& row, std::size_t from, std::size_t until) {
    for (std::size_t i = from; i < until; ++i) ++row[i];
  }
  const Program& program_;
  std::vector<double> days_;
};

// Months, or finer steps of a follow-up of less than two years and coarser ones of a long one.
double occupancy_step(const OutcomeShape& shape) {
  const double horizon = Ticks{shape.horizon_ticks}.months();
  double step = std::max(1.0, grid_step(shape, most_occupancy_points));
  while (step > 1.0 / 32 && horizon / step < fewest_occupancy_points) step /= 2;
  return step;
}

SampledLives empty_sample(const CompiledStudy& study) {
  const OutcomeShape& shape = study.shape;
  SampledLives out;
  out.patients =
      static_cast<std::uint32_t>(std::min<std::int64_t>(study.study.patients, most_sampled));
  out.months = month_grid(shape, occupancy_step(shape));
  for (std::size_t m = 0; m < study.measures.size(); ++m) {
    if (study.measures[m].kind == Measure::Kind::cycles) out.cycle_measures.push_back(m);
  }
  const std::size_t strategies = shape.strategies.size();
  out.occupancy.assign(strategies, {study.program->states.size() + 1,
                                    std::vector<std::uint32_t>(out.months.size())});
  out.cycles.assign(strategies, std::vector<std::vector<std::uint32_t>>(out.cycle_measures.size()));
  out.ticks.assign(strategies, {shape.endpoints.size(), std::vector<std::int32_t>(out.patients)});
  out.events.assign(strategies, {shape.endpoints.size(), std::vector<std::int8_t>(out.patients)});
  out.factors = factor_columns(study);
  out.attributes.assign(out.factors.size(), std::vector<double>(out.patients));
  out.journals.assign(std::min(out.patients, most_journals), std::vector<Journal>(strategies));
  return out;
}

// Lives the patients [first, last). Counts go to `counts`, which belongs to this worker; columns by
// patient go to their own places in `out`.
void live(const CompiledStudy& study, const PatientSampler& sampler, std::uint32_t first,
          std::uint32_t last, SampledLives& counts, SampledLives& out) {
  BlockSimulator simulator(study, sampler);
  const OccupancyCounter counter(*study.program, out.months);
  Journal journal;
  for (std::uint32_t patient = first; patient < last; ++patient) {
    for (std::size_t s = 0; s < study.strategies.size(); ++s) {
      if (!simulator.replay(patient, s, journal)) continue;
      counter.add(journal, counts.occupancy[s]);
      for (std::size_t e = 0; e < study.endpoints.size(); ++e) {
        const auto endpoint = static_cast<std::size_t>(study.endpoints[e]);
        endpoint_outcome(simulator.life(), study.program->endpoints[endpoint],
                         out.ticks[s][e][patient], out.events[s][e][patient]);
      }
      for (std::size_t m = 0; m < out.cycle_measures.size(); ++m) {
        const std::int32_t cycles =
            measure_value(simulator.life(), study.measures[out.cycle_measures[m]]);
        if (cycles < 0) continue;
        std::vector<std::uint32_t>& histogram = counts.cycles[s][m];
        const auto bin = static_cast<std::size_t>(cycles);
        if (bin >= histogram.size()) histogram.resize(bin + 1);
        ++histogram[bin];
      }
      if (patient < out.journals.size()) out.journals[patient][s] = journal;
    }
    for (std::size_t f = 0; f < out.factors.size(); ++f) {
      out.attributes[f][patient] = simulator.column(out.factors[f]);
    }
  }
}

void add_counts(const std::vector<std::vector<std::vector<std::uint32_t>>>& from,
                std::vector<std::vector<std::vector<std::uint32_t>>>& to) {
  for (std::size_t s = 0; s < from.size(); ++s) {
    for (std::size_t k = 0; k < from[s].size(); ++k) {
      const std::vector<std::uint32_t>& source = from[s][k];
      std::vector<std::uint32_t>& target = to[s][k];
      target.resize(std::max(target.size(), source.size()));
      for (std::size_t i = 0; i < source.size(); ++i) target[i] += source[i];
    }
  }
}

}  // namespace

SampledLives sample_lives(const CompiledStudy& study, int threads) {
  SampledLives out = empty_sample(study);
  std::vector<std::int32_t> wanted = out.factors;
  wanted.insert(wanted.end(), study.subgroup_columns.begin(), study.subgroup_columns.end());
  const PatientSampler sampler(*study.program, study.program->needed_rules(wanted));
  const auto workers = static_cast<std::uint32_t>(std::clamp(threads, 1, 64));
  const std::uint32_t share = (out.patients + workers - 1) / workers;
  std::vector<SampledLives> counts(workers);
  std::vector<std::future<void>> running;
  for (std::uint32_t w = 0; w < workers; ++w) {
    counts[w].occupancy = out.occupancy;
    counts[w].cycles = out.cycles;
    const std::uint32_t first = std::min(out.patients, w * share);
    const std::uint32_t last = std::min(out.patients, first + share);
    running.push_back(std::async(std::launch::async, [&, w, first, last] {
      live(study, sampler, first, last, counts[w], out);
    }));
  }
  for (std::future<void>& worker : running) worker.get();
  // Whole numbers: the sum does not depend on how the patients were shared out.
  for (const SampledLives& part : counts) {
    add_counts(part.occupancy, out.occupancy);
    add_counts(part.cycles, out.cycles);
  }
  return out;
}

}  // namespace npcsim::detail
