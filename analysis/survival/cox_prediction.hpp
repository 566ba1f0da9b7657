// Baseline hazard of a Cox regression and survival predicted from it.
#pragma once

#include <npcsim/survival/cox_regression.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// A predicted survival curve, one row per distinct time of the stratum's records.
struct PredictedSurvival {
  std::int32_t stratum = 0;
  std::vector<double> time;
  std::vector<double> at_risk;  ///< sum of weights
  std::vector<double> events;   ///< sum of weights
  std::vector<double> cumulative_hazard;
  std::vector<double> survival;              ///< exp(-cumulative hazard)
  std::vector<double> cumulative_hazard_se;  ///< also the standard error of log survival

  /// Index of the last time <= t; time.size() if t is before the first.
  std::size_t index_at(double t) const;
  double survival_at(double t) const;     ///< 1 before the first time
  double survival_se_at(double t) const;  ///< delta method
};

/// Survival of a subject with the given covariate values in every stratum (one curve each, in order
/// of stratum); ties as in the fit. As survfit(coxph(...), newdata, censor = TRUE) of R's package
/// survival.
///
/// Source: Tsiatis, Ann Stat 1981;9:93; Therneau & Grambsch (2000), section 10.2. \pre
/// fit.converged(); values [coefficient]. The variance uses the sandwich if the fit has one.
std::vector<PredictedSurvival> predict_survival(const TimeToEvent& records,
                                                const Covariates& covariates,
                                                const CoxRegression& fit,
                                                std::span<const double> values,
                                                const CoxOptions& options = {});

/// Cumulative baseline hazard: predicted for covariate values 0 (not the means), offset 0.
std::vector<PredictedSurvival> baseline_hazard(const TimeToEvent& records,
                                               const Covariates& covariates,
                                               const CoxRegression& fit,
                                               const CoxOptions& options = {});

/// [row] Predicted probability of an event by time t, from the baseline of the row's stratum.
std::vector<double> predicted_risk(const TimeToEvent& records, const Covariates& covariates,
                                   const CoxRegression& fit, double t,
                                   const CoxOptions& options = {});

/// [row] coefficients' values (without centring); the marker of a fit for concordance() and so on.
std::vector<double> linear_predictor(const Covariates& covariates, const CoxRegression& fit);

}  // namespace npcsim
