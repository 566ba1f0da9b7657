// Several models of the same data: weights by information criterion, and averaged predictions.
#pragma once

#include <npcsim/fitting/predict.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

enum class InformationCriterion : std::uint8_t { aic, bic };

/// exp(-difference from the best / 2), scaled to sum 1 (Burnham & Anderson 2002, section 2.9).
/// Fits that did not converge weigh 0; all 0 if none did. \pre all fits are of the same records.
std::vector<double> model_weights(std::span<const FitResult> fits, InformationCriterion criterion);

/// Weighted mean of the models' predictions; the standard error holds the spread between models
/// too (Buckland, Burnham & Augustin 1997, Biometrics 53: 603, equation 9). Limits as in predict().
Prediction average_prediction(std::span<const FitResult> fits, std::span<const double> weights,
                              std::span<const double> covariates, PredictedQuantity quantity,
                              double at);

}  // namespace npcsim
