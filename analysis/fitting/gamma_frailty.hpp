// Parametric models with a gamma frailty that the rows of a cluster share.
#pragma once

#include <npcsim/fitting/parametric_fit.hpp>

#include <cstddef>
#include <vector>

namespace npcsim {

/// A fit with frailty. `fit` holds the coefficients of the hazard given a frailty of 1; its
/// likelihood and criteria are marginal and count the variance as a parameter.
struct FrailtyFit {
  FitResult fit;
  FittedParameter variance;        ///< "frailty_variance", fitted on the log scale
  std::vector<double> covariance;  ///< all coefficients, the variance last, transformed scale
  std::size_t clusters = 0;
};

/// Hazard z h(t | x) with z gamma distributed, mean 1 and variance theta, the same for all rows of
/// a cluster. With D events and H the sum of H(time) - H(entry) over its rows, a cluster adds
///   sum over events of log h + sum over k < D of log(1 + k theta) - (1 / theta + D) log(1 + theta
///   H)
/// (Klein 1992, Biometrics 48: 795; Duchateau & Janssen 2008, The Frailty Model, section 2.2).
/// Rows with an entry are times at risk: the frailty is not taken to be selected before it.
///
/// theta tends to 0 where its score there, half the sum of (D - H)^2 - D (Commenges & Andersen
/// 1995, Lifetime Data Analysis 1: 145), is not above 0: then the estimates are those without
/// frailty, the variance is 0 with a NaN standard error, and certificate.boundary says so.
/// Needs data.records.cluster; no cured fractions, weights, intervals or background.
FrailtyFit fit_gamma_frailty(const FitSpecification& specification, const FitData& data);

/// Marginal log-likelihood at given coefficients (as FitResult::parameters) and variance > 0.
double gamma_frailty_log_likelihood(const FitSpecification& specification, const FitData& data,
                                    std::span<const double> transformed, double variance);

}  // namespace npcsim
