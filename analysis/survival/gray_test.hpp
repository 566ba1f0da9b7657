// Gray's test: do groups have one cumulative incidence of a cause?
#pragma once

#include <npcsim/survival/sorted_records.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

struct GrayTest {
  double chi_square = 0;
  int degrees = 0;  ///< groups - 1
  double p = 1;
  std::vector<double> score;     ///< [group], the last left out
  std::vector<double> variance;  ///< [group][group], the last left out
  /// False: fewer than two groups, or a singular variance (a group without subjects or events);
  /// then p = 1.
  bool defined = false;
};

/// Agrees with cuminc of R's package cmprsk; strata of the records stratify the test. `rho` is the
/// power of 1 - F in the weight. Source: Gray, Ann Stat 1988;16:1141. \pre no entries, no weights.
GrayTest gray_test(const SortedRecords& records, std::int32_t cause, double rho = 0);

}  // namespace npcsim
