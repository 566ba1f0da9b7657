#include "freireich.hpp"
#include <npcsim/survival/cox_two_groups.hpp>

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::histograms;
using testing::mercaptopurine;
using testing::placebo;

constexpr double close = 1e-7;

CoxFit fit_freireich(int width) {
  const auto treated = histograms(mercaptopurine(), width);
  const auto control = histograms(placebo(), width);
  return cox_two_groups(risk_table(treated.view(), control.view()));
}

// coxph(Surv(T, S) ~ g, ties = "efron", control = coxph.control(eps = 1e-14, iter.max = 50))
TEST(CoxTwoGroups, HazardRatioWithTiesAgreesWithR) {
  const CoxFit fit = fit_freireich(1);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.value, -1.57212514882906618, close);
  EXPECT_NEAR(fit.se, 0.41239671770945546, close);
}

// coxph(Surv(ceiling(T / 5), S) ~ g, ...): up to eleven events tied
TEST(CoxTwoGroups, HazardRatioInWideBinsAgreesWithR) {
  const CoxFit fit = fit_freireich(5);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.value, -1.62041263364684696, close);
  EXPECT_NEAR(fit.se, 0.41184866242216744, close);
}

// North Central Cancer Treatment Group lung cancer data (Loprinzi et al., J Clin Oncol
// 1994;12:601), every patient forty times and time in bins of 30 days, so that hundreds of events
// are tied and their sums come from the series:
//   L <- lung[rep(1:228, 40), ]; L$m <- ceiling(L$time / 30)
//   coxph(Surv(m, status == 2) ~ I(sex == 2), data = L, ties = "efron", control = coxph.control(eps
//   = 1e-14))
TEST(CoxTwoGroups, HundredsOfTiedEventsAgreeWithR) {
  const std::vector<std::uint32_t> men_events = {
      0,   360, 240, 240, 320, 280, 520, 320, 280, 160, 240, 240, 120, 200, 40, 120, 160, 0,
      120, 80,  80,  80,  80,  40,  40,  0,   0,   40,  40,  0,   40,  0,   0,  0,   0,   0};
  const std::vector<std::uint32_t> men_censored = {0, 0, 0,  0,  0,  0, 40, 200, 200, 40, 160, 80,
                                                   0, 0, 80, 40, 40, 0, 0,  0,   0,   0,  0,   0,
                                                   0, 0, 0,  40, 40, 0, 0,  0,   0,   0,  40,  40};
  const std::vector<std::uint32_t> women_events = {
      0,  40, 40, 160, 80, 120, 120, 280, 80, 80, 80, 80, 200, 120, 0, 160, 40, 0,
      80, 40, 0,  0,   80, 40,  40,  120, 40, 0,  0,  0,  0,   0,   0, 0,   0,  0};
  const std::vector<std::uint32_t> women_censored = {
      0,   0,   0,  0, 80, 0, 120, 120, 160, 160, 160, 40, 80, 160, 0, 0,  0, 0,
      120, 120, 40, 0, 0,  0, 0,   40,  0,   0,   40,  0,  0,  0,   0, 40, 0, 0};
  const CoxFit fit = cox_two_groups(
      risk_table({women_events, women_censored, 1, 0}, {men_events, men_censored, 1, 0}));
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.value, -0.547434819916472692, close);
  EXPECT_NEAR(fit.se, 0.026438025051805716, close);
}

