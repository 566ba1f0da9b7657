// Time courses of effects: the log effect is a step function of time, so the cumulative hazard is a
// sum.
#include "simulated.hpp"

#include <cmath>
#include <vector>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;

constexpr double day = 1 / month;  // in months
const std::vector<double> looks{1, 3, 6, 9, 12, 18, 30};

/// A step function: `value` from `from` (months) until the next row.
struct Step {
  double from;
  double value;
};

// Cumulative hazard of a rate of 0.05 per month under log effects.
double hazard(const std::vector<Step>& effect, double t, double rate = 0.05) {
  double sum = 0;
  double from = 0;
  double log_hr = 0;
  for (const Step& step : effect) {
    if (step.from >= t) break;
    sum += rate * (step.from - from) * exp(log_hr);
    from = step.from;
    log_hr = step.value;
  }
  return sum + rate * (t - from) * exp(log_hr);
}

std::string treated(const std::string& agents, const std::string& strategies,
                    const std::string& more = "") {
  return R"(study: treated
model:
  model: treated
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
seed: 21
horizon: 60 months
landmarks: [1, 3, 6, 9, 12, 18, 30]
)";
}

void expect_course(const Simulated& run, const std::string& strategy,
                   const std::vector<Step>& effect) {
  for (const double t : looks)
    EXPECT_TRUE(run.survival("OS", t, exp(-hazard(effect, t)), strategy));
}

TEST(Kernel, RampTakesTheValueAtTheStartOfEachStep) {
  const Simulated run =
      Simulated::of_text(treated(R"(    drug:
      effects:
        - {process: death, log_hr: -1.5, kernel: {onset: 35 d, ramp: 63 d, ramp_step: 21 d}, source: assumed}
)",
                                 "  - {strategy: base, steps: [{give: drug}]}\n"));
  // 0 on the first step of the ramp, then one and two thirds.
  expect_course(run, "base", {{56 * day, -0.5}, {77 * day, -1.0}, {98 * day, -1.5}});
}

TEST(Kernel, DurationEndsAtTheDurableShareWhateverTheDosing) {
  const Simulated run =
      Simulated::of_text(treated(R"(    drug:
      effects:
        - {process: death, log_hr: -1.2, kernel: {onset: 1 months, duration: 8 months, durable: 0.25}, source: assumed}
)",
                                 "  - {strategy: base, steps: [{give: drug}]}\n"));
  expect_course(run, "base", {{1, -1.2}, {9, -0.3}});
}

TEST(Kernel, WaningEndsAtTheDurableShare) {
  const Simulated run =
      Simulated::of_text(treated(R"(    drug:
      effects:
        - {process: death, log_hr: -1.4, source: assumed,
           kernel: {half_life: 3 months, step: 42 d, steps: 4, durable: 0.2}}
)",
                                 "  - {strategy: base, steps: [{give: drug, for: 5 months}]}\n"));
  std::vector<Step> effect{{0, -1.4}};
  for (int j = 1; j <= 4; ++j) {
    effect.push_back({5 + j * 42 * day, -1.4 * (0.2 + 0.8 * std::pow(2, -j * 42 * day / 3))});
  }
  effect.push_back({5 + 5 * 42 * day, -1.4 * 0.2});
  expect_course(run, "base", effect);
}

TEST(Kernel, CycledAgentActsForOneCycleAfterTheLastDose) {
  const Simulated run = Simulated::of_text(treated(
      "    drug: {cycle: {every: 21 d}, effects: [{process: death, hr: 0.3, source: assumed}]}\n",
      R"(  - {strategy: six, steps: [{give: drug, cycles: 6}]}
  - {strategy: stopped, steps: [{give: drug, name: drug}, {stop: drug, at: 100 d}]}
  - {strategy: stopped_on_a_dose_day, steps: [{give: drug, name: drug}, {stop: drug, at: 105 d}]}
  - {strategy: for_two_months, steps: [{give: drug, until: {time_on_agent: 61 d}}]}
)"));
  const double effect = std::log(0.3);
  expect_course(run, "six", {{0, effect}, {126 * day, 0}});
  // Doses on days 0, 21, 42, 63 and 84; the one of day 105 no longer comes in either strategy.
  expect_course(run, "stopped", {{0, effect}, {105 * day, 0}});
  expect_course(run, "stopped_on_a_dose_day", {{0, effect}, {105 * day, 0}});
  expect_course(run, "for_two_months", {{0, effect}, {63 * day, 0}});
}

TEST(Kernel, RestartBringsTheEffectBackInFull) {
  const Simulated run = Simulated::of_text(treated(
      R"(    drug:
      effects:
        - {process: death, log_hr: -1, kernel: {half_life: 2 months, step: 2 months, steps: 2, durable: 0.1}, source: assumed}
)",
      "  - {strategy: base, steps: [{give: drug, for: 4 months}, {give: drug, at: 11 months, for: "
      "3 months}]}\n"));
  const double half = -(0.1 + 0.9 / 2);
  const double quarter = -(0.1 + 0.9 / 4);
  expect_course(run, "base",
                {{0, -1},
                 {6, half},
                 {8, quarter},
                 {10, -0.1},
                 {11, -1},
                 {16, half},
                 {18, quarter},
                 {20, -0.1}});
}

