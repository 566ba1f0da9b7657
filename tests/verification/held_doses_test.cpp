// Holds beside stops, time limits and fatal toxicity, and what may be known while a course goes on.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;

// Nobody dies but of what the test gives.
std::string study(const std::string& agents, const std::string& strategies,
                  const std::string& more = "") {
  return R"(study: held
model:
  model: held
  states: [alive, dead]
  processes:
    death: {from: alive, to: dead, hazard: 0 per month}
  agents:
)" + agents +
         more + R"(  endpoints: {OS: {states: [dead]}}
strategies:
)" + strategies +
         R"(patients: 200000
seed: 1
horizon: 12 months
landmarks: [6]
)";
}

// The second dose is due on day 21 and held until day 81.
const char* const held =
    "    drug: {cycle: {every: 21 d}, hold: {per_cycle: 0.999999999, delay: 60 d, most: 1},\n"
    "           stop: {intolerance: {hazard: 0.5 per month}}}\n"
    "    next: {procedure: true}\n"
    "    later: {procedure: true}\n";
const char* const then_next =
    "  - strategy: base\n"
    "    steps:\n"
    "      - {give: drug, cycles: 2}\n"
    "      - {give: next}\n"
    "      - {give: later, at: 22 d, when: {received_next: true}}\n";

TEST(HeldDoses, AStopIsNotKnownBeforeItComes) {
  const Simulated run = Simulated::of_text(study(held, then_next));
  EXPECT_TRUE(run.share("received_later", 1 - exp(-0.5 * 22 / month)));
}

TEST(HeldDoses, AStopToComeDoesNotSaveFromFatalToxicity) {
  const Simulated run = Simulated::of_text(
      study(held, then_next, "  toxicities: {ft: {of: drug, hazard: 0.5 per month, to: dead}}\n"));
  // The course ends on day 21 or at the stop, whichever is later, or on day 102.
  const double a = exp(-0.5 * 21 / month);
  const double b = exp(-0.5 * 102 / month);
  EXPECT_TRUE(run.survival("OS", 6, 1 - (1 - a + 0.5 * (a * a - b * b))));
}

TEST(HeldDoses, WhoIsStoppedByAToxicityHasHadIt) {
  const Simulated run = Simulated::of_text(
      study("    drug: {cycle: {every: 21 d}, hold: {per_cycle: 0.3, delay: 7 d, most: 3}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 12}]}\n",
            "  toxicities: {imm: {of: drug, hazard: 0.05 per month, action: stop}}\n"));
  const double stopped = run.figure("base", "stopped_drug_imm", "share");
  EXPECT_GT(stopped, 0.3);
  EXPECT_EQ(run.figure("base", "toxicity_imm", "share"), stopped);
}

TEST(HeldDoses, CountAgainstTheTimeOnTheAgent) {
  // Doses on days 0, 28, 56 and 84; the last comes too late.
  const Simulated run = Simulated::of_text(
      study("    drug: {cycle: {every: 21 d}, hold: {per_cycle: 0.999999999, delay: 7 d, most: "
            "1}}\n",
            "  - {strategy: base, steps: [{give: drug, until: {time_on_agent: 84 d}}]}\n"
            "  - {strategy: longer, steps: [{give: drug, until: {time_on_agent: 84.1 d}}]}\n"));
  EXPECT_EQ(run.figure("base", "cycles_drug", "mean"), 3);
  EXPECT_EQ(run.figure("longer", "cycles_drug", "mean"), 4);
}

TEST(HeldDoses, OfTwoStopsInOneCycleTheEarlierActs) {
  const Simulated run = Simulated::of_text(
      study("    drug: {cycle: {every: 21 d}, stop: {slow: {hazard: 0.5 per month}, fast: {hazard: "
            "1 per month}}}\n",
            "  - {strategy: base, steps: [{give: drug, cycles: 1}]}\n"));
  const double any = 1 - exp(-1.5 * 21 / month);
  EXPECT_TRUE(run.share("stopped_drug_slow", any / 3));
  EXPECT_TRUE(run.share("stopped_drug_fast", any * 2 / 3));
}

TEST(HeldDoses, TimeSinceTheLastDoseIsThatOfTheLastThatCame) {
  // Doses on days 0, 21, 42, 63, 84; asked on day 60, of patients who will be stopped and others.
  const auto asked = [](const std::string& agent, const std::string& range) {
    const Simulated run = Simulated::of_text(
        study("    drug: {class: kind, cycle: {every: 21 d}}\n"
              "    risky: {cycle: {every: 21 d}, stop: {s: {hazard: 0.5 per month}}}\n"
              "    asked: {procedure: true}\n",
              "  - strategy: base\n    steps:\n      - {give: " +
                  std::string(agent == "risky" ? "risky" : "drug") +
                  ", cycles: 5}\n      - {give: asked, at: 60 d, when: {months_since_" + agent +
                  ": {" + range + "}}}\n"));
    return run.figure("base", "received_asked", "share");
  };
  EXPECT_EQ(asked("drug", "min: 18 d"), 1);
  EXPECT_EQ(asked("kind", "min: 18 d"), 1);
  EXPECT_EQ(asked("drug", "above: 18 d"), 0);
  // Whether a stop is to come on days 60 to 63 must not be seen on day 60.
  EXPECT_EQ(asked("risky", "above: 0 d"), 1);
}

}  // namespace
}  // namespace npcsim::testing