// Efron's score and information summed event by event as in his equation, without the series.
TEST(CoxTwoGroups, TheSeriesForTiesEqualsTheSumOverEvents) {
  // Risk sets that events all but exhaust, and risk sets far larger than the ties.
  const std::vector<RiskRow> rows = {{400, 700, 100'000, 90'000},
                                     {1, 0, 70'000, 60'000},
                                     {300, 310, 330, 320},
                                     {13, 9, 25, 10},
                                     {1, 1, 3, 1},
                                     {40, 60, 100, 61}};
  const CoxFit fit = cox_two_groups(rows);
  ASSERT_TRUE(fit.converged);
  const long double ratio = std::exp(static_cast<long double>(fit.value));
  long double score = 0;
  long double information = 0;
  for (const RiskRow& row : rows) {
    const long double events = row.events_treated + row.events_control;
    score += row.events_treated;
    for (long double l = 0; l < events; l += 1) {
      const long double treated = ratio * (row.at_risk_treated - l / events * row.events_treated);
      const long double control = row.at_risk_control - l / events * row.events_control;
      const long double share = treated / (treated + control);
      score -= share;
      information += share * (1 - share);
    }
  }
  EXPECT_LT(std::fabs(static_cast<double>(score / information)), 1e-11);
  EXPECT_NEAR(fit.se, static_cast<double>(1 / std::sqrt(information)), 1e-9 * fit.se);
}

TEST(CoxTwoGroups, SwappingTheGroupsInvertsTheRatio) {
  const auto treated = histograms(mercaptopurine());
  const auto control = histograms(placebo());
  const CoxFit one = cox_two_groups(risk_table(treated.view(), control.view()));
  const CoxFit other = cox_two_groups(risk_table(control.view(), treated.view()));
  EXPECT_NEAR(one.value, -other.value, 1e-12);
  EXPECT_NEAR(one.se, other.se, 1e-12);
}

TEST(CoxTwoGroups, AnyStartLeadsToTheSameEstimate) {
  const auto treated = histograms(mercaptopurine());
  const auto control = histograms(placebo());
  const auto rows = risk_table(treated.view(), control.view());
  const double expected = cox_two_groups(rows).value;
  for (const double start : {-30.0, -4.0, 4.0, 30.0}) {
    const CoxFit fit = cox_two_groups(rows, start);
    EXPECT_TRUE(fit.converged);
    EXPECT_NEAR(fit.value, expected, 1e-12);
  }
}

// The search may begin at the very answer: an estimate by day is that by tick where no two events
// fall on one day.
TEST(CoxTwoGroups, TheEstimateIsFoundFromItself) {
  std::mt19937_64 coin(4);
  int found = 0;
  for (int trial = 0; trial < 500; ++trial) {
    double treated = 30;
    double control = 30;
    std::vector<RiskRow> rows;
    for (int k = 0; k < 25; ++k) {
      const bool of_treated = (coin() >> 63U) != 0;
      rows.push_back({of_treated ? 1.0 : 0.0, of_treated ? 0.0 : 1.0, treated, control});
      (of_treated ? treated : control) -= 1;
    }
    const CoxFit fit = cox_two_groups(rows);
    if (!fit.converged) continue;
    ++found;
    for (const double start :
         {fit.value, std::nextafter(fit.value, 1), std::nextafter(fit.value, -1)}) {
      const CoxFit again = cox_two_groups(rows, start);
      ASSERT_TRUE(again.converged) << trial;
      // Two Newton steps from within a small step of the root: rounding is what is left.
      EXPECT_NEAR(again.value, fit.value, 1e-11) << trial;
      EXPECT_NEAR(again.se, fit.se, 1e-9 * fit.se) << trial;
    }
  }
  EXPECT_GT(found, 490);
}

TEST(CoxTwoGroups, AGroupWithoutEventsHasNoFiniteRatio) {
  const auto eventless = histograms({{5, 0}, {7, 0}});
  const auto control = histograms(placebo());
  EXPECT_FALSE(cox_two_groups(risk_table(eventless.view(), control.view())).converged);
  EXPECT_FALSE(cox_two_groups(risk_table(control.view(), eventless.view())).converged);
  EXPECT_FALSE(cox_two_groups({}).converged);
}

TEST(CoxTwoGroups, IdenticalGroupsHaveARatioOfOne) {
  const auto data = histograms(placebo());
  const CoxFit fit = cox_two_groups(risk_table(data.view(), data.view()), 1.5);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.value, 0, 1e-14);
  // From 1 on, where every search begins, it is found at once.
  EXPECT_EQ(cox_two_groups(risk_table(data.view(), data.view())).value, 0);
}

}  // namespace
}  // namespace npcsim