TEST(Kernel, AskingForMoreThanTheCapRevivesNothing) {
  const Simulated run =
      Simulated::of_text(treated("    drug: {cycle: {every: 21 d, cap: 4}, effects: [{process: "
                                 "death, hr: 0.2, source: assumed}]}\n",
                                 "  - {strategy: base, steps: [{give: drug, cycles: 6}, {give: "
                                 "drug, at: 8 months}, {give: drug, at: 11 months}]}\n"));
  expect_course(run, "base", {{0, std::log(0.2)}, {84 * day, 0}});
}

TEST(Kernel, MaskedShareComesBackWhenTheMaskingCourseEnds) {
  const Simulated run = Simulated::of_text(treated(
      R"(    chemotherapy: {class: chemo, cycle: {every: 21 d}}
    pd1: {effects: [{process: death, log_hr: -1, masked_by: {class: chemo, share: 0.4}, source: assumed}]}
)",
      R"(  - {strategy: together, steps: [{give: [pd1, chemotherapy], cycles: 5}]}
  - {strategy: later, steps: [{give: pd1, after: start}, {give: chemotherapy, at: 6 months, cycles: 2}]}
)"));
  expect_course(run, "together", {{0, -0.6}, {105 * day, -1}});
  expect_course(run, "later", {{0, -1}, {6, -0.6}, {6 + 42 * day, -1}});
}

TEST(Kernel, OverlapTakesAShareOfBothWhileBothAreGiven) {
  const Simulated run = Simulated::of_text(treated(
      R"(    one: {effects: [{process: death, log_hr: -0.8, source: assumed}]}
    two: {effects: [{process: death, log_hr: -0.5, source: assumed}]}
)",
      R"(  - {strategy: short, steps: [{give: one, for: 8 months, after: start}, {give: two, for: 3 months, after: start}]}
  - {strategy: for_good, steps: [{give: [one, two]}]}
)",
      "  overlaps: [{agents: [one, two], share: 0.3}]\n"));
  expect_course(run, "short", {{0, -1.3 * 0.7}, {3, -0.8}, {8, 0}});
  expect_course(run, "for_good", {{0, -1.3 * 0.7}});
}

TEST(Kernel, OverlapWithAClassIsThatWithAnyOfItsAgents) {
  const Simulated run = Simulated::of_text(treated(
      R"(    one: {class: pair, effects: [{process: death, log_hr: -0.8, source: assumed}]}
    other: {class: pair, effects: [{process: death, log_hr: -0.4, source: assumed}]}
    two: {effects: [{process: death, log_hr: -0.5, source: assumed}]}
)",
      R"(  - {strategy: one, steps: [{give: [one, two]}]}
  - {strategy: other, steps: [{give: [other, two]}]}
  - {strategy: pair, steps: [{give: [one, other]}]}
)",
      "  overlaps: [{agents: [pair, two], share: 0.3}]\n"));
  expect_course(run, "one", {{0, -1.3 * 0.7}});
  expect_course(run, "other", {{0, -0.9 * 0.7}});
  expect_course(run, "pair", {{0, -1.2}});
}

TEST(Kernel, OverlapCountsWhenTheTwoActOnDifferentProcesses) {
  const Simulated run = Simulated::of_text(R"(study: overlap_apart
model:
  model: overlap_apart
  states: [alive, dead, gone]
  processes:
    death: {from: alive, to: dead, hazard: {exponential: 0.05 per month, source: assumed}}
    leaving: {from: alive, to: gone, hazard: {exponential: 0.03 per month, source: assumed}}
  agents:
    one: {effects: [{process: death, log_hr: -0.8, source: assumed}]}
    two: {effects: [{process: leaving, log_hr: -0.5, source: assumed}]}
  overlaps: [{agents: [one, two], share: 0.5}]
  endpoints: {either: {states: [dead, gone]}}
strategies: [{strategy: base, steps: [{give: [one, two]}]}]
patients: 1000000
seed: 22
horizon: 120 months
landmarks: [12]
)");
  const double death = 0.05 * exp(-0.4);
  const double leaving = 0.03 * exp(-0.25);
  const double by_12 = -std::expm1(-12 * (death + leaving)) / (death + leaving);
  EXPECT_TRUE(run.incidence("either:death", 12, death * by_12));
  EXPECT_TRUE(run.incidence("either:leaving", 12, leaving * by_12));
}

