// The event loop: what comes next in a life, and what it does.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// Agents whose cycles lower a marker.
std::vector<std::int32_t> agents_of(const Marker& marker, const Program& program) {
  std::vector<std::int32_t> out;
  for (std::size_t a = 0; a < program.agents.size(); ++a) {
    const auto& classes = program.agents[a].classes;
    const bool of_class =
        marker.falls_with_class >= 0 &&
        std::find(classes.begin(), classes.end(), marker.falls_with_class) != classes.end();
    const auto index = static_cast<std::int32_t>(a);
    if (marker.falls_with_agent == index || of_class) out.push_back(index);
  }
  return out;
}

}  // namespace

Life::Life(const Program& program) : program_(program) {
  const std::size_t processes = program.processes.size();
  next_.resize(processes);
  upto_.resize(processes);
  clock_zero_.resize(processes);
  anchor_.resize(processes);
  saved_.resize(processes);
  saved_at_.resize(processes);
  fired_.resize(processes);
  firings_.resize(processes);
  parameter_offset_.resize(processes, -1);
  std::size_t offset = 0;
  for (std::size_t p = 0; p < processes; ++p) {
    if (program.processes[p].covariates.empty()) continue;
    parameter_offset_[p] = static_cast<std::int32_t>(offset);
    offset += program.processes[p].parameters.size();
  }
  parameters_.resize(offset);
  shared_.resize(processes * shared_hazards);
  quick_.resize(processes);
  for (std::size_t p = 0; p < processes; ++p) {
    const Process& process = program.processes[p];
    const Baseline& baseline = process.baseline;
    if (!process.grid.empty()) {
      quick_[p].kind = Quick::Kind::grid;
      continue;
    }
    if (process.life_table != nullptr) continue;
    quick_[p].kind = Quick::Kind::family;
    if (process.covariates.empty() && baseline.cure == Cure::none) {
      // As cumulative_hazard() finds them.
      if (baseline.family == Family::exponential && process.parameters[0] > 0) {
        quick_[p] = {Quick::Kind::rate, process.parameters[0]};
      } else if (baseline.family == Family::weibull && process.parameters[0] == 1.0) {
        quick_[p] = {Quick::Kind::scale, process.parameters[1]};
      }
    }
  }
  runs_in_.resize(program.states.size());
  for (std::size_t p = 0; p < processes; ++p) {
    const std::uint64_t bit = std::uint64_t{1} << p;
    if (program.processes[p].clock == Clock::since) since_ |= bit;
    for (std::size_t s = 0; s < runs_in_.size(); ++s) {
      if (((program.processes[p].from_mask >> s) & 1U) != 0) runs_in_[s] |= bit;
    }
  }
  for (const Marker& marker : program.markers) falls_with_.push_back(agents_of(marker, program));
  entered_.resize(program.states.size());
  entry_cause_.resize(program.states.size());
  agents_.resize(program.agents.size());
  std::size_t risks = 0;
  bool changes_doses = false;
  bool reduces = false;
  for (const Agent& agent : program.agents) {
    risk_offset_.push_back(static_cast<std::int32_t>(risks));
    risks += agent.risks.size();
    changes_doses = changes_doses || agent.changes_doses;
    reduces = reduces || agent.reduces;
  }
  if (changes_doses) episodes_.resize(risks);
  if (changes_doses) cycle_.resize(risks);
  if (reduces) levels_.resize(program.agents.size());
  risk_spent_.resize(risks);
  risk_rate_.resize(risks);
  tracks_.resize(program.tracks.size());
  cursors_.resize(processes);
  for (std::size_t p = 0; p < processes; ++p)
    cursors_[p].reserve(program.processes[p].effects.size());
  running_.reserve(program.tracks.size());
  sensitive_.reserve(program.tracks.size());
  dosed_.reserve(program.agents.size());
  pending_.reserve(usual_pending);
  level_.resize(program.markers.size());
  best_level_.resize(program.markers.size());
}

void Life::begin() {
  everyone_lives_it();
  now_ = 0;
  processes_begun_ = false;
  over_ = false;
  dead_ = false;
  cause_of_death_ = -1;
  active_ = 0;
  dirty_ = 0;
  armed_ = 0;
  std::fill(fired_.begin(), fired_.end(), never);
  std::fill(firings_.begin(), firings_.end(), 0U);
  std::fill(next_.begin(), next_.end(), never);
  std::fill(entered_.begin(), entered_.end(), never);
  std::fill(entry_cause_.begin(), entry_cause_.end(), -1);
  if (!agents_.empty()) {
    for (AgentState& agent : agents_) {
      if (agent.received) agent = AgentState{};
    }
    std::fill(risk_spent_.begin(), risk_spent_.end(), 0.0);
    for (const std::int32_t track : running_)
      tracks_[static_cast<std::size_t>(track)] = TrackState{};
    for (auto& list : cursors_) list.clear();
  }
  running_.clear();
  sensitive_.clear();
  schedules_changed_ = false;
  stale_ = 0;
  dosed_.clear();
  holds_.clear();
  std::fill(episodes_.begin(), episodes_.end(), Episodes{});
  std::fill(levels_.begin(), levels_.end(), DoseLevel{});
  pending_.clear();
  lesion_factor_ = 1;
  document_at_ = never;
  document_process_ = -1;
  latent_count_ = 0;
  false_alarm_at_ = never;
  false_count_ = 0;
  documented_count_ = 0;
  documented_type_ = -1;
  line_ = 1;
  std::fill(level_.begin(), level_.end(), -1);
  std::fill(best_level_.begin(), best_level_.end(), -1);
  treatment_begun_ = false;
  asked_at_ = -1;
  treated_line_ = 0;
  limit_ = program_.horizon;
  if (program_.observation.drop_out > 0) {
    const double left =
        patient_->draws.unit_exponential(StreamName::from_hash(program_.drop_out_stream)) /
        program_.observation.drop_out;
    if (left < limit_) limit_ = left;
  }
  find_parameters();
}

