#include <npcsim/csv_analyses/detail/fit_prediction.hpp>
#include <npcsim/fitting/model_average.hpp>
#include <npcsim/fitting/predict.hpp>

#include <limits>
#include <span>

namespace npcsim::detail {
namespace {

PredictedQuantity quantity_of(PredictionKind kind) {
  switch (kind) {
    case PredictionKind::survival:
      return PredictedQuantity::survival;
    case PredictionKind::hazard:
      return PredictedQuantity::hazard;
    case PredictionKind::cumhaz:
      return PredictedQuantity::cumulative_hazard;
    case PredictionKind::quantile:
    case PredictionKind::median:
      return PredictedQuantity::quantile;
    case PredictionKind::mean:
      return PredictedQuantity::mean;
    case PredictionKind::rmst:
      return PredictedQuantity::rmst;
  }
  return PredictedQuantity::survival;
}

template <class Predict>
std::vector<PredictionRow> for_all(const FitRequest& request, const PredictionRows& rows,
                                   const Predict& one) {
  std::vector<PredictionRow> out;
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t row = 0; row < rows.covariates.size(); ++row) {
    for (const PredictionKind kind : request.predict) {
      const std::vector<double> times = needs_at(kind) ? request.at : std::vector<double>{none};
      for (const double at : times) {
        const Prediction p = one(std::span<const double>(rows.covariates[row]), quantity_of(kind),
                                 kind == PredictionKind::median ? 0.5 : at);
        out.push_back({row, kind, at, p.value, p.se, p.lo95, p.hi95});
      }
    }
  }
  return out;
}

}  // namespace

std::vector<PredictionRow> predictions(const FitResult& fit, const FitRequest& request,
                                       const PredictionRows& rows) {
  return for_all(request, rows,
                 [&fit](std::span<const double> covariates, PredictedQuantity quantity, double at) {
                   return predict(fit, covariates, quantity, at);
                 });
}

std::vector<PredictionRow> average_predictions(const std::vector<FitResult>& fits,
                                               const std::vector<double>& weights,
                                               const FitRequest& request,
                                               const PredictionRows& rows) {
  return for_all(request, rows,
                 [&](std::span<const double> covariates, PredictedQuantity quantity, double at) {
                   return average_prediction(fits, weights, covariates, quantity, at);
                 });
}

}  // namespace npcsim::detail
