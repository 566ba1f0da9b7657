// The first patients of a run, lived again with their journals: what tallies cannot say.
#pragma once

#include <npcsim/engine/journal.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::detail {

struct SampledLives {
  std::uint32_t patients = 0;  ///< patients 0 .. patients - 1
  std::vector<double> months;  ///< grid of `occupancy`
  /// [strategy][state][month], patients; after the last state: no longer under observation.
  std::vector<std::vector<std::vector<std::uint32_t>>> occupancy;
  /// [strategy][endpoint][patient]; an event code is negative outside of the endpoint's set.
  std::vector<std::vector<std::vector<std::int32_t>>> ticks;
  std::vector<std::vector<std::vector<std::int8_t>>> events;
  std::vector<std::size_t> cycle_measures;  ///< measures that count cycles
  /// [strategy][index in cycle_measures][cycles], patients.
  std::vector<std::vector<std::vector<std::uint32_t>>> cycles;
  std::vector<std::int32_t> factors;            ///< columns that hazards depend on, and subgroups
  std::vector<std::vector<double>> attributes;  ///< [factor][patient]
  std::vector<std::vector<Journal>> journals;   ///< [patient][strategy], of the first few
};

inline constexpr std::uint32_t most_sampled = 20'000;
inline constexpr std::uint32_t most_journals = 40;

/// Deterministic; any number of threads gives the same.
SampledLives sample_lives(const CompiledStudy& study, int threads);

}  // namespace npcsim::detail
