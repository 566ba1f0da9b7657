// What a fitted model says of a patient, with delta-method standard errors.
#pragma once

#include <npcsim/fitting/parametric_fit.hpp>

#include <cstdint>
#include <span>

namespace npcsim {

enum class PredictedQuantity : std::uint8_t {
  survival,           ///< S(at)
  hazard,             ///< h(at), per unit of time
  cumulative_hazard,  ///< H(at)
  quantile,           ///< time by which a fraction `at` has had the event; 0.5: the median
  rmst,               ///< mean time up to `at`, the integral of S
  mean                ///< `at` is not used; infinite if the tail is too heavy or some are cured
};

/// One quantity from baseline parameters on the natural scale; NaN if they are out of range, or if
/// an integral was not found. Quantiles and means may be infinite. Integrals are good to about
/// 1e-11 relative.
double predicted_value(const Baseline& baseline, std::span<const double> natural,
                       PredictedQuantity quantity, double at);

/// A value with standard error and Wald limits: on the scale of log H for survival, of the
/// logarithm for the others, so that limits stay in range.
struct Prediction {
  double value;
  double se;  ///< NaN where the value is infinite or the fit has no covariance
  double lo95;
  double hi95;
};

/// For one patient; `covariates` has one value per column of FitData::covariates.
///
/// The delta method's gradient is taken along the principal axes of the covariance by five-point
/// differences a fiftieth of a standard error apart; relative error of the SE about 1e-8.
/// Parameters at a boundary (NaN in the covariance) count as known.
Prediction predict(const FitResult& fit, std::span<const double> covariates,
                   PredictedQuantity quantity, double at);

/// Wald limits for a value with a standard error, on the scales above.
Prediction with_limits(PredictedQuantity quantity, double value, double se);

}  // namespace npcsim
