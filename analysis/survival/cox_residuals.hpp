// Residuals of a Cox regression.
#pragma once

#include <npcsim/survival/cox_regression.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// Per row of the records, in their order. Definitions as residuals.coxph of R's package survival.
struct CoxResiduals {
  std::vector<double> martingale;           ///< [row] events - expected events
  std::vector<double> deviance;             ///< [row]
  std::vector<std::vector<double>> score;   ///< [coefficient][row]
  std::vector<std::vector<double>> dfbeta;  ///< [coefficient][row] change when the row is left out
};

/// Source: Therneau, Grambsch & Fleming, Biometrika 1990;77:147. \pre fit.converged(), the same
/// records, covariates and options as in the fit.
CoxResiduals cox_residuals(const TimeToEvent& records, const Covariates& covariates,
                           const CoxRegression& fit, const CoxOptions& options = {});

/// One row per event, in order of stratum and time.
struct SchoenfeldResiduals {
  std::vector<double> time;                 ///< [event]
  std::vector<std::int32_t> stratum;        ///< [event]
  std::vector<std::vector<double>> raw;     ///< [coefficient][event] covariate - its mean at risk
  std::vector<std::vector<double>> scaled;  ///< coefficient + events * covariance * raw
};

/// Source: Schoenfeld, Biometrika 1982;69:239; scaling: Grambsch & Therneau, Biometrika
/// 1994;81:515.
SchoenfeldResiduals schoenfeld_residuals(const TimeToEvent& records, const Covariates& covariates,
                                         const CoxRegression& fit, const CoxOptions& options = {});

}  // namespace npcsim
