#include <npcsim/comparison/detail/endpoint_statistics.hpp>

#include <cmath>

namespace npcsim::detail {

double jackknife_se(const Replicates& replicates) {
  constexpr auto groups = static_cast<double>(jackknife_groups);
  double mean = 0;
  for (const double value : replicates) mean += value / groups;
  double squares = 0;
  for (const double value : replicates) squares += (value - mean) * (value - mean);
  return std::sqrt(squares * (groups - 1) / groups);
}

Replicates difference(const Replicates& a, const Replicates& b) {
  Replicates result;
  for (std::size_t group = 0; group < jackknife_groups; ++group)
    result[group] = a[group] - b[group];
  return result;
}

EndpointStatistics::EndpointStatistics(const Tally& tally, std::size_t strategy,
                                       std::size_t endpoint)
    : tally_(&tally.endpoint(strategy, endpoint)),
      horizon_ticks_(tally.shape().horizon_ticks),
      horizon_months_(tally.shape().horizon_ticks * months_per_tick),
      day_bins_(tally.day_bins()),
      by_day_{std::vector<std::uint32_t>(tally.day_bins()),
              std::vector<std::uint32_t>(tally.day_bins())},
      curve_(times()) {
  constexpr auto day = static_cast<std::size_t>(ticks_per_day);
  for (std::size_t t = 0; t < tally_->events.size(); ++t) {
    by_day_.events[t / day] += tally_->events[t];
    by_day_.censored[t / day] += tally_->censored[t];
  }
  while (first_censored_ < horizon_ticks_ &&
         tally_->censored[static_cast<std::size_t>(first_censored_)] == 0) {
    ++first_censored_;
  }
  if (complete() && tally_->in_set > 0) {
    // Exact sum of whole ticks; the variance about the mean does not cancel.
    std::uint64_t ticks = 0;
    const std::size_t bins = tally_->events.size();
    for (std::size_t t = 0; t < bins; ++t) ticks += std::uint64_t{tally_->events[t]} * t;
    ticks += std::uint64_t{tally_->censored.back()} * (bins - 1);
    const double mean_ticks = static_cast<double>(ticks) / subjects();
    double squares = 0;
    for (std::size_t t = 0; t < bins; ++t) {
      const double count =
          static_cast<double>(tally_->events[t]) + (t + 1 == bins ? tally_->censored[t] : 0U);
      const double deviation = static_cast<double>(t) - mean_ticks;
      squares += count * (deviation * deviation);
    }
    restricted_mean_ = mean_ticks * months_per_tick;
    if (tally_->in_set > 1) {
      restricted_variance_ = squares / (subjects() - 1) * (months_per_tick * months_per_tick);
    }
  } else {
    restricted_mean_ = curve_.restricted_mean(horizon_months_);
  }
  replicate(tally.shape().landmark_ticks);
}

void EndpointStatistics::replicate(const std::vector<std::int32_t>& landmarks) {
  median_replicates_.emplace();
  survival_replicates_.resize(landmarks.size());
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const DayHistograms rest = by_day_without(group);
    const KaplanMeier curve(rest.view());
    const std::optional<double> median = curve.smooth_quantile(0.5);
    if (median_replicates_ && median) (*median_replicates_)[group] = *median;
    if (!median) median_replicates_.reset();
    restricted_mean_replicates_[group] = curve.restricted_mean(horizon_months_);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      survival_replicates_[k][group] =
          curve.survival(static_cast<std::size_t>(landmarks[k] / ticks_per_day));
    }
  }
}

DayHistograms EndpointStatistics::by_day_without(std::size_t group) const {
  DayHistograms rest = by_day_;
  std::uint64_t counted = 0;
  const std::size_t start = group * day_bins_;
  for (std::size_t d = 0; d < day_bins_; ++d) {
    rest.events[d] -= tally_->group_events[start + d];
    counted += tally_->group_events[start + d];
  }
  if (!tally_->group_censored.empty()) {
    for (std::size_t d = 0; d < day_bins_; ++d) {
      rest.censored[d] -= tally_->group_censored[start + d];
      counted += tally_->group_censored[start + d];
    }
  }
  // The others of the group reached the horizon.
  rest.censored.back() -= static_cast<std::uint32_t>(tally_->group_size[group] - counted);
  return rest;
}

}  // namespace npcsim::detail
