#include "fit_data.hpp"
#include <npcsim/fitting/parameter_draws.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

TEST(ParameterDraws, HaveTheMeanAndCovarianceOfTheFit) {
  const Columns lung = columns_of("lung");
  const Model m = model_of("gengamma", "sex");
  const FitResult fitted = fit(m.specification, lung.data(m.covariates));
  const std::size_t p = fitted.parameters.size();
  constexpr std::uint32_t n = 20000;
  std::vector<double> sum(p, 0.0);
  std::vector<double> products(p * p, 0.0);
  for (std::uint32_t k = 0; k < n; ++k) {
    const std::vector<double> draw = draw_coefficients(fitted, {20260101, 0}, k);
    for (std::size_t i = 0; i < p; ++i) {
      sum[i] += draw[i] - fitted.parameters[i].estimate_transformed;
      for (std::size_t j = 0; j < p; ++j) {
        products[i * p + j] += (draw[i] - fitted.parameters[i].estimate_transformed) *
                               (draw[j] - fitted.parameters[j].estimate_transformed);
      }
    }
  }
  for (std::size_t i = 0; i < p; ++i) {
    const double se = fitted.parameters[i].se_transformed;
    // Mean: se / sqrt(n).
    EXPECT_LT(std::fabs(sum[i] / n) / (se / std::sqrt(n)), 4.9) << i;
    for (std::size_t j = 0; j < p; ++j) {
      // Normal products: variance c_ii c_jj + c_ij^2 (Isserlis).
      const double c = fitted.covariance[i * p + j];
      const double sj = fitted.parameters[j].se_transformed;
      const double error = std::sqrt((se * se * sj * sj + c * c) / n);
      EXPECT_LT(std::fabs(products[i * p + j] / n - c) / error, 4.9) << i << " " << j;
    }
  }
}

TEST(ParameterDraws, ArePureFunctionsOfTheirNumber) {
  const Columns lung = columns_of("lung");
  const FitResult fitted = fit(model_of("weibull").specification, lung.data());
  EXPECT_EQ(draw_coefficients(fitted, {1, 0}, 7), draw_coefficients(fitted, {1, 0}, 7));
  EXPECT_NE(draw_coefficients(fitted, {1, 0}, 7), draw_coefficients(fitted, {1, 0}, 8));
}

TEST(Bootstrap, SpreadOfAnExponentialRateIsTheSandwich) {
  // log rate = log d - log T: variance of its influence function, delta / d - time / T, n times.
  const Columns lung = columns_of("lung");
  const FitSpecification exponential = model_of("exponential").specification;
  const FitResult fitted = fit(exponential, lung.data());
  double variance = 0.0;
  const double events = static_cast<double>(fitted.events);
  for (std::size_t i = 0; i < lung.time.size(); ++i) {
    const double influence = lung.event[i] / events - lung.time[i] / fitted.time_at_risk;
    variance += influence * influence;
  }
  constexpr std::uint32_t n = 2000;
  double squares = 0.0;
  double sum = 0.0;
  for (std::uint32_t k = 0; k < n; ++k) {
    const FitResult again = bootstrap_fit(exponential, lung.data(), {5, 0}, k);
    ASSERT_TRUE(again.converged);
    const double change =
        again.parameters[0].estimate_transformed - fitted.parameters[0].estimate_transformed;
    sum += change;
    squares += change * change;
  }
  const double mean = sum / n;
  const double found = squares / n - mean * mean;
  // A variance of n nearly normal values has standard error sqrt(2 / n) of itself; the influence
  // function leaves out terms of the order 1 / rows.
  const double tolerance = 4.9 * std::sqrt(2.0 / n) + 4.0 / static_cast<double>(fitted.rows);
  EXPECT_NEAR(found / variance, 1.0, tolerance);
}

TEST(Bootstrap, TakesWholeClusters) {
  // Two records a cluster, equal but for the cluster: weights come in pairs, so the rate of a
  // fit with one record a cluster is the same.
  Columns one;
  Columns two;
  std::vector<std::int32_t> cluster;
  for (int i = 0; i < 30; ++i) {
    const double t = 1.0 + 0.37 * i;
    one.time.push_back(t);
    one.event.push_back(i % 2);
    for (int copy = 0; copy < 2; ++copy) {
      two.time.push_back(t);
      two.event.push_back(i % 2);
      cluster.push_back(i);
    }
  }
  FitData pairs = two.data();
  pairs.records.cluster = cluster;
  const FitSpecification exponential = model_of("exponential").specification;
  for (std::uint32_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(bootstrap_fit(exponential, pairs, {5, 0}, k).parameters[0].estimate,
                bootstrap_fit(exponential, one.data(), {5, 0}, k).parameters[0].estimate, 1e-12);
  }
}

}  // namespace
}  // namespace npcsim::test
