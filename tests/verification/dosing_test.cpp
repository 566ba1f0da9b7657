// Cycles, stops, holds, caps, plans and toxicity.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

std::string dosed(const std::string& agents, const std::string& strategies,
                  const std::string& more = "", const std::string& rate = "0 per month") {
  return R"(study: dosed
model:
  model: dosed
  states: [alive, dead]
  processes:
    death: {from: alive, to: dead, hazard: {exponential: )" +
         rate + R"(, source: assumed}}
  agents:
)" + agents +
         more + R"(  endpoints: {OS: {states: [dead]}}
strategies:
)" + strategies +
         R"(patients: 1000000
seed: 31
horizon: 60 months
landmarks: [1 d, 22 d, 43 d, 12]
)";
}

// N in 1..most with P(N > k) = stay^k.
Moments cycles(double stay, int most) {
  Moments out;
  double square = 0;
  for (int k = 0; k < most; ++k) {
    out.mean += pow(stay, k);
    square += (2 * k + 1) * pow(stay, k);
  }
  out.sd = std::sqrt(square - out.mean * out.mean);
  return out;
}

TEST(Dosing, StopByAHazardHitsCyclesInProportionToTheirLength) {
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d}, stop: {irae: {hazard: 0.15 per month}}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 10}]}\n"));
  const double stay = exp(-0.15 * 21 / month);
  EXPECT_TRUE(run.measure("cycles_drug", cycles(stay, 10)));
  EXPECT_TRUE(run.share("stopped_drug_irae", 1 - pow(stay, 10)));
}

TEST(Dosing, TwoCausesOfStoppingCompete) {
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d}, stop: {a: {per_cycle: 0.1}, b: {per_cycle: 0.05}}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 8}]}\n"));
  EXPECT_TRUE(run.measure("cycles_drug", cycles(0.9 * 0.95, 8)));
}

TEST(Dosing, AHoldDelaysADoseAtMostSoOften) {
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d}, hold: {per_cycle: 0.3, delay: 7 d, most: 2}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 6}]}\n"));
  // 0, 1, 2 delays with probabilities 0.7, 0.21, 0.09 before each of five doses.
  const double mean = 0.21 + 2 * 0.09;
  const double variance = 0.21 + 4 * 0.09 - mean * mean;
  EXPECT_TRUE(run.measure("cycles_drug", {6, 0}));
  EXPECT_TRUE(run.measure("time_on_drug",
                          {(126 + 5 * 7 * mean) / month, 7 / month * std::sqrt(5 * variance)}));
}

TEST(Dosing, PlannedCyclesAreShared) {
  const Simulated run = Simulated::of_text(dosed(
      "    drug: {cycle: {every: 21 d}, plan: {4: 0.15, 6: 0.85}}\n",
      "  - {strategy: base, steps: [{give: drug, cycles: planned}]}\n", "", "0.08 per month"));
  const double stay = exp(-0.08 * 21 / month);
  const auto distribution = [stay](int most) { return cycles(stay, most); };
  const double mean = 0.15 * distribution(4).mean + 0.85 * distribution(6).mean;
  const auto square = [&](int most) {
    const Moments m = distribution(most);
    return m.sd * m.sd + m.mean * m.mean;
  };
  EXPECT_TRUE(run.measure("cycles_drug",
                          {mean, std::sqrt(0.15 * square(4) + 0.85 * square(6) - mean * mean)}));
}

TEST(Dosing, CapCountsFromTheFirstDoseAcrossCourses) {
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d, cap: 8}, stop: {any: {per_cycle: 0.05}}}\n",
            R"(  - {strategy: split, steps: [{give: drug, cycles: 6}, {give: drug}]}
  - {strategy: whole, steps: [{give: drug}]}
)"));
  // One threshold per cause: whoever was stopped in the first course has used it up and stops at
  // once in the second, so that the second course runs on only in those who were not stopped.
  EXPECT_TRUE(run.measure("cycles_drug", cycles(0.95, 8), "whole"));
  const Lives lives = run.lives(20000);
  const auto& split = lives.measure("split", "cycles_drug");
  const auto& whole = lives.measure("whole", "cycles_drug");
  for (std::size_t i = 0; i < lives.patients; ++i) {
    ASSERT_LE(split[i], 8);
    if (whole[i] > 6) {
      ASSERT_EQ(split[i], whole[i]) << i;
    }
  }
}

TEST(Toxicity, PerCycleAddsUpOverCyclesReceived) {
  const Simulated run =
      Simulated::of_text(dosed("    drug: {class: chemo, cycle: {every: 21 d}}\n    other: {}\n",
                               "  - {strategy: six, steps: [{give: drug, cycles: 6}]}\n  - "
                               "{strategy: three, steps: [{give: drug, cycles: 3}]}\n"
                               "  - {strategy: both, steps: [{give: [other, drug], cycles: 6}]}\n",
                               "  toxicities: {nausea: {of: chemo, per_cycle: 0.07, more_with: "
                               "{other: 0.8}, source: assumed}}\n"));
  EXPECT_TRUE(run.share("toxicity_nausea", 1 - pow(0.93, 6), "six"));
  EXPECT_TRUE(run.share("toxicity_nausea", 1 - pow(0.93, 3), "three"));
  const double odds = 0.07 / 0.93 * exp(0.8);
  EXPECT_TRUE(run.share("toxicity_nausea", 1 - pow(1 / (1 + odds), 6), "both"));
}

