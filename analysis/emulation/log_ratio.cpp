#include <npcsim/emulation/log_ratio.hpp>
#include <npcsim/survival/cox_regression.hpp>

#include <limits>

namespace npcsim {

LogRatio log_hazard_ratio(const TimeToEvent& records, std::span<const double> exposed) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  Covariates covariates;
  covariates.names = {"exposed"};
  covariates.columns = {exposed};
  const CoxRegression fit = cox_regression(records, covariates);
  if (!fit.converged()) return {undefined, undefined};
  return {fit.coefficients.front(), fit.robust_se(0)};
}

}  // namespace npcsim
