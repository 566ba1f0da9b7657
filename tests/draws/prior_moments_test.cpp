// Moments of draws from priors against their closed forms.
//
// Seed fixed, n = 20,000 draws. Means: z with the theoretical standard deviation. Variances: z with
// the standard error sd^2 sqrt((k - 1) / n), k the kurtosis. Each |z| < 4.9, one false alarm in a
// million.
#include "draws_study.hpp"
#include "support/statistical.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

constexpr std::int64_t n = 20'000;

std::vector<double> drawn(const std::string& prior, const std::string& name = "x") {
  DrawsStudy how;
  how.draws = "{count: 20000, from: prior}";
  std::string text = draws_text(how);
  text.insert(text.find("  states:"),
              "    " + name + ": {value: 0.5, prior: " + prior + ", source: assumed}\n");
  const auto study = compile_text("priors.yaml", text);
  std::vector<double> values;
  for (std::int64_t draw = 1; draw <= n; ++draw) {
    values.push_back(study->draws->written(draw, study->model.parameters)[3]);
  }
  return values;
}

void expect_moments(const std::vector<double>& values, double mean, double variance,
                    double kurtosis) {
  EXPECT_LT(std::fabs(z_of_mean(values, mean, std::sqrt(variance))), z_limit);
  const double sd = sample_moments(values).sd;
  const double error = variance * std::sqrt((kurtosis - 1) / static_cast<double>(n));
  EXPECT_LT(std::fabs(z_score(sd * sd, variance, error)), z_limit);
}

TEST(PriorMoments, Normal) { expect_moments(drawn("{normal: [-0.85, 0.2]}"), -0.85, 0.04, 3); }

TEST(PriorMoments, LogNormalOnTheLogarithm) {
  std::vector<double> logs = drawn("{log_normal: [7.8, 0.5]}");
  for (double& value : logs) value = std::log(value);
  expect_moments(logs, std::log(7.8), 0.25, 3);
}

// Johnson, Kotz & Balakrishnan (1995), chapter 25: mean a / (a + b), variance
// a b / ((a + b)^2 (a + b + 1)), excess kurtosis
// 6 ((a - b)^2 (a + b + 1) - a b (a + b + 2)) / (a b (a + b + 2) (a + b + 3)).
TEST(PriorMoments, Beta) {
  const double a = 2;
  const double b = 8;
  const double s = a + b;
  const double excess =
      6 * ((a - b) * (a - b) * (s + 1) - a * b * (s + 2)) / (a * b * (s + 2) * (s + 3));
  expect_moments(drawn("{beta: [2, 8]}"), a / s, a * b / (s * s * (s + 1)), 3 + excess);
}

// Half normal with scale s: mean s sqrt(2 / pi), variance s^2 (1 - 2 / pi), kurtosis 3.8692.
TEST(PriorMoments, HalfNormal) {
  const double pi = std::acos(-1.0);
  expect_moments(drawn("{half_normal: [0.3]}"), 0.3 * std::sqrt(2 / pi), 0.09 * (1 - 2 / pi),
                 3.8692);
}

TEST(PriorMoments, ParametersAreIndependent) {
  // The correlation of n independent normal pairs has standard error 1 / sqrt(n).
  const auto x = drawn("{normal: [0, 1]}");
  const auto y = drawn("{normal: [0, 1]}", "y");
  double products = 0;
  for (std::size_t i = 0; i < x.size(); ++i) products += x[i] * y[i] / static_cast<double>(n);
  EXPECT_LT(std::fabs(products) * std::sqrt(static_cast<double>(n)), z_limit);
  EXPECT_NE(x, y);
}

}  // namespace

}  // namespace npcsim::testing