TEST(Toxicity, PerCourseWhileOnAndAfterTheEnd) {
  const Simulated run =
      Simulated::of_text(dosed("    rt: {course: {dose: 60 Gy, fractions: 30, over: 42 d}}\n    "
                               "cisplatin: {cycle: {every: 21 d}}\n    drug: {}\n",
                               R"(  - {strategy: rt, steps: [{give: rt}]}
  - {strategy: with_platinum, steps: [{give: rt, with: {cisplatin: {cycles: 2}}}]}
  - {strategy: drug, steps: [{give: drug, for: 10 months}]}
)",
                               R"(  toxicities:
    mucositis: {of: rt, per_course: 0.34, more_with: {cisplatin: 0.5}, source: assumed}
    deafness: {of: rt, hazard: 0.01 per month, after_end: true, source: assumed}
    thyroid: {of: drug, hazard: 0.03 per month, source: assumed}
)"));
  const double odds = 0.34 / 0.66 * exp(0.5);
  EXPECT_TRUE(run.share("toxicity_mucositis", 0.34, "rt"));
  EXPECT_TRUE(run.share("toxicity_mucositis", odds / (1 + odds), "with_platinum"));
  EXPECT_TRUE(run.share("toxicity_deafness", 1 - exp(-0.01 * (60 - 42 / month)), "rt"));
  EXPECT_TRUE(run.share("toxicity_thyroid", 1 - exp(-0.3), "drug"));
  EXPECT_EQ(run.figure("drug", "toxicity_mucositis", "share"), 0);
}

TEST(Toxicity, FatalOnesKillAtTheDose) {
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 3}]}\n",
            "  toxicities: {toxic_death: {of: drug, per_cycle: 0.02, to: dead, source: assumed}}\n",
            "0.01 per month"));
  const auto survival = [](double days, int doses) {
    return pow(0.98, doses) * exp(-0.01 * days / month);
  };
  EXPECT_TRUE(run.survival("OS", 1 / month, survival(1, 1)));
  EXPECT_TRUE(run.survival("OS", 22 / month, survival(22, 2)));
  EXPECT_TRUE(run.survival("OS", 43 / month, survival(43, 3)));
  EXPECT_TRUE(run.survival("OS", 12, survival(12 * month, 3)));
  const double toxic =
      0.02 * (1 + 0.98 * exp(-0.01 * 21 / month) + 0.98 * 0.98 * exp(-0.01 * 42 / month));
  EXPECT_TRUE(run.incidence("OS:toxic_death", 12, toxic));
  EXPECT_TRUE(run.share("toxicity_toxic_death", toxic));
}

TEST(Toxicity, NobodyDiesOfADoseThatAnotherToxicityPrevented) {
  const Simulated run =
      Simulated::of_text(dosed("    drug: {cycle: {every: 21 d}}\n",
                               "  - {strategy: base, steps: [{give: drug, cycles: 4}]}\n",
                               R"(  toxicities:
    toxic_death: {of: drug, per_cycle: 0.05, to: dead, source: assumed}
    neuropathy: {of: drug, per_cycle: 0.4, action: stop, source: assumed}
)"));
  // Dose k is given if neither happened in the k - 1 cycles before it.
  const double stay = 0.95 * 0.6;
  double toxic = 0;
  for (int k = 0; k < 4; ++k) toxic += pow(stay, k) * 0.05;
  EXPECT_TRUE(run.share("toxicity_toxic_death", toxic));
  EXPECT_TRUE(run.measure("cycles_drug", cycles(stay, 4)));
  EXPECT_TRUE(run.survival("OS", 12, 1 - toxic));
}

TEST(Toxicity, MoreWithAnAgentOfTheSameStepActsFromTheFirstCycleOn) {
  // Whatever the order in which the two agents are named.
  const Simulated run = Simulated::of_text(
      dosed("    drug: {cycle: {every: 21 d}}\n    other: {}\n",
            "  - {strategy: first, steps: [{give: [drug, other], cycles: 6}]}\n"
            "  - {strategy: second, steps: [{give: [other, drug], cycles: 6}]}\n",
            "  toxicities: {colitis: {of: drug, per_cycle: 0.1, more_with: {other: 1.2}, action: "
            "stop, source: assumed}}\n"));
  const double stay = 1 / (1 + 0.1 / 0.9 * exp(1.2));
  for (const std::string strategy : {"first", "second"}) {
    EXPECT_TRUE(run.measure("cycles_drug", cycles(stay, 6), strategy));
    EXPECT_TRUE(run.share("toxicity_colitis", 1 - pow(stay, 6), strategy));
    EXPECT_EQ(run.figure(strategy, "toxicity_colitis", "share"),
              run.figure(strategy, "stopped_drug_colitis", "share"));
  }
}

}  // namespace
}  // namespace npcsim::testing
