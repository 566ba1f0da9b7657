// Covariates centred and scaled, in the order of the sorted records.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim::detail {

struct StandardisedColumns {
  StandardisedColumns() = default;
  /// `row` [position]: the row that stands there; means and scales are those of all source rows.
  StandardisedColumns(const Covariates& covariates, std::span<const std::uint32_t> row);

  std::vector<std::vector<double>> columns;  ///< [column][position] (value - mean) / scale
  std::vector<double> mean;
  std::vector<double> scale;  ///< root mean square of value - mean; 0: the column is constant
};

}  // namespace npcsim::detail
