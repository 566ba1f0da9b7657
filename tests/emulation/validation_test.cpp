// Coverage by hand-made predictions, and posterior files.
#include "small_study.hpp"
#include "support/statistical.hpp"
#include <npcsim/validation/coverage.hpp>
#include <npcsim/validation/posterior.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;
using testing::z_limit;

std::string landmark(const std::string& id, double months, double value,
                     const std::string& more = "") {
  return "  " + id +
         ": {study: made, arm: never, endpoint: OS, statistic: landmark_survival, at_months: " +
         std::to_string(months) + ", value: " + std::to_string(value) +
         ", unit: fraction, n: 60, n_basis: printed, kind: retrospective, confounded: true, "
         "population: all_patients, place: Table 1" +
         more + "}\n";
}

TEST(Coverage, CountsFiguresThatCountAndOnlyThose) {
  const auto made = make_small_study(
      {.figures = landmark("inside_both", 12, 0.5) + landmark("inside_95", 24, 0.5) +
                  landmark("outside", 36, 0.5) + landmark("derived", 48, 0.5, ", derived: true")});
  ASSERT_EQ(made->problems, "");
  std::vector<StudyFreePrediction> rows;
  rows.push_back({"inside_both", 0.5, 0.3, 0.7, 0.45, 0.55, 1.0, 0.5});
  rows.push_back({"inside_95", 0.6, 0.4, 0.8, 0.55, 0.65, 1.0, 1.0});
  rows.push_back({"outside", 0.2, 0.1, 0.3, 0.15, 0.25, 1.5, 1.0});
  rows.push_back({"derived", 0.2, 0.1, 0.3, 0.15, 0.25, 9.0, 1.0});
  const Coverage all = coverage(*made->set, rows, false);
  EXPECT_EQ(all.figures, 3U);
  EXPECT_EQ(all.studies, 1U);
  EXPECT_DOUBLE_EQ(all.inside95, 2.0 / 3);
  EXPECT_DOUBLE_EQ(all.inside50, 1.0 / 3);
  EXPECT_DOUBLE_EQ(all.width_ratio, 1.5);  // the middle one of 2, 1 and 1.5
  EXPECT_EQ(all.scored_figures, 0U);       // no other study
  EXPECT_TRUE(std::isnan(all.interval_score));
  const Coverage randomised = coverage(*made->set, rows, true);
  EXPECT_EQ(randomised.figures, 0U);
  EXPECT_TRUE(std::isnan(randomised.inside95));
  EXPECT_TRUE(std::isnan(randomised.width_ratio));
}

TEST(Posterior, PredictionsSpreadWithTheParametersAndTheStudies) {
  // Survival of the untreated at 12 months from 6: hazard 0.04 e^u, u ~ N(0, 0.3^2) between
  // studies.
  const auto made =
      make_small_study({.chosen = "origin: 6 months\n", .figures = landmark("survival", 12, 0.6)});
  ASSERT_EQ(made->problems, "");
  Posterior posterior;
  posterior.parameters = {"effect"};
  for (int d = 0; d < 100; ++d) {
    posterior.written.push_back({-0.5});
    posterior.between.emplace_back();
    posterior.between.back()[static_cast<std::size_t>(Between::death)] = 0.3;
  }
  const auto samples = predictive_samples(*made->set, posterior, 100, 20, 7, made->diagnostics);
  ASSERT_EQ(samples.size(), 2000U);
  // On the arcsine scale: sampling 1 / (2 sqrt(60)), and d asin(sqrt(S)) / du = -H sqrt(S) /
  // (2 sqrt(1 - S)) times 0.3, H = 0.48.
  const double s = std::exp(-0.48);
  const double slope = 0.48 * std::sqrt(s / (1 - s)) / 2;
  const double sd = std::sqrt(0.25 / 60 + std::pow(0.3 * slope, 2));
  const auto moments = testing::sample_moments(samples);
  // The standard error of a standard deviation of 2,000 is 1.6 %; curvature adds 2 %.
  EXPECT_NEAR(moments.sd, sd, (z_limit * 0.016 + 0.02) * sd);
}

TEST(Posterior, PredictionsScatterAsThePaperPrints) {
  // A printed interval from 0.5 to 0.7 has the standard error (asin(sqrt(0.7)) - asin(sqrt(0.5))) /
  // (2 * 1.959964) on the arcsine scale: 0.0523. The 60 patients alone would give 0.0645.
  const auto made = make_small_study(
      {.chosen = "origin: 6 months\n",
       .figures = landmark("survival", 12, 0.6, ", interval: [0.5, 0.7], level: 0.95")});
  ASSERT_EQ(made->problems, "");
  Posterior posterior;
  posterior.parameters = {"effect"};
  for (int d = 0; d < 10; ++d) {
    posterior.written.push_back({-0.5});
    posterior.between.emplace_back();
  }
  const auto samples = predictive_samples(*made->set, posterior, 10, 20, 7, made->diagnostics);
  const double printed =
      (std::asin(std::sqrt(0.7)) - std::asin(std::sqrt(0.5))) / (2 * 1.959963984540054);
  EXPECT_NEAR(testing::sample_moments(samples).sd, printed, 1e-9);
}

}  // namespace
}  // namespace npcsim
