// Steps between the ticks of an axis.
#pragma once

#include <cmath>
#include <initializer_list>

namespace npcsim::detail {

/// 1, 2 or 5 times a power of ten, so that an axis from 0 to `range` has four to seven ticks; 1 if
/// the range is not above 0, so that loops over ticks end.
inline double nice_step(double range) {
  if (!(range > 0)) return 1;
  const double power = std::pow(10.0, std::floor(std::log10(range / 5)));
  if (!(power > 0)) return range;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (range / (factor * power) <= 6) return factor * power;
  }
  return 10 * power;
}

}  // namespace npcsim::detail
