// What the summaries need of one endpoint under one strategy: the curve and its jackknife
// replicates.
#pragma once

#include <npcsim/comparison/summary.hpp>
#include <npcsim/run/tally.hpp>
#include <npcsim/survival/kaplan_meier.hpp>

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

namespace npcsim::detail {

inline constexpr double months_per_tick = 1.0 / static_cast<double>(ticks_per_month);
inline constexpr double months_per_day_bin =
    static_cast<double>(ticks_per_day) / static_cast<double>(ticks_per_month);

/// Jackknife groups that hold somebody: without a group of nobody everybody is left, which is no
/// replicate.
using FilledGroups = std::bitset<jackknife_groups>;

/// A statistic without each jackknife group in turn.
struct Replicates {
  std::array<double, jackknife_groups> without{};  ///< [group]
  FilledGroups filled;                             ///< groups that count
};

/// Standard error from replicates of a statistic or of a difference: square root of
/// (G - 1) / G times the sum of squared deviations from their mean over the G filled groups;
/// nothing for fewer than two. Source: Kott, J Off Stat 2001;17:521.
std::optional<double> jackknife_se(const Replicates& replicates);
/// Element by element; twins share a group, so the error of a difference sees how alike they are.
Replicates difference(const Replicates& a, const Replicates& b);

/// Correlation of two statistics over the same groups; 0 where one of them does not vary.
double correlation(const Replicates& a, const Replicates& b);

/// The bin after whose events S is nearest to one half.
std::size_t bin_nearest_half(const KaplanMeier& curve, std::size_t bins);

/// Histograms by day (or by longer periods).
struct DayHistograms {
  std::vector<std::uint32_t> events;
  std::vector<std::uint32_t> censored;
  double months_per_bin = months_per_day_bin;
  GroupedTimes view() const { return {events, censored, months_per_bin, 0.5}; }
};

class EndpointStatistics {
 public:
  /// With Errors::none there are no replicates: no group of theirs counts.
  EndpointStatistics(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                     Errors errors = Errors::monte_carlo);

  const EndpointTally& tally() const { return *tally_; }
  GroupedTimes times() const { return {tally_->events, censored_, months_per_tick, 0}; }
  const KaplanMeier& curve() const { return curve_; }
  double subjects() const { return static_cast<double>(tally_->in_set); }
  double horizon_months() const { return horizon_months_; }
  /// Nobody is censored before this tick.
  bool complete_until(std::int32_t tick) const { return first_censored_ >= tick; }
  bool complete() const { return complete_until(horizon_ticks_); }

  double restricted_mean() const { return restricted_mean_; }
  /// Of the restricted times, months squared. \pre complete().
  double restricted_variance() const { return restricted_variance_; }

  /// Histograms by day of all groups, and of all but one.
  const DayHistograms& by_day() const { return by_day_; }
  DayHistograms by_day_without(std::size_t group) const;
  FilledGroups filled_groups() const;

  /// Survival at the day of the median: just before or just after its events, whichever is nearer
  /// to one half.
  const Replicates& half_survival_replicates() const { return half_survival_replicates_; }
  const Replicates& restricted_mean_replicates() const { return restricted_mean_replicates_; }
  /// One for each landmark of the run.
  const std::vector<Replicates>& survival_replicates() const { return survival_replicates_; }

 private:
  void replicate(const std::vector<std::int32_t>& landmarks, Errors errors);

  const EndpointTally* tally_;
  std::vector<std::uint32_t> censored_;  // [tick]
  std::int32_t horizon_ticks_;
  double horizon_months_;
  std::size_t day_bins_;
  DayHistograms by_day_;
  KaplanMeier curve_;
  std::int32_t first_censored_ = 0;
  double restricted_mean_ = 0;
  double restricted_variance_ = 0;
  Replicates half_survival_replicates_{};
  Replicates restricted_mean_replicates_{};
  std::vector<Replicates> survival_replicates_;
};

}  // namespace npcsim::detail
