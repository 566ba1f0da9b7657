// Regression on the cumulative incidence of one of several competing causes.
#pragma once

#include <npcsim/survival/cox_regression.hpp>

#include <vector>

namespace npcsim {

struct FineGrayOptions {
  int cause = 1;
  int most_iterations = 60;
};

struct FineGray {
  CoxStatus status = CoxStatus::not_converged;
  std::vector<std::string> warnings;
  std::vector<std::string> names;
  std::vector<double> coefficients;  ///< log subdistribution hazard ratio per unit
  /// Sandwich with the estimation of the censoring distribution: what crr of R's cmprsk reports.
  std::vector<double> covariance;
  std::vector<double> information_inverse;  ///< as if the weights were known and no sandwich
  /// Sandwich with the censoring weights held fixed: coxph on R's finegray data, robust.
  std::vector<double> covariance_fixed_weights;
  double log_likelihood_null = 0;
  double log_likelihood = 0;
  /// Step function of the baseline cumulative subdistribution hazard (covariates 0).
  std::vector<double> baseline_time;
  std::vector<double> baseline_hazard;
  std::size_t rows = 0;
  std::size_t events = 0;
  int iterations = 0;
  double newton_decrement = 0;

  bool converged() const { return status == CoxStatus::converged; }
  std::size_t count() const { return coefficients.size(); }
  double se(std::size_t i) const;
};

/// Fine & Gray's proportional subdistribution hazards; Breslow ties, censoring weights from the
/// Kaplan-Meier estimate of the censoring distribution (one for all). Events of causes other than
/// options.cause compete. Entry times, strata and case weights are refused (bad_data).
///
/// Source: Fine & Gray, J Am Stat Assoc 1999;94:496.
FineGray fine_gray(const TimeToEvent& records, const Covariates& covariates,
                   const FineGrayOptions& options = {});

}  // namespace npcsim
