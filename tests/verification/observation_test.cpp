// What assessments show: late, missed, false, at once; leaving follow-up; origins of endpoints.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

constexpr double step = 42 / month;

std::string observed(const std::string& observation, const std::string& progression,
                     const std::string& death = "0") {
  return R"(study: observed
model:
  model: observed
  states: [first_line, progressed, dead]
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: )" +
         progression + R"( per month, source: assumed}}
    death: {from: [first_line, progressed], to: dead, hazard: {exponential: )" +
         death + R"( per month, source: assumed}}
  observation: {processes: progression, every: 42 d, grid_from: diagnosis, )" +
         observation + R"(, source: assumed}
  endpoints:
    documented: {documented: progression}
    PFS: {documented: progression, states: [dead]}
    OS: {states: [dead]}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 41
horizon: 240 months
landmarks: [20 d, 42 d, 42.96875 d, 100 d, 126 d, 126.96875 d, 252 d, 252.96875 d, 420 d, 420.96875 d]
)";
}

TEST(Observation, AProgressionIsMissedAndFoundLater) {
  const Simulated run = Simulated::of_text(observed("sensitivity: 0.7", "0.1"));
  const double stay = exp(-0.1 * step);
  for (const int k : {1, 3, 6, 10}) {
    double found = 0;  // by assessment k: present since assessment j, not missed k - j + 1 times
    for (int j = 1; j <= k; ++j) found += pow(stay, j - 1) * (1 - stay) * (1 - pow(0.3, k - j + 1));
    EXPECT_TRUE(run.survival("documented", k * step, 1 - found));
  }
}

TEST(Observation, ProgressionBeforeTheFirstDoseIsSeenAtTheFirstAssessmentAfterIt) {
  // The picture at the first dose is the baseline: nobody can have progressed against it.
  const Simulated run = Simulated::of_text(with(
      with(observed("at_once: 0", "0.1"), "  observation:", "  first_dose: 14 d\n  observation:"),
      "grid_from: diagnosis", "grid_from: first_dose"));
  EXPECT_EQ(run.figure("untreated", "documented", "survival", 20 / month), 1);
  EXPECT_EQ(run.figure("untreated", "documented", "survival", 42.96875 / month), 1);
  EXPECT_TRUE(run.survival("documented", 100 / month, exp(-0.1 * 98 / month)));
}

TEST(Observation, SymptomsShowAShareAtOnce) {
  const Simulated run = Simulated::of_text(observed("at_once: 0.2", "0.1"));
  const auto survival = [](double days) {
    return 0.2 * exp(-0.1 * days / month) + 0.8 * exp(-0.1 * std::floor(days / 42) * step);
  };
  for (const double days : {20.0, 42.0, 100.0, 126.0, 252.0, 420.0}) {
    EXPECT_TRUE(run.survival("documented", days / month, survival(days)));
  }
}

TEST(Observation, FalseAlarmsComeAtAssessments) {
  const Simulated alone = Simulated::of_text(observed("false_alarm: 0.05", "0"));
  const Simulated both = Simulated::of_text(observed("false_alarm: 0.05", "0.1"));
  const double stay = exp(-0.1 * step);
  for (const int k : {1, 3, 6, 10}) {
    EXPECT_TRUE(alone.survival("documented", k * step, pow(0.95, k)));
    EXPECT_TRUE(both.survival("documented", k * step, pow(0.95 * stay, k)));
  }
}

TEST(Observation, DeathBeforeTheAssessmentIsTheEvent) {
  const Simulated run = Simulated::of_text(observed("at_once: 0", "0.1", "0.05"));
  const double none = exp(-0.15 * step);  // neither
  const double seen =
      exp(-0.05 * step) * (1 - exp(-0.1 * step));  // progressed and alive at the assessment
  const double last_tick =
      31.0 / 32 / month;  // causes are counted by day: look at the end of the day
  for (const int k : {1, 3, 6, 10}) {
    const double shown = seen * (1 - pow(none, k)) / (1 - none);
    const double left = pow(none, k) * exp(-0.05 * last_tick);
    EXPECT_TRUE(run.survival("PFS", k * step, pow(none, k)));
    EXPECT_TRUE(run.incidence("PFS:progression", k * step + last_tick, shown));
    EXPECT_TRUE(run.incidence("PFS:death", k * step + last_tick, 1 - left - shown));
  }
}

TEST(Observation, LeavingFollowUpDoesNotBiasSurvival) {
  const Simulated run = Simulated::of_text(observed("drop_out: 0.3 per year", "0", "0.05"));
  const double leave = 0.025;
  for (const double days : {100.0, 252.0, 420.0}) {
    const double t = days / month;
    const double survival = exp(-0.05 * t);
    // Greenwood's variance in the limit: S^2 times the integral of h / (n S G).
    const double variance =
        survival * survival * 0.05 * std::expm1((0.05 + leave) * t) / (0.05 + leave) / 1e6;
    EXPECT_TRUE(agrees(run.figure("", "OS", "survival", t), survival, std::sqrt(variance),
                       "survival with drop-out"));
  }
  // Deaths that are seen at all: 0.05 / (0.05 + 0.025), the horizon is far.
  const double dead = 0.05 / 0.075;
  EXPECT_TRUE(agrees(run.figure("", "OS", "event_share"), dead, std::sqrt(dead * (1 - dead) / 1e6),
                     "deaths seen"));
}

