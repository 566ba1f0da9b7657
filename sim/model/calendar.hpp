// Calendar times of diagnosis: decimal years, and what they may be.
#pragma once

#include <string_view>

namespace npcsim {

/// The attribute that holds it where a model names no other.
inline constexpr std::string_view usual_diagnosed_on = "diagnosed_on";

/// Years that a document may write; a life table holds before its first year and after its last.
/// *Assumed*: wide enough for any series, and narrow enough to find an age, a date or a misprint.
inline constexpr double earliest_diagnosis = 1900.0;
inline constexpr double latest_diagnosis = 2200.0;

}  // namespace npcsim
