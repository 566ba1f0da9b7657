// From a finished life to a row of outcomes.
#pragma once

#include <npcsim/engine/life.hpp>
#include <npcsim/engine/outcome.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// One thing that is counted for each patient and strategy.
struct Measure {
  enum class Kind : std::uint8_t {
    received,
    cycles,
    time_on,
    reductions,
    dose_level,
    best_level,
    objective_response,
    toxicity,
    progressions,
    lines,
    stopped,
    first_dose  ///< ticks from diagnosis; not among those that runs report
  };
  Kind kind = Kind::received;
  std::int32_t index = 0;
  std::int32_t detail = 0;
};

/// What is counted for a program when these agents may be given.
std::vector<Measure> measures_of(const Program& program, const std::vector<bool>& agents_in_use);

MeasureShape shape_of(const Measure& measure, const Program& program);

/// Tick and code of one endpoint. `code` is outcome_not_in_set when the origin never happened.
void endpoint_outcome(const Life& life, const Endpoint& endpoint, std::int32_t& tick,
                      std::int8_t& code);

std::int32_t measure_value(const Life& life, const Measure& measure);

}  // namespace npcsim
