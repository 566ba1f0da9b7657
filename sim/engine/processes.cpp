// The processes that race in a life: clocks, thresholds, and the changes of effects between events.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/engine/life.hpp>

#include <cstring>

namespace npcsim {

const double* Life::parameters(std::size_t p) const {
  return parameter_offset_[p] < 0 ? program_.processes[p].parameters.data()
                                  : parameters_.data() + parameter_offset_[p];
}

double Life::cumulative_between_weeks(std::size_t p, double u) const {
  const Process& process = program_.processes[p];
  if (process.life_table != nullptr) return cumulative_of_table(p, u);
  return cumulative_hazard(process.baseline, parameters(p), u);
}

// The same at a change of an effect. Where patients share a clock and a hazard, the values are
// kept: changes between whole weeks come back with every patient. What is kept is what would be
// computed.
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
                       ? age_by_table(p, hazard_left)
                       : time_after(process.baseline, parameters(p), anchor.u, hazard_left);
  const double at = clock_zero_[p] + u;
  const double since = clock_zero_[p] + anchor.u;
  next_[p] = at > since ? at : since;
}

// Follows the process from upto_ to `to` through the scheduled changes of its multiplier. True if
// it fires on the way, or for sure at a known time: then next_ says when.
bool Life::march(std::size_t p, double to) {
  const Quick& quick = quick_[p];
  const double number = quick.number;
  switch (quick.kind) {
    case Quick::Kind::rate:
      return march_by(p, to, [number](double u) { return u > 0 ? number * u : 0.0; });
    case Quick::Kind::scale:
      return march_by(p, to, [number](double u) { return u > 0 ? u / number : 0.0; });
    case Quick::Kind::grid:
      return march_by(p, to, [this, p](double u) { return shared_cumulative(p, u); });
    case Quick::Kind::family:
      return march_in_strides(p, to);
    case Quick::Kind::life_table:
      return march_by(p, to, [this, p](double u) { return cumulative_between_weeks(p, u); });
  }
  return true;
}

// The same with a function for the cumulative hazard that is part of the loop: half of the changes
// in a life cost no more than a division.
template <class Cumulative>
bool Life::march_by(std::size_t p, double to, const Cumulative& cumulative_at) {
  const double zero = clock_zero_[p];
  Anchor anchor = anchor_[p];
  // Takes the multiplier m from `at` on; false if the threshold is reached before.
  const auto change_multiplier = [&](double at, double m) {
    const double u = at - zero;
    const double h = cumulative_at(u);
    const double spent = anchor.multiplier > 0 ? anchor.multiplier * (h - anchor.hazard) : 0.0;
    if (!(spent < anchor.left)) return false;
    anchor = {u, h, anchor.left - spent, m};
    return true;
  };
  const auto fires = [&] {
    anchor_[p] = anchor;
    solve(p);
    upto_[p] = never;
    return true;
  };
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
    if (m != anchor.multiplier && !change_multiplier(at, m)) return fires();
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
    const double* row = mover->factors + (mover->point.ramp * (last_waning + 1) + waning) * slots;
    while (at < until && waning < last_waning) {
      ++waning;
      row += slots;
      mover->place = at;
      m = before * *row;
      for (const Cursor* cursor = mover + 1; cursor != last; ++cursor) m *= cursor->factor;
      if (m != anchor.multiplier && !change_multiplier(at, m)) {
        stale_ |= std::uint64_t{1} << p;  // the mover has not kept up
        return fires();
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
    const double u = to - zero;
    if (!(anchor.multiplier > 0) || surely_before(p, u) ||
        anchor.multiplier * (cumulative_at(u) - anchor.hazard) < anchor.left) {
      upto_[p] = to;
      next_[p] = never;
      return false;
    }
  }
  return fires();
}

// The same where a cumulative hazard costs logarithms: changes are gathered, and the hazards at
// eight of them are found at once.
bool Life::march_in_strides(std::size_t p, double to) {
  constexpr std::size_t stride = 8;
  const Baseline& baseline = program_.processes[p].baseline;
  const double* const numbers = parameters(p);
  const double zero = clock_zero_[p];
  Anchor anchor = anchor_[p];
  if (((stale_ >> p) & 1U) != 0) look_up(p, upto_[p]);
  const double fixed = fixed_multiplier(p);
  Cursor* const first = cursors_[p].data();
  Cursor* const last = first + cursors_[p].size();
  const auto fires = [&] {
    anchor_[p] = anchor;
    solve(p);
    upto_[p] = never;
    return true;
  };
  double at = upto_[p];
  double change = never;
  double us[stride];
  double multipliers[stride];
  double hazards[stride];
  bool more = true;
  while (more) {
    std::size_t count = 0;
    double before = anchor.multiplier;
    while (count < stride && more) {
      double m = fixed;
      change = never;
      for (Cursor* cursor = first; cursor != last; ++cursor) {
        if (cursor->point.next <= at) follow(*cursor, at);
        if (cursor->point.next < change) change = cursor->point.next;
        m *= cursor->factor;
      }
      // A change that changes nothing is no segment.
      if (m != before) {
        us[count] = at - zero;
        multipliers[count++] = before = m;
      }
      more = change < to;
      at = change;
    }
    if (count == 1) {
      hazards[0] = cumulative_hazard(baseline, numbers, us[0]);
    } else if (count > 1) {
      for (std::size_t i = count; i < stride; ++i) us[i] = us[0];
      cumulative_hazards(baseline, numbers, us, static_cast<int>(count), hazards);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double h = hazards[i];
      const double spent = anchor.multiplier > 0 ? anchor.multiplier * (h - anchor.hazard) : 0.0;
      if (!(spent < anchor.left)) {
        stale_ |= std::uint64_t{1} << p;  // the effects have been followed beyond
        return fires();
      }
      anchor = {us[i], h, anchor.left - spent, multipliers[i]};
    }
  }
  anchor_[p] = anchor;
  if (change < never && to < limit_ &&
      (!(anchor.multiplier > 0) ||
       anchor.multiplier * (cumulative_hazard(baseline, numbers, to - zero) - anchor.hazard) <
           anchor.left)) {
    // The multiplier will change again, after `to`, and the threshold is not reached before that.
    upto_[p] = to;
    next_[p] = never;
    return false;
  }
  return fires();
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

}  // namespace npcsim
