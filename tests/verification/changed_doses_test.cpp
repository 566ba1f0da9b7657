// Toxicities that delay and reduce doses.
#include "simulated.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

constexpr double p = 0.2;  // of the toxicity, per cycle

std::string study(const std::string& toxicity, const std::string& steps,
                  const std::string& hazard = "0 per month", const std::string& effects = "") {
  return R"(study: changed
model:
  model: changed
  states: [alive, dead]
  processes:
    death: {from: alive, to: dead, hazard: )" +
         hazard + R"(}
  agents:
    drug: {cycle: {every: 21 d})" +
         effects + R"(}
  toxicities:
    harm: {of: drug, per_cycle: 0.2, )" +
         toxicity + R"(}
  endpoints: {OS: {states: [dead]}}
strategies:
  - {strategy: base, steps: [)" +
         steps + R"(]}
patients: 1000000
seed: 5
horizon: 12 months
landmarks: [12]
)";
}

// Mean and sd of a function of a binomial number.
template <class F>
Moments of_binomial(int n, const F& f) {
  double mean = 0;
  double square = 0;
  double weight = pow(1 - p, n);
  for (int k = 0; k <= n; ++k) {
    mean += weight * f(k);
    square += weight * f(k) * f(k);
    weight *= p / (1 - p) * (n - k) / (k + 1);
  }
  return {mean, std::sqrt(square - mean * mean)};
}

TEST(ChangedDoses, EachCycleWithTheToxicityDelaysTheNextDose) {
  const Simulated run = Simulated::of_text(study("delay: 7 d", "{give: drug, cycles: 6}"));
  EXPECT_EQ(run.figure("base", "cycles_drug", "mean"), 6);
  // The sixth cycle delays nothing.
  EXPECT_TRUE(
      run.measure("time_on_drug", of_binomial(5, [](int k) { return (6 * 21 + 7 * k) / month; })));
  EXPECT_TRUE(run.share("toxicity_harm", 1 - pow(1 - p, 6)));
}

TEST(ChangedDoses, DelaysComeBesideHolds) {
  std::string text = study("delay: 7 d", "{give: drug, cycles: 6}");
  text = with(text, "{cycle: {every: 21 d}",
              "{cycle: {every: 21 d}, hold: {per_cycle: 0.1, delay: 14 d, most: 1}");
  const Simulated run = Simulated::of_text(text);
  const Moments delays = of_binomial(5, [](int k) { return 7 * k / month; });
  const double holds_mean = 5 * 0.1 * 14 / month;
  const double holds_sd = std::sqrt(5 * 0.1 * 0.9) * 14 / month;
  EXPECT_TRUE(
      run.measure("time_on_drug", {6 * 21 / month + delays.mean + holds_mean,
                                   std::sqrt(delays.sd * delays.sd + holds_sd * holds_sd)}));
}

// Whose dose was reduced and how: the mean level of six doses, and how often.
TEST(ChangedDoses, ReductionsStayAndEnd) {
  const Simulated run =
      Simulated::of_text(study("reduce: {by: 25 %, most: 2}", "{give: drug, cycles: 6}"));
  double level = 0;
  for (int dose = 1; dose <= 6; ++dose)
    level += of_binomial(dose - 1, [](int k) { return pow(0.75, std::min(k, 2)); }).mean / 6;
  // The level is at least 0.5625 and at most 1, so its sd is at most half the difference.
  EXPECT_TRUE(agrees(run.figure("base", "dose_level_drug", "mean"), level, 0.22 / 1000, "level"));
  EXPECT_TRUE(run.measure("reductions_drug", of_binomial(5, [](int k) { return std::min(k, 2); })));
}

TEST(ChangedDoses, GoOnInTheNextCourse) {
  // A toxicity of the second cycle, the last of the first course, reduces the first dose of the
  // next.
  const Simulated run =
      Simulated::of_text(study("reduce: {by: 50 %, most: 3}, delay: 7 d",
                               "{give: drug, cycles: 2, name: first}, {give: drug, cycles: 2}"));
  EXPECT_TRUE(run.measure("reductions_drug", of_binomial(3, [](int k) { return 1.0 * k; })));
  double level = 0;
  for (int dose = 1; dose <= 4; ++dose)
    level += of_binomial(dose - 1, [](int k) { return pow(0.5, k); }).mean / 4;
  // The level is at least 0.125 and at most 1.
  EXPECT_TRUE(agrees(run.figure("base", "dose_level_drug", "mean"), level, 0.44 / 1000, "level"));
  // Delays within courses only.
  EXPECT_TRUE(
      run.measure("time_on_drug", of_binomial(2, [](int k) { return (4 * 21 + 7 * k) / month; })));
}

