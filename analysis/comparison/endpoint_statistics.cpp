#include <npcsim/comparison/detail/endpoint_statistics.hpp>

#include <cmath>

namespace npcsim::detail {

std::optional<double> jackknife_se(const Replicates& replicates) {
  const std::size_t filled = replicates.filled.count();
  if (filled < 2) return std::nullopt;
  const auto groups = static_cast<double>(filled);
  double mean = 0;
  double squares = 0;
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (replicates.filled[group]) mean += replicates.without[group] / groups;
  }
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (!replicates.filled[group]) continue;
    const double deviation = replicates.without[group] - mean;
    squares += deviation * deviation;
  }
  return std::sqrt(squares * (groups - 1) / groups);
}

Replicates difference(const Replicates& a, const Replicates& b) {
  Replicates result;
  result.filled = a.filled | b.filled;
  for (std::size_t group = 0; group < jackknife_groups; ++group)
    result.without[group] = a.without[group] - b.without[group];
  return result;
}

double correlation(const Replicates& a, const Replicates& b) {
  const FilledGroups filled = a.filled | b.filled;
  const auto groups = static_cast<double>(filled.count());
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (!filled[group]) continue;
    mean_a += a.without[group] / groups;
    mean_b += b.without[group] / groups;
  }
  double products = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (!filled[group]) continue;
    const double of_a = a.without[group] - mean_a;
    const double of_b = b.without[group] - mean_b;
    products += of_a * of_b;
    squares_a += of_a * of_a;
    squares_b += of_b * of_b;
  }
  return squares_a > 0 && squares_b > 0 ? products / std::sqrt(squares_a * squares_b) : 0;
}

std::size_t bin_nearest_half(const KaplanMeier& curve, std::size_t bins) {
  std::size_t best = 0;
  for (std::size_t bin = 1; bin < bins; ++bin) {
    if (std::fabs(curve.survival(bin) - 0.5) < std::fabs(curve.survival(best) - 0.5)) best = bin;
  }
  return best;
}

EndpointStatistics::EndpointStatistics(const Tally& tally, std::size_t strategy,
                                       std::size_t endpoint, Errors errors)
    : tally_(&tally.endpoint(strategy, endpoint)),
      censored_(tally_->censored()),
      horizon_ticks_(tally.shape().horizon_ticks),
      horizon_months_(tally.shape().horizon_ticks * months_per_tick),
      day_bins_(tally.day_bins()),
      by_day_{std::vector<std::uint32_t>(tally.day_bins()),
              std::vector<std::uint32_t>(tally.day_bins()), months_per_day_bin},
      curve_(times()) {
  constexpr auto day = static_cast<std::size_t>(ticks_per_day);
  for (std::size_t t = 0; t < tally_->events.size(); ++t) {
    by_day_.events[t / day] += tally_->events[t];
    by_day_.censored[t / day] += censored_[t];
  }
  while (first_censored_ < horizon_ticks_ &&
         censored_[static_cast<std::size_t>(first_censored_)] == 0) {
    ++first_censored_;
  }
  if (complete() && tally_->in_set > 0) {
    // Exact sum of whole ticks; the variance about the mean does not cancel.
    std::uint64_t ticks = 0;
    const std::size_t bins = tally_->events.size();
    for (std::size_t t = 0; t < bins; ++t) ticks += std::uint64_t{tally_->events[t]} * t;
    ticks += std::uint64_t{censored_.back()} * (bins - 1);
    const double mean_ticks = static_cast<double>(ticks) / subjects();
    double squares = 0;
    for (std::size_t t = 0; t < bins; ++t) {
      const double count =
          static_cast<double>(tally_->events[t]) + (t + 1 == bins ? censored_[t] : 0U);
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
  replicate(tally.shape().landmark_ticks, errors);
}

void EndpointStatistics::replicate(const std::vector<std::int32_t>& landmarks, Errors errors) {
  survival_replicates_.resize(landmarks.size());
  if (errors == Errors::none) return;
  half_survival_replicates_.filled = restricted_mean_replicates_.filled = filled_groups();
  for (Replicates& replicates : survival_replicates_) replicates.filled = filled_groups();
  const std::size_t half_day = bin_nearest_half(KaplanMeier(by_day_.view()), day_bins_);
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const DayHistograms rest = by_day_without(group);
    const KaplanMeier curve(rest.view());
    half_survival_replicates_.without[group] = curve.survival(half_day);
    restricted_mean_replicates_.without[group] = curve.restricted_mean(horizon_months_);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      survival_replicates_[k].without[group] =
          curve.survival(static_cast<std::size_t>(landmarks[k] / ticks_per_day));
    }
  }
}

FilledGroups EndpointStatistics::filled_groups() const {
  FilledGroups filled;
  for (std::size_t group = 0; group < jackknife_groups; ++group)
    filled[group] = tally_->group_size[group] > 0;
  return filled;
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
