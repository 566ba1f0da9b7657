#include "fit_data.hpp"
#include <npcsim/fitting/model_average.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

std::vector<FitResult> three_fits() {
  const Columns lung = columns_of("lung");
  std::vector<FitResult> fits;
  for (const char* model : {"exponential", "weibull", "lnorm"}) {
    fits.push_back(fit(model_of(model).specification, lung.data()));
  }
  return fits;
}

TEST(ModelWeights, FallByEToTheHalfPerUnitOfTheCriterion) {
  const std::vector<FitResult> fits = three_fits();
  const std::vector<double> w = model_weights(fits, InformationCriterion::aic);
  EXPECT_NEAR(w[0] + w[1] + w[2], 1.0, 1e-15);
  EXPECT_NEAR(std::log(w[1] / w[0]), 0.5 * (fits[0].aic - fits[1].aic), 1e-10);
  EXPECT_GT(w[1], w[2]);
}

TEST(ModelWeights, AFitThatDidNotConvergeWeighsNothing) {
  std::vector<FitResult> fits = three_fits();
  fits[1].converged = false;
  const std::vector<double> w = model_weights(fits, InformationCriterion::bic);
  EXPECT_EQ(w[1], 0.0);
  EXPECT_NEAR(w[0] + w[2], 1.0, 1e-15);
}

TEST(AveragePrediction, HoldsTheSpreadBetweenModels) {
  const std::vector<FitResult> fits = three_fits();
  const std::vector<double> half{0.5, 0.0, 0.5};
  const auto rmst = PredictedQuantity::rmst;
  const Prediction a = predict(fits[0], {}, rmst, 500.0);
  const Prediction b = predict(fits[2], {}, rmst, 500.0);
  const Prediction mean = average_prediction(fits, half, {}, rmst, 500.0);
  EXPECT_NEAR(mean.value, 0.5 * (a.value + b.value), 1e-12);
  const double apart = 0.5 * (a.value - b.value);
  EXPECT_NEAR(mean.se, 0.5 * (std::hypot(a.se, apart) + std::hypot(b.se, apart)), 1e-10);
}

}  // namespace
}  // namespace npcsim::test
