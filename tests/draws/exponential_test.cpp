// Constant hazards, where the distribution of figures over draws is known.
#include "draws_study.hpp"
#include "support/statistical.hpp"
#include <npcsim/comparison/draw_figures.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

// The rate is log-normal with median 0.05 per month and sd 0.3 of its logarithm. The median of n
// exponential times has log median = log(log 2 / rate) + e, with e of standard deviation
// 1 / (log 2 sqrt(n)): density of the log time at the median is log 2 / 2, variance
// 1 / (4 n (log 2 / 2)^2). Fresh patients: the 400 draws are independent, so that log medians are
// normal with mean log(log 2 / 0.05) and variance 0.3^2 + 1 / (n log^2 2).
TEST(ExponentialDraws, MedianIsLogNormalOverDraws) {
  DrawsStudy how;
  how.draws = "{count: 400, from: prior, patients: fresh}";
  how.patients = 1000;
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  ASSERT_TRUE(run.complete) << run.failure;
  const std::size_t median = figure_place(*study, "control", "OS", "median");
  std::vector<double> logs;
  for (const auto& draw : run.draws) logs.push_back(std::log(draw[median]));
  const double log_2 = std::log(2.0);
  const double mean = std::log(log_2 / 0.05);
  const double sd = std::sqrt(0.09 + 1 / (1000 * log_2 * log_2));
  EXPECT_LT(std::fabs(z_of_mean(logs, mean, sd)), z_limit);
  // Variance of 400 normal values: standard error variance sqrt(2 / 399).
  const double variance = std::pow(sample_moments(logs).sd, 2);
  EXPECT_LT(std::fabs(z_score(variance, sd * sd, sd * sd * std::sqrt(2.0 / 399))), z_limit);
  const auto distribution = [&](double x) {
    return 0.5 * std::erfc(-(x - mean) / (sd * std::sqrt(2.0)));
  };
  EXPECT_LT(ks_statistic(logs, distribution), ks_limit);
}

// The summary of the same draws: its quantiles are those of that log-normal distribution. Standard
// error of a quantile p of D values: sqrt(p (1 - p) / D) / density.
TEST(ExponentialDraws, IntervalIsThatOfTheLogNormalMedian) {
  DrawsStudy how;
  how.draws = "{count: 400, from: prior, patients: fresh}";
  how.patients = 1000;
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  const DrawFigures figures(study->shape);
  const auto rows = summarise_draws(figures.keys(), figures.of(*run.tally), run.draws);
  const DrawSummaryRow& row = rows[figure_place(*study, "control", "OS", "median")];
  const double log_2 = std::log(2.0);
  const double mean = std::log(log_2 / 0.05);
  const double sd = std::sqrt(0.09 + 1 / (1000 * log_2 * log_2));
  const auto check = [&](double found, double p, double z) {
    const double density = std::exp(-z * z / 2) / (sd * std::sqrt(2 * std::acos(-1.0)));
    const double error = std::sqrt(p * (1 - p) / 400) / density;
    EXPECT_LT(std::fabs(z_score(std::log(found), mean + sd * z, error)), z_limit) << p;
  };
  check(row.low.value(), 0.025, -1.959963984540054);
  check(row.median.value(), 0.5, 0);
  check(row.high.value(), 0.975, 1.959963984540054);
}

// With common patients a time is threshold / rate: all of them scale with 1 / rate, up to the
// 1/32 day to which times are recorded.
TEST(ExponentialDraws, CommonPatientsLiveTheSameLivesAtAnotherSpeed) {
  DrawsStudy how;
  how.draws = "{count: 20, from: prior, patients: common}";
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  const std::size_t median = figure_place(*study, "control", "OS", "median");
  const double base = DrawFigures(study->shape).of(*run.tally)[median];
  const double tick = 1.0 / 974;
  for (std::int64_t draw = 1; draw <= 20; ++draw) {
    const double speed = rate_of(*study, draw) / 0.05;
    EXPECT_NEAR(run.draws[static_cast<std::size_t>(draw - 1)][median], base / speed,
                tick * (1 + 1 / speed))
        << draw;
  }
}

TEST(ExponentialDraws, FreshPatientsAreOthersInEachDraw) {
  DrawsStudy how;
  how.rate_prior = "fixed";
  how.draws = "{count: 4, from: prior, patients: fresh}";
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  const std::size_t median = figure_place(*study, "control", "OS", "median");
  std::vector<double> medians{DrawFigures(study->shape).of(*run.tally)[median]};
  for (const auto& draw : run.draws) medians.push_back(draw[median]);
  std::sort(medians.begin(), medians.end());
  EXPECT_EQ(std::adjacent_find(medians.begin(), medians.end()), medians.end());
}

// Proportional hazards from the first day: Cox's log ratio is log_hr, with the error of two arms of
// 2000 events each at most, sqrt(1 / 2000 + 1 / 2000); twins are more alike.
TEST(ExponentialDraws, HazardRatioFollowsTheDrawnEffect) {
  DrawsStudy how;
  how.draws = "{count: 50, from: prior, patients: common}";
  how.patients = 2000;
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  const std::size_t ratio = figure_place(*study, "drug", "OS", "hazard_ratio");
  for (std::int64_t draw = 1; draw <= 50; ++draw) {
    const double log_hr = study->draws->written(draw, study->model.parameters)[1];
    EXPECT_NEAR(std::log(run.draws[static_cast<std::size_t>(draw - 1)][ratio]), log_hr,
                z_limit * std::sqrt(2.0 / 2000))
        << draw;
  }
}

}  // namespace

}  // namespace npcsim::testing