// Parameters of hazards that depend on the patient.
void Life::find_parameters() {
  for (std::size_t p = 0; p < program_.processes.size(); ++p) {
    if (parameter_offset_[p] < 0) continue;
    const Process& process = program_.processes[p];
    double* out = parameters_.data() + parameter_offset_[p];
    std::copy(process.parameters.begin(), process.parameters.end(), out);
    for (const ParameterTerms& entry : process.covariates) {
      double shift = 0;
      for (const LinearTerm& term : entry.terms)
        shift += term.coef * (column(term.column) - term.centre);
      double& value = out[entry.parameter];
      const double before = value;
      if (entry.transform == 1) {
        value *= portable::exp(shift);
      } else if (entry.transform == 2) {
        const double odds = value / (1.0 - value) * portable::exp(shift);
        value = odds / (1.0 + odds);
      } else {
        value += shift;
      }
      if (entry.converted >= 0) {
        const double moved = -(value - before) * entry.log_unit;
        double& other = out[entry.converted];
        other = entry.converted_log ? other * portable::exp(moved) : other + moved;
      }
    }
  }
}

void Life::enter(std::int32_t state, double t, std::int32_t cause) {
  double& first = entered_[static_cast<std::size_t>(state)];
  if (t < first) {
    first = t;
    entry_cause_[static_cast<std::size_t>(state)] = cause;
  }
  const std::int32_t old = state_;
  state_ = state;
  if (((program_.final_mask >> static_cast<unsigned>(state)) & 1U) != 0) {
    cause_of_death_ = cause;
    dead_ = true;
    over_ = true;
    end_ = t;
    return;
  }
  if (state == old) return;
  const std::uint64_t running = runs_in_[static_cast<std::size_t>(state)];
  for (std::uint64_t rest = active_ | running; rest != 0; rest &= rest - 1) {
    const auto p = static_cast<std::size_t>(__builtin_ctzll(rest));
    const bool runs = ((running >> p) & 1U) != 0;
    if (!runs) {
      advance(p, t);
      active_ &= ~(std::uint64_t{1} << p);
      next_[p] = never;
    } else if (!active(p)) {
      activate(p, t);
    } else if (program_.processes[p].has_state_factors) {
      mark_dirty(p);
    }
  }
}

void Life::fire(std::size_t p, double t) {
  const Process& process = program_.processes[p];
  if (!(fired_[p] <= t)) fired_[p] = t;
  ++firings_[p];
  // Its threshold is used up; if the process runs on, the next occurrence has a new one.
  const std::uint64_t bit = std::uint64_t{1} << p;
  active_ &= ~bit;
  armed_ &= ~bit;
  next_[p] = never;
  const std::int32_t to = process.to[static_cast<std::size_t>(state_)];
  note(t, JournalEntry::Kind::fired, static_cast<std::int32_t>(p), to);
  const std::int32_t old = state_;
  enter(to, t, static_cast<std::int32_t>(p));
  if (over_) return;
  if (!active(p) && ((process.from_mask >> static_cast<unsigned>(state_)) & 1U) != 0 &&
      state_ == old) {
    activate(p, t);
  }
  since_event(t);
  if (process.documented) latent_progression(p, t);
}

void Life::since_event(double t) {
  // Processes on the clock since(x) begin when x happens.
  std::uint64_t rest = since_ & ~active_ & runs_in_[static_cast<std::size_t>(state_)];
  for (; rest != 0; rest &= rest - 1) activate(static_cast<std::size_t>(__builtin_ctzll(rest)), t);
}

void Life::run(const PatientInput& patient, const Strategy& strategy, Journal* journal) {
  only_ = &strategy;
  start(patient, {&only_, 1});
  journal_ = journal;
  if (journal != nullptr) harm_at_.assign(program_.toxicities.size(), never);
  next();
}

void Life::live_from_diagnosis() {
  begin();
  state_ = program_.start;
  end_ = limit_;
  note(0, JournalEntry::Kind::diagnosis, -1, state_);
  if (program_.first_dose <= 0) {
    // Treatment that begins at diagnosis is in force before the first hazard is looked at.
    treatment_begun_ = true;
    schedule_false_alarm(0);
    ask(Trigger::start, 0);
  } else if (!program_.observation.grid_from_first_dose) {
    schedule_false_alarm(0);
  }
  live_on();
}

