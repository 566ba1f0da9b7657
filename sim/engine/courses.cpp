// Agents: when doses come, why they end, and what that leaves behind.
//
// Doses follow a schedule, so a course is one event (its end), not one event a dose. Cycles
// received are the doses that came before the course ended, whatever ended it.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/engine/detail/odds.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace npcsim {

// What others that have been given, and the patient's attributes, add to a risk.
double Life::log_more(const std::vector<MoreWith>& more_with,
                      const std::vector<LinearTerm>& modifiers) const {
  double sum = 0;
  for (const LinearTerm& term : modifiers) sum += term.coef * column(term.column);
  for (const MoreWith& entry : more_with) {
    for (const std::int32_t other : entry.agents) {
      if (!agents_[static_cast<std::size_t>(other)].received) continue;
      sum += entry.coef;
      break;
    }
  }
  return sum;
}

// Multiplies the rate when another agent that makes it worse has been given.
double Life::risk_rate(const CycleRisk& risk) const {
  if (risk.more_with.empty() && risk.modifiers.empty())
    return risk.per_cycle > 0 ? risk.per_cycle : risk.hazard;
  const double more = log_more(risk.more_with, risk.modifiers);
  if (risk.per_cycle > 0) return detail::with_odds(risk.per_cycle, more);
  return more == 0 ? risk.hazard : risk.hazard * portable::exp(more);
}

std::int32_t Life::cycles_of(std::int32_t index) const {
  const auto a = static_cast<std::size_t>(index);
  const AgentState& state = agents_[a];
  return state.doses + (state.dosed ? doses_before(a, now_) : 0);
}

void Life::give(const Action& action, double t) {
  const std::int32_t planned = planned_cycles(action);
  std::array<bool, most_agents_in_action> taken{};
  std::array<std::int32_t, most_agents_in_action> cut_short{};
  std::size_t cut_count = 0;
  bool any = false;
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int32_t index = action.agents[at];
    const Agent& agent = program_.agents[static_cast<std::size_t>(index)];
    if (!holds(agent.given_when)) continue;
    if (agent.feasible < 1.0 &&
        !(patient_->draws.uniform(StreamName::from_hash(agent.feasible_stream)) < agent.feasible)) {
      continue;
    }
    taken[at] = true;
    any = true;
  }
  // All of them count as given before the risks of any are planned: some are higher beside another
  // agent.
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (taken[at]) agents_[static_cast<std::size_t>(action.agents[at])].received = true;
  }
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (!taken[at]) continue;
    const AgentState& state = agents_[static_cast<std::size_t>(action.agents[at])];
    if (state.dosed && state.tag != action.tag &&
        std::find(cut_short.begin(), cut_short.begin() + cut_count, state.tag) ==
            cut_short.begin() + cut_count) {
      cut_short[cut_count++] = state.tag;
    }
    start_course(action.agents[at], action.cycles[at], planned, action, t);
  }
  if (any) {
    agents_changed();
    since_event(t);
  }
  // There may be nothing to wait for: procedures, agents given for good, or nothing given at all.
  // Before that, what waits for the end of a course that this one has cut short goes on.
  ask_whether_done(action.tag);
  for (std::size_t i = cut_count; i > 0; --i) ask_whether_done(cut_short[i - 1]);
}

// Whether an agent of this tag is being dosed and is to end. A stop that will come to one given for
// good is not known yet.
bool Life::waits_for(std::int32_t tag) const {
  for (const std::int32_t a : dosed_) {
    const AgentState& agent = agents_[static_cast<std::size_t>(a)];
    if (agent.tag == tag && !agent.for_good) return true;
  }
  return false;
}

// Planned cycles of an action: the plan of its first agent that has one holds for all of them; 0
// without a plan.
std::int32_t Life::planned_cycles(const Action& action) const {
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const auto a = static_cast<std::size_t>(action.agents[static_cast<std::size_t>(i)]);
    const Agent& agent = program_.agents[a];
    if (agent.plan.empty()) continue;
    const double u = patient_->draws.uniform(StreamName::from_hash(agent.plan_stream));
    for (const auto& [cycles, cumulative] : agent.plan) {
      if (u < cumulative) return cycles;
    }
    return agent.plan.back().first;
  }
  return 0;
}

