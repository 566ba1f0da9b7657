// Courses that are cut short or given again, and what counts once however often it is named.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

std::string study(const std::string& agents, const std::string& strategies,
                  const std::string& more = "") {
  return R"(study: interrupted
model:
  model: interrupted
  states: [alive, dead]
)" + more +
         R"(  processes:
    death: {from: alive, to: dead, hazard: {exponential: 0.05 per month, source: assumed}}
  agents:
)" + agents +
         R"(  endpoints: {OS: {states: [dead]}}
strategies:
)" + strategies +
         R"(patients: 1000000
seed: 77
horizon: 60 months
landmarks: [1, 6, 12, 36]
)";
}

TEST(Interruption, WhatIsStoppedAtTheInstantOfItsFirstDoseWasNeverGiven) {
  const Simulated run = Simulated::of_text(study(
      "    drug: {cycle: {every: 21 d}, effects: [{process: death, hr: 0.3, kernel: {durable: 1}, "
      "source: assumed}]}\n",
      "  - {strategy: base, steps: [{give: drug, cycles: 6}, {stop: drug, after: start}]}\n"));
  for (const double t : {1.0, 12.0, 36.0}) {
    EXPECT_TRUE(run.survival("OS", t, exp(-0.05 * t)));
  }
  EXPECT_EQ(run.figure("base", "received_drug", "share"), 0);
  EXPECT_TRUE(run.measure("cycles_drug", {0, 0}));
}

TEST(Interruption, ACourseThatIsGivenAnewEndsTheOldOne) {
  // What waits for the end of the first course begins when the second one cuts it short, at 1
  // month.
  const Simulated run = Simulated::of_text(study(
      "    drug: {cycle: {every: 21 d}}\n"
      "    other: {effects: [{process: death, hr: 0.5, kernel: {durable: 1}, source: assumed}]}\n",
      "  - strategy: base\n"
      "    steps:\n"
      "      - {give: drug, cycles: 30, name: first}\n"
      "      - {give: drug, cycles: 2, at: 1 months, name: second}\n"
      "      - {give: other, after: first}\n"));
  for (const double t : {6.0, 12.0, 36.0}) {
    EXPECT_TRUE(run.survival("OS", t, exp(-0.05 - 0.025 * (t - 1))));
  }
}

TEST(Interruption, HalfACourseOfRadiotherapyHasTheEffectOfHalf) {
  // Stopped after 30 of 42 days: the first half was given, the second was not.
  const Simulated run = Simulated::of_text(study(
      "    rt:\n"
      "      course: {dose: 60 Gy, fractions: 30, over: 42 d}\n"
      "      effects: [{process: death, hr: 0.25, course_share: {half_way: 0.5, end: 1}, source: "
      "assumed}]\n",
      "  - {strategy: base, steps: [{give: rt}, {stop: rt, at: 30 d}]}\n"
      "  - {strategy: at_once, steps: [{give: rt}, {stop: rt, at: 20 d}]}\n"));
  const double half_way = 21 / month;
  for (const double t : {6.0, 12.0, 36.0}) {
    EXPECT_TRUE(run.survival("OS", t, exp(-0.05 * (half_way + 0.5 * (t - half_way))), "base"));
    EXPECT_TRUE(run.survival("OS", t, exp(-0.05 * t), "at_once"));
  }
}

TEST(Interruption, ASecondCourseOfRadiotherapyLeavesTheEffectOfTheFirst) {
  const Simulated run = Simulated::of_text(study(
      "    rt:\n"
      "      course: {dose: 60 Gy, fractions: 30, over: 42 d}\n"
      "      effects: [{process: death, hr: 0.25, course_share: {half_way: 0.5, end: 1}, source: "
      "assumed}]\n",
      "  - {strategy: base, steps: [{give: rt}, {give: rt, at: 200 d}]}\n"));
  const double half_way = 21 / month;
  const double end = 42 / month;
  for (const double t : {6.0, 12.0, 36.0}) {
    const double hazard = 0.05 * (half_way + 0.5 * (end - half_way) + 0.25 * (t - end));
    EXPECT_TRUE(run.survival("OS", t, exp(-hazard)));
  }
}

