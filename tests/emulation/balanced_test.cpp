// Weights that balance what was measured, and the regression behind them.
#include "small_study.hpp"
#include <npcsim/emulation/detail/share_regression.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using detail::fit_shares;
using testing::MadeSet;
using testing::make_small_study;

double logit(double p) { return std::log(p / (1 - p)); }

// Two groups have two coefficients: the fit has the share of each.
TEST(ShareRegression, TwoGroupsHaveTheirOwnShares) {
  const std::vector<std::vector<double>> columns{{0, 0, 1, 1}};
  const std::vector<double> successes{0.2, 0.7, 0.05, 0.25};
  const std::vector<double> failures{0.8, 0.3, 0.95, 0.15};
  const auto fit = fit_shares(columns, successes, failures);
  EXPECT_NEAR(fit.coefficients[0], logit(0.45), 1e-9);
  EXPECT_NEAR(fit.coefficients[1], logit(0.3 / 1.4) - logit(0.45), 1e-9);
  EXPECT_NEAR(fit.at(columns, 3), 0.3 / 1.4, 1e-10);
}

// Shares that a logistic curve gives are found again.
TEST(ShareRegression, FindsTheCurveThatMadeTheShares) {
  std::vector<std::vector<double>> columns(2);
  std::vector<double> successes;
  std::vector<double> failures;
  for (int i = 0; i < 60; ++i) {
    columns[0].push_back(0.1 * i - 3);
    columns[1].push_back(i % 3);
    const double p = 1 / (1 + std::exp(-(0.4 - 1.3 * columns[0].back() + 0.8 * (i % 3))));
    successes.push_back(p);
    failures.push_back(1 - p);
  }
  const auto fit = fit_shares(columns, successes, failures);
  EXPECT_NEAR(fit.coefficients[0], 0.4, 1e-6);
  EXPECT_NEAR(fit.coefficients[1], -1.3, 1e-6);
  EXPECT_NEAR(fit.coefficients[2], 0.8, 1e-6);
}

TEST(ShareRegression, ColumnsThatOthersGiveAreLeftOut) {
  const std::vector<std::vector<double>> columns{{1, 1, 1, 1}, {0, 0, 1, 1}, {1, 1, 0, 0}};
  const auto fit = fit_shares(columns, {0.2, 0.4, 0.6, 0.8}, {0.8, 0.6, 0.4, 0.2});
  EXPECT_EQ(fit.coefficients[1], 0);
  EXPECT_EQ(fit.coefficients[3], 0);
  EXPECT_NEAR(fit.at(columns, 0), 0.3, 1e-10);
  EXPECT_NEAR(fit.at(columns, 2), 0.7, 1e-10);
}

// A group that is never treated ends far out, and the other one keeps its share.
TEST(ShareRegression, AShareOfZeroEndsFarOut) {
  const std::vector<std::vector<double>> columns{{0, 0, 1, 1}};
  const auto fit = fit_shares(columns, {0.5, 0.25, 0, 0}, {0.5, 0.75, 1, 1});
  EXPECT_NEAR(fit.at(columns, 0), 0.375, 1e-9);
  EXPECT_LT(fit.at(columns, 2), 1e-9);
  EXPECT_GT(fit.at(columns, 2), -1e-300);
}

// Expected shares of the `high` in both arms.
std::vector<double> high_by_arm(const std::string& more) {
  std::string figures;
  for (const char* const arm : {"never", "treated"})
    figures += "  high_" + std::string(arm) + ": {study: made, arm: " + arm +
               ", endpoint: prevalence, statistic: share, value: 0.5, unit: fraction, n: 60, "
               "n_basis: printed, kind: retrospective, population: all_patients, place: Table 1}\n";
  const auto made = make_small_study(
      {.chosen =
           "chosen: [{arm: treated, logit: {intercept: 0.5, terms: {high: -2, frail: -1.5}}}]\n",
       .more = more + "targets: {high_never: {share: {high: true}}, high_treated: {share: {high: "
                      "true}}}\n",
       .causes = "    log_hr: {high: 1.2}\n    frailty: {frail: 1}\n"
                 "frailties:\n  frail: {gamma: {variance: 1}, source: assumed}\n",
       .figures = figures});
  EXPECT_EQ(made->problems, "");
  const auto twins = made->set->simulate({}, {}, 0);
  std::vector<double> out;
  for (const double x : made->set->expected(twins, twins, {}))
    out.push_back(std::pow(std::sin(x), 2));
  return out;
}

// The `high` die sooner and are chosen less, the frail likewise: neither collapses. With one
// measured variable of two levels the regression is saturated and balances it exactly; its level is
// that of everybody, a half (20,000 patients: standard error 0.0035).
TEST(Balanced, MeasuredVariablesAreAlikeInBothArms) {
  const std::vector<double> as_it_was = high_by_arm("");
  EXPECT_GT(as_it_was[0] - as_it_was[1], 0.1);
  const std::vector<double> balanced = high_by_arm("balanced: true\n");
  EXPECT_NEAR(balanced[0], balanced[1], 1e-9);
  EXPECT_NEAR(balanced[0], 0.5, 4.9 * 0.0036);
}

}  // namespace
}  // namespace npcsim
