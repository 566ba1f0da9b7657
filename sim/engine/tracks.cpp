// Time courses of effects: onset, ramp, waning staircase, masking, overlap, courses, ablation.
#include <algorithm>

#include <npcsim/base/portable_math.hpp>
#include <npcsim/engine/life.hpp>

namespace npcsim {

bool Life::masked(const Track& track) const {
  if (track.masking_agent >= 0) return agents_[static_cast<std::size_t>(track.masking_agent)].dosed;
  if (track.masking_class < 0) return false;
  for (const std::int32_t a : dosed_) {
    const auto& classes = program_.agents[static_cast<std::size_t>(a)].classes;
    if (std::find(classes.begin(), classes.end(), track.masking_class) != classes.end()) return true;
  }
  return false;
}

double Life::overlap(const Track& track) const {
  double left = 1;
  for (const Overlap& entry : program_.overlaps) {
    bool member = false;
    bool all = true;
    for (const std::int32_t a : entry.agents) {
      member = member || a == track.agent;
      all = all && agents_[static_cast<std::size_t>(a)].dosed;
    }
    if (member && all) left *= entry.left;
  }
  return left;
}

// Log hazard ratio of this patient at full effect: modifiers, responders, dose and gate.
double Life::patient_log_hr(const Track& track, const AgentState& agent) const {
  if (!holds(track.when)) return 0;
  double log_hr = track.log_hr;
  if (track.responder_share > 0 &&
      patient_->draws.uniform(StreamName::from_hash(track.responder_stream)) < track.responder_share) {
    log_hr = track.responder_log_hr;
  }
  for (const LinearTerm& term : track.modifiers) log_hr += term.coef * column(term.column);
  if (track.dose_response) {
    // Logistic in the EQD2 delivered: 1 / (1 + exp(-(EQD2 - midpoint) / slope)).
    const double eqd2 = agent.dosed ? agent.eqd2 + program_.agents[static_cast<std::size_t>(track.agent)].eqd2
                                    : agent.eqd2;
    log_hr *= 1.0 / (1.0 + portable::exp(-(eqd2 - track.midpoint) / track.slope));
  }
  if (track.gate_marker >= 0 && agent.gate_level >= 0) {
    log_hr *= track.gate[static_cast<std::size_t>(agent.gate_level)];
  }
  return log_hr;
}

void Life::start_tracks(std::size_t a, double t) {
  AgentState& agent = agents_[a];
  for (const std::int32_t index : program_.agents[a].tracks) {
    const Track& track = program_.tracks[static_cast<std::size_t>(index)];
    TrackState& state = tracks_[static_cast<std::size_t>(index)];
    if (track.gate_marker >= 0) agent.gate_level = level_[static_cast<std::size_t>(track.gate_marker)];
    if (!state.running) {
      state.running = true;
      state.ramp = -1;
      running_.push_back(index);
    }
    state.waning = 0;
    state.masked = masked(track);
    state.overlap = overlap(track);
    if (!track.tabulated) state.log_hr = patient_log_hr(track, agent);
    update_track(static_cast<std::size_t>(index), t);
  }
  if (program_.agents[a].controls) update_lesions(t);
}

// Brings a track to where it stands at t and finds its next change.
void Life::update_track(std::size_t k, double t) {
  const Track& track = program_.tracks[k];
  TrackState& state = tracks_[k];
  const auto a = static_cast<std::size_t>(track.agent);
  const AgentState& agent = agents_[a];
  state.next = never;

  if (program_.agents[a].course) {
    // Stage 0: before the middle; 1: from the middle; 2: from the end (kept in `waning`).
    const double middle = agent.start + 0.5 * program_.agents[a].over;
    if (agent.dosed) {
      state.waning = t >= middle ? 1 : 0;
      state.next = state.waning == 0 ? middle : agent.end;
    } else {
      state.waning = 2;
    }
    state.ramp = 0;
    if (!track.tabulated) state.log_hr = patient_log_hr(track, agent);
    apply_track(k);
    return;
  }

  const double begins = agent.first_dose + track.onset;
  const auto last_ramp = static_cast<std::int32_t>(track.ramp.size()) - 1;
  if (t < begins) {
    state.ramp = -1;
    state.next = begins;
  } else {
    state.ramp = std::max(state.ramp, 0);
    while (state.ramp < last_ramp &&
           begins + static_cast<double>(state.ramp + 1) * track.ramp_step <= t) {
      ++state.ramp;
    }
    if (state.ramp < last_ramp) {
      state.next = begins + static_cast<double>(state.ramp + 1) * track.ramp_step;
    }
  }
  if (track.duration > 0) {
    if (t >= begins + track.duration) {
      state.waning = static_cast<std::int32_t>(track.waning.size()) - 1;
      state.next = never;
      apply_track(k);
      return;
    }
    state.next = std::min(state.next, begins + track.duration);
  }
  // Without waning an intervention that is over at once lasts for good.
  const bool for_good = program_.agents[a].procedure && track.step_is_cycle && track.waning.size() == 2;
  const auto last_waning = static_cast<std::int32_t>(track.waning.size()) - 1;
  if (agent.last_dose < never && !for_good) {
    while (state.waning < last_waning &&
           agent.last_dose + static_cast<double>(state.waning + 1) * track.waning_step <= t) {
      ++state.waning;
      if (track.waning_step <= 0) state.waning = last_waning;
    }
    if (state.waning < last_waning) {
      state.next =
          std::min(state.next, agent.last_dose + static_cast<double>(state.waning + 1) * track.waning_step);
    }
  }
  apply_track(k);
}

void Life::apply_track(std::size_t k) {
  const Track& track = program_.tracks[k];
  const TrackState& state = tracks_[k];
  const auto slots = static_cast<std::size_t>(track.slot_count);
  const auto first = static_cast<std::size_t>(track.first_slot);
  for (std::size_t s = 0; s < slots; ++s) {
    double factor = 1.0;
    const Slot& slot = program_.slots[first + s];
    if (program_.agents[static_cast<std::size_t>(track.agent)].course) {
      const double share = state.waning == 0 ? 0.0 : state.waning == 1 ? track.half_way : track.at_end;
      const double kappa = share * slot.share;
      if (kappa != 0.0) factor = portable::exp(state.log_hr * kappa);
    } else if (state.ramp >= 0) {
      const auto ramp = static_cast<std::size_t>(state.ramp);
      const auto waning = static_cast<std::size_t>(state.waning);
      if (track.tabulated) {
        const std::size_t row = ((state.masked ? 1U : 0U) * track.ramp.size() + ramp) * track.waning.size() + waning;
        factor = track.factors[row * slots + s];
      } else {
        const double mask = state.masked ? track.unmasked : 1.0;
        const double kappa = track.ramp[ramp] * track.waning[waning] * mask * state.overlap * slot.share;
        if (kappa != 0.0) factor = portable::exp(state.log_hr * kappa);
      }
    }
    double& current = factor_[first + s];
    if (factor != current) {
      current = factor;
      mark_dirty(static_cast<std::size_t>(slot.process));
    }
  }
}

// Which agents are being dosed has changed: schedules, masks and overlaps follow.
void Life::agents_changed(double t) {
  for (const std::int32_t index : running_) {
    const auto k = static_cast<std::size_t>(index);
    const Track& track = program_.tracks[k];
    TrackState& state = tracks_[k];
    state.masked = masked(track);
    state.overlap = overlap(track);
    update_track(k, t);
  }
}

// In-situ hazard of the lesion process: 1 - sum over modalities of coverage x gain, on the share that is in situ.
void Life::update_lesions(double t) {
  static_cast<void>(t);
  if (program_.lesion_process < 0) return;
  const double all = column(program_.lesion_column);
  double saved = 0;
  double covered = 0;
  for (std::size_t a = 0; a < agents_.size(); ++a) {
    const Agent& agent = program_.agents[a];
    if (!agent.controls || !agents_[a].received) continue;
    const double treated = std::min(column(agent.control_lesions), all - covered);
    if (!(treated > 0) || !(all > 0)) continue;
    covered += treated;
    saved += treated / all * agent.control_gain;
  }
  const double factor = 1.0 - program_.in_situ_share * saved;
  if (factor != lesion_factor_) {
    lesion_factor_ = factor;
    mark_dirty(static_cast<std::size_t>(program_.lesion_process));
  }
}

}  // namespace npcsim
