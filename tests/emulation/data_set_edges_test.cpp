// Data sets at the edges of what a figure can be: nobody, everybody, nobody followed for so long,
// fewer lives than patients.
#include "small_study.hpp"
#include "support/statistical.hpp"
#include <npcsim/validation/validation_tables.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;
using testing::z_limit;

std::string survival_of_never(int months, int n) {
  return "  made_os: {study: made, arm: never, endpoint: OS, statistic: landmark_survival, "
         "at_months: " +
         std::to_string(months) + ", value: 0, unit: fraction, n: " + std::to_string(n) +
         ", n_basis: printed, kind: retrospective, confounded: true, population: all_patients, "
         "place: Table 1}\n";
}

// Of 200 patients about 74 are never treated, 0.2 exp(-0.04 x 120) of 200 are alive at ten years:
// in exp(-0.33) of all data sets nobody is.
TEST(DataSetEdges, NobodyStaysNobodyHoweverManyStandBehindTheFigure) {
  for (const int n : {20, 74, 180}) {
    const auto made = make_small_study({.figures = survival_of_never(120, n)});
    ASSERT_EQ(made->problems, "");
    const auto twins = made->set->simulate({}, {}, 0);
    constexpr std::size_t count = 2000;
    const auto rows = made->set->sampled(twins, {}, count, 0);
    std::size_t nobody = 0;
    for (const double x : rows) {
      EXPECT_GE(x, 0) << n;
      nobody += x == 0 ? 1U : 0U;
    }
    const double p = std::exp(-200 * 0.2 * std::exp(-4.8));
    const double share = static_cast<double>(nobody) / count;
    // The pool of 20,000 has its own: 33 expected survivors, so 1 / sqrt(33) of the exponent. Few
    // behind the figure push others down to nobody, too.
    const double pool = 0.33 * p / std::sqrt(33.0);
    const double se = std::sqrt(p * (1 - p) / count + pool * pool);
    EXPECT_GT(share, p - z_limit * se) << n;
    if (n >= 74) {
      EXPECT_LT(share, p + z_limit * se) << n;
    }
  }
}

// One survivor of 74 would be less than nobody where 10 stand behind the figure.
TEST(DataSetEdges, NoShareGoesBeyondNobody) {
  const auto made = make_small_study({.figures = survival_of_never(60, 10), .patients = 200000});
  ASSERT_EQ(made->problems, "");
  const auto twins = made->set->simulate({}, {}, 0);
  std::size_t nobody = 0;
  for (const double x : made->set->sampled(twins, {}, 2000, 0)) {
    EXPECT_GE(x, 0);
    nobody += x == 0 ? 1U : 0U;
  }
  // Without survivors, or with one, whose share of 74 is stretched below 0: a Poisson number with
  // the mean m of 200 x 0.2 exp(-0.04 x 60). The pool has 1000 m survivors.
  const double m = 200 * 0.2 * std::exp(-2.4);
  const double p = (1 + m) * std::exp(-m);
  const double pool = m * std::exp(-m) * m / std::sqrt(1000 * m);
  const double se = std::sqrt(p * (1 - p) / 2000 + pool * pool);
  EXPECT_GT(static_cast<double>(nobody) / 2000, p - z_limit * se);
}

// Follow-up ends a third of a day after the time of the figure: hardly any study has somebody who
// is followed through to it.
TEST(DataSetEdges, SurvivalBeyondTheLastPatientIsNoFigure) {
  const auto made = make_small_study(
      {.times = "horizon: 60 months\nfollow_up: {least: 0 d, most: 12.01 months}\n",
       .figures = survival_of_never(12, 60)});
  ASSERT_EQ(made->problems, "");
  const auto twins = made->set->simulate({}, {}, 0);
  constexpr std::size_t count = 1000;
  std::size_t without = 0;
  for (const double x : made->set->sampled(twins, {}, count, 0)) without += std::isnan(x) ? 1U : 0U;
  // Alive at a year without treatment are 0.2 exp(-0.48) of 200; followed so long is 1 in 1201.
  const double p = std::pow(1 - 0.2 * std::exp(-0.48) * 0.01 / 12.01, 200);
  const double se = std::sqrt(p * (1 - p) / count);
  EXPECT_NEAR(static_cast<double>(without) / count, p, z_limit * se);
}

TEST(DataSetEdges, FewerLivesThanPatientsIsAWarning) {
  const auto few = make_small_study({.figures = survival_of_never(12, 60), .patients = 100});
  ASSERT_EQ(few->problems, "");
  const std::string text = few->diagnostics.text("");
  EXPECT_NE(text.find("warning: about 100 of 100 simulated patients enter the study 'made', which "
                      "had 200: its figures are those of few lives, and another seed gives others"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("hint: --patients "), std::string::npos) << text;
  const auto enough = make_small_study({.figures = survival_of_never(12, 60), .patients = 200});
  EXPECT_EQ(enough->diagnostics.text(""), "");
}

TEST(DataSetEdges, ADifferenceOfSharesIsNotInMonths) {
  Figure figure;
  figure.statistic = Statistic::difference;
  EXPECT_EQ(unit_of(figure), "difference in months");
  figure.of_fractions = true;
  EXPECT_EQ(unit_of(figure), "difference of fractions");
}

// Nobody is followed beyond the horizon, whatever the follow-up.
TEST(DataSetEdges, WhatIsNotReachedIsBeyondTheLongestFollowUp) {
  const auto made = make_small_study(
      {.times = "horizon: 26 months\nfollow_up: {least: 10 months, most: 30 months}\n",
       .figures = "  made_median: {study: made, arm: treated, endpoint: OS, statistic: median, "
                  "is: not_reached, unit: months, n: 60, n_basis: printed, kind: "
                  "retrospective, confounded: true, population: all_patients, place: Table 1}\n"});
  ASSERT_EQ(made->problems, "");
  EXPECT_NEAR(made->set->figure(0).printed.value, 26, 1e-12);
}

}  // namespace
}  // namespace npcsim
