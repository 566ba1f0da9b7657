// Writing a strategy plugin in C++: a class, and one line that exports it.
//
// clang-format off
//   class Policy {
//    public:
//     // Of one patient; zero at the start.
//     struct Memory { std::int32_t complete_response; };
//     // Looks names up, once.
//     explicit Policy(npcsim::plugin::Host& host);
//     void decide(const npcsim::plugin::View&, Memory&, npcsim::plugin::Decision&) const;
//   };
//   NPCSIM_STRATEGY_PLUGIN(Policy)
// clang-format on
//
// Needs C++20 and plugin_api.h, nothing else of npcsim. An exception never crosses the boundary:
// one that leaves the constructor refuses the strategy, one that leaves decide() makes the decision
// empty and fails the patient's run.
#pragma once

#include <npcsim/strategies/plugin_api.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace npcsim::plugin {

inline constexpr double days_per_month = 30.4375;
inline constexpr std::int32_t until_stopped = npcsim_cycles_until_stopped;
inline constexpr std::int32_t as_planned = npcsim_cycles_as_planned;

enum class Trigger : std::int32_t {
  start = npcsim_trigger_start,
  course_done = npcsim_trigger_course_done,
  assessed = npcsim_trigger_assessed,
  progression = npcsim_trigger_progression,
  wake = npcsim_trigger_wake,
};

/// The members of one agent or regimen.
struct Agents {
  std::int32_t count = 0;
  std::int32_t indices[npcsim_most_agents] = {};
};

// Handles cannot be mixed up.
struct Marker {
  std::int32_t index = -1;
};
struct Variable {
  std::int32_t handle = -1;
};
struct Stream {
  std::int32_t handle = -1;
};

/// Looks names up while the plugin is created. Unknown names are reported by npcsim.
class Host {
 public:
  explicit Host(const npcsim_host& host) : host_(host) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Agents agents(const std::string& name) {
    Agents out;
    out.count = host_.agents(host_.context, name.c_str(), out.indices);
    return out;
  }
  Marker marker(const std::string& name) { return {host_.marker(host_.context, name.c_str())}; }
  Variable variable(const std::string& name) {
    return {host_.variable(host_.context, name.c_str())};
  }
  std::int32_t level(Variable variable, const std::string& name) {
    return host_.level(host_.context, variable.handle, name.c_str());
  }
  Stream stream(const std::string& name) { return {host_.stream(host_.context, name.c_str())}; }
  double setting(const std::string& name, double fallback) {
    double value = fallback;
    static_cast<void>(host_.setting(host_.context, name.c_str(), &value));
    return value;
  }
  double setting(const std::string& name) {
    double value = 0;
    if (host_.setting(host_.context, name.c_str(), &value) == 0)
      error("it needs the setting '" + name + "'");
    return value;
  }
  void error(const std::string& message) { host_.error(host_.context, message.c_str()); }

 private:
  const npcsim_host& host_;
};

/// What is known of one patient at one decision.
class View {
 public:
  explicit View(const npcsim_view& view) : view_(view) {}
  Trigger trigger() const { return static_cast<Trigger>(view_.trigger); }
  std::int32_t tag() const { return view_.tag; }
  double days() const { return view_.days; }  ///< since diagnosis
  std::int32_t line() const { return view_.line; }
  double value(Variable variable) const { return view_.value(view_.context, variable.handle); }
  /// Whether the variable stands at a level that Host::level gave.
  bool is(Variable variable, std::int32_t level) const {
    return value(variable) == static_cast<double>(level);
  }
  /// Uniform, strictly between 0 and 1; equal arguments give equal numbers for the same patient.
  double uniform(Stream stream, std::uint32_t occurrence = 0) const {
    return view_.uniform(view_.context, stream.handle, occurrence);
  }

 private:
  const npcsim_view& view_;
};

/// One action being written; each call returns it, so that calls can be chained.
class Action {
 public:
  explicit Action(npcsim_action& action) : action_(action) {}
  Action& tag(std::int32_t tag) {
    action_.tag = tag;
    return *this;
  }
  Action& after_days(double days) {
    action_.delay_days = days;
    return *this;
  }
  Action& time_on_agent_days(double days) {
    action_.time_on_agent_days = days;
    return *this;
  }
  Action& duration_days(double days) {
    action_.duration_days = days;
    return *this;
  }
  /// Adds agents to a give or a stop. Throws std::length_error beyond npcsim_most_agents.
  Action& with(const Agents& agents, std::int32_t cycles = until_stopped) {
    for (std::int32_t i = 0; i < agents.count; ++i) {
      if (action_.agent_count == npcsim_most_agents)
        throw std::length_error("too many agents in one action");
      action_.agents[action_.agent_count] = agents.indices[i];
      action_.cycles[action_.agent_count] = cycles;
      ++action_.agent_count;
    }
    return *this;
  }

