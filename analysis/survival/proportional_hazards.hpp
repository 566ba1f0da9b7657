// Do coefficients of a Cox regression change with time?
#pragma once

#include <npcsim/survival/cox_regression.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

/// Scale of time on which a coefficient is tested for a trend.
enum class TimeScale { km, identity, log, rank };

struct ProportionalHazardsTest {
  struct Term {
    std::string name;
    ChiSquareTest test;
  };
  std::vector<Term> terms;  ///< one per term, in order
  ChiSquareTest global;
  std::vector<std::string> warnings;
};

/// Score test of adding covariate * g(time), g centred over the events: cox.zph of R's package
/// survival from version 3.0 on.
///
/// `terms` names groups of columns that are tested together (the contrasts of one category): [term]
/// the columns; empty: each column for itself. Source: Grambsch & Therneau 1994.
ProportionalHazardsTest proportional_hazards_test(
    const TimeToEvent& records, const Covariates& covariates, const CoxRegression& fit,
    TimeScale scale = TimeScale::km, const CoxOptions& options = {},
    const std::vector<std::vector<std::size_t>>& terms = {});

}  // namespace npcsim
