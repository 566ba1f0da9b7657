// Facts that hold between strategies on the same patients, whatever the numbers are.
#include "world.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const TinyHazards hazards{.progression = "weibull: {shape: 1.3, scale: 14 months}",
                          .death_after = "weibull: {shape: 1.1, scale: 15 months}"};
constexpr std::uint32_t patients = 300;

bool same_bits(const JournalEntry& a, const JournalEntry& b) {
  return a.days == b.days && a.kind == b.kind && a.index == b.index && a.detail == b.detail &&
         a.value == b.value;
}

// Whether all patients live the same lives, to the last bit.
::testing::AssertionResult same_lives(const std::string& first, const std::string& second) {
  World world(hazards);
  const auto a = world.steps(first);
  const auto b = world.steps(second);
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const Journal one = world.journal(*a, patient);
    const Journal two = world.journal(*b, patient);
    if (!std::equal(one.begin(), one.end(), two.begin(), two.end(), same_bits)) {
      return ::testing::AssertionFailure() << "patient " << patient << "\n"
                                           << world.life(*a, patient) << "\nagainst\n"
                                           << world.life(*b, patient);
    }
  }
  return ::testing::AssertionSuccess();
}

const std::string induction = "steps:\n  - {give: gp, cycles: 6, name: induction}\n";

TEST(Twins, NamesOfStrategiesAndStepsChangeNothing) {
  EXPECT_TRUE(same_lives(
      "strategy: a\n" + induction + "  - {give: lrrt, after: induction, probability: 0.5}\n",
      "strategy: b\nsteps:\n  - {give: gp, cycles: 6, name: x}\n"
      "  - {give: lrrt, after: x, name: y, probability: 0.5}\n"));
}

TEST(Twins, ARegimenIsItsAgents) {
  EXPECT_TRUE(same_lives("strategy: a\n" + induction,
                         "strategy: b\nsteps:\n  - {give: [gemcitabine, cisplatin], cycles: 6}\n"));
}

TEST(Twins, AStepThatNobodyTakesIsNoStep) {
  const std::string without = "strategy: b\n" + induction + "  - {give: pd1, cycles: 10}\n";
  EXPECT_TRUE(same_lives("strategy: a\n" + induction +
                             "  - {give: lrrt, probability: 0}\n  - {give: pd1, cycles: 10}\n",
                         without));
  EXPECT_TRUE(
      same_lives("strategy: a\n" + induction +
                     "  - {give: lrrt, when: {received_pd1: true}}\n  - {give: pd1, cycles: 10}\n",
                 without));
}

TEST(Twins, AStepThatEverybodyTakesNeedsNoProbability) {
  EXPECT_TRUE(same_lives("strategy: a\n" + induction + "  - {give: lrrt, probability: 1}\n",
                         "strategy: b\n" + induction + "  - {give: lrrt}\n"));
}

TEST(Twins, AConditionAndItsNegationShareOutThePatients) {
  World world(hazards);
  const auto split = world.steps(
      "strategy: a\nsteps:\n  - {give: lrrt, when: {poor: true}}\n"
      "  - {give: pd1, when: {poor: false}}\n");
  const auto always = world.steps("strategy: b\nsteps:\n  - {give: lrrt}\n");
  const auto never_given = world.steps("strategy: c\nsteps:\n  - {give: pd1}\n");
  int poor = 0;
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const std::string life = world.life(*split, patient);
    const bool lrrt = life.find("begins lrrt") != std::string::npos;
    poor += lrrt ? 1 : 0;
    EXPECT_EQ(life, world.life(lrrt ? *always : *never_given, patient));
  }
  EXPECT_GT(poor, 0);
  EXPECT_LT(poor, static_cast<int>(patients));
}

