// What the summaries need of one level of a subgroup under one strategy.
#pragma once

#include <npcsim/comparison/detail/endpoint_statistics.hpp>
#include <npcsim/comparison/detail/median.hpp>
#include <npcsim/comparison/subgroup_figures.hpp>

#include <vector>

namespace npcsim::detail {

/// Curves are those by day; jackknife groups are kept by periods of 56 days, which is enough to see
/// how alike twins are.
class SubgroupStatistics {
 public:
  /// With Errors::none there are no replicates: no group of theirs counts.
  SubgroupStatistics(const Tally& tally, const SubgroupPlace& place,
                     Errors errors = Errors::monte_carlo);

  const SubgroupTally& tally() const { return *tally_; }
  GroupedTimes times() const { return {tally_->events, tally_->censored, months_per_day_bin, 0.5}; }
  const KaplanMeier& curve() const { return curve_; }
  const MedianEstimate& median() const { return median_; }
  double horizon_months() const { return horizon_months_; }

  /// Survival at a tick with Greenwood's error: at a landmark of the run up to its very tick, else
  /// with the events of the days whose middle is not after it.
  struct AtTick {
    double survival = 1;
    double se = 0;
  };
  AtTick at(std::int32_t tick) const;

  /// Histograms by period without a group.
  DayHistograms by_period_without(std::size_t group) const;
  FilledGroups filled_groups() const;
  /// One for each landmark of the run.
  const std::vector<Replicates>& survival_replicates() const { return survival_replicates_; }
  const Replicates& restricted_mean_replicates() const { return restricted_mean_replicates_; }
  const Replicates& half_survival_replicates() const { return half_survival_replicates_; }

 private:
  std::uint32_t events_until(std::int32_t tick) const;

  const SubgroupTally* tally_;
  const std::vector<std::int32_t>* landmarks_;
  std::size_t periods_;
  double horizon_months_;
  KaplanMeier curve_;
  MedianEstimate median_;
  DayHistograms by_period_;
  std::vector<Replicates> survival_replicates_;
  Replicates restricted_mean_replicates_{};
  Replicates half_survival_replicates_{};
};

}  // namespace npcsim::detail