void Life::start_course(std::int32_t index, std::int32_t cycles, std::int32_t planned,
                        const Action& action, double t) {
  const auto a = static_cast<std::size_t>(index);
  const Agent& agent = program_.agents[a];
  AgentState& state = agents_[a];
  if (state.dosed) stop_agent(a, t);
  if (!(state.first_dose < never)) state.first_dose = t;
  std::int32_t n = 0;
  if (agent.cyclic) {
    n = cycles > 0 ? cycles : std::numeric_limits<std::int32_t>::max() / 2;
    if (cycles == cycles_as_planned && planned > 0) n = planned;
    if (agent.cap > 0) n = std::min(n, agent.cap - state.doses);
    if (action.time_on_agent_days > 0) {
      // Doses come strictly before first dose + limit, as dose_time() rounds them.
      const double until = state.first_dose + action.time_on_agent_days;
      const auto in_time = [&](std::int32_t dose) {
        return t + static_cast<double>(dose) * agent.every < until;
      };
      // A limit of more doses than the plan has may be of any size.
      const double about = (until - t) / agent.every;
      if (about < static_cast<double>(n)) {
        auto most = about > 0 ? static_cast<std::int32_t>(about) : 0;
        while (in_time(most)) ++most;
        n = std::min(n, most);
      }
    }
    if (n <= 0) return;  // nothing is left to give; what was given before stays as it is
    // Nobody is dosed beyond the end of follow-up.
    const double to_limit = (limit_ - t) / agent.every + 2.0;
    if (static_cast<double>(n) > to_limit) n = static_cast<std::int32_t>(to_limit);
  }
  // A course that was broken off at this very instant has taken it back.
  state.received = true;
  state.dose_before = state.last_dose;
  state.start = t;
  state.tag = action.tag;
  state.fatal_at = never;
  state.fatal_risk = -1;
  state.stop_cause = -1;
  state.planned = n;
  state.hold_count = 0;
  state.last_dose = t;
  state.for_good = false;
  if (agent.cyclic && (agent.holds || agent.changes_doses)) {
    plan_doses(a, n);
    // Holds move doses beyond the time on the agent that is allowed.
    if (action.time_on_agent_days > 0) {
      const double until = state.first_dose + action.time_on_agent_days;
      while (state.planned > 1 && !(dose_time(a, state.planned - 1) < until)) --state.planned;
    }
  }

  treated_line_ = std::max(treated_line_, line_);
  if (agent.cyclic) {
    state.end = dose_time(a, state.planned - 1) + agent.every;
  } else if (agent.course) {
    state.end = t + agent.over;
  } else if (action.duration_days > 0 && !agent.procedure) {
    state.end = t + action.duration_days;
    state.last_dose = state.end;
  } else {
    // A procedure is over at once; an agent without cycles or duration is given for good.
    state.for_good = !agent.procedure;
    state.end = agent.procedure ? t : never;
    state.last_dose = agent.procedure ? t : never;
  }

  const std::int32_t to_come = state.planned;
  // Risks: the threshold is what is left from earlier courses; no draw per cycle. The earliest stop
  // acts.
  double stop_at = never;
  for (std::size_t r = 0; r < agent.risks.size(); ++r) {
    const CycleRisk& risk = agent.risks[r];
    const double rate = risk_rate(risk);
    risk_rate_[static_cast<std::size_t>(risk_offset_[a]) + r] = rate;
    if (risk.kind == CycleRisk::Kind::toxicity) continue;
    if (!(rate > 0)) continue;
    const double left =
        harm_threshold(risk.harm) - risk_spent_[static_cast<std::size_t>(risk_offset_[a]) + r];
    double at = never;
    std::int32_t doses = state.planned;
    if (risk.per_cycle > 0) {
      // The crossing lies in cycle n = ceil(left / rate): n doses are given.
      const double exact = left / rate;
      auto whole = static_cast<std::int32_t>(exact < 1e9 ? exact : 1e9);
      if (static_cast<double>(whole) < exact) ++whole;
      // Earlier courses may have spent more than the threshold.
      if (whole < 1) whole = 1;
      if (whole > state.planned) continue;
      doses = whole;
      at = dose_time(a, whole - 1);
    } else {
      at = t + (left > 0 ? left : 0) / rate;
      if (!(at < state.end)) continue;
      doses = agent.cyclic ? doses_before(a, at) : state.planned;
      if (agent.cyclic && doses < 1) doses = 1;
    }
    if (risk.kind == CycleRisk::Kind::fatal) {
      if (at < state.fatal_at) {
        state.fatal_at = at;
        state.fatal_risk = static_cast<std::int32_t>(r);
      }
    } else if (agent.cyclic) {
      if (at < stop_at) {
        stop_at = at;
        state.planned = doses;
        // In the gap of a dose that is held the stop may come later than one cycle after the last
        // dose; nothing is known of it before it comes.
        state.end = std::max(dose_time(a, doses - 1) + agent.every, at);
        state.stop_cause = risk.cause;
      }
    } else if (at < state.end) {
      state.end = at;
      state.last_dose = at;
      state.stop_cause = risk.cause;
    }
  }
  if (agent.cyclic) state.last_dose = dose_time(a, state.planned - 1);
  if (!(state.fatal_at < state.end)) {
    // The dose that would have killed does not come: another risk has ended the course before it.
    state.fatal_at = never;
    state.fatal_risk = -1;
  }

  state.dosed = state.end > t || state.fatal_at <= t;
  note(t, JournalEntry::Kind::begin, index, to_come);
  if (state.dosed) {
    dosed_.push_back(index);
  } else {
    state.ended = t;
    if (!(state.first_ended < never)) state.first_ended = t;
    if (agent.course) {
      state.eqd2 += agent.eqd2;  // all of it on one day
      state.stage = 2;
    }
    note(t, JournalEntry::Kind::finish, index, 0, 0);
    if (journal_ != nullptr) date_course_harms(a, t);
  }
  if (agent.reduces) find_dose_level(a, t);
  start_tracks(a);
}