TEST(ChangedDoses, ACourseBegunAgainAtOnceHasTheSameRisks) {
  // The first course is broken off at its first instant; the risk is lower once the drug was given.
  std::string text = study("delay: 7 d, more_with: {drug: -0.5}",
                           "{give: drug, cycles: 4, after: start}, {give: drug, cycles: 6, after: "
                           "start}");
  const Simulated run = Simulated::of_text(text);
  const double odds = p / (1 - p) * exp(-0.5);
  const double lower = odds / (1 + odds);
  EXPECT_TRUE(run.measure("time_on_drug", {(6 * 21 + 5 * lower * 7) / month,
                                           std::sqrt(5 * lower * (1 - lower)) * 7 / month}));
  EXPECT_TRUE(run.share("toxicity_harm", 1 - pow(1 - lower, 6)));
}

TEST(ChangedDoses, AReducedDoseWorksLess) {
  // Two cycles; the effect of the second is weaker where the first was toxic.
  const Simulated run = Simulated::of_text(
      study("reduce: {by: 50 %}", "{give: drug, cycles: 2}", "0.3 per month",
            ", effects: [{process: death, hr: 0.1, dose_exponent: 2, source: assumed}]"));
  const double rate = 0.3 / month;
  const double weak = pow(0.1, 0.25);
  // After the second cycle the effect is over; during both, patients die at 0.1 of the rate.
  const auto alive = [&](double second) {
    return exp(-rate * (21 * 0.1 + 21 * second + (12 * month - 42)));
  };
  EXPECT_TRUE(run.survival("OS", 12, (1 - p) * alive(0.1) + p * alive(weak)));
  // Whoever died in the first cycle had no second dose to reduce.
  EXPECT_TRUE(run.share("toxicity_harm", 1 - (1 - p) * (1 - p * exp(-rate * 21 * 0.1))));
  const double reduced = p * exp(-rate * 21 * 0.1);
  EXPECT_TRUE(run.measure("reductions_drug", {reduced, std::sqrt(reduced * (1 - reduced))}));
}

TEST(ChangedDoses, WithoutAnExponentAReducedDoseWorksAsWell) {
  const std::string effect = ", effects: [{process: death, hr: 0.1, source: assumed}]";
  const Simulated run = Simulated::of_text(
      study("reduce: {by: 50 %}", "{give: drug, cycles: 2}", "0.3 per month", effect));
  EXPECT_TRUE(run.survival("OS", 12, exp(-0.3 / month * (42 * 0.1 + (12 * month - 42)))));
}

TEST(ChangedDoses, TheEffectOfTheLastLevelWanes) {
  // One full and one reduced dose, then half of the log effect for good.
  const Simulated run = Simulated::of_text(
      study("reduce: {by: 50 %}", "{give: drug, cycles: 2}", "0.3 per month",
            ", effects: [{process: death, hr: 0.1, dose_exponent: 1, kernel: {durable: 0.5}, "
            "source: assumed}]"));
  const double rate = 0.3 / month;
  const auto alive = [&](double level) {
    return exp(-rate *
               (21 * 0.1 + 21 * pow(0.1, level) + (12 * month - 42) * pow(0.1, 0.5 * level)));
  };
  EXPECT_TRUE(run.survival("OS", 12, (1 - p) * alive(1) + p * alive(0.5)));
}

TEST(ChangedDoses, AStopComesBeforeDosesThatWouldHaveBeenSmaller) {
  std::string text = study("reduce: {by: 50 %, most: 10}", "{give: drug, cycles: 6}");
  text = with(text, "{cycle: {every: 21 d}",
              "{cycle: {every: 21 d}, stop: {refusal: {per_cycle: 0.3}}");
  const Simulated run = Simulated::of_text(text);
  // Dose k comes with probability 0.7^(k - 1), reduced when cycle k - 1 was toxic.
  double felt = 0;
  for (int k = 2; k <= 6; ++k) felt += pow(0.7, k - 1) * p;
  const double most = 5;
  EXPECT_TRUE(agrees(run.figure("base", "reductions_drug", "mean"), felt,
                     std::sqrt(felt * (most - felt)) / 1000, "reductions"));
  double ever = 0;
  for (int k = 1; k <= 6; ++k) ever += pow(0.7, k - 1) * pow(1 - p, k - 1) * p;
  EXPECT_TRUE(run.share("toxicity_harm", ever));
}

}  // namespace
}  // namespace npcsim::testing
