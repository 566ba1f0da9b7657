// Medians with intervals that also hold where the curve falls in steps, as on a calendar of visits.
#pragma once

#include <npcsim/comparison/detail/endpoint_statistics.hpp>

#include <optional>
#include <vector>

namespace npcsim::detail {

/// A time at which the median may lie, as far as the curve can tell: how many standard errors S is
/// above one half just before the time and just after its events (log-log scale).
struct MedianCandidate {
  double months = 0;
  double before = 0;
  double after = 0;
};

/// A median with its 95 % limits.
struct MedianEstimate {
  std::optional<double> value;  ///< empty: not reached
  /// Brookmeyer & Crowley, Biometrics 1982;38:29, log-log; empty: not reached.
  std::optional<double> low;
  std::optional<double> high;
  /// No single instant holds more than a quarter of the fall of S between the limits, so that the
  /// estimate varies nearly as a normal variable; otherwise it jumps between few values.
  bool smooth = false;
  std::vector<MedianCandidate> candidates;  ///< all times within the limits, in order

  /// Width of the interval / (2 x 1.96) (Woodruff, J Am Stat Assoc 1952;47:635); empty where the
  /// estimate jumps between few values and a standard error would mislead.
  std::optional<double> se() const;
  /// Mean distance between candidates, months.
  double spacing() const;
};

MedianEstimate median_of(const GroupedTimes& times, const KaplanMeier& curve);

/// a - b with its 95 % limits. "x and y are the medians" means that S_a at x and S_b at y are one
/// half up to errors that are jointly normal with the given correlation.
///
/// Where both curves are smooth: the delta method, with the curves themselves between the limits of
/// the medians instead of tangents (Woodruff 1952). Where one falls in steps, or twins are so alike
/// that the difference is known better than times are recorded: all differences x - y
/// of times that are not rejected; the statistic is least over what the curves pass through at x
/// and y, so that a step across one half fits perfectly, and is compared with one degree of
/// freedom, as the difference is one number. Such limits are times of the lattice, and hold the
/// truth at least as often as they say.
MedianEstimate difference_of_medians(const MedianEstimate& a, const MedianEstimate& b,
                                     double correlation);

}  // namespace npcsim::detail
