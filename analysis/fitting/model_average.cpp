#include <npcsim/fitting/model_average.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {

std::vector<double> model_weights(std::span<const FitResult> fits, InformationCriterion criterion) {
  const auto value = [criterion](const FitResult& fit) {
    return criterion == InformationCriterion::aic ? fit.aic : fit.bic;
  };
  double best = std::numeric_limits<double>::infinity();
  for (const FitResult& fit : fits) {
    if (fit.converged) best = std::min(best, value(fit));
  }
  std::vector<double> weights;
  double sum = 0.0;
  for (const FitResult& fit : fits) {
    weights.push_back(fit.converged ? std::exp(0.5 * (best - value(fit))) : 0.0);
    sum += weights.back();
  }
  for (double& weight : weights) weight = sum > 0.0 ? weight / sum : 0.0;
  return weights;
}

Prediction average_prediction(std::span<const FitResult> fits, std::span<const double> weights,
                              std::span<const double> covariates, PredictedQuantity quantity,
                              double at) {
  std::vector<Prediction> parts;
  double mean = 0.0;
  for (std::size_t k = 0; k < fits.size(); ++k) {
    parts.push_back(weights[k] > 0.0 ? predict(fits[k], covariates, quantity, at) : Prediction{});
    if (weights[k] > 0.0) mean += weights[k] * parts[k].value;
  }
  double se = 0.0;
  for (std::size_t k = 0; k < fits.size(); ++k) {
    if (weights[k] > 0.0) se += weights[k] * std::hypot(parts[k].se, parts[k].value - mean);
  }
  return with_limits(quantity, mean, se);
}

}  // namespace npcsim
