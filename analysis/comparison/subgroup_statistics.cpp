#include <npcsim/comparison/detail/subgroup_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace npcsim::detail {

SubgroupStatistics::SubgroupStatistics(const Tally& tally, const SubgroupPlace& place,
                                       Errors errors)
    : tally_(&tally.subgroup(place.strategy, place.endpoint, place.subgroup, place.level)),
      landmarks_(&tally.shape().landmark_ticks),
      periods_(tally.period_bins()),
      horizon_months_(tally.shape().horizon_ticks * months_per_tick),
      curve_(times()),
      median_(median_of(times(), curve_)),
      by_period_{std::vector<std::uint32_t>(periods_), std::vector<std::uint32_t>(periods_),
                 months_per_day_bin * static_cast<double>(days_per_period)} {
  for (std::size_t day = 0; day < tally_->events.size(); ++day) {
    by_period_.events[day / days_per_period] += tally_->events[day];
    by_period_.censored[day / days_per_period] += tally_->censored[day];
  }
  const std::vector<std::int32_t>& landmarks = tally.shape().landmark_ticks;
  survival_replicates_.resize(landmarks.size());
  if (errors == Errors::none) return;
  half_survival_replicates_.filled = restricted_mean_replicates_.filled = filled_groups();
  for (Replicates& replicates : survival_replicates_) replicates.filled = filled_groups();
  const std::size_t half = bin_nearest_half(KaplanMeier(by_period_.view()), periods_);
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const DayHistograms rest = by_period_without(group);
    const KaplanMeier curve(rest.view());
    half_survival_replicates_.without[group] = curve.survival(half);
    restricted_mean_replicates_.without[group] = curve.restricted_mean(horizon_months_);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      const auto day = static_cast<std::size_t>(landmarks[k] / ticks_per_day);
      survival_replicates_[k].without[group] = curve.survival(day / days_per_period);
    }
  }
}

// Events on the day of a tick that are not after it.
std::uint32_t SubgroupStatistics::events_until(std::int32_t tick) const {
  const auto found = std::find(landmarks_->begin(), landmarks_->end(), tick);
  if (found != landmarks_->end())
    return tally_->at_landmark[static_cast<std::size_t>(found - landmarks_->begin())];
  const bool after_middle = tick % ticks_per_day >= ticks_per_day / 2;
  return after_middle ? tally_->events[static_cast<std::size_t>(tick / ticks_per_day)] : 0;
}

SubgroupStatistics::AtTick SubgroupStatistics::at(std::int32_t tick) const {
  const auto day = static_cast<std::size_t>(tick / ticks_per_day);
  // Since the latest day with a censoring S is that day's times a share of those left then, as in
  // KaplanMeier.
  std::size_t since = day;
  while (since > 0 && tally_->censored[since - 1] == 0) --since;
  const double anchor = since > 0 ? curve_.survival(since - 1) : 1;
  const double anchor_variance = since > 0 ? curve_.log_variance(since - 1) : 0;
  const auto began = static_cast<double>(curve_.at_risk(since));
  const double left = static_cast<double>(curve_.at_risk(day)) - events_until(tick);
  AtTick out{anchor, 0};
  double log_variance = anchor_variance;
  if (left < began) {
    out.survival = anchor * (left / began);
    log_variance += (began - left) / (left * began);
  }
  if (out.survival > 0) out.se = out.survival * std::sqrt(log_variance);
  return out;
}

FilledGroups SubgroupStatistics::filled_groups() const {
  FilledGroups filled;
  const std::size_t bins = periods_ + 1;  // the last one holds who has no event
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const std::uint32_t* const counts = tally_->group_events.data() + group * bins;
    filled[group] = std::any_of(counts, counts + bins, [](std::uint32_t n) { return n > 0; });
  }
  return filled;
}

DayHistograms SubgroupStatistics::by_period_without(std::size_t group) const {
  DayHistograms rest = by_period_;
  const std::uint32_t* const events = tally_->group_events.data() + group * (periods_ + 1);
  std::uint32_t without_event = events[periods_];
  for (std::size_t period = 0; period < periods_; ++period) {
    rest.events[period] -= events[period];
    if (tally_->group_censored.empty()) continue;
    const std::uint32_t early = tally_->group_censored[group * periods_ + period];
    rest.censored[period] -= early;
    without_event -= early;
  }
  // The others of the group reached the horizon, which lies in the last day's period.
  rest.censored[(tally_->events.size() - 1) / days_per_period] -= without_event;
  return rest;
}

}  // namespace npcsim::detail
