// Corners in which two mechanisms meet.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

// Everybody dies at 0.1 per month, but for what the strategies give.
std::string study(const std::string& agents, const std::string& steps,
                  const std::string& more = "") {
  return R"(study: corner
model:
  model: corner
  states: [alive, dead]
  processes:
    death: {from: alive, to: dead, hazard: 0.1 per month}
  agents:
)" + agents +
         more + R"(  endpoints: {OS: {states: [dead]}}
strategies:
  - {strategy: base, steps: [)" +
         steps + R"(]}
patients: 200000
seed: 3
horizon: 12 months
landmarks: [12]
)";
}

const char* const unkillable =
    "    drug: {cycle: {every: 21 d}, stop: {harm: {per_cycle: 0.9}}, effects: [{process: death, "
    "hr: "
    "0}]}\n";

TEST(Corners, AnEndpointOfOneProcessIsCensoredAtDeath) {
  const std::string text = R"(study: corner
model:
  model: corner
  states: [pf, progressed, dead, lost]
  processes:
    progression: {from: pf, to: progressed, hazard: 0.1 per month}
    death: {from: pf, to: dead, hazard: 0.1 per month}
    loss: {from: pf, to: lost, hazard: 0.05 per month}
    death_after: {from: progressed, to: dead, hazard: 0.1 per month}
  agents: {drug: {effects: [{process: progression, hr: 0.5}]}}
  endpoints: {TTP: {processes: [progression]}, seen: {states: [progressed]}, OS: {states: [dead]}}
strategies: [{strategy: base}, {strategy: drug, steps: [{give: drug}]}]
reference: base
patients: 1000000
seed: 3
horizon: 60 months
landmarks: [6, 12]
)";
  const Simulated run = Simulated::of_text(text);
  // Kaplan-Meier, as if deaths were censorings that say nothing; the standard error is Greenwood's
  // with everybody at risk who is neither progressed, dead nor lost.
  const auto greenwood = [](double rate, double months) {
    const double all = rate + 0.15;
    return exp(-rate * months) * std::sqrt(rate / all * (exp(all * months) - 1) / 1e6);
  };
  for (const char* const endpoint : {"TTP", "seen"}) {
    EXPECT_TRUE(agrees(run.figure("base", endpoint, "survival", 12), exp(-1.2), greenwood(0.1, 12),
                       endpoint));
    EXPECT_TRUE(agrees(run.figure("drug", endpoint, "survival", 12), exp(-0.6), greenwood(0.05, 12),
                       endpoint));
  }
  // Who is lost has not died.
  const Lives lives = run.lives(20000);
  const auto& codes = lives.code("base", "OS");
  const auto& months = lives.time("base", "OS");
  std::size_t lost = 0;
  for (std::size_t i = 0; i < lives.patients; ++i)
    lost += codes[i] == 0 && months[i] < 59 ? 1U : 0U;
  EXPECT_GT(lost, 1000U);
}

TEST(Corners, StepsAfterAnAssessmentThatIsLeftOutAreTaken) {
  const std::string agents = "    io: {}\n    drug: {effects: [{process: death, hr: 0.5}]}\n";
  const std::string marker =
      "  markers: {resp: {levels: [good, bad], ordered_probit: {cuts: [0], patient_effect: 1}}}\n";
  for (const char* const steps :
       {"{give: io, after: start}, {assess: resp, after: start, when: {line: {min: 9}}}, {give: "
        "drug, after: start}",
        "{give: io, at: 6 months}, {assess: resp, after: start, when: {line: {min: 9}}}, {give: "
        "drug, after: start}",
        "{stop: io}, {assess: resp, probability: 0}, {give: drug}"}) {
    const Simulated run = Simulated::of_text(study(agents, steps, marker));
    EXPECT_EQ(run.figure("base", "received_drug", "share"), 1) << steps;
    EXPECT_TRUE(run.survival("OS", 12, exp(-0.6))) << steps;
  }
}

TEST(Corners, ADurationIsNotForProcedures) {
  // Half of the log effect after 30 days, then nothing: the procedure is over at once.
  const std::string agents =
      "    ablation: {procedure: true, effects: [{process: death, hr: 0.4, kernel: {half_life: 30 "
      "d, "
      "step: 30 d, steps: 1}}]}\n    hormone: {}\n";
  const double expected = exp(-0.1 / month * (30 * 0.4 + 30 * pow(0.4, 0.5) + (12 * month - 60)));
  for (const char* const steps :
       {"{give: ablation}", "{give: [ablation, hormone], for: 6 months}"}) {
    EXPECT_TRUE(Simulated::of_text(study(agents, steps)).survival("OS", 12, expected)) << steps;
  }
}

TEST(Corners, ASecondCourseDoesNotTakeBackWhatABrokenOneHasLeft) {
  // 40 of 60 Gy until day 40; given again from day 100. The dose response is flat there.
  const std::string agents =
      "    rt: {course: {dose: 60 Gy, fractions: 30, over: 60 d, alpha_beta: 10 Gy}, effects: "
      "[{process: death, hr: 0.2, dose_response: {eqd2_midpoint: 10 Gy, slope: 1 Gy}}]}\n";
  const Simulated run =
      Simulated::of_text(study(agents, "{give: rt}, {stop: rt, at: 40 d}, {give: rt, at: 100 d}"));
  // Nothing until the first course is broken off, then all of the effect, also on days 100 to 160.
  EXPECT_TRUE(run.survival("OS", 12, exp(-0.1 / month * (40 + 0.2 * (12 * month - 40)))));
}