TEST(Kernel, HazardRatioOfZeroSwitchesTheProcessOff) {
  const Simulated run = Simulated::of_text(
      treated("    shield: {effects: [{process: death, hr: 0, source: assumed}]}\n",
              "  - {strategy: base, steps: [{give: shield, at: 3 months, for: 6 months}]}\n"));
  EXPECT_EQ(run.figure("base", "OS", "survival", 3), run.figure("base", "OS", "survival", 6));
  for (const double t : {3.0, 9.0}) EXPECT_TRUE(run.survival("OS", t, exp(-0.15)));
  for (const double t : {12.0, 30.0}) EXPECT_TRUE(run.survival("OS", t, exp(-0.05 * (t - 6))));
}

TEST(Kernel, EffectCarriesOverToTheNextState) {
  const Simulated run = Simulated::of_text(R"(study: carry
model:
  model: carry
  states: [first_line, progressed, dead]
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.1 per month, source: assumed}}
    death: {from: progressed, to: dead, clock: reset, hazard: {weibull: {shape: 1.4, scale: 10 months}, source: assumed}}
  agents:
    drug: {effects: [{process: progression, log_hr: -0.9, carry_over: {to: death, share: 0.6}, source: assumed}]}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: treated, steps: [{give: drug, for: 8 months}]}]
patients: 1000000
seed: 23
horizon: 120 months
landmarks: [6, 12, 30]
)");
  // Effect on both until month 8 since diagnosis, whatever the state.
  const auto spent = [](double from, double to) {  // of death, entered at `from`
    const auto base = [from](double t) { return std::pow((t - from) / 10, 1.4); };
    const double until = std::max(from, std::min(8.0, to));
    return exp(-0.54) * base(until) + base(to) - base(until);
  };
  const auto free_of_progression = [](double t) {
    return exp(-0.1 * (exp(-0.9) * std::min(t, 8.0) + std::max(t - 8, 0.0)));
  };
  for (const double t : {6.0, 12.0, 30.0}) {
    const double after = integral(
        [&](double u) {
          return 0.1 * (u < 8 ? exp(-0.9) : 1) * free_of_progression(u) * exp(-spent(u, t));
        },
        0, t, {8});
    EXPECT_TRUE(run.survival("OS", t, free_of_progression(t) + after));
  }
}

TEST(Effect, ModifiersConditionsAndRespondersMakeAMixture) {
  const Simulated run = Simulated::of_text(treated(
      R"(    modified: {effects: [{process: death, log_hr: -1, modified_by: {liver: 0.6}, source: assumed}]}
    selected: {effects: [{process: death, log_hr: -1, when: {liver: true}, source: assumed}]}
    split: {effects: [{process: death, hr: 1.1, responders: {share: 0.25, hr: 0.1}, source: assumed}]}
)",
      R"(  - {strategy: modified, steps: [{give: modified}]}
  - {strategy: selected, steps: [{give: selected}]}
  - {strategy: split, steps: [{give: split}]}
  - {strategy: some, steps: [{give: modified, probability: 0.35}]}
)",
      "  attributes: {liver: {bernoulli: 0.4, source: assumed}}\n"));
  const auto survival = [](double t, double log_hr) { return exp(-0.05 * t * exp(log_hr)); };
  for (const double t : looks) {
    const double modified = 0.6 * survival(t, -1) + 0.4 * survival(t, -0.4);
    EXPECT_TRUE(run.survival("OS", t, modified, "modified"));
    EXPECT_TRUE(run.survival("OS", t, 0.6 * survival(t, 0) + 0.4 * survival(t, -1), "selected"));
    EXPECT_TRUE(run.survival("OS", t, 0.75 * exp(-0.055 * t) + 0.25 * exp(-0.005 * t), "split"));
    EXPECT_TRUE(run.survival("OS", t, 0.35 * modified + 0.65 * survival(t, 0), "some"));
  }
}

