// A plugin's answers, checked and translated.
#include <npcsim/base/utf8.hpp>
#include <npcsim/random/draws.hpp>
#include <npcsim/strategies/detail/plugin_state.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

static_assert(npcsim_memory_bytes == sizeof(StrategyMemory::bytes) && alignof(StrategyMemory) >= 8);
static_assert(npcsim_most_agents == most_agents_in_action && npcsim_most_actions == most_actions);
static_assert(npcsim_cycles_until_stopped == cycles_until_stopped &&
              npcsim_cycles_as_planned == cycles_as_planned);
static_assert(npcsim_trigger_start == static_cast<int>(Trigger::start) &&
              npcsim_trigger_course_done == static_cast<int>(Trigger::course_done) &&
              npcsim_trigger_assessed == static_cast<int>(Trigger::assessed) &&
              npcsim_trigger_progression == static_cast<int>(Trigger::progression) &&
              npcsim_trigger_wake == static_cast<int>(Trigger::wake));
static_assert(npcsim_action_give == static_cast<int>(Action::Kind::give) &&
              npcsim_action_stop == static_cast<int>(Action::Kind::stop) &&
              npcsim_action_assess == static_cast<int>(Action::Kind::assess) &&
              npcsim_action_wake == static_cast<int>(Action::Kind::wake));

// The resolution of outcomes. A plugin that wakes itself more often would stop the clock.
constexpr double shortest_wake_days = 1.0 / 32.0;
// Actions that are over at once are answered at once. A plugin that answers each with another one
// would never end.
constexpr std::int32_t most_asked_at_once = 100;
// As in step documents.
constexpr std::int32_t most_cycles = 100000;

const char* in_words(Trigger trigger) {
  switch (trigger) {
    case Trigger::start:
      return "start";
    case Trigger::course_done:
      return "course done";
    case Trigger::assessed:
      return "assessed";
    case Trigger::progression:
      return "progression";
    case Trigger::wake:
      return "wake";
  }
  return "";
}

// One call of the plugin.
struct Conversation {
  const StrategyView& view;
  const PluginStrategy::State& state;
  mutable const char* problem = nullptr;  // first misuse of the view
};

double value_of(const void* context, std::int32_t variable) {
  const auto& talk = *static_cast<const Conversation*>(context);
  const auto& known = talk.state.variables;
  if (variable < 0 || static_cast<std::size_t>(variable) >= known.size()) {
    if (talk.problem == nullptr) talk.problem = "it reads a variable that it never looked up";
    return std::numeric_limits<double>::quiet_NaN();
  }
  return talk.view.value(known[static_cast<std::size_t>(variable)]);
}

