// The seam between engine and strategies: a strategy sees the observed history and answers with
// actions.
#pragma once

#include <npcsim/model/condition.hpp>
#include <npcsim/random/draws.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace npcsim {

class Life;

/// Why a strategy is asked.
enum class Trigger : std::uint8_t {
  start,        ///< first dose is due
  course_done,  ///< all agents of one `give` have ended; tag says which
  assessed,     ///< an assessment that it asked for is done and showed no progression
  progression,  ///< progression was documented; everything has been stopped
  wake,         ///< a time that it asked for has come
};

inline constexpr std::size_t most_agents_in_action = 8;
inline constexpr std::size_t most_actions = 16;

/// Cycles of an agent in an action: a positive number, or one of these.
inline constexpr std::int32_t cycles_until_stopped = 0;
inline constexpr std::int32_t cycles_as_planned = -1;

/// What a strategy may ask for.
struct Action {
  enum class Kind : std::uint8_t { give, stop, assess, wake };
  Kind kind = Kind::give;
  std::int32_t tag = 0;   ///< comes back with course_done, assessed and wake
  double delay_days = 0;  ///< from now
  std::int32_t agent_count = 0;
  std::array<std::int32_t, most_agents_in_action> agents{};
  std::array<std::int32_t, most_agents_in_action> cycles{};
  double time_on_agent_days = 0;  ///< no dose this long after the agent's first one; 0: no limit
  double duration_days = 0;       ///< of agents without cycles; 0: for good
  std::int32_t marker = 0;        ///< of assess
};

struct Decision {
  std::size_t count = 0;
  std::array<Action, most_actions> actions{};
  bool add(const Action& action) {
    if (count == actions.size()) return false;
    actions[count++] = action;
    return true;
  }
};

/// Memory of a strategy for one patient: plain bytes, zero at the start of a life.
struct StrategyMemory {
  alignas(8) std::array<std::byte, 64> bytes{};
};

/// What a strategy may look at: nothing latent, nothing of the future.
class StrategyView {
 public:
  StrategyView(const Life& life, Trigger trigger, std::int32_t tag)
      : life_(life), trigger_(trigger), tag_(tag) {}
  Trigger trigger() const { return trigger_; }
  std::int32_t tag() const { return tag_; }
  double days() const;                    ///< since diagnosis
  double value(Variable variable) const;  ///< an attribute or something observed
  bool holds(std::int32_t condition) const;
  std::int32_t line() const;          ///< line of treatment, 1 from the start
  std::int32_t asked_now() const;     ///< how often at this instant, this time included
  const PatientDraws& draws() const;  ///< ask by a stream that names neither strategy nor step

 private:
  const Life& life_;
  Trigger trigger_;
  std::int32_t tag_;
};

/// A treatment policy. One object serves all threads and patients; it never throws.
class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual void decide(const StrategyView& view, StrategyMemory& memory,
                      Decision& decision) const noexcept = 0;
};

}  // namespace npcsim