// Books what the course has brought by time t.
void Life::close_course(std::size_t a, double t, CourseEnd how) {
  const Agent& agent = program_.agents[a];
  AgentState& state = agents_[a];
  // Of a course that kills, the doses have been counted.
  const bool cut_short =
      how == CourseEnd::interrupted || (how == CourseEnd::killed && !agent.cyclic);
  std::int32_t given = state.planned;
  if (cut_short && agent.cyclic) {
    given = doses_before(a, t);
    if (given < 1) given = t > state.start ? 1 : 0;
    if (given > 0) {
      state.last_dose = dose_time(a, given - 1);
    } else if (state.doses > 0) {
      state.last_dose = state.dose_before;
    } else {
      // Stopped at the instant of its first dose, which therefore never came.
      state.first_dose = never;
      state.received = false;
    }
  } else if (cut_short && !agent.course && state.last_dose > t) {
    state.last_dose = t;
  }
  const double end = state.end < t ? state.end : t;
  if (agent.course) {
    if (cut_short && t < state.end) {
      // Whole fractions delivered, evenly spread over the course.
      const double share = agent.over > 0 ? (t - state.start) / agent.over : 0.0;
      const auto fractions =
          static_cast<std::int32_t>(share * static_cast<double>(agent.fractions));
      state.eqd2 +=
          agent.eqd2 * static_cast<double>(fractions) / static_cast<double>(agent.fractions);
      // Without a dose response an interrupted course has the effect of the half that was given.
      const bool half = !(t < state.start + 0.5 * agent.over);
      state.stage = std::max(state.stage, half ? 1 : 0);
    } else {
      state.eqd2 += agent.eqd2;
      state.stage = 2;
    }
  }
  if (journal_ != nullptr) {
    date_harms(a, given, end);
    note_held_doses(a, end);
  }
  for (std::size_t r = 0; r < agent.risks.size(); ++r) {
    const CycleRisk& risk = agent.risks[r];
    const double rate = risk_rate_[static_cast<std::size_t>(risk_offset_[a]) + r];
    risk_spent_[static_cast<std::size_t>(risk_offset_[a]) + r] +=
        risk.per_cycle > 0 ? rate * static_cast<double>(given) : rate * (end - state.start);
  }
  if (agent.changes_doses) settle_doses(a, given);
  state.doses += given;
  state.planned = 0;
  state.time_on += end - state.start;
  state.ended = end;
  if (!(state.first_ended < never)) state.first_ended = end;
  state.dosed = false;
  for (const std::int32_t track : agent.tracks)
    tracks_[static_cast<std::size_t>(track)].moved = true;
  dosed_.erase(std::find(dosed_.begin(), dosed_.end(), static_cast<std::int32_t>(a)));
  if (journal_ != nullptr) {
    const std::int32_t said = how == CourseEnd::done ? 0 : how == CourseEnd::stopped ? 1 : 2;
    note(t, JournalEntry::Kind::finish, static_cast<std::int32_t>(a), state.doses, said);
    date_course_harms(a, t);
  }
  if (!state.received) state = AgentState{};
}

