// How well records agree with what was published.
#pragma once

#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// A row of the at-risk table beside the records' own count.
struct AtRiskCheck {
  double time = 0;
  std::int32_t published = 0;
  std::int32_t reconstructed = 0;
};

struct Agreement {
  double rmse = 0;           ///< root mean square of curve minus clicks, in survival
  double largest_error = 0;  ///< largest absolute difference
  double largest_at = 0;     ///< at this time
  std::vector<AtRiskCheck> at_risk;
  std::int32_t events = 0;  ///< of the records
  std::optional<double> median;
  /// One sentence for each published number that the records contradict.
  std::vector<std::string> violations;
};

/// The level beside which a click lies at a drop: just before or just after it, the nearer of both,
/// because a corner was clicked on either at its top or at its bottom. Between them, on the
/// vertical line, is no level: a drop to the wrong level would pass for one to the right level.
double nearest_level(const Click& click, double before, double after);

/// Four digits, or as many more as it takes to tell two different numbers apart.
std::string short_number(double value);
std::pair<std::string, std::string> told_apart(double first, double second);

/// Clicks are compared with nearest_level() at their time.
Agreement assess(const PublishedCurve& curve, const std::vector<PatientRecord>& records);

}  // namespace npcsim
