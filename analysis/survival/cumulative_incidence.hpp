// Cumulative incidence of competing causes.
#pragma once

#include <npcsim/survival/grouped_times.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace npcsim {

/// An estimate with its standard error.
struct Estimate {
  double value = 0;
  double se = 0;
};

/// Share of subjects who had the cause's event up to and with the bin: sum over s <= bin of S(s-)
/// d_cause(s) / n(s).
///
/// `times.events` counts the events of all causes and `cause_events` those of one. The standard
/// error comes from the delta method; without censoring it is sqrt(p (1 - p) / n). Source: Aalen &
/// Johansen, Scand J Stat 1978;5:141; variance: Marubini & Valsecchi (1995), chapter 10. \pre
/// cause_events has as many bins as times, and no more events in any.
Estimate cumulative_incidence(const GroupedTimes& times,
                              std::span<const std::uint32_t> cause_events, std::size_t bin);

}  // namespace npcsim
