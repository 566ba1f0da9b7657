// The Kaplan-Meier estimate of the censoring distribution.
#pragma once

#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// Who may be censored at a time at which others have an event. `after_events`: those with the
/// event have left (events come first). `everyone`: they still count, as in the curve that cmprsk
/// takes from survfit.
enum class CensoringRisk { after_events, everyone };

/// G(t), the probability of being uncensored, of records in one stratum without entries.
struct CensoringCurve {
  CensoringCurve(const SortedRecords& records, CensoringRisk risk);

  std::vector<double> time;          ///< [point] distinct times, rising
  std::vector<double> at_risk;       ///< [point] weight that may be censored there
  std::vector<double> censored;      ///< [point] weight
  std::vector<double> before;        ///< [point] G(t-)
  std::vector<double> after;         ///< [point] G(t)
  std::vector<std::uint32_t> point;  ///< [position] the point of the row's time

  /// G(t): 1 before the first time, the last value after the last time.
  double value_at(double t) const;
};

}  // namespace npcsim::detail