TEST(Twins, WhoTakesAStepWithLessProbabilityTakesItWithMore) {
  World world(hazards);
  const auto seldom = world.steps("strategy: a\nsteps:\n  - {give: lrrt, probability: 0.3}\n");
  const auto often = world.steps("strategy: b\nsteps:\n  - {give: lrrt, probability: 0.6}\n");
  int only_often = 0;
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const bool a = world.life(*seldom, patient).find("begins lrrt") != std::string::npos;
    const bool b = world.life(*often, patient).find("begins lrrt") != std::string::npos;
    EXPECT_TRUE(b || !a) << patient;
    only_often += b && !a ? 1 : 0;
  }
  EXPECT_GT(only_often, 0);
}

// Patients for whom the step with `step` of probability $share is taken.
std::vector<bool> takers(World& world, const std::string& step, const std::string& sign,
                         std::uint32_t n = patients) {
  const auto strategy = world.steps("strategy: a\nsteps:\n  - {give: pd1, cycles: 40}\n" + step);
  std::vector<bool> out;
  for (std::uint32_t patient = 0; patient < n; ++patient) {
    out.push_back(world.life(*strategy, patient).find(sign) != std::string::npos);
  }
  return out;
}

TEST(Twins, StepsWithTheSameDrawAgree) {
  World world;  // nobody progresses, so that everybody comes to the step
  const auto given = takers(
      world, "  - {give: lrrt, after: start, probability: $share, draw: consent}\n", "begins lrrt");
  EXPECT_EQ(given,
            takers(world, "  - {give: biopsy, after: start, probability: $share, draw: consent}\n",
                   "begins biopsy"));
  EXPECT_EQ(given, takers(world, "  - {stop: pd1, at: 90 d, probability: $share, draw: consent}\n",
                          "breaks off pd1"));
  EXPECT_EQ(given,
            takers(world, "  - {assess: response, at: 90 d, probability: $share, draw: consent}\n",
                   "assessed"));
}

TEST(Twins, StepsWithDifferentDrawsDoNotAgree) {
  World world;
  const auto given = takers(
      world, "  - {give: lrrt, after: start, probability: $share, draw: consent}\n", "begins lrrt");
  EXPECT_NE(given,
            takers(world, "  - {give: lrrt, after: start, probability: $share, draw: access}\n",
                   "begins lrrt"));
  const auto stopped =
      takers(world, "  - {stop: pd1, at: 90 d, probability: $share}\n", "breaks off pd1");
  EXPECT_NE(stopped,
            takers(world, "  - {assess: response, at: 90 d, probability: $share}\n", "assessed"));
}

// Null: each patient takes the step with probability 0.25, independently. z of the share of n =
// 4000; a false alarm has probability one in a million, and the seed is fixed.
TEST(Twins, TheShareOfTakersIsTheProbability) {
  World world;
  constexpr std::uint32_t n = 4000;
  const auto given =
      takers(world, "  - {give: biopsy, after: start, probability: $share}\n", "begins biopsy", n);
  const auto count = static_cast<double>(std::count(given.begin(), given.end(), true));
  const double z = (count - n * 0.25) / std::sqrt(n * 0.25 * 0.75);
  EXPECT_LT(std::abs(z), 4.9);
}

TEST(Twins, LivesAgreeUntilTheStrategiesDiffer) {
  World world(hazards);
  const auto a = world.steps("strategy: a\n" + induction);
  const auto b = world.steps("strategy: b\n" + induction + "  - {give: lrrt}\n");
  int different = 0;
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const Journal one = world.journal(*a, patient);
    const Journal two = world.journal(*b, patient);
    std::size_t i = 0;
    while (i < one.size() && i < two.size() && same_bits(one[i], two[i])) ++i;
    if (i == one.size() && i == two.size()) continue;
    ++different;
    ASSERT_LT(i, two.size());
    EXPECT_EQ(in_words(two[i], world.program), "begins lrrt");
    EXPECT_EQ(two[i].days, 154.0);
  }
  EXPECT_GT(different, 0);
}

}  // namespace
}  // namespace npcsim::testing
