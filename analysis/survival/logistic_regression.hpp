// Logistic regression by maximum likelihood.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

struct LogisticRegression {
  bool converged = false;
  std::vector<std::string> warnings;
  std::vector<std::string> names;    ///< "(Intercept)" first
  std::vector<double> coefficients;  ///< [name]
  std::vector<double> covariance;    ///< [i * count + j]
  std::vector<double> probability;   ///< [row]
  double log_likelihood = 0;
  int iterations = 0;
  double newton_decrement = 0;
};

/// Logistic regression of outcome (0 or 1) by Newton's method with step halving; weights optional.
/// Separation and collinear columns are named in the warnings. Source: McCullagh & Nelder (1989),
/// chapter 4.
LogisticRegression logistic_regression(std::span<const std::int32_t> outcome,
                                       const Covariates& covariates,
                                       std::span<const double> weight = {});

}  // namespace npcsim
