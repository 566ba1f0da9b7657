// Individual time-to-event records: what every statistic and every fit reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// A view of records, one row each, column by column; the columns must outlive it.
///
/// An empty optional column stands for its default in every row. All columns that are not empty
/// have as many rows as `time`. Times are in one unit that the caller chooses and may tie.
struct TimeToEvent {
  std::span<const double> time;         ///< [row] end of follow-up, finite
  std::span<const std::int32_t> event;  ///< [row] 0 censored, k >= 1 an event of cause k
  std::span<const double> entry = {};   ///< [row] start of follow-up, entry < time; default none
  std::span<const double> weight = {};  ///< [row] case weight, > 0; default 1
  std::span<const std::int32_t> stratum = {};  ///< [row] 0..; default one stratum
  std::span<const std::int32_t> cluster = {};  ///< [row] rows of one subject; default own subjects

  std::size_t rows() const { return time.size(); }
};

/// Covariates as columns: what stands behind a regression coefficient each.
struct Covariates {
  std::vector<std::string> names;                ///< [column], "age", "sexmale"
  std::vector<std::span<const double>> columns;  ///< [column][row], finite

  std::size_t count() const { return columns.size(); }
};

}  // namespace npcsim
