// Order into clicks: sorted, within 0..1, with the precision in which they are written.
#pragma once

#include <npcsim/reconstruction/published_curve.hpp>

#include <cstddef>
#include <vector>

namespace npcsim {

struct CleanedClicks {
  std::vector<Click> clicks;  ///< times do not fall; of equal times the higher survival first
  double axis = 1;            ///< the last time of clicks: the unit of horizontal noise
  double half_unit = 0;       ///< half a unit of the last decimal that survivals are written in
  std::size_t moved = 0;      ///< clicks that were out of order of time
  std::size_t clamped = 0;    ///< clicks with survival outside 0..1 or a time below 0
  std::size_t rising = 0;     ///< clicks above their predecessor
  bool corners = false;       ///< many clicks share a time: both ends of drops were clicked on
  bool even_times = false;    ///< the times are an even grid: not those of steps
};

/// \pre every click is finite; at least one.
CleanedClicks clean_clicks(std::vector<Click> clicks);

/// Least-squares fit of a curve that does not rise: one value for each click.
///
/// Source: pool-adjacent-violators; Barlow, Bartholomew, Bremner & Brunk (1972), section 1.2.
std::vector<double> monotone_fit(const std::vector<Click>& clicks);

/// Cumulative hazard per click, smoothed: a local straight line through -log of the monotone fit
/// with triangular weights of half-width `bandwidth`, then made not to fall.
std::vector<double> smooth_cumulative_hazard(const std::vector<Click>& clicks,
                                             const std::vector<double>& survival, double bandwidth);

}  // namespace npcsim
