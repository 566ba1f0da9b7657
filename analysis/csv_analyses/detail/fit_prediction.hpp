// Predictions that were asked of fitted models: whom for, of what, when.
#pragma once

#include <npcsim/csv_analyses/fit_request.hpp>
#include <npcsim/fitting/parametric_fit.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim::detail {

/// Patients for whom something is predicted: values of the design's columns.
struct PredictionRows {
  std::vector<std::vector<double>> covariates;  ///< [row][column]
  std::string meaning;  ///< "rows of new.csv, from 0", "at the mean of the covariates"
};

struct PredictionRow {
  std::size_t row = 0;  ///< into PredictionRows, from 0
  PredictionKind kind = PredictionKind::survival;
  double at = 0;  ///< NaN if the quantity has none
  double value = 0;
  double se = 0;  ///< NaN at a boundary
  double lo95 = 0;
  double hi95 = 0;
};

/// All rows, then all quantities, then all times.
std::vector<PredictionRow> predictions(const FitResult& fit, const FitRequest& request,
                                       const PredictionRows& rows);

/// The same of the models' average.
std::vector<PredictionRow> average_predictions(const std::vector<FitResult>& fits,
                                               const std::vector<double>& weights,
                                               const FitRequest& request,
                                               const PredictionRows& rows);

}  // namespace npcsim::detail
