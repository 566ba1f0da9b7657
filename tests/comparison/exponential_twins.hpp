// Runs whose truth is known: exponential times, the same uniform number for twins, so that times
// are proportional.
#pragma once

#include <npcsim/run/tally.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::testing {

/// Mixing function of splitmix64 (Steele, Lea & Flood 2014): a fixed source of numbers that look
/// random.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}
inline double uniform(std::uint64_t seed, std::uint64_t patient, std::uint64_t stream) {
  return (static_cast<double>(mixed(mixed(mixed(seed) + patient) + stream) >> 12) + 0.5) * 0x1p-52;
}

struct Twins {
  std::uint64_t seed = 1;
  std::uint32_t patients = 100'000;
  std::vector<double> rates_per_month = {0.1, 0.05};
  bool alike = true;               ///< twins share their uniform number
  double censoring_per_month = 0;  ///< independent exponential loss to follow-up
  std::int32_t visit_ticks = 0;    ///< events are found at the next visit; 0: at once
  double death_per_month = 0;      ///< of every strategy; ends the time at once
  double share_in_set = 1;  ///< membership in the endpoint's set, drawn apart for each strategy
  double horizon_months = 24;
  std::vector<std::string> causes = {"distant", "locoregional"};  ///< equally likely
};

inline OutcomeShape shape_of(const Twins& twins) {
  OutcomeShape shape;
  for (std::size_t s = 0; s < twins.rates_per_month.size(); ++s) {
    shape.strategies.push_back(std::string(1, static_cast<char>('a' + s)));
  }
  shape.reference = 0;
  shape.endpoints = {{"PFS", "Progression-free survival", twins.causes}};
  shape.measures = {{"cycles", "Cycles", MeasureKind::count},
                    {"responded", "Response", MeasureKind::flag},
                    {"on_treatment", "Time on treatment", MeasureKind::duration}};
  shape.subgroups = {{"sex", {"women", "men"}}, {"all", {"everybody"}}};
  shape.horizon_ticks = static_cast<std::int32_t>(twins.horizon_months * 974);
  shape.landmark_ticks = {6 * 974, 12 * 974};
  return shape;
}

inline Tally tally_of(const Twins& twins) {
  const OutcomeShape shape = shape_of(twins);
  Tally tally(shape);
  constexpr std::uint32_t block_size = 16'384;
  for (std::uint32_t first = 0; first < twins.patients; first += block_size) {
    OutcomeBlock block;
    const std::uint32_t n = std::min(block_size, twins.patients - first);
    block.resize(shape, first, n);
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint64_t id = first + i;
      for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
        const double u = uniform(twins.seed, id, twins.alike ? 0 : 100 + s);
        double event = -std::log(u) / twins.rates_per_month[s] * 974;
        if (twins.visit_ticks > 0) {
          event = std::ceil(event / twins.visit_ticks) * twins.visit_ticks;
        }
        if (twins.death_per_month > 0) {
          const double v = uniform(twins.seed, id, twins.alike ? 1 : 400 + s);
          event = std::min(event, -std::log(v) / twins.death_per_month * 974);
        }
        const double horizon = shape.horizon_ticks;
        double censored = horizon;
        if (twins.censoring_per_month > 0) {
          censored = std::min(horizon, -std::log(uniform(twins.seed, id, 200 + s)) /
                                           twins.censoring_per_month * 974);
        }
        const std::size_t at = block.endpoint_column(shape, s, 0) + i;
        block.ticks[at] = static_cast<std::int32_t>(std::min(event, censored) + 0.5);
        const auto cause =
            static_cast<std::int8_t>(1 + mixed(id * 7 + twins.seed) % twins.causes.size());
        block.events[at] = event <= censored ? cause : outcome_censored;
        if (uniform(twins.seed, id, 300 + s) > twins.share_in_set)
          block.events[at] = outcome_not_in_set;
        block.measures[block.measure_column(shape, s, 0) + i] =
            static_cast<std::int32_t>((u * 6 + static_cast<double>(s)));
        block.measures[block.measure_column(shape, s, 1) + i] =
            u < 0.3 + 0.2 * static_cast<double>(s) ? 1 : 0;
        block.measures[block.measure_column(shape, s, 2) + i] = id % 2 == 0 ? 974 : measure_missing;
      }
      block.levels[i] = static_cast<std::uint8_t>(id % 3 == 0 ? 0 : 1);
      block.levels[n + i] = 0;
    }
    tally.add(block);
  }
  return tally;
}

}  // namespace npcsim::testing
