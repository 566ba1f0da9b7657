// Blocks of made-up outcomes for tests: every patient's outcome is a function of the patient's
// number alone.
#pragma once

#include <npcsim/engine/outcome.hpp>

#include <cstdint>

namespace npcsim::testing {

/// Mixing function of splitmix64 (Steele, Lea & Flood 2014), as a source of arbitrary numbers.
inline std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

inline OutcomeShape made_shape() {
  OutcomeShape shape;
  shape.strategies = {"chemo", "chemo_lrrt", "chemo_pd1"};
  shape.reference = 0;
  shape.endpoints = {{"PFS", "Progression-free survival", {"distant", "locoregional", "death"}},
                     {"OS", "Overall survival", {"death"}}};
  shape.measures = {{"cycles", "Cycles", MeasureKind::count},
                    {"ablation", "Ablation", MeasureKind::flag},
                    {"on_treatment", "Time on treatment", MeasureKind::duration}};
  shape.subgroups = {{"liver", {"no", "yes"}}, {"stage", {"a", "b", "c"}}};
  shape.horizon_ticks = 24 * 974;
  shape.landmark_ticks = {6 * 974, 12 * 974, 24 * 974};
  return shape;
}

struct MadeOutcomes {
  bool censored_early = false;
  bool all_in_set = true;
};

inline OutcomeBlock made_block(const OutcomeShape& shape, const MadeOutcomes& kind,
                               std::uint32_t first, std::uint32_t patients) {
  OutcomeBlock block;
  block.resize(shape, first, patients);
  const auto horizon = static_cast<std::uint32_t>(shape.horizon_ticks);
  for (std::uint32_t i = 0; i < patients; ++i) {
    const std::uint64_t key = mixed(std::uint64_t{first} + i) & 0xffffffffffU;
    for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
      for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
        const std::size_t at = block.endpoint_column(shape, s, e) + i;
        const std::uint64_t draw = mixed(key * 1000 + s * 10 + e);
        // Up to 1.3 times the horizon, a tenth exactly at the horizon or at 0, so that the edges
        // are visited.
        std::uint32_t tick = static_cast<std::uint32_t>((draw >> 20) % (horizon + horizon / 3));
        if ((draw >> 8) % 20 == 0) tick = horizon;
        if ((draw >> 8) % 20 == 1) tick = 0;
        const std::size_t causes = shape.endpoints[e].causes.size();
        auto code = static_cast<std::int8_t>(1 + (draw % causes));
        if (tick > horizon) {
          tick = horizon;
          code = outcome_censored;
        }
        if (kind.censored_early && (draw >> 4) % 7 == 0) code = outcome_censored;
        if (!kind.all_in_set && (draw >> 12) % 5 == 0) code = outcome_not_in_set;
        block.ticks[at] = static_cast<std::int32_t>(tick);
        block.events[at] = code;
      }
      for (std::size_t m = 0; m < shape.measures.size(); ++m) {
        const std::uint64_t draw = mixed(key * 1000 + 500 + s * 10 + m);
        // The first measure is as large, positive and negative, as a measure may be.
        const auto any = static_cast<std::int32_t>((draw >> 33) - 0x40000000U) * 2 + 1;
        const std::int32_t value = m == 0 ? any : static_cast<std::int32_t>((draw >> 33) % 2);
        block.measures[block.measure_column(shape, s, m) + i] =
            draw % 6 == 0 ? measure_missing : value;
      }
    }
    for (std::size_t g = 0; g < shape.subgroups.size(); ++g) {
      const std::uint64_t draw =
          mixed(key * 1000 + 900 + g) % (shape.subgroups[g].levels.size() + 1);
      const bool none = draw == shape.subgroups[g].levels.size();
      block.levels[g * patients + i] = none ? std::uint8_t{255} : static_cast<std::uint8_t>(draw);
    }
  }
  return block;
}

}  // namespace npcsim::testing