TEST(Corners, ASecondCourseActsWhenItHasReachedMore) {
  // EQD2 20 of 60 Gy, then all of 60 Gy from day 100 to 160.
  const std::string agents =
      "    rt: {course: {dose: 60 Gy, fractions: 30, over: 60 d, alpha_beta: 10 Gy}, effects: "
      "[{process: death, hr: 0.2, course_share: {half_way: 0.5, end: 0.9}, dose_response: "
      "{eqd2_midpoint: 40 Gy, slope: 20 Gy}}]}\n";
  const Simulated run =
      Simulated::of_text(study(agents, "{give: rt}, {stop: rt, at: 20 d}, {give: rt, at: 100 d}"));
  const auto g = [](double eqd2) { return 1 / (1 + exp(-(eqd2 - 40) / 20)); };
  const auto hazard = [](double share) { return 0.1 / month * pow(0.2, share); };
  const double earlier = 0.9 * g(20);
  ASSERT_LT(earlier, 0.5 * g(80));
  const double spent = 20 * hazard(0) + 110 * hazard(earlier) + 30 * hazard(0.5 * g(80)) +
                       (12 * month - 160) * hazard(0.9 * g(80));
  EXPECT_TRUE(run.survival("OS", 12, exp(-spent)));
}

TEST(Corners, AMarkerThatWasNeverAssessedIsNeitherDetectableNorNot) {
  const std::string text = with(
      study(
          "    one: {procedure: true}\n    other: {procedure: true}\n",
          "{give: one, when: {ebv_detectable: true}}, {give: other, when: {ebv_detectable: false}}",
          "  attributes: {log_ebv: 3}\n  markers: {ebv: {kinetics: {baseline: log_ebv, falls_with: "
          "one, fall: 1, detection_limit: 20}}}\n"),
      "attributes: {log_ebv: 3}", "attributes: {log_ebv: {constant: 3}}");
  const Simulated run = Simulated::of_text(text);
  EXPECT_EQ(run.figure("base", "received_one", "share"), 0);
  EXPECT_EQ(run.figure("base", "received_other", "share"), 0);
}

TEST(Corners, WhoWasStoppedGetsOneDoseHoweverOften) {
  const std::string give = "{give: drug, cycles: 2}";
  std::string steps = give;
  for (int courses = 1; courses <= 5; ++courses) {
    const Simulated run = Simulated::of_text(study(unkillable, steps));
    // One threshold E, spent by -log 0.1 a cycle: two doses only if E is above what two courses'
    // cycles have spent so far.
    const double spent = -std::log(0.1);
    double doses = 0;
    // In course c both doses come if the first c * 2 - 1 cycles of uninterrupted courses did not
    // reach E: probability 0.1^(2c - 1).
    for (int c = 1; c <= courses; ++c) doses += 1 + exp(-spent * (2 * c - 1));
    EXPECT_NEAR(run.figure("base", "cycles_drug", "mean"), doses, 4.9 * courses / std::sqrt(2e5));
    EXPECT_GE(run.figure("base", "cycles_drug", "mean"), courses);
    steps += ", " + give;
  }
}

TEST(Corners, ATimeLimitCountsDosesAsTheyAreRounded) {
  // Progression at any instant: the limit is four cycles, so the fifth dose would fall on it.
  const std::string text = R"(study: corner
model:
  model: corner
  states: [first, second, dead]
  processes:
    progression: {from: first, to: second, hazard: 1 per month}
    death: {from: [first, second], to: dead, hazard: 0 per month}
  agents: {drug: {cycle: {every: 21 d}}}
  observation: {processes: [progression], every: 0 d}
  endpoints: {OS: {states: [dead]}}
strategies:
  - {strategy: base, on_progression: [{give: drug, until: {time_on_agent: 84 d}}]}
  - {strategy: longer, on_progression: [{give: drug, until: {time_on_agent: 85 d}}]}
patients: 100000
seed: 3
horizon: 60 months
landmarks: [12]
)";
  const Lives lives = Simulated::of_text(text).lives();
  for (const std::int32_t cycles : lives.measure("base", "cycles_drug"))
    ASSERT_TRUE(cycles == 4 || cycles == 0) << cycles;
  for (const std::int32_t cycles : lives.measure("longer", "cycles_drug"))
    ASSERT_TRUE(cycles == 5 || cycles == 0) << cycles;
}

TEST(Corners, ARampGoesOnWhenADurationHasEnded) {
  // Steps of 10 days to full effect on day 60, which then stays for good.
  const std::string agents =
      "    drug: {effects: [{process: death, hr: 0.3, kernel: {ramp: 60 d, ramp_step: 10 d, "
      "duration: 25 d, durable: 1}}]}\n";
  double spent = (12 * month - 60) * 0.3;
  for (int step = 0; step < 6; ++step) spent += 10 * pow(0.3, step / 6.0);
  EXPECT_TRUE(Simulated::of_text(study(agents, "{give: drug}"))
                  .survival("OS", 12, exp(-0.1 / month * spent)));
}

}  // namespace
}  // namespace npcsim::testing