TEST(Interruption, ALateHarmCountsFromTheFirstCourse) {
  const std::string late =
      "  toxicities: {deafness: {of: rt, hazard: 0.02 per month, after_end: true, source: "
      "assumed}}\n";
  const Simulated run = Simulated::of_text(
      study("    rt: {course: {dose: 60 Gy, fractions: 30, over: 42 d}}\n",
            "  - {strategy: once, steps: [{give: rt}]}\n"
            "  - {strategy: twice, steps: [{give: rt}, {give: rt, at: 300 d}]}\n",
            late));
  // Deaf before death (rate 0.05) and before 60 months, from the end of the first course on.
  const double end = 42 / month;
  const double share = exp(-0.05 * end) * 0.02 / 0.07 * (1 - exp(-0.07 * (60 - end)));
  EXPECT_TRUE(run.share("toxicity_deafness", share, "once"));
  EXPECT_EQ(run.figure("once", "toxicity_deafness", "share"),
            run.figure("twice", "toxicity_deafness", "share"));
}

TEST(CountedOnce, TwoMembersOfAClassRaiseARiskOnce) {
  const Simulated run = Simulated::of_text(
      study("    drug: {cycle: {every: 21 d}}\n"
            "    a: {class: platinum}\n    b: {class: platinum}\n    c: {class: platinum}\n",
            "  - {strategy: base, steps: [{give: [drug, a, b], cycles: 1}]}\n",
            "  toxicities: {nausea: {of: drug, per_cycle: 0.1, more_with: {platinum: 0.8}, source: "
            "assumed}}\n"));
  const double odds = 0.1 / 0.9 * exp(0.8);
  EXPECT_TRUE(run.share("toxicity_nausea", odds / (1 + odds)));
}

TEST(CountedOnce, LesionsThatTwoTreatmentsReachAreControlledByTheBetter) {
  const Simulated run = Simulated::of_text(
      study("    palliative: {procedure: true, controls: {lesions: bone_lesions, control: 0.7}}\n"
            "    radical: {procedure: true, controls: {lesions: bone_lesions, control: 0.9}}\n",
            "  - {strategy: both, steps: [{give: [palliative, radical]}]}\n"
            "  - {strategy: radical, steps: [{give: radical}]}\n",
            R"(  attributes:
    bone_lesions: {constant: 2, source: assumed}
    lesions: {constant: 5, source: assumed}
  lesion_control: {process: death, in_situ_share: 0.6, lesions: lesions, none: 0.5}
)"));
  const double factor = 1 - 0.6 * 2 / 5 * (1 - std::log(0.9) / std::log(0.5));
  for (const double t : {6.0, 12.0, 36.0}) {
    EXPECT_TRUE(run.survival("OS", t, exp(-0.05 * t * factor), "both"));
  }
  EXPECT_EQ(run.figure("both", "OS", "rmst", 60), run.figure("radical", "OS", "rmst", 60));
}

TEST(CountedOnce, AnAgentThatNobodyIsGivenChangesNoHarm) {
  // Thresholds of harms belong to an agent's name, not to its place among the agents.
  const std::string harms =
      "  toxicities: {mucositis: {of: rt, per_course: 0.3, source: assumed},\n"
      "               nausea: {of: drug, per_cycle: 0.05, source: assumed}}\n";
  const std::string agents =
      "    drug: {cycle: {every: 21 d}, stop: {any: {per_cycle: 0.1}}}\n"
      "    rt: {course: {dose: 60 Gy, fractions: 30, over: 42 d}}\n";
  const std::string strategy =
      "  - {strategy: base, steps: [{give: drug, cycles: 6}, {give: rt}]}\n";
  const Lives without = Simulated::of_text(study(agents, strategy, harms)).lives(5000);
  const Lives with_more =
      Simulated::of_text(
          study("    another: {cycle: {every: 7 d}, stop: {any: {per_cycle: 0.2}}}\n" + agents,
                strategy, harms))
          .lives(5000);
  for (const std::string measure :
       {"toxicity_mucositis", "toxicity_nausea", "cycles_drug", "stopped_drug_any"}) {
    EXPECT_EQ(without.measure("base", measure), with_more.measure("base", measure)) << measure;
  }
}

}  // namespace
}  // namespace npcsim::testing