 private:
  npcsim_action& action_;
};

/// The answer. Every function throws std::length_error when the decision is full.
class Decision {
 public:
  explicit Decision(npcsim_decision& decision) : decision_(decision) {}
  Action give(const Agents& agents, std::int32_t cycles = until_stopped) {
    return add(npcsim_action_give).with(agents, cycles);
  }
  Action stop(const Agents& agents) { return add(npcsim_action_stop).with(agents); }
  Action assess(Marker marker) {
    Action action = add(npcsim_action_assess);
    decision_.actions[decision_.count - 1].marker = marker.index;
    return action;
  }
  Action wake_after_days(double days) { return add(npcsim_action_wake).after_days(days); }

 private:
  Action add(std::int32_t kind) {
    if (decision_.count == npcsim_most_actions)
      throw std::length_error("too many actions in one decision");
    npcsim_action& action = decision_.actions[decision_.count++];
    action = npcsim_action{};
    action.kind = kind;
    return Action(action);
  }
  npcsim_decision& decision_;
};

namespace detail {

inline void copy_message(const char* text, npcsim_decision& decision) noexcept {
  std::size_t n = 0;
  while (n + 1 < sizeof decision.message && text[n] != '\0') ++n;
  // A letter of several bytes that does not fit is left out as a whole: UTF-8, RFC 3629, section 3.
  while (text[n] != '\0' && n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80U) --n;
  std::memcpy(decision.message, text, n);
  decision.message[n] = '\0';
}

inline void fail(const char* text, npcsim_decision& decision) noexcept {
  decision.count = 0;
  decision.failed = 1;
  copy_message(text, decision);
}

template <class Policy>
void* create(const npcsim_host* host) noexcept {
  try {
    Host words(*host);
    return new Policy(words);
  } catch (const std::exception& problem) {
    host->error(host->context, problem.what());
  } catch (...) {
    host->error(host->context, "an exception that is no std::exception");
  }
  return nullptr;
}

template <class Policy>
void decide(const void* self, const npcsim_view* view, void* bytes,
            npcsim_decision* decision) noexcept {
  using Memory = typename Policy::Memory;
  static_assert(
      std::is_trivially_copyable_v<Memory> && std::is_trivially_default_constructible_v<Memory>,
      "Memory is plain data that begins as zero bytes");
  static_assert(sizeof(Memory) <= npcsim_memory_bytes && alignof(Memory) <= 8,
                "Memory has 64 bytes");
  try {
    Memory memory;
    std::memcpy(&memory, bytes, sizeof memory);
    Decision answer(*decision);
    static_cast<const Policy*>(self)->decide(View(*view), memory, answer);
    std::memcpy(bytes, &memory, sizeof memory);
  } catch (const std::exception& problem) {
    fail(problem.what(), *decision);
  } catch (...) {
    fail("an exception that is no std::exception", *decision);
  }
}

template <class Policy>
void destroy(void* self) noexcept {
  delete static_cast<Policy*>(self);
}

}  // namespace detail
}  // namespace npcsim::plugin

/// Exports a class as the strategy of this shared library; once, outside of all namespaces.
#define NPCSIM_STRATEGY_PLUGIN(Policy)                                                             \
  extern "C" NPCSIM_PLUGIN_EXPORT std::uint32_t npcsim_plugin_version() noexcept {                 \
    return npcsim_plugin_api_version;                                                              \
  }                                                                                                \
  extern "C" NPCSIM_PLUGIN_EXPORT void* npcsim_plugin_create(const npcsim_host* host) noexcept {   \
    return npcsim::plugin::detail::create<Policy>(host);                                           \
  }                                                                                                \
  extern "C" NPCSIM_PLUGIN_EXPORT void npcsim_plugin_decide(const void* self,                      \
                                                            const npcsim_view* view, void* memory, \
                                                            npcsim_decision* decision) noexcept {  \
    npcsim::plugin::detail::decide<Policy>(self, view, memory, decision);                          \
  }                                                                                                \
  extern "C" NPCSIM_PLUGIN_EXPORT void npcsim_plugin_destroy(void* self) noexcept {                \
    npcsim::plugin::detail::destroy<Policy>(self);                                                 \
  }
