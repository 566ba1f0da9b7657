// The partial likelihood of a fit, evaluated at its coefficients.
#pragma once

#include <npcsim/survival/detail/partial_likelihood.hpp>

#include <vector>

namespace npcsim::detail {

struct FittedLikelihood {
  FittedLikelihood(const TimeToEvent& records, const Covariates& covariates,
                   const CoxRegression& fit, const CoxOptions& options)
      : likelihood(records, covariates, options) {
    for (std::size_t j = 0; j < fit.count(); ++j) {
      beta.push_back(fit.coefficients[j] * likelihood.scale(j));
    }
    likelihood.evaluate(beta, derivatives);
  }

  PartialLikelihood likelihood;
  std::vector<double> beta;  ///< of the standardised columns
  Derivatives derivatives;
};

}  // namespace npcsim::detail