void Life::begin_processes() {
  processes_begun_ = true;
  std::uint64_t rest = runs_in_[static_cast<std::size_t>(state_)] & ~active_;
  for (; rest != 0; rest &= rest - 1) activate(static_cast<std::size_t>(__builtin_ctzll(rest)), 0);
}

// From an instant at which something may have been decided to the end.
void Life::live_on() {
  do_what_is_to_be_done();
  if (!processes_begun_) begin_processes();
  while (true) {
    // What was given at once may act on processes that began before it.
    if (!over_ && (dirty_ != 0 || schedules_changed_)) refresh(now_);
    if (over_) break;
    next_event();
    do_what_is_to_be_done();
  }
  // What was still running ended with the life or with follow-up.
  while (!dosed_.empty()) {
    const auto a = static_cast<std::size_t>(dosed_.back());
    close_course(a, end_, CourseEnd::interrupted);
  }
  if (journal_ != nullptr) note_toxicities();
}

void Life::next_event() {
  // The next instant. At equal times: deaths and other processes, fatal toxicity, documented
  // progression, ends of courses, decisions. Changes of effects lie between events; at an event's
  // instant they come before it is carried out.
  double t = limit_;
  enum class Next : std::uint8_t {
    limit,
    process,
    course,
    document,
    false_alarm,
    start,
    pending,
    smaller_dose
  };
  Next what = Next::limit;
  std::size_t which = 0;
  std::int32_t order = 0;
  for (const std::int32_t a : dosed_) {
    const double at = agents_[static_cast<std::size_t>(a)].fatal_at;
    if (at < t) {
      t = at;
      what = Next::course;
      which = static_cast<std::size_t>(a);
    }
  }
  if (document_at_ < t) {
    t = document_at_;
    what = Next::document;
  }
  if (false_alarm_at_ < t) {
    t = false_alarm_at_;
    what = Next::false_alarm;
  }
  for (const std::int32_t a : dosed_) {
    const double at = agents_[static_cast<std::size_t>(a)].end;
    if (at < t) {
      t = at;
      what = Next::course;
      which = static_cast<std::size_t>(a);
    }
  }
  if (!treatment_begun_ && program_.first_dose < t) {
    t = program_.first_dose;
    what = Next::start;
  }
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (pending_[i].at < t) {
      t = pending_[i].at;
      what = Next::pending;
      which = i;
    }
  }
  for (std::size_t i = 0; !levels_.empty() && i < dosed_.size(); ++i) {
    const auto a = static_cast<std::size_t>(dosed_[i]);
    if (levels_[a].change_at < t) {
      t = levels_[a].change_at;
      what = Next::smaller_dose;
      which = a;
    }
  }
  // Processes are followed no further than the first of the other events.
  for (std::uint64_t rest = active_; rest != 0; rest &= rest - 1) {
    const auto p = static_cast<std::size_t>(__builtin_ctzll(rest));
    if (upto_[p] < t) march(p, t);
    const double at = next_[p];
    if (at < t || (at == t && at < limit_ &&
                   (what != Next::process || program_.processes[p].order < order))) {
      t = at;
      what = Next::process;
      which = p;
      order = program_.processes[p].order;
    }
  }
  now_ = t;
  for (std::uint64_t rest = active_; rest != 0; rest &= rest - 1) {
    commit(static_cast<std::size_t>(__builtin_ctzll(rest)), t);
  }
  switch (what) {
    case Next::limit:
      over_ = true;
      end_ = limit_;
      note(limit_,
           limit_ < program_.horizon ? JournalEntry::Kind::left : JournalEntry::Kind::horizon, -1,
           -1);
      break;
    case Next::process:
      fire(which, t);
      break;
    case Next::course:
      end_course(which, t);
      break;
    case Next::document:
      document(t, false);
      break;
    case Next::false_alarm:
      document(t, true);
      break;
    case Next::start:
      treatment_begun_ = true;
      if (program_.observation.grid_from_first_dose) schedule_false_alarm(t);
      since_event(t);
      // Progression before the first dose has overtaken the first line.
      if (documented_count_ == 0) ask(Trigger::start, 0);
      break;
    case Next::pending: {
      const Action action = pending_[which].action;
      pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(which));
      perform(action, t);
      break;
    }
    case Next::smaller_dose:
      reduce_dose(which, t);
      break;
  }
}

void Life::perform(const Action& action, double t) {
  switch (action.kind) {
    case Action::Kind::give:
      give(action, t);
      break;
    case Action::Kind::stop:
      stop(action, t);
      break;
    case Action::Kind::assess: {
      const std::int32_t before = documented_count_;
      const std::int32_t level = assess(action.marker, t);
      // An assessment that shows progression has asked the strategy already.
      if (documented_count_ == before && level >= 0) ask(Trigger::assessed, action.tag);
      break;
    }
    case Action::Kind::wake:
      ask(Trigger::wake, action.tag);
      break;
  }
}

}  // namespace npcsim
