// Coverage by hand-made predictions, and posterior files.
#include "small_study.hpp"
#include "support/statistical.hpp"
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/run/library.hpp>
#include <npcsim/validation/coverage.hpp>
#include <npcsim/validation/footing.hpp>
#include <npcsim/validation/posterior.hpp>

#include <cmath>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

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

// The whole series and its matched part are of the same patients.
TEST(Coverage, EmulationsOfOnePublicationHaveOneVote) {
  const Library library{{NPCSIM_SOURCE_DIR}};
  Diagnostics diagnostics;
  Evidence evidence;
  for (const char* const name : {"local_treatment", "exclusions"}) {
    const auto tree = read_document(
        library, std::string(NPCSIM_SOURCE_DIR "/configs/evidence/") + name + ".yaml", diagnostics);
    if (tree) read_evidence(*tree, evidence, diagnostics);
  }
  const std::string folder = NPCSIM_SOURCE_DIR "/configs/emulations/";
  EmulationSet set(library, {folder + "liao_2021.yaml", folder + "liao_2021_matched.yaml"},
                   evidence, EmulationOptions{1, 500, {}}, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.text("");
  set.settle_effective_n(evidence, diagnostics);
  std::vector<StudyFreePrediction> rows;
  for (std::size_t f = 0; f < set.figures(); ++f)
    rows.push_back({set.figure(f).id, 0.5, 0.01, 0.99, 0.4, 0.6, 1.0, 1.0});
  const Coverage found = coverage(set, rows, false);
  EXPECT_GT(found.figures, 4U);
  EXPECT_EQ(found.studies, 1U);
}

double log_binomial(int n, int k, double p) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(p) +
         (n - k) * std::log1p(-p);
}

// Standard deviation of asin(sqrt(k / m)), k of m patients alive with probability p and m of
// `patients` in the arm with probability 1/2, stretched from patients / 2 to `n` patients.
double sd_of_shares(double p, int patients, double n) {
  double mean = 0;
  double square = 0;
  for (int m = 1; m <= patients; ++m) {
    for (int k = 0; k <= m; ++k) {
      const double weight = std::exp(log_binomial(patients, m, 0.5) + log_binomial(m, k, p));
      const double x = std::asin(std::sqrt(static_cast<double>(k) / m));
      mean += weight * x;
      square += weight * x * x;
    }
  }
  return std::sqrt((square - mean * mean) * 0.5 * patients / n);
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
  // On the arcsine scale: sampling, and the slope of asin(sqrt(exp(-0.48 e^u))) in u, a difference
  // over 0.15 on each side, times 0.3.
  const auto alive = [](double u) { return std::exp(-0.48 * std::exp(u)); };
  const double steps =
      (std::asin(std::sqrt(alive(-0.15))) - std::asin(std::sqrt(alive(0.15)))) / 0.3;
  const double shifts = 0.3 * steps;
  const double sd = std::hypot(sd_of_shares(alive(0), 200, 60), shifts);
  const auto moments = testing::sample_moments(samples);
  // A standard deviation of n normal values has the error sd / sqrt(2 n). The slope of the pool
  // rests on its patients who die between the two shifts, a share q of 20,000 e^-0.24.
  const double q = alive(-0.15) - alive(0.15);
  const double of_slope = shifts * std::sqrt((1 - q) / (q * 20000 * std::exp(-0.24)));
  const double error = std::hypot(sd / std::sqrt(2.0 * 2000), shifts / sd * of_slope);
  EXPECT_NEAR(moments.sd, sd, z_limit * error);
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

// A population of the `high` alone, of whom there are none where `pick` is 0.
std::unique_ptr<testing::MadeSet> study_of_the_high(const std::string& more = "") {
  return make_small_study(
      {.chosen = "origin: 6 months\n",
       .more = "population: {population: high_ones, eligible: {high: true}, attributes: {high: "
               "{bernoulli: $pick, source: assumed}}}\n" +
               more,
       .figures = landmark("survival", 12, 0.6),
       .patients = 2000});
}

TEST(Posterior, ADrawOfWhichNobodyIsEligibleIsAMistakeOfItsRow) {
  const auto made = study_of_the_high();
  ASSERT_EQ(made->problems, "");
  const auto file = made->diagnostics.add_source("draws.csv", "pick\n1\n0\n1\n");
  Posterior posterior;
  posterior.parameters = {"pick"};
  posterior.written = {{1}, {0}, {1}};
  posterior.between.resize(3);
  posterior.places = {{file, 2, 1, 1}, {file, 3, 1, 1}, {file, 4, 1, 1}};
  EXPECT_TRUE(predictive_samples(*made->set, posterior, 3, 2, 7, made->diagnostics).empty());
  EXPECT_EQ(made->diagnostics.text("nothing was run"),
            "draws.csv:3:1: error: the values of this draw cannot be simulated: the population "
            "finds fewer than one eligible patient in 20000 candidates\n"
            "    3 | 0\n"
            "      | ^\n"
            "1 error, nothing was run\n");
}

TEST(Footing, AValueAtWhichNobodyIsEligibleCountsForNothing) {
  const auto made = study_of_the_high();
  ASSERT_EQ(made->problems, "");
  Posterior posterior;
  posterior.parameters = {"pick"};
  posterior.written = {{0}, {0}};
  std::vector<ComparedFigure> rows(1);
  rows[0].width = 0.5;
  const Footings found = find_footings(*made->set, made->set->simulate({}, {}, 0), {}, posterior,
                                       {{"pick", {1, true}}}, rows);
  EXPECT_EQ(names_of(found, 0, Footing::prior_only), "");
}

}  // namespace
}  // namespace npcsim
