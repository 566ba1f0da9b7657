// Records that were made from others: split, cloned or weighted.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// Owns its columns; columns that are empty stand for the defaults of TimeToEvent.
struct MadeRecords {
  std::vector<double> entry;
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<double> weight;
  std::vector<std::int32_t> stratum;
  std::vector<std::int32_t> cluster;
  std::vector<std::size_t> source;  ///< [row] the row it was made from

  TimeToEvent view() const { return {time, event, entry, weight, stratum, cluster}; }
  /// A column of the source rows as a column of these rows.
  std::vector<double> gather(std::span<const double> column) const;
};

struct ExposureRecords {
  MadeRecords records;
  std::vector<double> exposed;  ///< [row] 0 before, 1 after the exposure began
};

/// Splits each row at the start of its exposure (NaN or infinite: never): the time-dependent
/// covariate that avoids immortal time bias. An exposure at or before entry covers the whole row,
/// one at or after the end none of it. Clusters are those of the records, else the source row.
///
/// Rows without an entry begin at `origin`, below all times. Source: Mantel & Byar, J Am Stat Assoc
/// 1974;69:81.
ExposureRecords split_at_exposure(const TimeToEvent& records, std::span<const double> start,
                                  double origin = 0);

}  // namespace npcsim
