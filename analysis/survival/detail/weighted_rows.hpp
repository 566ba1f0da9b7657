// Rows weighted by the inverse of the probability of not having left yet.
#pragma once

#include <npcsim/survival/cox_prediction.hpp>
#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/made_records.hpp>

#include <cstddef>
#include <vector>

namespace npcsim::detail {

/// How the probability of staying falls with time: at each time of a leaving the cumulative hazard
/// for covariates at their means, and a numerator for stabilised weights.
struct StayingCurve {
  std::vector<double> time;       ///< rising
  std::vector<double> hazard;     ///< cumulative, at and after `time`
  std::vector<double> numerator;  ///< probability of staying without covariates; empty: 1
};

/// The curve of a Cox regression of leaving. `stabilised`: with exp(-Nelson-Aalen) of all records
/// as numerator. \pre fit.converged().
StayingCurve staying_curve(const TimeToEvent& leaving, const Covariates& covariates,
                           const CoxRegression& fit, bool stabilised);

/// Appends the row (0, time] in pieces that begin at the curve's times, each with the weight
/// numerator / exp(-hazard * relative) as of its beginning.
void add_weighted_rows(const StayingCurve& curve, double relative, std::size_t source, double time,
                       std::int32_t event, MadeRecords& out);

/// exp of the linear predictor of a row, less that at the means.
double relative_hazard(const CoxRegression& fit, const Covariates& covariates, std::size_t row);

}  // namespace npcsim::detail
