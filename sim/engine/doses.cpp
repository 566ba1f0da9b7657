// The doses of a course: when they come, and how large they are. Doses are held, and toxicities of
// a cycle delay or reduce those after it.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>

namespace npcsim {

// What the next cycle brings, of toxicities that change doses: each has a threshold that is spent
// cycle by cycle and drawn anew when it is reached. The first is that of ever having had it.
template <class Happens>
void Life::live_cycle(std::size_t a, Episodes* episodes, const Happens& happens) const {
  const Agent& agent = program_.agents[a];
  for (std::size_t r = 0; r < agent.risks.size(); ++r) {
    const CycleRisk& risk = agent.risks[r];
    const double rate = risk_rate_[static_cast<std::size_t>(risk_offset_[a]) + r];
    if (!risk.changes_doses() || !(rate > 0)) continue;
    Episodes& past = episodes[r];
    if (past.threshold < 0) past.threshold = harm_threshold(risk.harm);
    past.spent += rate;
    if (past.spent < past.threshold * (1.0 - 1e-12)) continue;
    ++past.count;
    past.spent = 0;
    past.threshold = patient_->draws.unit_exponential(
        StreamName::from_hash(program_.harms[static_cast<std::size_t>(risk.harm)]), past.count);
    happens(risk);
  }
}

// Goes through the doses of the running course, the first `doses` of them: see(dose from 1, level,
// reductions so far). Returns level and reductions after the last cycle; cycle_ holds the episodes
// until then.
template <class See>
std::pair<double, std::int32_t> Life::live_cycles(std::size_t a, std::int32_t doses,
                                                  const See& see) {
  const auto first = static_cast<std::size_t>(risk_offset_[a]);
  const std::size_t risks = program_.agents[a].risks.size();
  std::copy_n(episodes_.data() + first, risks, cycle_.data());
  double level = levels_.empty() ? 1.0 : levels_[a].coming;
  std::int32_t reductions = levels_.empty() ? 0 : levels_[a].reductions_coming;
  for (std::int32_t dose = 1; dose <= doses; ++dose) {
    if (!see(dose, level, reductions)) break;
    live_cycle(a, cycle_.data(), [&](const CycleRisk& risk) {
      if (!(risk.reduce_by > 0) || reductions >= risk.reduce_most) return;
      level *= 1.0 - risk.reduce_by;
      ++reductions;
    });
  }
  return {level, reductions};
}

// Delays before the doses of a course that begins.
void Life::plan_doses(std::size_t a, std::int32_t doses) {
  const Agent& agent = program_.agents[a];
  AgentState& state = agents_[a];
  state.hold_count = 0;
  state.first_hold = static_cast<std::int32_t>(holds_.size());
  const auto hold = [&](std::int32_t dose, double days) {
    if (state.hold_count == most_holds) return;
    holds_.push_back({dose, days});
    ++state.hold_count;
  };
  if (agent.changes_doses) {
    const auto first = static_cast<std::size_t>(risk_offset_[a]);
    for (std::size_t r = 0; r < agent.risks.size(); ++r)
      risk_rate_[first + r] = risk_rate(agent.risks[r]);
    std::copy_n(episodes_.data() + first, agent.risks.size(), cycle_.data());
  }
  // Before each dose but the first the agent is held with a probability, and asked again after each
  // delay. One threshold serves until a hold happens, then the next occurrence; occurrences count
  // holds since diagnosis.
  double consumed = 0;
  std::uint32_t occurrence = static_cast<std::uint32_t>(state.doses) << 8;
  const auto next_threshold = [&] {
    return patient_->draws.unit_exponential(StreamName::from_hash(agent.hold_stream), occurrence);
  };
  double threshold = agent.holds ? next_threshold() : never;
  for (std::int32_t dose = 1; dose < doses; ++dose) {
    if (agent.changes_doses) {
      live_cycle(a, cycle_.data(), [&](const CycleRisk& risk) {
        if (risk.delay_days > 0) hold(dose, risk.delay_days);
      });
    }
    for (std::int32_t tries = 0; tries < agent.hold_most; ++tries) {
      consumed += agent.hold_log;
      if (consumed < threshold || state.hold_count == most_holds) break;
      hold(dose, agent.hold_days);
      consumed = 0;
      ++occurrence;
      threshold = next_threshold();
    }
  }
}

double Life::dose_time(std::size_t a, std::int32_t dose) const {
  const Agent& agent = program_.agents[a];
  const AgentState& state = agents_[a];
  double t = state.start + static_cast<double>(dose) * agent.every;
  for (std::int32_t h = 0; h < state.hold_count; ++h) {
    const Hold& hold = holds_[static_cast<std::size_t>(state.first_hold + h)];
    if (hold.dose > dose) break;
    t += hold.days;
  }
  return t;
}

// Doses of the running course that came strictly before t: at the same instant everything else
// comes first.
std::int32_t Life::doses_before(std::size_t a, double t) const {
  const AgentState& state = agents_[a];
  const Agent& agent = program_.agents[a];
  if (!agent.cyclic || state.planned == 0) return 0;
  if (state.hold_count == 0) {
    const double cycles = (t - state.start) / agent.every;
    auto n = static_cast<std::int32_t>(cycles);
    n = n < state.planned ? n : state.planned;
    while (n < state.planned && dose_time(a, n) < t) ++n;
    while (n > 0 && !(dose_time(a, n - 1) < t)) --n;
    return n;
  }
  std::int32_t n = 0;
  while (n < state.planned && dose_time(a, n) < t) ++n;
  return n;
}

// How large the dose is that is due at t or was the last before it, and when the level changes
// next.
void Life::find_dose_level(std::size_t a, double t) {
  DoseLevel& dose_level = levels_[a];
  dose_level.level = dose_level.coming;
  dose_level.change_at = never;
  live_cycles(a, agents_[a].planned, [&](std::int32_t dose, double level, std::int32_t reductions) {
    if (dose_time(a, dose - 1) <= t) {
      dose_level.level = level;
      dose_level.reductions = reductions;
      return true;
    }
    if (reductions == dose_level.reductions) return true;
    dose_level.change_at = dose_time(a, dose - 1);
    return false;
  });
}

// A dose is smaller than the one before it.
void Life::reduce_dose(std::size_t a, double t) {
  find_dose_level(a, t);
  note(t, JournalEntry::Kind::reduced, static_cast<std::int32_t>(a),
       static_cast<std::int32_t>(100.0 * levels_[a].level + 0.5));
  for (const std::int32_t index : program_.agents[a].tracks) {
    const auto k = static_cast<std::size_t>(index);
    const Track& track = program_.tracks[k];
    if (!(track.dose_exponent > 0)) continue;
    tracks_[k].log_hr = patient_log_hr(track, tracks_[k]);
    tracks_[k].moved = true;
    schedules_changed_ = true;
  }
}

// Books the cycles of a course that ends.
void Life::settle_doses(std::size_t a, std::int32_t given) {
  DoseLevel* const dose_level = levels_.empty() ? nullptr : &levels_[a];
  const auto [level, reductions] =
      live_cycles(a, given, [&](std::int32_t, double its_level, std::int32_t its_reductions) {
        if (dose_level == nullptr) return true;
        dose_level->sum += its_level;
        dose_level->level = its_level;
        dose_level->reductions = its_reductions;
        return true;
      });
  std::copy_n(cycle_.data(), program_.agents[a].risks.size(),
              episodes_.data() + static_cast<std::size_t>(risk_offset_[a]));
  if (dose_level == nullptr) return;
  dose_level->coming = level;
  dose_level->reductions_coming = reductions;
  dose_level->change_at = never;
}

double Life::mean_dose_level(std::int32_t index) const {
  const auto a = static_cast<std::size_t>(index);
  const std::int32_t doses = agents_[a].doses;
  return doses > 0 ? levels_[a].sum / static_cast<double>(doses) : -1.0;
}

}  // namespace npcsim
