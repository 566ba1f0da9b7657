// Time courses of effects: onset, ramp, waning staircase, masking, overlap, courses, ablation.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>
#include <iterator>

namespace npcsim {

bool Life::masked(const Track& track) const {
  if (track.masking_agent >= 0) return agents_[static_cast<std::size_t>(track.masking_agent)].dosed;
  if (track.masking_class < 0) return false;
  for (const std::int32_t a : dosed_) {
    const auto& classes = program_.agents[static_cast<std::size_t>(a)].classes;
    if (std::find(classes.begin(), classes.end(), track.masking_class) != classes.end())
      return true;
  }
  return false;
}

double Life::overlap(const Track& track) const {
  const auto dosed = [this](std::int32_t a) { return agents_[static_cast<std::size_t>(a)].dosed; };
  double left = 1;
  for (const std::int32_t index : track.overlaps) {
    const Overlap& entry = program_.overlaps[static_cast<std::size_t>(index)];
    if (std::all_of(entry.members.begin(), entry.members.end(), [&](const auto& member) {
          return std::any_of(member.begin(), member.end(), dosed);
        })) {
      left *= entry.left;
    }
  }
  return left;
}

// Log hazard ratio of this patient at full effect: modifiers, responders, dose and gate.
double Life::patient_log_hr(const Track& track, const TrackState& state) const {
  const AgentState& agent = agents_[static_cast<std::size_t>(track.agent)];
  if (!holds(track.when)) return 0;
  double log_hr = track.log_hr;
  if (track.responder_share > 0 && patient_->draws.uniform(StreamName::from_hash(
                                       track.responder_stream)) < track.responder_share) {
    log_hr = track.responder_log_hr;
  }
  for (const LinearTerm& term : track.modifiers) log_hr += term.coef * column(term.column);
  if (track.dose_response.given) {
    const double eqd2 =
        agent.dosed ? agent.eqd2 + program_.agents[static_cast<std::size_t>(track.agent)].eqd2
                    : agent.eqd2;
    log_hr *= track.dose_response.share(eqd2);
  }
  if (track.dose_exponent > 0 && !levels_.empty()) {
    const double level = levels_[static_cast<std::size_t>(track.agent)].level;
    if (level < 1) log_hr *= portable::pow(level, track.dose_exponent);
  }
  if (track.gate_marker >= 0 && state.gate_level >= 0) {
    const double share = track.gate[static_cast<std::size_t>(state.gate_level)];
    log_hr = share == 0 ? 0 : log_hr * share;  // a hazard ratio of 0 has an infinite logarithm
  }
  return log_hr;
}

// The same, and what courses of radiotherapy before the running one have left of it.
void Life::find_log_hr(const Track& track, TrackState& state) const {
  state.log_hr = patient_log_hr(track, state);
  state.earlier = 0;
  if (!track.dose_response.given) return;
  const AgentState& agent = agents_[static_cast<std::size_t>(track.agent)];
  if (!agent.dosed || !(agent.eqd2 > 0)) return;
  const double all = agent.eqd2 + program_.agents[static_cast<std::size_t>(track.agent)].eqd2;
  state.earlier =
      track.at_end * track.dose_response.share(agent.eqd2) / track.dose_response.share(all);
}

void Life::start_tracks(std::size_t a) {
  for (const std::int32_t index : program_.agents[a].tracks) {
    const auto k = static_cast<std::size_t>(index);
    const Track& track = program_.tracks[k];
    TrackState& state = tracks_[k];
    if (track.gate_marker >= 0)
      state.gate_level = level_[static_cast<std::size_t>(track.gate_marker)];
    if (!state.running) {
      state.running = true;
      running_.push_back(index);
      if (track.masking_class >= 0 || track.masking_agent >= 0 || !track.overlaps.empty() ||
          track.dose_response.given) {
        sensitive_.push_back(index);
      }
      for (std::int32_t s = 0; s < track.slot_count; ++s) {
        // In order of declaration, so that the product of factors does not depend on what was given
        // first.
        const std::int32_t slot = track.first_slot + s;
        auto& list = cursors_[static_cast<std::size_t>(
            program_.slots[static_cast<std::size_t>(slot)].process)];
        auto place = list.end();
        while (place != list.begin() && std::prev(place)->slot > slot) --place;
        Cursor cursor;
        cursor.track = index;
        cursor.slot = slot;
        list.insert(place, cursor);
      }
    }
    state.moved = true;
    if (!track.tabulated) find_log_hr(track, state);
  }
  if (program_.agents[a].controls) update_lesions();
}

// Which agents are being dosed has changed: masks, overlaps and schedules follow.
void Life::agents_changed() {
  schedules_changed_ = true;
  for (const std::int32_t index : sensitive_) {
    const auto k = static_cast<std::size_t>(index);
    const Track& track = program_.tracks[k];
    TrackState& state = tracks_[k];
    const bool was_masked = state.masked;
    const double old_overlap = state.overlap;
    const double old_log_hr = state.log_hr;
    if (track.masking_class >= 0 || track.masking_agent >= 0) state.masked = masked(track);
    if (!track.overlaps.empty()) state.overlap = overlap(track);
    // The dose that was delivered decides what a course leaves behind; only its own agent can
    // change that dose.
    if (track.dose_response.given && (state.moved || track.when >= 0)) find_log_hr(track, state);
    if (state.masked != was_masked || state.overlap != old_overlap || state.log_hr != old_log_hr) {
      state.moved = true;
    }
  }
}

TrackPoint Life::track_at(std::size_t k, double t) const {
  const Track& track = program_.tracks[k];
  const auto a = static_cast<std::size_t>(track.agent);
  const AgentState& agent = agents_[a];
  TrackPoint point;
  if (track.of_course) {
    // Stage 0: before the middle; 1: from the middle; 2: from the end (kept in `waning`).
    // What an earlier course has reached stays; with a dose response, as the dose says.
    point.ramp = 0;
    point.waning = track.dose_response.given ? 0 : agent.stage;
    if (agent.dosed) {
      const double middle = agent.start + 0.5 * program_.agents[a].over;
      point.next = t >= middle ? agent.end : middle;
      if (t >= middle) point.waning = std::max(point.waning, 1);
    }
    if (track.dose_response.given && !agent.dosed) point.waning = 2;
    return point;
  }
  const double begins = agent.first_dose + track.onset;
  if (t < begins) {
    point.next = begins;
    return point;
  }
  const auto last_ramp = static_cast<std::int32_t>(track.ramp.size()) - 1;
  point.ramp = last_ramp;
  if (last_ramp > 0) {
    // The step by division, then put right where rounding has moved it.
    const double steps = (t - begins) / track.ramp_step;
    point.ramp =
        steps < static_cast<double>(last_ramp) ? static_cast<std::int32_t>(steps) : last_ramp;
    while (point.ramp > 0 && begins + static_cast<double>(point.ramp) * track.ramp_step > t)
      --point.ramp;
    while (point.ramp < last_ramp &&
           begins + static_cast<double>(point.ramp + 1) * track.ramp_step <= t)
      ++point.ramp;
    if (point.ramp < last_ramp)
      point.next = begins + static_cast<double>(point.ramp + 1) * track.ramp_step;
  }
  const auto last_waning = static_cast<std::int32_t>(track.waning.size()) - 1;
  if (track.duration > 0) {
    const double ends = begins + track.duration;
    if (t >= ends) {
      point.waning = last_waning;  // a ramp goes on
      return point;
    }
    if (ends < point.next) point.next = ends;
  }
  if (track.for_good || agent.last_dose >= never) return point;
  const double step = track.waning_step;
  if (!(step > 0)) {
    if (t >= agent.last_dose) {
      point.waning = last_waning;
    } else if (agent.last_dose < point.next) {
      point.next = agent.last_dose;
    }
    return point;
  }
  if (t > agent.last_dose) {
    const double steps = (t - agent.last_dose) / step;
    point.waning =
        steps < static_cast<double>(last_waning) ? static_cast<std::int32_t>(steps) : last_waning;
    while (point.waning > 0 && agent.last_dose + static_cast<double>(point.waning) * step > t)
      --point.waning;
    while (point.waning < last_waning &&
           agent.last_dose + static_cast<double>(point.waning + 1) * step <= t) {
      ++point.waning;
    }
  }
  if (point.waning < last_waning) {
    const double next = agent.last_dose + static_cast<double>(point.waning + 1) * step;
    if (next < point.next) point.next = next;
  }
  return point;
}

// Where an effect on a process stands at t.
void Life::look_up(Cursor& cursor, double t) const {
  const auto k = static_cast<std::size_t>(cursor.track);
  cursor.point = track_at(k, t);
  cursor.factor = factor(k, cursor.slot, cursor.point);
  cursor.place = t;
  cursor.factors = nullptr;
}

// The steps that it will take under the schedule as it is now; false if its time course is not made
// of steps.
bool Life::find_steps(Cursor& cursor) const {
  const auto k = static_cast<std::size_t>(cursor.track);
  const Track& track = program_.tracks[k];
  const TrackState& state = tracks_[k];
  if (track.of_course || track.duration > 0 || !(track.waning_step > 0) || track.for_good ||
      cursor.point.ramp < 0 || !track.tabulated || state.overlap != 1.0) {
    return false;
  }
  const AgentState& agent = agents_[static_cast<std::size_t>(track.agent)];
  cursor.slots = track.slot_count;
  cursor.last_ramp = static_cast<std::int32_t>(track.ramp.size()) - 1;
  cursor.last_waning = static_cast<std::int32_t>(track.waning.size()) - 1;
  cursor.ramp_from = agent.first_dose + track.onset;
  cursor.ramp_step = track.ramp_step;
  cursor.waning_from = agent.last_dose;
  cursor.waning_step = track.waning_step;
  const std::size_t rows = state.masked ? track.ramp.size() * track.waning.size() : 0;
  cursor.factors = track.factors.data() + rows * static_cast<std::size_t>(track.slot_count) +
                   static_cast<std::size_t>(cursor.slot - track.first_slot);
  return true;
}

// Moves a cursor on to t, its next change or later, under the schedule that it was looked up with.
// The comparisons are those of track_at(), so it ends where a new look would.
void Life::follow(Cursor& cursor, double t) const {
  TrackPoint& point = cursor.point;
  if (cursor.factors == nullptr && !find_steps(cursor)) {
    look_up(cursor, t);
    return;
  }
  cursor.place = t;
  double next = never;
  const auto ramp_at = [&] {
    return cursor.ramp_from + static_cast<double>(point.ramp + 1) * cursor.ramp_step;
  };
  const auto waning_at = [&] {
    return cursor.waning_from + static_cast<double>(point.waning + 1) * cursor.waning_step;
  };
  while (point.ramp < cursor.last_ramp && (next = ramp_at()) <= t) ++point.ramp;
  if (point.ramp == cursor.last_ramp) next = never;
  while (point.waning < cursor.last_waning) {
    const double at = waning_at();
    if (at > t) {
      next = std::min(next, at);
      break;
    }
    ++point.waning;
  }
  point.next = next;
  cursor.factor =
      cursor.factors[(point.ramp * (cursor.last_waning + 1) + point.waning) * cursor.slots];
}

// Hazard ratio of one target of a track where the track stands at `point`.
double Life::factor(std::size_t k, std::int32_t slot, const TrackPoint& point) const {
  const Track& track = program_.tracks[k];
  const TrackState& state = tracks_[k];
  if (track.of_course) {
    const double share = point.waning == 0   ? 0.0
                         : point.waning == 1 ? track.half_way
                                             : track.at_end;
    const double kappa =
        std::max(share, state.earlier) * program_.slots[static_cast<std::size_t>(slot)].share;
    return kappa == 0.0 ? 1.0 : portable::exp(state.log_hr * kappa);
  }
  if (point.ramp < 0) return 1.0;
  const auto ramp = static_cast<std::size_t>(point.ramp);
  const auto waning = static_cast<std::size_t>(point.waning);
  if (track.tabulated && state.overlap == 1.0) {
    const std::size_t row =
        ((state.masked ? 1U : 0U) * track.ramp.size() + ramp) * track.waning.size() + waning;
    return track.factors[row * static_cast<std::size_t>(track.slot_count) +
                         static_cast<std::size_t>(slot - track.first_slot)];
  }
  const double mask = state.masked ? track.unmasked : 1.0;
  const double kappa = track.ramp[ramp] * track.waning[waning] * mask * state.overlap *
                       program_.slots[static_cast<std::size_t>(slot)].share;
  const double log_hr = track.tabulated ? track.log_hr : state.log_hr;
  return kappa == 0.0 ? 1.0 : portable::exp(log_hr * kappa);
}

// In-situ hazard of the lesion process: 1 - sum over modalities of coverage x gain, on the share
// that is in situ.
void Life::update_lesions() {
  if (program_.lesion_process < 0) return;
  const double all = column(program_.lesion_column);
  double saved = 0;
  double covered = 0;
  for (std::size_t a = 0; a < agents_.size(); ++a) {
    const Agent& agent = program_.agents[a];
    if (!agent.controls || !agents_[a].received) continue;
    // Lesions that two treatments reach are controlled as well as the better of them does.
    bool another = false;
    for (std::size_t b = 0; b < agents_.size() && !another; ++b) {
      const Agent& other = program_.agents[b];
      another = b != a && other.controls && agents_[b].received &&
                other.control_lesions == agent.control_lesions &&
                (other.control_gain > agent.control_gain ||
                 (other.control_gain == agent.control_gain && b < a));
    }
    if (another) continue;
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
