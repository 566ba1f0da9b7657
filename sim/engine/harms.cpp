// Toxicities: which of them a life has had, and, for its journal, when.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/engine/detail/odds.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// The same rounding decides everywhere whether a threshold has been reached.
constexpr double nearly = 1.0 - 1e-12;

}  // namespace

// Whether a course of the agent at this place of the toxicity's list has brought it.
bool Life::had_course_harm(const Toxicity& toxicity, std::size_t place, double share,
                           double more) const {
  const auto a = static_cast<std::size_t>(toxicity.agents[place]);
  return toxicity.per_course > 0 && (!agents_[a].dosed || program_.agents[a].course) &&
         harm_threshold(toxicity.harms[place]) <=
             share * detail::with_odds(toxicity.per_course, more);
}

bool Life::had_toxicity(std::int32_t index) const {
  const Toxicity& toxicity = program_.toxicities[static_cast<std::size_t>(index)];
  const double until = over_ ? end_ : now_;
  for (const ToxicityRisk& entry : toxicity.risks) {
    const auto a = static_cast<std::size_t>(entry.agent);
    const AgentState& state = agents_[a];
    if (!state.received) continue;
    const CycleRisk& risk = program_.agents[a].risks[static_cast<std::size_t>(entry.risk)];
    if (risk.kind == CycleRisk::Kind::fatal) {
      if (dead_ &&
          cause_of_death_ == static_cast<std::int32_t>(program_.processes.size()) + index &&
          state.fatal_risk == entry.risk) {
        return true;
      }
      continue;
    }
    const std::size_t at =
        static_cast<std::size_t>(risk_offset_[a]) + static_cast<std::size_t>(entry.risk);
    double spent = risk_spent_[at];
    if (state.dosed) {
      const double rate = risk_rate_[at];
      spent += risk.per_cycle > 0 ? rate * static_cast<double>(doses_before(a, until))
                                  : rate * (until - state.start);
    }
    // The same rounding decides here and where the course was stopped for it.
    if (spent > 0 && spent >= harm_threshold(risk.harm) * nearly) return true;
  }
  if (toxicity.harms.empty()) return false;
  const double more = log_more(toxicity.more_with, toxicity.modifiers);
  for (std::size_t i = 0; i < toxicity.agents.size(); ++i) {
    const auto a = static_cast<std::size_t>(toxicity.agents[i]);
    const AgentState& state = agents_[a];
    if (!state.received) continue;
    double share = 1.0;
    if (toxicity.dose_response.given) {
      // Of a first course that goes on, nothing has been delivered yet.
      if (!(state.first_ended <= until)) continue;
      share = toxicity.dose_response.share(state.eqd2);
    }
    if (had_course_harm(toxicity, i, share, more)) return true;
    if (toxicity.hazard_after > 0 && state.first_ended <= until) {
      const double rate =
          share * (more == 0 ? toxicity.hazard_after : toxicity.hazard_after * portable::exp(more));
      if (state.first_ended + harm_threshold(toxicity.harms[i]) / rate <= until) return true;
    }
  }
  return false;
}

// When the course that ends now, with `given` doses, has reached the threshold of a toxicity. To be
// asked before its risks are booked.
void Life::date_harms(std::size_t a, std::int32_t given, double end) {
  const Agent& agent = program_.agents[a];
  for (std::size_t r = 0; r < agent.risks.size(); ++r) {
    const CycleRisk& risk = agent.risks[r];
    if (risk.toxicity < 0 || risk.kind == CycleRisk::Kind::fatal) continue;
    const std::size_t at = static_cast<std::size_t>(risk_offset_[a]) + r;
    const double rate = risk_rate_[at];
    const double left = harm_threshold(risk.harm) * nearly - risk_spent_[at];
    if (!(rate > 0) || (risk_spent_[at] > 0 && left <= 0)) continue;  // it was before
    double when = agents_[a].start + left / rate;
    if (risk.per_cycle > 0) {
      const double cycle = std::ceil(left / rate);
      if (cycle > static_cast<double>(given)) continue;
      when = dose_time(a, cycle < 1 ? 0 : static_cast<std::int32_t>(cycle) - 1);
    } else if (when > end) {
      continue;
    }
    double& first = harm_at_[static_cast<std::size_t>(risk.toxicity)];
    first = std::min(first, when);
  }
}

// The harms of courses are known when one has ended.
void Life::date_course_harms(std::size_t a, double t) {
  for (std::size_t i = 0; i < program_.toxicities.size(); ++i) {
    const Toxicity& toxicity = program_.toxicities[i];
    if (!(toxicity.per_course > 0) || harm_at_[i] < never || !agents_[a].received) continue;
    const auto place =
        std::find(toxicity.agents.begin(), toxicity.agents.end(), static_cast<std::int32_t>(a));
    if (place == toxicity.agents.end()) continue;
    const double share =
        toxicity.dose_response.given ? toxicity.dose_response.share(agents_[a].eqd2) : 1.0;
    if (had_course_harm(toxicity, static_cast<std::size_t>(place - toxicity.agents.begin()), share,
                        log_more(toxicity.more_with, toxicity.modifiers)))
      harm_at_[i] = t;
  }
}

// The doses of a course that were held before it ended. To be asked before its doses are booked.
void Life::note_held_doses(std::size_t a, double end) {
  const AgentState& state = agents_[a];
  double due = 0;  // without the days of this course's start and of the cycles
  for (std::int32_t h = 0; h < state.hold_count; ++h) {
    const Hold& hold = holds_[static_cast<std::size_t>(state.first_hold + h)];
    const double at = state.start + static_cast<double>(hold.dose) * program_.agents[a].every + due;
    if (!(at < end)) break;
    insert(*journal_, {at, JournalEntry::Kind::held, static_cast<std::int32_t>(a),
                       state.doses + hold.dose + 1, static_cast<std::int32_t>(hold.days + 0.5)});
    due += hold.days;
  }
}

// The toxicities that the results count, each where it came first. Of those that killed the journal
// knows.
void Life::note_toxicities() {
  for (std::size_t i = 0; i < program_.toxicities.size(); ++i) {
    const auto index = static_cast<std::int32_t>(i);
    if (!had_toxicity(index)) continue;
    const Toxicity& toxicity = program_.toxicities[i];
    const bool killed =
        dead_ && cause_of_death_ == static_cast<std::int32_t>(program_.processes.size()) + index;
    double first = harm_at_[i];
    const double more = log_more(toxicity.more_with, toxicity.modifiers);
    for (std::size_t k = 0; toxicity.hazard_after > 0 && k < toxicity.agents.size(); ++k) {
      const AgentState& state = agents_[static_cast<std::size_t>(toxicity.agents[k])];
      if (!state.received) continue;
      const double share =
          toxicity.dose_response.given ? toxicity.dose_response.share(state.eqd2) : 1.0;
      const double rate =
          share * (more == 0 ? toxicity.hazard_after : toxicity.hazard_after * portable::exp(more));
      first = std::min(first, state.first_ended + harm_threshold(toxicity.harms[k]) / rate);
    }
    if (killed && !(first < end_)) continue;
    insert(*journal_, {std::min(first, end_), JournalEntry::Kind::toxicity, index, -1, 0});
  }
}

}  // namespace npcsim
