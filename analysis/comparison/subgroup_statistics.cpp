#include <npcsim/comparison/detail/subgroup_statistics.hpp>

#include <optional>

namespace npcsim::detail {

namespace {

// The last day whose middle is not after the tick; none on the first half day.
std::optional<std::size_t> day_until(std::int32_t tick) {
  const std::int64_t half_day = ticks_per_day / 2;
  if (tick < half_day) return std::nullopt;
  return static_cast<std::size_t>((tick - half_day) / ticks_per_day);
}

}  // namespace

SubgroupStatistics::SubgroupStatistics(const Tally& tally, const SubgroupPlace& place,
                                       Errors errors)
    : tally_(&tally.subgroup(place.strategy, place.endpoint, place.subgroup, place.level)),
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
  const std::size_t half = bin_nearest_half(KaplanMeier(by_period_.view()), periods_);
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const DayHistograms rest = by_period_without(group);
    const KaplanMeier curve(rest.view());
    half_survival_replicates_[group] = curve.survival(half);
    restricted_mean_replicates_[group] = curve.restricted_mean(horizon_months_);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      const auto day = static_cast<std::size_t>(landmarks[k] / ticks_per_day);
      survival_replicates_[k][group] = curve.survival(day / days_per_period);
    }
  }
}

double SubgroupStatistics::survival(std::int32_t tick) const {
  const auto day = day_until(tick);
  return day ? curve_.survival(*day) : 1;
}

double SubgroupStatistics::survival_se(std::int32_t tick) const {
  const auto day = day_until(tick);
  return day ? curve_.survival_se(*day) : 0;
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
