// Which figures rest on parameters without firm data, by a closed form.
#include "small_study.hpp"
#include <npcsim/validation/footing.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::MadeSet;
using testing::make_small_study;

std::string survival(const std::string& arm) {
  return "  " + arm + ": {study: made, arm: " + arm +
         ", endpoint: OS, statistic: landmark_survival, at_months: 12, value: 0.6, unit: "
         "fraction, n: 60, n_basis: printed, kind: retrospective, confounded: true, population: "
         "all_patients, place: Table 1}\n";
}

// Two arms from 6 months, when one of them gets the drug; the model says nothing of what informs
// `effect` but that it is assumed.
std::unique_ptr<MadeSet> two_arms() {
  return make_small_study(
      {.chosen = "origin: 6 months\n", .figures = survival("never") + survival("treated")});
}

// Survival of the treated from 6 to 18 months is exp(-0.48 e^effect): how far it moves on the
// arcsine scale when the effect goes from 0 to its value at +1 sd of the prior, 1.
double move() {
  const auto scaled = [](double effect) {
    return std::asin(std::sqrt(std::exp(-0.48 * std::exp(effect))));
  };
  return std::fabs(scaled(1) - scaled(0));
}

std::vector<ComparedFigure> rows_of_width(double width) {
  std::vector<ComparedFigure> out(2);
  out[0].figure = 0;
  out[1].figure = 1;
  for (ComparedFigure& row : out) row.width = width;
  return out;
}

Footings footings(const MadeSet& made, const std::map<std::string, Learnt>& learnt,
                  const Posterior& posterior, const std::vector<ComparedFigure>& rows) {
  return find_footings(*made.set, made.set->simulate({}, {}, 0), {}, posterior, learnt, rows);
}

TEST(Footing, OnlyFiguresThatTheParameterMovesRestOnIt) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  const Footings found = footings(*made, {}, {}, rows_of_width(0.5));
  ASSERT_EQ(found.parameters.size(), 1U);
  EXPECT_EQ(found.parameters[0].name, "effect");
  EXPECT_EQ(found.parameters[0].figures, 1U);
  EXPECT_EQ(names_of(found, 0, Footing::prior_only), "");
  EXPECT_EQ(names_of(found, 1, Footing::prior_only), "effect");
  EXPECT_EQ(names_of(found, 1, Footing::weak), "");
}

TEST(Footing, AMoveCountsFromATwentiethOfTheInterval) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  // The expectation comes from the treated who live at 6 months: of 20,000 patients at least 7,900.
  // Its standard error is 1 / (2 sqrt(7900)) = 0.0056, that of the move at most 0.008 or 2.2 %
  // (draws are shared, so less); 15 % is more than six of them.
  const double width = move() / least_move;
  EXPECT_EQ(footings(*made, {}, {}, rows_of_width(0.85 * width)).parameters.size(), 1U);
  EXPECT_EQ(footings(*made, {}, {}, rows_of_width(1.15 * width)).parameters.size(), 0U);
}

// An interval without width: what nothing moves rests on nothing.
TEST(Footing, AFigureThatIsAlwaysTheSameRestsOnWhatMovesIt) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  const Footings found = footings(*made, {}, {}, rows_of_width(0));
  EXPECT_EQ(names_of(found, 0, Footing::prior_only), "");
  EXPECT_EQ(names_of(found, 1, Footing::prior_only), "effect");
}

TEST(Footing, WhereTheUpperEndIsNotReachedTheLowerHalfCounts) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  std::vector<ComparedFigure> rows = rows_of_width(std::numeric_limits<double>::infinity());
  for (ComparedFigure& row : rows) {
    row.predicted = 0.6;
    row.predicted_low95 = 0.5;
  }
  EXPECT_EQ(names_of(footings(*made, {}, {}, rows), 1, Footing::prior_only), "effect");
}

// The logarithm of the ratio moves by 1; a twentieth of twice the upper half, 0.2, is far less.
TEST(Footing, WhereTheLowerEndIsInfiniteTheUpperHalfCounts) {
  const auto made = make_small_study(
      {.chosen = "origin: 6 months\n",
       .figures = "  ratio: {study: made, contrast: {of: treated, against: never}, endpoint: OS, "
                  "statistic: hazard_ratio, value: 0.6, unit: ratio, n: 60, n_basis: printed, "
                  "kind: retrospective, population: all_patients, place: Table 1}\n"});
  ASSERT_EQ(made->problems, "");
  std::vector<ComparedFigure> rows(1);
  rows[0].width = std::numeric_limits<double>::infinity();
  rows[0].predicted = 1;
  rows[0].predicted_low95 = 0;
  rows[0].predicted_high95 = std::exp(0.2);
  EXPECT_EQ(names_of(footings(*made, {}, {}, rows), 0, Footing::prior_only), "effect");
  rows[0].predicted_high95 = std::numeric_limits<double>::infinity();
  EXPECT_EQ(names_of(footings(*made, {}, {}, rows), 0, Footing::prior_only), "");
}

TEST(Footing, WhatACalibrationHasLearntDecides) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  const auto names = [&](const Learnt& learnt, Footing footing) {
    return names_of(footings(*made, {{"effect", learnt}}, {}, rows_of_width(0.5)), 1, footing);
  };
  EXPECT_EQ(names({0.97, true}, Footing::prior_only), "effect");
  EXPECT_EQ(names({0.85, false}, Footing::weak), "effect");
  EXPECT_EQ(names({0.85, false}, Footing::prior_only), "");
  EXPECT_EQ(names({0.75, false}, Footing::weak), "");
}

TEST(Footing, APosteriorSaysHowFarAParameterMayLie) {
  const auto made = two_arms();
  ASSERT_EQ(made->problems, "");
  Posterior posterior;
  posterior.parameters = {"effect"};
  for (int d = 0; d <= 100; ++d) posterior.written.push_back({0.0001 * d});
  EXPECT_TRUE(footings(*made, {}, posterior, rows_of_width(0.5)).parameters.empty());
  for (int d = 0; d <= 100; ++d) posterior.written[static_cast<std::size_t>(d)] = {0.01 * d};
  EXPECT_EQ(footings(*made, {}, posterior, rows_of_width(0.5)).parameters.size(), 1U);
}

TEST(Footing, ReadsTheTableOfACalibration) {
  Diagnostics diagnostics;
  const auto file = read_csv_text(
      "parameters.csv", "parameter,sd_ratio,note\na,0.98,prior only\nb,0.5,\n", diagnostics);
  ASSERT_TRUE(file);
  const auto learnt = read_learnt(*file, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_TRUE(learnt.at("a").prior_only);
  EXPECT_FALSE(learnt.at("b").prior_only);
  EXPECT_EQ(learnt.at("b").sd_ratio, 0.5);
}

}  // namespace
}  // namespace npcsim
