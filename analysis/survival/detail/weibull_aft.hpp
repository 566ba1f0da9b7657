// Weibull accelerated failure time regression, as two-stage estimation needs it.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <string>
#include <vector>

namespace npcsim::detail {

/// log T = intercept + x b + scale * W, W the logarithm of a unit exponential.
struct WeibullAft {
  bool converged = false;
  std::vector<std::string> warnings;
  std::vector<double> coefficients;  ///< intercept first
  std::vector<double> covariance;    ///< of coefficients and log scale, [i * size + j]
  double log_scale = 0;
  double log_likelihood = 0;

  std::size_t size() const { return coefficients.size() + 1; }
};

/// Maximum likelihood by Newton's method; survreg's parametrisation. \pre times > 0.
/// Source: Kalbfleisch & Prentice (2002), section 3.6.
WeibullAft weibull_aft(const TimeToEvent& records, const Covariates& covariates);

}  // namespace npcsim::detail
