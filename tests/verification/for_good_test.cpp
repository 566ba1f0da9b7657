// What is given for good stays when progression is documented, and nobody waits for its end, also
// where a stop may come. And what counts as entering a state.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;

constexpr double progression = 0.2;  // per month
constexpr double death = 0.1;        // after progression
constexpr double ratio = 0.2;        // of the drug on it

// A drug that lowers the hazard of death after progression; `stop` ends it.
std::string study(const std::string& stop, const std::string& more = "") {
  return R"(study: for_good
model:
  model: for_good
  states: [first, progressed, dead]
  processes:
    progression: {from: first, to: progressed, hazard: 0.2 per month}
    death: {from: progressed, to: dead, hazard: 0.1 per month}
  agents:
    drug: {)" +
         stop + R"(effects: [{process: death, hr: 0.2}]}
    other: {procedure: true, effects: [{process: death, hr: 1}]}
)" + more +
         R"(  observation: {processes: [progression], every: 42 d}
  endpoints: {OS: {states: [dead]}}
strategies:
  - {strategy: base, steps: [{give: drug}, {give: other}]}
patients: 400000
seed: 3
horizon: 60 months
landmarks: [12, 24, 48]
)";
}

// Integral over u from 0 to t of exp(-p u) exp(-q (t - u)).
double one_after_another(double p, double q, double t) {
  return (exp(-q * t) - exp(-p * t)) / (p - q);
}

// Progression at u; the stop comes at a rate s from diagnosis on, before u, between u and t, or
// after t.
double survival(double s, double t) {
  const double on = death * ratio;
  const double stopped_before =
      one_after_another(progression, death, t) - one_after_another(progression + s, death, t);
  const double mixed = s / (s + on - death);
  const double later = one_after_another(progression + s, s + on, t) * (1 - mixed) +
                       one_after_another(progression + s, death, t) * mixed;
  return exp(-progression * t) + progression * (stopped_before + later);
}

TEST(ForGood, AStopMakesNoPlannedEndOfIt) {
  struct Case {
    const char* stop;
    const char* more;
    double rate;
  };
  for (const Case& c :
       {Case{"", "", 0.0}, Case{"stop: {tox: {hazard: 1e-9 per month}}, ", "", 1e-9},
        Case{"stop: {tox: {hazard: 0.05 per month}}, ", "", 0.05},
        Case{"", "  toxicities: {rash: {of: drug, hazard: 0.05 per month, action: stop}}\n",
             0.05}}) {
    const Simulated run = Simulated::of_text(study(c.stop, c.more));
    for (const double t : {12.0, 24.0, 48.0})
      EXPECT_TRUE(run.survival("OS", t, survival(c.rate, t))) << c.stop << c.more << t;
    // The next step does not wait for a stop that nobody knows of.
    EXPECT_EQ(run.figure("base", "received_other", "share"), 1) << c.stop << c.more;
  }
}

// Where patients start they have not entered: going back there is an event.
TEST(EnteringAState, IsNotWhereALifeBegins) {
  const std::string text = R"(study: back
model:
  model: back
  states: [well, ill, dead]
  processes:
    falls_ill: {from: well, to: ill, hazard: 0.2 per month}
    recovers: {from: ill, to: well, clock: reset, hazard: 0.3 per month}
    death: {from: ill, to: dead, hazard: 0.1 per month}
  endpoints:
    back: {states: [well], since: falls_ill}
    back_or_dead: {states: [well, dead]}
strategies: [{strategy: base}]
patients: 400000
seed: 3
horizon: 120 months
landmarks: [3, 6, 12]
)";
  const Simulated run = Simulated::of_text(text);
  for (const double t : {3.0, 6.0, 12.0}) {
    // Greenwood's standard error with everybody at risk who is neither back nor dead; all but
    // exp(-24) of them fall ill within 120 months.
    const double error = exp(-0.3 * t) * std::sqrt(0.3 / 0.4 * (exp(0.4 * t) - 1) / 4e5);
    EXPECT_TRUE(agrees(run.figure("base", "back", "survival", t), exp(-0.3 * t), error, "back"));
    const double waits = (0.4 * exp(-0.2 * t) - 0.2 * exp(-0.4 * t)) / 0.2;
    EXPECT_TRUE(run.survival("back_or_dead", t, waits));
  }
}

}  // namespace
}  // namespace npcsim::testing
