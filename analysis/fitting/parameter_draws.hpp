// Parameter uncertainty of a fit: draws from its normal approximation, and the bootstrap.
#pragma once

#include <npcsim/fitting/parametric_fit.hpp>
#include <npcsim/random/draws.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// Coefficients on the transformed scale, from the multivariate normal around the estimates with
/// their covariance; stream "fitted coefficients", patient number = draw. Pure in its arguments.
/// The estimates themselves if the fit has no covariance.
std::vector<double> draw_coefficients(const FitResult& fit, DrawKey key, std::uint32_t draw);

/// The fit to a sample of the records with replacement, as many as there are; whole clusters if
/// records.cluster is given. A pure function of key and replicate number, so replicates may run
/// in any order on any number of threads. Stream "bootstrap record".
/// Knots are those of `specification`: give the fitted ones to hold them fixed.
FitResult bootstrap_fit(const FitSpecification& specification, const FitData& data, DrawKey key,
                        std::uint32_t replicate);

}  // namespace npcsim
