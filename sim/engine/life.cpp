// The event loop, and the processes that race in it.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>
#include <cstring>

namespace npcsim {

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
    } else if (process.life_table == nullptr && process.covariates.empty() &&
               baseline.cure == Cure::none) {
      // As cumulative_hazard() finds them.
      if (baseline.family == Family::exponential && process.parameters[0] > 0) {
        quick_[p] = {Quick::Kind::rate, process.parameters[0]};
      } else if (baseline.family == Family::weibull && process.parameters[0] == 1.0) {
        quick_[p] = {Quick::Kind::scale, process.parameters[1]};
      }
    }
  }
  entered_.resize(program.states.size());
  entry_cause_.resize(program.states.size());
  agents_.resize(program.agents.size());
  std::size_t risks = 0;
  for (const Agent& agent : program.agents) {
    risk_offset_.push_back(static_cast<std::int32_t>(risks));
    risks += agent.risks.size();
  }
  risk_spent_.resize(risks);
  risk_rate_.resize(risks);
  bool holds = false;
  for (const Agent& agent : program.agents) holds = holds || agent.holds;
  if (holds) holds_.resize(program.agents.size() * static_cast<std::size_t>(most_holds));
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

void Life::begin(const PatientInput& patient, Journal* journal) {
  patient_ = &patient;
  journal_ = journal;
  memory_ = StrategyMemory{};
  now_ = 0;
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
  depth_ = 0;
  limit_ = program_.horizon;
  if (program_.observation.drop_out > 0) {
    const double left =
        patient.draws.unit_exponential(StreamName::from_hash(program_.drop_out_stream)) /
        program_.observation.drop_out;
    if (left < limit_) limit_ = left;
  }
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

const double* Life::parameters(std::size_t p) const {
  return parameter_offset_[p] < 0 ? program_.processes[p].parameters.data()
                                  : parameters_.data() + parameter_offset_[p];
}

std::size_t Life::stratum(const Process& process) const {
  const bool man = process.sex_column >= 0 && column(process.sex_column) > 0.5;
  return man ? process.male_stratum : process.female_stratum;
}

double Life::cumulative_between_weeks(std::size_t p, double u) const {
  const Process& process = program_.processes[p];
  if (process.life_table != nullptr) return process.life_table->cumulative(u, stratum(process));
  return cumulative_hazard(process.baseline, parameters(p), u);
}

// The same at a change of an effect. Where patients share a clock and a hazard, the values are kept:
// changes between whole weeks come back with every patient. What is kept is what would be computed.
double Life::shared_cumulative(std::size_t p, double u) {
  const std::vector<double>& grid = program_.processes[p].grid;
  const auto k = static_cast<std::size_t>(u / days_per_week);
  if (k < grid.size() && static_cast<double>(k) * days_per_week == u) return grid[k];
  std::uint64_t bits = 0;
  std::memcpy(&bits, &u, sizeof bits);
  const std::size_t place = (bits * 0x9E3779B97F4A7C15U) >> 56U;
  SharedHazard& kept = shared_[p * shared_hazards + place];
  if (kept.u != u) kept = {u, cumulative_between_weeks(p, u)};
  return kept.hazard;
}

// Whether the threshold is not reached by clock time u for sure, because it is not even at the next
// whole week: a look at a table instead of a power.
bool Life::surely_before(std::size_t p, double u) const {
  const std::vector<double>& grid = program_.processes[p].grid;
  if (grid.empty()) return false;
  const auto k = static_cast<std::size_t>(u / days_per_week) + 1;
  const Anchor& anchor = anchor_[p];
  // The table is monotone up to rounding; the margin is far above that.
  return k < grid.size() &&
         anchor.multiplier * (grid[k] - anchor.hazard) < anchor.left * (1.0 - 1e-9);
}

// The part of the multiplier that only an event can change.
double Life::fixed_multiplier(std::size_t p) const {
  const Process& process = program_.processes[p];
  double m = patient_->base[p * patient_->stride];
  if (process.has_state_factors) m *= process.state_factor[static_cast<std::size_t>(state_)];
  if (static_cast<std::int32_t>(p) == program_.lesion_process) m *= lesion_factor_;
  return m;
}

// Brings the effects on a process to where they stand at t.
void Life::look_up(std::size_t p, double t) {
  for (Cursor& cursor : cursors_[p]) look_up(cursor, t);
  stale_ &= ~(std::uint64_t{1} << p);
}

// The same for effects that were followed until now: only those that have moved are looked up.
void Life::bring_up(std::size_t p, double t) {
  const bool stale = ((stale_ >> p) & 1U) != 0;
  for (Cursor& cursor : cursors_[p]) {
    if (stale || tracks_[static_cast<std::size_t>(cursor.track)].moved || cursor.place > t) {
      look_up(cursor, t);
    } else if (cursor.point.next <= t) {
      follow(cursor, t);
    }
  }
  stale_ &= ~(std::uint64_t{1} << p);
}

double Life::multiplier(std::size_t p, double t) {
  look_up(p, t);
  double m = fixed_multiplier(p);
  for (const Cursor& cursor : cursors_[p]) m *= cursor.factor;
  return m;
}

void Life::activate(std::size_t p, double t) {
  const Process& process = program_.processes[p];
  switch (process.clock) {
    case Clock::forward:
      clock_zero_[p] = 0;
      break;
    case Clock::reset:
      clock_zero_[p] = t;
      break;
    case Clock::age:
      clock_zero_[p] = -column(process.age_column) * days_per_year;
      break;
    case Clock::since: {
      const double origin = origin_time(process.since);
      if (!(origin <= t)) return;  // begins when its origin happens
      clock_zero_[p] = origin;
      break;
    }
  }
  const std::uint64_t bit = std::uint64_t{1} << p;
  if ((armed_ & bit) == 0) {
    armed_ |= bit;
    anchor_[p].left = firings_[p] == 0 ? patient_->thresholds[p * patient_->stride]
                                       : patient_->draws.unit_exponential(
                                             StreamName::from_hash(process.stream), firings_[p]);
  }
  active_ |= bit;
  Anchor& anchor = anchor_[p];
  anchor.u = t - clock_zero_[p];
  anchor.hazard = anchor.u > 0 ? cumulative(p, anchor.u) : 0.0;
  anchor.multiplier = multiplier(p, t);
  next_[p] = never;
  upto_[p] = t;
  save(p);
}

void Life::save(std::size_t p) {
  saved_[p] = anchor_[p];
  saved_at_[p] = upto_[p];
}

// Moves the anchor to t. The multiplier has been in force since the anchor.
void Life::advance(std::size_t p, double t) {
  Anchor& anchor = anchor_[p];
  const double u = t - clock_zero_[p];
  if (!(u > anchor.u)) return;
  const double h = cumulative(p, u);
  const double spent = anchor.multiplier > 0 ? anchor.multiplier * (h - anchor.hazard) : 0.0;
  anchor.left = spent < anchor.left ? anchor.left - spent : 0.0;
  anchor.u = u;
  anchor.hazard = h;
}

// When the threshold is reached if the multiplier stays as it is.
void Life::solve(std::size_t p) {
  const Anchor& anchor = anchor_[p];
  if (!(anchor.multiplier > 0)) {
    next_[p] = never;
    return;
  }
  const Process& process = program_.processes[p];
  const double hazard_left = anchor.left / anchor.multiplier;
  const double u = process.life_table != nullptr
                       ? process.life_table->age_after(anchor.u, hazard_left, stratum(process))
                       : time_after(process.baseline, parameters(p), anchor.u, hazard_left);
  const double at = clock_zero_[p] + u;
  const double since = clock_zero_[p] + anchor.u;
  next_[p] = at > since ? at : since;
}

// Takes the multiplier m from `at` on. False if the threshold is reached before: next_ says when.
bool Life::change_multiplier(std::size_t p, Anchor& anchor, double at, double m) {
  const double u = at - clock_zero_[p];
  const double h = cumulative_at_change(p, u);
  const double spent = anchor.multiplier > 0 ? anchor.multiplier * (h - anchor.hazard) : 0.0;
  if (!(spent < anchor.left)) {
    anchor_[p] = anchor;
    solve(p);
    upto_[p] = never;
    return false;
  }
  anchor.left -= spent;
  anchor.u = u;
  anchor.hazard = h;
  anchor.multiplier = m;
  return true;
}

// Follows the process from upto_ to `to` through the scheduled changes of its multiplier. True if
// it fires on the way, or for sure at a known time: then next_ says when.
bool Life::march(std::size_t p, double to) {
  Anchor anchor = anchor_[p];
  if (((stale_ >> p) & 1U) != 0) look_up(p, upto_[p]);
  const double fixed = fixed_multiplier(p);
  Cursor* const first = cursors_[p].data();
  Cursor* const last = first + cursors_[p].size();
  double change = never;
  // The first round brings the multiplier up to date: a change may fall on the very instant of the
  // last event.
  double at = upto_[p];
  for (;;) {
    double m = fixed;
    double before = fixed;  // the product of the effects declared before the next that changes
    double second = never;  // when any other changes
    Cursor* mover = nullptr;
    change = never;
    for (Cursor* cursor = first; cursor != last; ++cursor) {
      if (cursor->point.next <= at) follow(*cursor, at);
      const double next = cursor->point.next;
      if (next < change) {
        second = change;
        change = next;
        mover = cursor;
        before = m;
      } else if (next < second) {
        second = next;
      }
      m *= cursor->factor;
    }
    // A change that changes nothing is no segment: the life is the same, bit for bit, as without
    // it.
    if (m != anchor.multiplier && !change_multiplier(p, anchor, at, m)) return true;
    if (!(change < to)) break;
    at = change;
    // While it is the only one that changes, and only wanes, the others need no look.
    if (mover->factors == nullptr || mover->point.ramp != mover->last_ramp) continue;
    const double until = second < to ? second : to;
    const std::int32_t slots = mover->slots;
    const std::int32_t last_waning = mover->last_waning;
    const double from = mover->waning_from;
    const double step = mover->waning_step;
    std::int32_t waning = mover->point.waning;
    const double* row =
        mover->factors + (mover->point.ramp * (last_waning + 1) + waning) * slots;
    while (at < until && waning < last_waning) {
      ++waning;
      row += slots;
      mover->place = at;
      m = before * *row;
      for (const Cursor* cursor = mover + 1; cursor != last; ++cursor) m *= cursor->factor;
      if (m != anchor.multiplier && !change_multiplier(p, anchor, at, m)) {
        stale_ |= std::uint64_t{1} << p;  // the mover has not kept up
        return true;
      }
      change = waning < last_waning ? from + static_cast<double>(waning + 1) * step : never;
      at = change;
    }
    mover->point.waning = waning;
    mover->point.next = change;
    mover->factor = *row;
    if (second < change) change = second;
    if (!(change < to)) break;
    at = change;
  }
  anchor_[p] = anchor;
  if (change < never && to < limit_) {
    // The multiplier will change again, after `to`: is the threshold reached before that?
    const double u = to - clock_zero_[p];
    if (!(anchor.multiplier > 0) || surely_before(p, u) ||
        anchor.multiplier * (cumulative(p, u) - anchor.hazard) < anchor.left) {
      upto_[p] = to;
      next_[p] = never;
      return false;
    }
  }
  solve(p);
  upto_[p] = never;
  return true;
}

// Makes t the last event of the process: what lies behind is settled, what lies ahead may be
// planned anew.
void Life::commit(std::size_t p, double t) {
  if (clock_zero_[p] + anchor_[p].u > t) {
    // It was followed beyond t: go back to the last event and follow it to t only.
    anchor_[p] = saved_[p];
    upto_[p] = saved_at_[p];
    stale_ |= std::uint64_t{1} << p;
    const double settled = next_[p];
    march(p, t);
    stale_ |= std::uint64_t{1} << p;
    next_[p] = settled;
    upto_[p] = t;
  }
  saved_[p] = anchor_[p];
  saved_at_[p] = t;
}

// After an event: multipliers that are different now, and schedules that may differ from now on.
void Life::refresh(double t) {
  for (std::uint64_t rest = active_; rest != 0; rest &= rest - 1) {
    const auto p = static_cast<std::size_t>(__builtin_ctzll(rest));
    const bool dirty =
        ((dirty_ >> p) & 1U) != 0 || (schedules_changed_ && !program_.processes[p].effects.empty());
    if (!dirty) continue;
    bring_up(p, t);
    double m = fixed_multiplier(p);
    for (const Cursor& cursor : cursors_[p]) m *= cursor.factor;
    if (m != anchor_[p].multiplier) {
      advance(p, t);
      anchor_[p].multiplier = m;
    }
    next_[p] = never;
    upto_[p] = t;
    save(p);
  }
  if (schedules_changed_) {
    for (const std::int32_t track : running_)
      tracks_[static_cast<std::size_t>(track)].moved = false;
  }
  dirty_ = 0;
  schedules_changed_ = false;
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
  for (std::size_t p = 0; p < program_.processes.size(); ++p) {
    const Process& process = program_.processes[p];
    const bool runs = ((process.from_mask >> static_cast<unsigned>(state)) & 1U) != 0;
    if (active(p) && !runs) {
      advance(p, t);
      active_ &= ~(std::uint64_t{1} << p);
      next_[p] = never;
    } else if (!active(p) && runs) {
      activate(p, t);
    } else if (active(p) && process.has_state_factors) {
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
  for (std::size_t p = 0; p < program_.processes.size(); ++p) {
    const Process& process = program_.processes[p];
    if (process.clock != Clock::since || active(p)) continue;
    if (((process.from_mask >> static_cast<unsigned>(state_)) & 1U) != 0) activate(p, t);
  }
}

void Life::run(const PatientInput& patient, const Strategy& strategy, Journal* journal) {
  strategy_ = &strategy;
  begin(patient, journal);
  state_ = program_.start;
  end_ = limit_;
  entered_[static_cast<std::size_t>(state_)] = 0;
  note(0, JournalEntry::Kind::diagnosis, -1, state_);
  if (program_.first_dose <= 0) {
    // Treatment that begins at diagnosis is in force before the first hazard is looked at.
    treatment_begun_ = true;
    schedule_false_alarm(0);
    ask(Trigger::start, 0, 0);
  } else if (!program_.observation.grid_from_first_dose) {
    schedule_false_alarm(0);
  }
  for (std::size_t p = 0; p < program_.processes.size(); ++p) {
    if (!active(p) &&
        ((program_.processes[p].from_mask >> static_cast<unsigned>(state_)) & 1U) != 0)
      activate(p, 0);
  }
  // What was given at once may act on processes that began before it.
  if (dirty_ != 0 || schedules_changed_) refresh(0);

  while (!over_) {
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
      pending
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
        if (documented_count_ == 0) ask(Trigger::start, 0, t);
        break;
      case Next::pending: {
        const Action action = pending_[which].action;
        pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(which));
        perform(action, t);
        break;
      }
    }
    if (!over_ && (dirty_ != 0 || schedules_changed_)) refresh(t);
  }
  // What was still running ended with the life or with follow-up.
  while (!dosed_.empty()) {
    const auto a = static_cast<std::size_t>(dosed_.back());
    close_course(a, end_, 2);
  }
}

void Life::ask(Trigger trigger, std::int32_t tag, double t) {
  asked_now_ = t == asked_at_ ? asked_now_ + 1 : 1;
  asked_at_ = t;
  // What is done may lead to the next question: each depth has its own answer.
  if (depth_ == answers_.size()) answers_.push_back(std::make_unique<Decision>());
  Decision& decision = *answers_[depth_];
  decision.count = 0;
  strategy_->decide(StrategyView(*this, trigger, tag), memory_, decision);
  ++depth_;
  carry_out(decision, t);
  --depth_;
}

void Life::carry_out(const Decision& decision, double t) {
  // A documented progression overturns what was decided before it.
  const std::int32_t known = documented_count_;
  for (std::size_t i = 0; i < decision.count && !over_ && documented_count_ == known; ++i) {
    const Action& action = decision.actions[i];
    if (action.delay_days > 0) {
      pending_.push_back({t + action.delay_days, action});
    } else {
      perform(action, t);
    }
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
      if (documented_count_ == before && level >= 0) ask(Trigger::assessed, action.tag, t);
      break;
    }
    case Action::Kind::wake:
      ask(Trigger::wake, action.tag, t);
      break;
  }
}

}  // namespace npcsim
