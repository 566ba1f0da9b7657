// Where Newton's method begins: from sums over the data and from fits of simpler families.
#pragma once

#include <npcsim/fitting/detail/likelihood.hpp>
#include <npcsim/fitting/parametric_fit.hpp>

#include <vector>

namespace npcsim::detail {

/// Weighted sums that starts need.
struct DataSummary {
  double events = 0.0;    ///< exact and interval-censored
  double exposure = 0.0;  ///< time at risk
  double plateau = 0.0;   ///< share without event at late times (Kaplan-Meier at the last event)
};

DataSummary summarise(const FitData& data, const std::vector<RowGroup>& groups);

/// Baseline parameters on the transformed scale to begin with, the most promising first; every
/// one of them is worth a try for families whose likelihood may have several maxima.
/// `groups` are the rows to work with. \pre the plan of the specification has no problem.
std::vector<std::vector<double>> baseline_starts(const FitSpecification& specification,
                                                 const FitData& data,
                                                 const std::vector<RowGroup>& groups,
                                                 const DataSummary& summary);

}  // namespace npcsim::detail
