// The table that a person reads at a glance after a run.
#pragma once

#include <npcsim/comparison/summary.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// Strategies as rows; for up to three endpoints the median and the hazard ratio against the
/// reference with its 95 % interval, and for overall survival (the endpoint called OS, else the
/// last) the survival at one landmark and the restricted mean. "±" is the Monte Carlo standard
/// error; a median that is not reached reads "> horizon".
///
/// `landmark_months`: the landmark nearest to it is shown.
std::string terminal_table(const OutcomeShape& shape, const std::vector<SummaryRow>& rows,
                           double landmark_months = 36);

/// Months of the study's landmark that is nearest to a time; the earlier of two. Empty: it has
/// none.
std::optional<double> nearest_landmark(const OutcomeShape& shape, double months);

/// A number with as many decimals as its standard error supports (two digits of the error, at most
/// six decimals), times `scale`: "9.613 ±0.031". Without an error, `decimals` of them.
std::string with_error(double value, const std::optional<double>& se, double scale = 1,
                       int decimals = 2);

}  // namespace npcsim