TEST(Course, HalfOfTheEffectFromItsMiddleAndAllFromItsEnd) {
  const Simulated run = Simulated::of_text(treated(
      R"(    rt:
      course: {dose: 60 Gy, fractions: 30, over: 60 d}
      effects: [{process: death, log_hr: -1.2, course_share: {half_way: 0.5, end: 1}, source: assumed}]
    dosed_rt:
      course: {dose: 60 Gy, fractions: 30, over: 60 d}
      effects:
        - {process: death, log_hr: -1.2, dose_response: {eqd2_midpoint: 40 Gy, slope: 10 Gy}, source: assumed}
)",
      R"(  - {strategy: whole, steps: [{give: rt, at: 2 months}]}
  - {strategy: broken, steps: [{give: dosed_rt, at: 2 months, name: rt}, {stop: dosed_rt, at: 105.875 d}]}
)"));
  expect_course(run, "whole", {{2 + 30 * day, -0.6}, {2 + 60 * day, -1.2}});
  // Stopped after 45 of 60 days: 22 whole fractions of 2 Gy, EQD2 44.
  expect_course(run, "broken", {{2 + 45 * day, -1.2 / (1 + exp(-0.4))}});
}

TEST(Gate, EffectDependsOnTheResponseWhenTheCourseBegins) {
  const Simulated run = Simulated::of_text(treated(
      R"(    rt:
      procedure: true
      effects:
        - {process: death, log_hr: -1.5, gate: {response: {CR: 1, PR: 0.5, SD: 0.1}}, source: assumed}
)",
      R"(  - {strategy: gated, steps: [{assess: response, at: 2 months}, {give: rt}]}
  - {strategy: not_assessed, steps: [{give: rt, at: 2 months}]}
  - {strategy: responders, steps: [{assess: response, at: 2 months}, {give: rt, when: {response: [CR, PR]}}]}
)",
      R"(  markers:
    response: {levels: [CR, PR, SD, PD], ordered_probit: {cuts: [1.0, -0.2, -1.1], patient_effect: 0.8}}
)"));
  const auto below = [](double cut) { return boost::math::cdf(boost::math::normal(), cut / 0.8); };
  const double shares[4] = {1 - below(1.0), below(1.0) - below(-0.2), below(-0.2) - below(-1.1),
                            below(-1.1)};
  const double gates[4] = {1, 0.5, 0.1, 0};
  for (const double t : {1.0, 3.0, 6.0, 12.0, 30.0}) {
    double expected = 0;
    double chosen = 0;
    for (std::size_t level = 0; level < 4; ++level) {
      const double gated = exp(-hazard({{2, -1.5 * gates[level]}}, t));
      expected += shares[level] * gated;
      chosen += shares[level] * (level < 2 ? gated : exp(-0.05 * t));
    }
    EXPECT_TRUE(run.survival("OS", t, expected, "gated"));
    EXPECT_TRUE(run.survival("OS", t, chosen, "responders"));
    EXPECT_TRUE(run.survival("OS", t, exp(-hazard({{2, -1.5}}, t)), "not_assessed"));
  }
}

TEST(Gate, ShareOfZeroLeavesAProcessThatWouldBeSwitchedOff) {
  const Simulated run = Simulated::of_text(treated(
      R"(    rt: {procedure: true, effects: [{process: death, hr: 0, gate: {response: {good: 1, bad: 0}}, source: assumed}]}
)",
      "  - {strategy: gated, steps: [{assess: response, at: 2 months}, {give: rt}]}\n",
      "  markers: {response: {levels: [good, bad], ordered_probit: {cuts: [0], patient_effect: "
      "1}}}\n"));
  for (const double t : {3.0, 12.0, 30.0}) {
    EXPECT_TRUE(run.survival("OS", t, 0.5 * exp(-0.1) + 0.5 * exp(-0.05 * t), "gated"));
  }
}

TEST(Ablation, TakesAwayItsShareOfTheInSituHazard) {
  const Simulated run = Simulated::of_text(treated(
      R"(    surgery:
      procedure: true
      controls: {lesions: liver_lesions, control: 0.96, effect_share: 0.85, feasible: 0.9}
)",
      "  - {strategy: ablated, steps: [{give: surgery}]}\n",
      R"(  attributes:
    liver_lesions: {constant: 2, source: assumed}
    lesions: {constant: 5, source: assumed}
  lesion_control: {process: death, in_situ_share: 0.6, lesions: lesions, none: 0.54}
)"));
  const double gain = (1 - std::log(0.96) / std::log(0.54)) * 0.85;
  const double factor = 1 - 0.6 * 2 / 5 * gain;
  for (const double t : looks) {
    EXPECT_TRUE(run.survival("OS", t, 0.9 * exp(-0.05 * t * factor) + 0.1 * exp(-0.05 * t)));
  }
}

}  // namespace
}  // namespace npcsim::testing
