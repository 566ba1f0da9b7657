// What becomes known, and when: documented progression, markers, toxicity.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/engine/life.hpp>

namespace npcsim {
namespace {

// Number of trials up to and including the first success, each with hazard `per_trial`: the
// threshold is crossed in trial ceil(threshold / per_trial).
double trials(double threshold, double per_trial) {
  const double exact = threshold / per_trial;
  if (!(exact < 1e9)) return 1e9;
  auto whole = static_cast<double>(static_cast<std::int64_t>(exact));
  if (whole < exact) whole += 1;
  return whole < 1 ? 1 : whole;
}

}  // namespace

// First assessment of the grid at or after t, or after t if `strictly`.
double Life::next_assessment(double t, bool strictly) const {
  const double every = program_.observation.every;
  const double anchor = program_.observation.grid_from_first_dose ? program_.first_dose : 0.0;
  double k = (t - anchor) / every;
  k = k > 0 ? static_cast<double>(static_cast<std::int64_t>(k)) : 0.0;
  while (anchor + k * every < t || (strictly && !(anchor + k * every > t))) k += 1;
  if (k < 1) k = 1;  // the assessment at the anchor is the baseline
  return anchor + k * every;
}

void Life::latent_progression(std::size_t process, double t) {
  const Observation& observation = program_.observation;
  document_process_ = static_cast<std::int32_t>(process);
  const std::uint32_t occurrence = latent_count_++;
  if (document_at_ < never) return;  // the coming documentation covers this event too
  bool at_once = !(observation.every > 0);
  if (!at_once && observation.at_once > 0) {
    at_once = patient_->draws.uniform(StreamName::from_hash(program_.at_once_stream), occurrence) <
              observation.at_once;
  }
  if (at_once) {
    document_at_ = t;
    return;
  }
  document_at_ = next_assessment(t, false);
  if (observation.misses) {
    const double threshold =
        patient_->draws.unit_exponential(StreamName::from_hash(program_.miss_stream), occurrence);
    // Each assessment misses with probability 1 - sensitivity: survival of the miss is exp(-k
    // miss_log).
    const double found_after = threshold / observation.miss_log;
    double missed = 0;
    while (missed + 1 <= found_after && missed < 1e6) missed += 1;
    document_at_ += missed * observation.every;
  }
}

void Life::schedule_false_alarm(double t) {
  const Observation& observation = program_.observation;
  if (!(observation.false_log > 0)) return;
  const double threshold = patient_->draws.unit_exponential(
      StreamName::from_hash(program_.false_stream), false_count_++);
  false_alarm_at_ =
      next_assessment(t, true) + (trials(threshold, observation.false_log) - 1) * observation.every;
}

void Life::document(double t, bool false_alarm) {
  const bool latent = document_at_ < never;
  if (documented_count_ < most_documented) documented_[documented_count_] = t;
  ++documented_count_;
  documented_type_ = latent ? document_process_ : -1;
  note(t, JournalEntry::Kind::documented, documented_type_, documented_count_);
  document_at_ = never;
  document_process_ = -1;
  if (false_alarm || false_alarm_at_ <= t) schedule_false_alarm(t);
  // Graded markers show progression, whatever their latent value.
  for (std::size_t m = 0; m < program_.markers.size(); ++m) {
    const Marker& marker = program_.markers[m];
    if (!marker.ordered) continue;
    const auto worst = static_cast<std::int32_t>(marker.levels.size()) - 1;
    level_[m] = worst;
    if (best_level_[m] < 0) best_level_[m] = worst;
  }
  pending_.clear();
  stop_all(t);
  ++line_;
  ask(Trigger::progression, documented_count_);
}

std::int32_t Life::assess(std::int32_t index, double t) {
  const auto m = static_cast<std::size_t>(index);
  const Marker& marker = program_.markers[m];
  if (marker.ordered) {
    if (document_at_ < never) {
      // Progression is there: this assessment finds it.
      document(t, false);
      return -1;
    }
    double eta = marker.patient_effect * column(marker.effect_column);
    for (const LinearTerm& load : marker.loads) eta += load.coef * column(load.column);
    for (const auto& [agent, shift] : marker.shifts) {
      if (agents_[static_cast<std::size_t>(agent)].received) eta += shift;
    }
    std::int32_t level = 0;
    while (level < static_cast<std::int32_t>(marker.cuts.size()) &&
           !(eta > marker.cuts[static_cast<std::size_t>(level)])) {
      ++level;
    }
    // The worst level is progression, which is a fact and not a grade: without it the grade is the
    // one above.
    const auto worst = static_cast<std::int32_t>(marker.levels.size()) - 1;
    if (level == worst && program_.observation.given) level = worst - 1;
    level_[m] = level;
    if (best_level_[m] < 0 || level < best_level_[m]) best_level_[m] = level;
    note(t, JournalEntry::Kind::assessed, index, level);
    return level;
  }
  const std::int32_t level = detectable(m, t) ? 1 : 0;
  level_[m] = level;
  if (best_level_[m] < 0 || level < best_level_[m]) best_level_[m] = level;
  note(t, JournalEntry::Kind::assessed, index, level);
  return level;
}

double Life::log10_marker(std::size_t m) const {
  const Marker& marker = program_.markers[m];
  double cycles = 0;
  for (const std::int32_t agent : falls_with_[m]) cycles += cycles_of(agent);
  double fall = marker.fall + marker.fall_sd * column(marker.fall_column);
  if (marker.shared_column >= 0) fall += marker.fall_load * column(marker.shared_column);
  return column(marker.baseline) - (fall > 0 ? fall : 0) * cycles;
}

bool Life::detectable(std::size_t m, double t) const {
  const Marker& marker = program_.markers[m];
  // Rebound: a process that has fired, or has spent this patient's share of its threshold. It looks
  // only at what has been spent so far, so a policy that reacts to it cannot change the past.
  double u = -1;
  for (const std::int32_t index : marker.rebound_of) {
    const auto p = static_cast<std::size_t>(index);
    if (fired_[p] <= t) return true;
    if (((armed_ >> p) & 1U) == 0) continue;
    const double full = patient_->thresholds[p * patient_->stride];
    const Anchor& anchor = anchor_[p];
    // Where the process has ended its anchor says what had been spent by then.
    const double spent_now =
        active(p) ? anchor.multiplier * (cumulative(p, t - clock_zero_[p]) - anchor.hazard) : 0.0;
    const double spent = full - anchor.left + (spent_now > 0 ? spent_now : 0);
    if (u < 0) u = patient_->draws.uniform(StreamName::from_hash(marker.rebound_stream));
    // The share at rebound is the beta quantile of u: compare u with the distribution function at
    // the share spent. A table brackets it; the function itself is needed only within one cell.
    const double share = spent / full;
    const double place = share * static_cast<double>(marker.rebound_cdf.size() - 1);
    const auto cell = static_cast<std::size_t>(place);
    if (share >= 1.0 || u <= marker.rebound_cdf[cell]) return true;
    if (u < marker.rebound_cdf[cell + 1] &&
        u <= portable::beta_p(marker.rebound_a, marker.rebound_b, share)) {
      return true;
    }
  }
  if (marker.detectable >= 0 && column(marker.detectable) < 0.5) return false;
  return log10_marker(m) >= marker.log_limit;
}

}  // namespace npcsim
