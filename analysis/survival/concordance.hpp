// Does a higher marker go with an earlier event?
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <limits>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// Weighted numbers of pairs of subjects whose order of events is known.
struct PairCounts {
  double concordant = 0;  ///< the one with the higher marker had the event first
  double discordant = 0;
  double tied_marker = 0;
  double tied_time = 0;  ///< both events at one time
  double tied_both = 0;
};

struct Concordance {
  double value = 0;  ///< (concordant + tied_marker / 2) / (concordant + discordant + tied_marker)
  /// Infinitesimal jackknife. For Uno's statistic it contains the estimation of the censoring
  /// distribution.
  double se = 0;
  /// Infinitesimal jackknife with weights of pairs held fixed: what concordance() of R's package
  /// survival reports. Equals `se` for Harrell's.
  double se_fixed_weights = 0;
  PairCounts pairs;
  bool defined = false;  ///< false: no pair can be ordered; value and se mean nothing
  std::vector<std::string> warnings;
};

/// Harrell's C: pairs as concordance(..., timewt = "n", reverse = TRUE) of R's package survival,
/// within strata, with left truncation, case weights and clusters. O(n log n).
///
/// `marker` [row]: higher means more risk. Events of any cause >= 1 count. Pairs whose earlier
/// event is after `until` are left out. Source: Harrell et al., JAMA 1982;247:2543; standard error:
/// Therneau & Watson, Mayo Clinic technical report 85 (2015).
Concordance concordance(const TimeToEvent& records, std::span<const double> marker,
                        double until = std::numeric_limits<double>::infinity());

/// Uno's C: pairs whose earlier event is before `until` weigh 1 / G(t-)^2, G the Kaplan-Meier
/// estimate of the censoring distribution. Entry times are not supported (a warning, not defined).
///
/// Source: Uno et al., Stat Med 2011;30:1105. The standard error is the limit of their perturbation
/// method: the derivative of the estimate, censoring curve included, in each subject's weight.
Concordance uno_concordance(const TimeToEvent& records, std::span<const double> marker,
                            double until = std::numeric_limits<double>::infinity());

}  // namespace npcsim