double uniform_of(const void* context, std::int32_t stream, std::uint32_t occurrence) {
  const auto& talk = *static_cast<const Conversation*>(context);
  const auto& known = talk.state.streams;
  if (stream < 0 || static_cast<std::size_t>(stream) >= known.size() ||
      occurrence >= max_occurrences) {
    if (talk.problem == nullptr) {
      talk.problem = occurrence < max_occurrences
                         ? "it draws from a stream that it never looked up"
                         : "the occurrence of a draw must be below 16777216";
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
  return talk.view.draws().uniform(StreamName::from_hash(known[static_cast<std::size_t>(stream)]),
                                   occurrence);
}

bool duration(double days) { return days >= 0 && std::isfinite(days); }

const char* problem_with_agents(const npcsim_action& action, const PluginStrategy::State& state) {
  if (action.agent_count < 1 || action.agent_count > npcsim_most_agents) {
    return "names no agent, or more than 8";
  }
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const std::int32_t agent = action.agents[i];
    if (agent < 0 || static_cast<std::size_t>(agent) >= state.may_give.size() ||
        !state.may_give[static_cast<std::size_t>(agent)]) {
      return "names an agent that the plugin never looked up";
    }
    if (std::find(action.agents, action.agents + i, agent) != action.agents + i)
      return "names an agent twice";
    if (action.kind == npcsim_action_give &&
        (action.cycles[i] < cycles_as_planned || action.cycles[i] > most_cycles)) {
      return "has a number of cycles outside of -1 to 100000";
    }
  }
  return nullptr;
}

// Why the engine could not carry it out; null if it can.
const char* problem_with(const npcsim_action& action, const PluginStrategy::State& state) {
  if (!duration(action.delay_days)) return "has a delay that is negative or not finite";
  switch (action.kind) {
    case npcsim_action_give:
      if (!duration(action.time_on_agent_days) || !duration(action.duration_days)) {
        return "has a duration that is negative or not finite";
      }
      return problem_with_agents(action, state);
    case npcsim_action_stop:
      return problem_with_agents(action, state);
    case npcsim_action_assess:
      return action.marker >= 0 && action.marker < state.markers
                 ? nullptr
                 : "names a marker that does not exist";
    case npcsim_action_wake:
      return action.delay_days >= shortest_wake_days ? nullptr
                                                     : "wakes the plugin in less than 1/32 day";
    default:
      return "is of no known kind";
  }
}

Action translated(const npcsim_action& action) {
  Action out;
  out.kind = static_cast<Action::Kind>(action.kind);
  out.tag = action.tag;
  out.delay_days = action.delay_days;
  switch (out.kind) {
    case Action::Kind::give:
    case Action::Kind::stop:
      out.agent_count = action.agent_count;
      std::copy_n(action.agents, action.agent_count, out.agents.begin());
      std::copy_n(action.cycles, action.agent_count, out.cycles.begin());
      out.time_on_agent_days = action.time_on_agent_days;
      out.duration_days = action.duration_days;
      break;
    case Action::Kind::assess:
      out.marker = action.marker;
      break;
    case Action::Kind::wake:
      break;
  }
  return out;
}

// Keeps the failure if no lower patient has failed, nor the same one earlier in its life.
void keep(PluginStrategy::State& state, const StrategyView& view, const char* problem,
          std::int32_t action) noexcept {
  const std::uint32_t patient = view.draws().patient();
  if (patient >= state.lowest.load(std::memory_order_relaxed)) return;
  std::string message;
  try {
    message = "plugin '" + state.name + "' on day " +
              std::to_string(static_cast<std::int64_t>(view.days())) + " (" +
              in_words(view.trigger()) + "): ";
    if (action >= 0) message += "action " + std::to_string(action + 1) + " ";
    message += printable(problem);  // often in words of the plugin
  } catch (const std::exception&) {
    message.clear();  // no memory is left for the words; the patient can be replayed
  }
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (patient >= state.lowest.load(std::memory_order_relaxed)) return;
  state.failure.patient = patient;
  state.failure.message.swap(message);
  state.lowest.store(patient, std::memory_order_relaxed);
}

}  // namespace

PluginStrategy::PluginStrategy(std::unique_ptr<State> state) : state_(std::move(state)) {}
PluginStrategy::~PluginStrategy() = default;

void PluginStrategy::decide(const StrategyView& view, StrategyMemory& memory,
                            Decision& decision) const noexcept {
  State& state = *state_;
  if (view.asked_now() > most_asked_at_once) {
    keep(state, view, "it was asked 100 times at one instant and still wants more", -1);
    return;
  }
  const Conversation talk{view, state};
  npcsim_view seen{};
  seen.context = &talk;
  seen.days = view.days();
  seen.trigger = static_cast<std::int32_t>(view.trigger());
  seen.tag = view.tag();
  seen.line = view.line();
  seen.value = value_of;
  seen.uniform = uniform_of;
  npcsim_decision answer{};
  state.decide(state.self, &seen, memory.bytes.data(), &answer);

  if (answer.failed != 0) {
    answer.message[npcsim_message_bytes - 1] = '\0';
    keep(state, view, answer.message[0] != '\0' ? answer.message : "it failed and gave no reason",
         -1);
    return;
  }
  if (talk.problem != nullptr) {
    keep(state, view, talk.problem, -1);
    return;
  }
  if (answer.count < 0 || answer.count > npcsim_most_actions) {
    keep(state, view, "it asks for more than 16 actions, or for a negative number", -1);
    return;
  }
  for (std::int32_t i = 0; i < answer.count; ++i) {
    if (const char* problem = problem_with(answer.actions[i], state)) {
      keep(state, view, problem, i);
      return;
    }
  }
  for (std::int32_t i = 0; i < answer.count; ++i) decision.add(translated(answer.actions[i]));
}

std::vector<std::int32_t> PluginStrategy::agents() const {
  std::vector<std::int32_t> out;
  for (std::size_t a = 0; a < state_->may_give.size(); ++a) {
    if (state_->may_give[a]) out.push_back(static_cast<std::int32_t>(a));
  }
  return out;
}

std::optional<PluginFailure> PluginStrategy::failed() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->lowest.load(std::memory_order_relaxed) == State::nobody) return std::nullopt;
  return state_->failure;
}

std::optional<PluginFailure> failure_of(const Strategy& strategy) {
  const auto* plugin = dynamic_cast<const PluginStrategy*>(&strategy);
  return plugin == nullptr ? std::nullopt : plugin->failed();
}

}  // namespace npcsim
