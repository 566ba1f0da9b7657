// Emulates a trial of two strategies that take a while to tell apart: start treatment within a
// grace period, or do not.
#pragma once

#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/made_records.hpp>

#include <array>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

struct CloneCensorWeightOptions {
  double grace = 0;     ///< > 0: treatment has to start within (0, grace] of time zero
  double truncate = 0;  ///< weights outside [q, 1 - q] quantiles are set to these; 0: none
};

struct CloneCensorWeight {
  bool converged = false;
  MadeRecords records;      ///< rows (entry, time] with weights; cluster: the source row
  std::vector<double> arm;  ///< [row] 1 start within the grace period, 0 do not
  CoxRegression outcome;    ///< of arm, weighted, sandwich clustered by subject
  std::array<CoxRegression, 2> censoring;  ///< [arm] of artificial censoring on the covariates
  std::array<std::size_t, 2> censored{};   ///< [arm] clones that were censored artificially
  std::vector<std::string> warnings;
};

/// Every subject is in both arms; a clone is censored when its subject departs from the arm's
/// strategy (arm 1: not started by the end of the grace period; arm 0: started within it), and the
/// others are weighted by the inverse of their probability of not having been censored yet. That
/// comes from a Cox regression of artificial censoring on `covariates` in each arm; without
/// covariates or censorings weights are 1.
///
/// `treatment_start` [row]: NaN or infinite: never. Events of cause 1. Entry times and case weights
/// are refused. Source: Hernan & Robins, Am J Epidemiol 2016;183:758; Maringe et al., Int J
/// Epidemiol 2020;49:1719.
CloneCensorWeight clone_censor_weight(const TimeToEvent& records, const Covariates& covariates,
                                      std::span<const double> treatment_start,
                                      const CloneCensorWeightOptions& options);

}  // namespace npcsim