// The course reaches its planned end, a stop, or a fatal toxicity.
void Life::end_course(std::size_t a, double t) {
  const Agent& agent = program_.agents[a];
  AgentState& state = agents_[a];
  if (state.fatal_at <= t) {
    const CycleRisk& risk = agent.risks[static_cast<std::size_t>(state.fatal_risk)];
    note(t, JournalEntry::Kind::toxicity, risk.toxicity, risk.to_state);
    // The dose that kills was given.
    const std::int32_t given = doses_before(a, t) + (risk.per_cycle > 0 ? 1 : 0);
    state.planned = std::min(state.planned, std::max(given, 1));
    close_course(a, t, CourseEnd::killed);
    enter(risk.to_state, t, static_cast<std::int32_t>(program_.processes.size()) + risk.toxicity);
    return;
  }
  const std::int32_t tag = state.tag;
  const bool waited_for = !state.for_good;
  const bool stopped = state.stop_cause >= 0;
  if (stopped) {
    state.stopped_for = state.stop_cause;
    note(t, JournalEntry::Kind::stopped, static_cast<std::int32_t>(a), state.stop_cause);
  }
  close_course(a, t, stopped ? CourseEnd::stopped : CourseEnd::done);
  agents_changed();
  since_event(t);
  // Of what is given for good nobody has waited for the end: the strategy has gone on.
  if (waited_for && !waits_for(tag)) ask(Trigger::course_done, tag);
}

void Life::stop_agent(std::size_t a, double t) {
  if (!agents_[a].dosed) return;
  // An agent without cycles, course or duration is given for good and is not stopped.
  close_course(a, t, CourseEnd::interrupted);
  agents_changed();
  since_event(t);
}

// Stops agents; what waits for the end of their courses goes on.
void Life::stop(const Action& action, double t) {
  std::array<std::int32_t, most_agents_in_action> tags{};
  std::size_t count = 0;
  for (std::int32_t i = 0; i < action.agent_count; ++i) {
    const auto a = static_cast<std::size_t>(action.agents[static_cast<std::size_t>(i)]);
    if (!agents_[a].dosed) continue;
    const std::int32_t tag = agents_[a].tag;
    stop_agent(a, t);
    if (std::find(tags.begin(), tags.begin() + count, tag) == tags.begin() + count)
      tags[count++] = tag;
  }
  for (std::size_t i = count; i > 0; --i) ask_whether_done(tags[i - 1]);
}

void Life::stop_all(double t) {
  for (std::size_t i = dosed_.size(); i > 0; --i) {
    const auto a = static_cast<std::size_t>(dosed_[i - 1]);
    if (agents_[a].for_good) continue;
    close_course(a, t, CourseEnd::interrupted);
  }
  agents_changed();
  since_event(t);
}

}  // namespace npcsim
