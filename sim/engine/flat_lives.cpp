#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/engine/flat_lives.hpp>

#include <algorithm>

namespace npcsim {
namespace {

NPCSIM_VECTOR_CLONES void divide(const double* a, const double* b, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] / b[i];
}

NPCSIM_VECTOR_CLONES void scale_by(const double* x, double factor, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * factor;
}

NPCSIM_VECTOR_CLONES void weibull_times(const double* h, double shape, double scale, std::size_t n,
                                        double* out) {
  const double power = 1.0 / shape;
  for (std::size_t i = 0; i < n; ++i) out[i] = scale * portable::fast_pow(h[i], power);
}

NPCSIM_VECTOR_CLONES void multiply(const double* h, double scale, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = scale * h[i];
}

NPCSIM_VECTOR_CLONES void divide_by(const double* h, double rate, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = h[i] / rate;
}

NPCSIM_VECTOR_CLONES void add_columns(const double* a, const double* b, std::size_t n,
                                      double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] + b[i];
}

NPCSIM_VECTOR_CLONES void keep_smaller(const double* a, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] < out[i] ? a[i] : out[i];
}

// The process fires where it is the first to leave, by `first`, and before `limit`; ties go to
// earlier processes, which have taken their share out of `first` already.
NPCSIM_VECTOR_CLONES void settle(double* at, double* first, double limit, std::size_t n) {
  const double none = never;
  for (std::size_t i = 0; i < n; ++i) {
    const bool wins = at[i] <= first[i] && at[i] < limit;
    at[i] = wins ? at[i] : none;
    first[i] = wins ? -1.0 : first[i];
  }
}

NPCSIM_VECTOR_CLONES void take_event(const double* at, double code, std::size_t n, double* time,
                                     double* chosen) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool sooner = at[i] < time[i];
    time[i] = sooner ? at[i] : time[i];
    chosen[i] = sooner ? code : chosen[i];
  }
}

NPCSIM_VECTOR_CLONES void record(const double* time, const double* chosen, const double* end,
                                 std::size_t n, std::int32_t* tick, std::int8_t* code) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool event = time[i] <= end[i];
    const double at = event ? time[i] : end[i];
    tick[i] = static_cast<std::int32_t>(at * static_cast<double>(ticks_per_day) + 0.5);
    code[i] = static_cast<std::int8_t>(static_cast<std::int32_t>(event ? chosen[i] : 0.0));
  }
}

// An order of the states in which every process leads forward; empty if there is a circle.
std::vector<std::int32_t> forward_order(const Program& program) {
  const std::size_t states = program.states.size();
  std::vector<std::int32_t> waiting(states, 0);
  for (const Process& process : program.processes) {
    for (const std::int8_t to : process.to) {
      if (to >= 0) ++waiting[static_cast<std::size_t>(to)];
    }
  }
  std::vector<std::int32_t> order;
  std::vector<bool> done(states, false);
  for (std::size_t round = 0; round < states; ++round) {
    for (std::size_t s = 0; s < states; ++s) {
      if (done[s] || waiting[s] > 0) continue;
      done[s] = true;
      order.push_back(static_cast<std::int32_t>(s));
      for (const Process& process : program.processes) {
        if (process.to[s] >= 0) --waiting[static_cast<std::size_t>(process.to[s])];
      }
    }
  }
  return order.size() == states ? order : std::vector<std::int32_t>();
}

