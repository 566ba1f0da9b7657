// Records seen from a landmark: those still under observation without event, time counted anew.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim {

/// Records that own their columns.
struct LandmarkRecords {
  std::vector<std::size_t> row;  ///< the row in the original
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<double> entry;  ///< empty if the original has none
  std::vector<double> weight;
  std::vector<std::int32_t> stratum;
  std::vector<std::int32_t> cluster;
  std::size_t ended_before = 0;  ///< rows left out: end of follow-up at or before the landmark

  TimeToEvent view() const { return {time, event, entry, weight, stratum, cluster}; }
};

/// Keeps rows with time > landmark and subtracts the landmark from their times; an entry before it
/// becomes 0. Groups must be taken at the landmark, not later, or immortal time creeps back in.
/// Source: Anderson, Cain & Gelber, J Clin Oncol 1983;1:710.
LandmarkRecords landmark_records(const TimeToEvent& records, double landmark);

}  // namespace npcsim
