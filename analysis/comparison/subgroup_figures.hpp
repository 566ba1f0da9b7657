// Single figures of a level of a subgroup, also such as summary.csv does not hold.
#pragma once

#include <npcsim/comparison/summary.hpp>

#include <cstddef>
#include <cstdint>

namespace npcsim {

/// A level of a subgroup under one strategy, endpoint by endpoint: positions in the tally's shape.
struct SubgroupPlace {
  std::size_t strategy;
  std::size_t endpoint;
  std::size_t subgroup;
  std::size_t level;
};

// What these give is equal, bit by bit, to the row of summary_rows() where there is one. \pre
// somebody belongs to the endpoint's set in each place.

/// Median time, months.
SummaryRow subgroup_median(const Tally& tally, const SubgroupPlace& at);
/// Share event-free after the events at any tick, 0..horizon: it need not be a landmark.
SummaryRow subgroup_survival(const Tally& tally, const SubgroupPlace& at, std::int32_t tick);
/// Hazard ratio `of` / `against` with its jackknife error: two levels under one strategy, or one
/// level under two strategies, of one endpoint. `versus` is filled in where strategies differ.
/// Groups of the jackknife hold the same patients on both sides, so that twins are seen as such.
SummaryRow subgroup_hazard_ratio(const Tally& tally, const SubgroupPlace& of,
                                 const SubgroupPlace& against);

}  // namespace npcsim