bool permanent(const Program& program, const Agent& agent) {
  if (agent.cyclic || agent.course || agent.procedure || agent.controls || !agent.risks.empty() ||
      agent.given_when >= 0 || agent.feasible < 1.0) {
    return false;
  }
  for (const std::int32_t index : agent.tracks) {
    const Track& track = program.tracks[static_cast<std::size_t>(index)];
    if (!track.tabulated || track.onset > 0 || track.ramp.size() != 1 || track.duration > 0 ||
        track.masking_agent >= 0 || track.masking_class >= 0 || !track.overlaps.empty()) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::unique_ptr<FlatLives> FlatLives::make(const Program& program,
                                           const std::vector<GivenAtStart>& strategies) {
  if (program.observation.given || program.first_dose > 0 || program.lesion_process >= 0)
    return nullptr;
  std::unique_ptr<FlatLives> out(new FlatLives(program));
  out->state_order_ = forward_order(program);
  if (out->state_order_.empty()) return nullptr;
  out->leaving_.resize(program.states.size());
  for (std::size_t p = 0; p < program.processes.size(); ++p) {
    const Process& process = program.processes[p];
    // One state each: then a process is active once, from the entry into its state.
    if (process.clock == Clock::since || process.has_state_factors || !process.covariates.empty() ||
        process.from_mask == 0 || (process.from_mask & (process.from_mask - 1)) != 0) {
      return nullptr;
    }
    out->leaving_[static_cast<std::size_t>(__builtin_ctzll(process.from_mask))].push_back(
        static_cast<std::int32_t>(p));
  }
  for (auto& list : out->leaving_) {
    std::sort(list.begin(), list.end(), [&program](std::int32_t a, std::int32_t b) {
      return program.processes[static_cast<std::size_t>(a)].order <
             program.processes[static_cast<std::size_t>(b)].order;
    });
  }
  for (const GivenAtStart& given : strategies) {
    std::vector<double> slot(program.slots.size(), 1.0);
    for (const std::int32_t index : given) {
      const Agent& agent = program.agents[static_cast<std::size_t>(index)];
      if (!permanent(program, agent)) return nullptr;
      for (const std::int32_t t : agent.tracks) {
        const Track& track = program.tracks[static_cast<std::size_t>(t)];
        for (std::int32_t s = 0; s < track.slot_count; ++s) {
          slot[static_cast<std::size_t>(track.first_slot + s)] =
              track.factors[static_cast<std::size_t>(s)];
        }
      }
    }
    // Multiplied one by one on the base, as Life does.
    std::vector<std::vector<double>> chain(program.processes.size());
    std::vector<double> factor;
    std::vector<std::int32_t> shared;
    for (std::size_t p = 0; p < program.processes.size(); ++p) {
      double only = 1.0;
      std::size_t other = 0;
      for (const auto& [track, index] : program.processes[p].effects) {
        const double f = slot[static_cast<std::size_t>(index)];
        if (f != 1.0) {
          only = f;
          ++other;
        }
      }
      if (other > 1)
        return nullptr;  // two factors on one hazard: their order of rounding is the event loop's
      factor.push_back(only);
      std::int32_t column = -1;
      for (std::size_t s = 0; s < out->factor_.size(); ++s) {
        if (out->factor_[s][p] == only) column = out->shared_[s][p];
      }
      if (column < 0) column = static_cast<std::int32_t>(out->shared_count_++);
      shared.push_back(column);
    }
    out->factor_.push_back(std::move(factor));
    out->shared_.push_back(std::move(shared));
  }
  out->filled_.resize(out->shared_count_);
  return out;
}

void FlatLives::begin(std::size_t n) {
  std::fill(filled_.begin(), filled_.end(), std::uint8_t{0});
  waiting_.resize(shared_count_ * n);
  entered_.resize(program_.states.size() * n);
  fired_.resize(program_.processes.size() * n);
  scratch_.resize(4 * n);
}

// Time on the process's clock from its zero at which it would fire, for clocks that start at 0 when
// it becomes active.
const double* FlatLives::waiting_times(std::size_t strategy, std::size_t p, std::size_t n,
                                       const double* base, const double* thresholds) {
  const auto column = static_cast<std::size_t>(shared_[strategy][p]);
  double* out = waiting_.data() + column * n;
  if (filled_[column] != 0) return out;
  filled_[column] = 1;
  const Process& process = program_.processes[p];
  double* multiplier = scratch_.data();
  double* left = scratch_.data() + n;
  const double factor = factor_[strategy][p];
  if (factor != 1.0) {
    scale_by(base + p * n, factor, n, multiplier);
  } else {
    std::copy(base + p * n, base + (p + 1) * n, multiplier);
  }
  divide(thresholds + p * n, multiplier, n, left);
  const Baseline& baseline = process.baseline;
  const double* parameters = process.parameters.data();
  if (baseline.cure == Cure::none && baseline.family == Family::exponential) {
    divide_by(left, parameters[0], n, out);
  } else if (baseline.cure == Cure::none && baseline.family == Family::weibull) {
    if (parameters[0] == 1.0) {
      multiply(left, parameters[1], n, out);
    } else {
      weibull_times(left, parameters[0], parameters[1], n, out);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = time_at(baseline, parameters, left[i]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!(multiplier[i] > 0)) out[i] = never;
  }
  return out;
}

void FlatLives::run(std::size_t strategy, std::size_t n, const double* columns, const double* base,
                    const double* thresholds, const std::vector<std::int32_t>& endpoints,
                    std::int32_t* const* ticks, std::int8_t* const* codes) {
  const double limit = program_.horizon;
  std::fill(entered_.begin(), entered_.end(), never);
  std::fill_n(
      entered_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(program_.start) * n),
      n, 0.0);
  double* first = scratch_.data() + 2 * n;

  for (const std::int32_t s : state_order_) {
    const auto& leaving = leaving_[static_cast<std::size_t>(s)];
    if (leaving.empty()) continue;
    const double* entry = entered_.data() + static_cast<std::size_t>(s) * n;
    std::fill_n(first, n, never);
    for (const std::int32_t index : leaving) {
      const auto p = static_cast<std::size_t>(index);
      const Process& process = program_.processes[p];
      double* at = fired_.data() + p * n;
      if (process.life_table == nullptr && process.clock == Clock::forward && s == program_.start) {
        const double* wait = waiting_times(strategy, p, n, base, thresholds);
        std::copy(wait, wait + n, at);
      } else if (process.life_table == nullptr && process.clock == Clock::reset) {
        const double* wait = waiting_times(strategy, p, n, base, thresholds);
        add_columns(entry, wait, n, at);
      } else {
        // Clocks that do not start at 0 on entry: one patient at a time, as Life does it.
        const double factor = factor_[strategy][p];
        for (std::size_t i = 0; i < n; ++i) {
          if (!(entry[i] < limit)) {
            at[i] = never;
            continue;
          }
          const double m = factor != 1.0 ? base[p * n + i] * factor : base[p * n + i];
          const double zero =
              process.clock == Clock::age
                  ? -columns[static_cast<std::size_t>(process.age_column) * n + i] * days_per_year
                  : 0.0;
          const double u = entry[i] - zero;
          double found = never;
          if (m > 0) {
            const double left = thresholds[p * n + i] / m;
            if (process.life_table != nullptr) {
              const bool man = process.sex_column >= 0 &&
                               columns[static_cast<std::size_t>(process.sex_column) * n + i] > 0.5;
              const std::size_t stratum = man ? process.male_stratum : process.female_stratum;
              found =
                  process.calendar_column < 0
                      ? process.life_table->age_after(u, left, stratum)
                      : process.life_table->age_after(
                            u, left,
                            LexisDiagonal{
                                stratum,
                                columns[static_cast<std::size_t>(process.calendar_column) * n + i] *
                                        days_per_year +
                                    zero});
            } else {
              found = time_after(process.baseline, process.parameters.data(), u, left);
            }
          }
          const double when = zero + found;
          at[i] = when > entry[i] ? when : entry[i];
        }
      }
      keep_smaller(at, n, first);
    }
    for (const std::int32_t index : leaving) {
      const auto p = static_cast<std::size_t>(index);
      double* at = fired_.data() + p * n;
      settle(at, first, limit, n);
      const auto to =
          static_cast<std::size_t>(program_.processes[p].to[static_cast<std::size_t>(s)]);
      keep_smaller(at, n, entered_.data() + to * n);
    }
  }

  // A life ends in a final state, whatever an endpoint counts.
  double* end = scratch_.data() + 2 * n;
  std::fill_n(end, n, limit);
  for (std::size_t s = 0; s < program_.states.size(); ++s) {
    if (((program_.final_mask >> s) & 1U) != 0) keep_smaller(entered_.data() + s * n, n, end);
  }
  double* time = scratch_.data();
  double* chosen = scratch_.data() + n;
  for (std::size_t e = 0; e < endpoints.size(); ++e) {
    const Endpoint& endpoint = program_.endpoints[static_cast<std::size_t>(endpoints[e])];
    std::fill_n(time, n, never);
    std::fill_n(chosen, n, 0.0);
    for (std::size_t p = 0; p < program_.processes.size(); ++p) {
      double code = endpoint.cause_of_process[p];
      if (code == 0) {
        for (const std::int32_t state : endpoint.states) {
          const auto& to = program_.processes[p].to;
          if (std::find(to.begin(), to.end(), state) != to.end()) code = endpoint.cause_of_death[p];
        }
      }
      if (code != 0) take_event(fired_.data() + p * n, code, n, time, chosen);
    }
    record(time, chosen, end, n, ticks[e], codes[e]);
  }
}

}  // namespace npcsim
