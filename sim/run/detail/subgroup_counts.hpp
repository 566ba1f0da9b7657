// Outcomes of one block counted by the levels of subgroups.
#pragma once

#include <npcsim/run/detail/lanes.hpp>
#include <npcsim/run/tally.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// Small subgroups are counted together, by the combination of their levels: a combination is one
/// step in the histograms where each subgroup alone would take one.
class SubgroupCodes {
 public:
  struct Bundle {
    std::size_t first = 0;              ///< subgroup
    std::vector<std::size_t> levels;    ///< of each of its subgroups, without "none of them"
    std::size_t codes = 1;              ///< combinations, "none" being one more level of each
    std::vector<std::uint8_t> by_lane;  ///< code of each patient
    std::vector<std::uint8_t> occurs;   ///< [code] 1 if a patient has it
    /// Level of the bundle's subgroup k that a code stands for; levels[k] is "none".
    std::size_t level_of(std::size_t code, std::size_t k) const;
  };

  explicit SubgroupCodes(const OutcomeShape& shape);
  /// Takes the levels of a block's patients.
  void read(const OutcomeBlock& block, const LaneLayout& layout);
  const std::vector<Bundle>& bundles() const { return bundles_; }

 private:
  std::vector<Bundle> bundles_;
  std::vector<std::uint8_t> codes_;  ///< [patient]
};

/// Days and periods of a tally, with two more periods in which the marks of lanes fall: without an
/// event, not in the set.
struct PeriodAxis {
  explicit PeriodAxis(const Tally& tally) : days(tally.day_bins()), periods(tally.period_bins()) {}
  LaneMarks marks() const;
  std::size_t all_days() const { return (periods + 2) * days_per_period; }

  std::size_t days;
  std::size_t periods;
};

/// Counts of one bundle under one strategy and endpoint.
class SubgroupCounts {
 public:
  explicit SubgroupCounts(const PeriodAxis& axis) : axis_(axis) {}
  void count(const LaneLayout& layout, const SubgroupCodes::Bundle& bundle,
             const std::vector<std::uint32_t>& outcomes);
  /// Adds what was counted of one code to a level; lane 0 is of group `first_group`.
  void add_to(SubgroupTally& level, const SubgroupCodes::Bundle& bundle, std::size_t code,
              std::size_t first_group) const;

 private:
  PeriodAxis axis_;
  std::vector<std::uint32_t> by_day_;     ///< [code][day]
  std::vector<std::uint32_t> by_period_;  ///< [lane][code][period]
};

}  // namespace npcsim::detail
