// Who belongs to an emulated study, an arm, a group.
#include "small_study.hpp"
#include "support/statistical.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;
using testing::z_limit;
using testing::z_score;

// A figure of the arm `never` by its name, statistic and what goes with it.
std::string figure(const std::string& name, const std::string& statistic) {
  return "  " + name + ": {study: made, arm: never, statistic: " + statistic +
         ", value: 0.5, unit: fraction, n: 60, n_basis: printed, kind: retrospective, "
         "population: all_patients, place: Table 1}\n";
}

const std::string landmark = figure("made_os", "landmark_survival, endpoint: OS, at_months: 12");

std::vector<double> expected(const testing::MadeSet& made) {
  const auto twins = made.set->simulate({}, {}, 0);
  return made.set->expected(twins, twins, {});
}

TEST(EmulatedMembership, WhoDiedEarlyIsMissing) {
  const auto made = make_small_study({.more = "lived: 6 months\n", .figures = landmark});
  ASSERT_EQ(made->problems, "");
  // Hazard 0.04 a month: exp(-0.24) of those who lived six months live twelve. A fifth of them,
  // 3,100 patients, are in the arm; on the arcsine scale the standard error is 1 / (2 sqrt(n)).
  const double exact = std::asin(std::sqrt(std::exp(-0.24)));
  EXPECT_LT(std::fabs(z_score(expected(*made)[0], exact, 0.5 / std::sqrt(3146.0))), z_limit);
}

TEST(EmulatedMembership, OneOfSeveralAgentsIsEnough) {
  const auto one = make_small_study({.figures = landmark});
  const auto several = make_small_study({.received = "[placebo, drug]", .figures = landmark});
  ASSERT_EQ(several->problems, "");
  EXPECT_EQ(expected(*one), expected(*several));
  const auto none = make_small_study({.received = "placebo", .figures = landmark});
  EXPECT_NE(expected(*one), expected(*none));
}

TEST(EmulatedMembership, AScoreCutsPatientsLikeTheConditionBehindIt) {
  const std::string share = "share, endpoint: prevalence";
  const auto made = make_small_study(
      {.more = "groups:\n"
               "  over:\n"
               "    above: 5\n"
               "    score: [{when: {high: true}, points: 3}, {when: {high: true}, points: 4},\n"
               "            {when: {high: false}, points: 5}]\n"
               "  under: {most: 5, score: [{when: {high: true}, points: 7}]}\n"
               "targets:\n"
               "  made_high: {share: {high: true}}\n"
               "  made_over: {in: over}\n"
               "  made_low: {share: {high: false}}\n"
               "  made_under: {in: under}\n",
       .figures = figure("made_high", share) + figure("made_over", share) +
                  figure("made_low", share) + figure("made_under", share)});
  ASSERT_EQ(made->problems, "");
  const auto shares = expected(*made);
  EXPECT_EQ(shares[0], shares[1]);
  EXPECT_EQ(shares[2], shares[3]);
  EXPECT_NEAR(std::pow(std::sin(shares[0]), 2), 0.5, 4.9 * std::sqrt(0.25 / 7400));
}

TEST(EmulatedMembership, ACrudeRateAtATimeIsSurvivalThen) {
  const auto made =
      make_small_study({.more = "targets: {made_crude: {at: 12 months}}\n",
                        .figures = landmark + figure("made_crude", "crude_rate, endpoint: OS")});
  ASSERT_EQ(made->problems, "");
  const auto both = expected(*made);
  EXPECT_EQ(both[0], both[1]);
}

}  // namespace
}  // namespace npcsim
