// Times to an event as counts on an even grid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace npcsim {

/// A view of two histograms: bin b counts the times (b + offset) * months_per_bin.
///
/// Offset 0 is for times that are recorded on the grid, as ticks are; 0.5 places what a bin
/// gathered from [b, b + 1) in its middle. Events of a bin come before its censorings. The
/// histograms must outlive the view.
struct GroupedTimes {
  std::span<const std::uint32_t> events;    ///< [bin]
  std::span<const std::uint32_t> censored;  ///< [bin], as many bins
  double months_per_bin = 1;                ///< above 0
  double offset = 0;                        ///< 0..1

  std::size_t bins() const { return events.size(); }
  double months(std::size_t bin) const {
    return (static_cast<double>(bin) + offset) * months_per_bin;
  }
};

}  // namespace npcsim
