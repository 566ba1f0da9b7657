// What a paper prints about one arm: a Kaplan-Meier curve that was clicked on, and numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace npcsim {

/// A point of the curve as it was read off the figure; survival is a share, 0..1.
struct Click {
  double time = 0;
  double survival = 1;
};

/// Patients still followed just before `time`, those with an event or a censoring at it included.
struct AtRisk {
  double time = 0;
  std::int32_t count = 0;
};

/// A time or a share printed with few digits: the truth lies within half_width of the value.
struct Rounded {
  double value = 0;
  double half_width = 0;  ///< half a unit of the last printed digit
};

/// Survival that is printed in the text, "0.62 at 12 months".
struct Landmark {
  double time = 0;
  Rounded survival;
};

/// All that is known of one arm. Times are in one unit that the caller chooses.
struct PublishedCurve {
  std::vector<Click> clicks;           ///< any order of equal times; see clean_clicks()
  std::vector<AtRisk> at_risk;         ///< times rise, counts do not; the first time may be above 0
  std::optional<std::int32_t> events;  ///< all events of the arm
  std::optional<Rounded> median;
  std::vector<Landmark> landmarks;
  std::vector<double> ticks;  ///< times of censoring marks, as many as were seen
};

}  // namespace npcsim