TEST(Origin, EndpointsCountFromFirstDoseAgentOrEvent) {
  const Simulated run = Simulated::of_text(R"(study: origins
model:
  model: origins
  states: [first_line, progressed, dead]
  first_dose: 14 d
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.1 per month, source: assumed}}
    death: {from: [first_line, progressed], to: dead, hazard: {exponential: 0.04 per month, source: assumed}}
  agents: {drug: {procedure: true}}
  endpoints:
    OS: {states: [dead]}
    from_dose: {states: [dead], since: first_dose}
    from_drug: {states: [dead], since: drug}
    from_progression: {states: [dead], since: progression}
strategies: [{strategy: treated, steps: [{give: drug, at: 5 months, probability: 0.6}]}]
patients: 1000000
seed: 42
horizon: 60 months
landmarks: [3, 12]
)");
  const auto set = [&](const std::string& endpoint, double share) {
    EXPECT_TRUE(agrees(run.patients("", endpoint) / 1e6, share,
                       std::sqrt(share * (1 - share) / 1e6), endpoint));
  };
  set("from_dose", exp(-0.04 * 14 / month));
  set("from_drug", 0.6 * exp(-0.2));
  set("from_progression", 0.1 / 0.14 * (1 - exp(-0.14 * 60)));
  for (const std::string endpoint : {"OS", "from_dose", "from_drug"}) {
    for (const double t : {3.0, 12.0}) EXPECT_TRUE(run.survival(endpoint, t, exp(-0.04 * t)));
  }
}

TEST(Lines, SecondLineActsFromDocumentedProgression) {
  // Progression is certain just after day 10, seen on day 42; the second line is given from there.
  const Simulated run = Simulated::of_text(R"(study: second_line
model:
  model: second_line
  states: [first_line, progressed, dead]
  processes:
    progression:
      from: first_line
      to: progressed
      hazard: {piecewise: {times: [10 d], rates: [0 per day, 1000000 per day]}, source: assumed}
    death: {from: [first_line, progressed], to: dead, hazard: {exponential: 0.1 per month, source: assumed}}
  agents:
    first: {effects: [{process: death, hr: 0.5, source: assumed}], cycle: {every: 21 d}}
    second: {effects: [{process: death, hr: 0.3, source: assumed}]}
  observation: {processes: progression, every: 42 d, source: assumed}
  endpoints: {OS: {states: [dead]}}
strategies:
  - strategy: lines
    steps: [{give: first, cycles: 20}]
    on_progression: [{give: second, when: {months_since_first: {max: 2}}}]
patients: 1000000
seed: 43
horizon: 60 months
landmarks: [21 d, 42 d, 12]
)");
  const auto hazard = [](double days) {
    return 0.1 / month * (0.5 * std::min(days, 42.0) + 0.3 * std::max(days - 42, 0.0));
  };
  for (const double days : {21.0, 42.0, 12 * month})
    EXPECT_TRUE(run.survival("OS", days / month, exp(-hazard(days))));
  EXPECT_TRUE(run.share("received_second", exp(-hazard(42))));
  EXPECT_TRUE(run.share("line_2", exp(-hazard(42))));
}

TEST(Observation, AMarkerThatHasReboundedStaysSo) {
  // Everyone leaves state a on day 90, by a process that is no progression; what was spent of the
  // threshold E by then decides: detectable if 0.1 per month x 90 d >= B E, B beta(3, 2).
  const Simulated run = Simulated::of_text(R"(study: rebound
model:
  model: rebound
  states: [a, b, c, dead]
  attributes: {l0: {constant: 0}}
  processes:
    prog: {from: a, to: c, hazard: 0.1 per month}
    move: {from: a, to: b, hazard: {piecewise: {times: [90 d, 91 d], rates: [0 per month, 1000 per month, 0 per month]}}}
    death: {from: [a, b, c], to: dead, hazard: 0 per month}
  agents:
    d: {cycle: {every: 21 d}}
    before: {procedure: true}
    after: {procedure: true}
  markers:
    dna: {kinetics: {baseline: l0, falls_with: d, fall: 0.3, detection_limit: 100, rebound: {of: prog, beta: [3, 2]}}}
  endpoints: {OS: {states: [dead]}}
strategies:
  - strategy: s
    steps:
      - {assess: dna, at: 89.5 d}
      - {give: before, when: {dna_detectable: true}}
      - {assess: dna, at: 92 d}
      - {give: after, when: {dna_detectable: true}}
patients: 200000
seed: 1
horizon: 24 months
landmarks: [6]
)");
  const auto detectable = [](double spent) {
    return integral(
        [&](double b) { return b > 0 ? 12 * b * b * (1 - b) * (1 - std::exp(-spent / b)) : 0; }, 0,
        1);
  };
  EXPECT_TRUE(run.share("received_before", detectable(0.1 * 89.5 / month)));
  // The mean of the moves is 1 / 1000 month after day 90; their spread is without effect.
  EXPECT_TRUE(run.share("received_after", detectable(0.1 * (90 / month + 0.001))));
}

}  // namespace
}  // namespace npcsim::testing
