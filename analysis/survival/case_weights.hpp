// What case weights stand for.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace npcsim {

/// Whether weights can be numbers of like subjects: all are whole, or there are none. Others are
/// weights of sampling or of a propensity, whose errors need a sandwich. As R's package survival
/// tells them apart.
inline bool are_counts(std::span<const double> weight) {
  return std::all_of(weight.begin(), weight.end(), [](double w) { return w == std::floor(w); });
}

}  // namespace npcsim
