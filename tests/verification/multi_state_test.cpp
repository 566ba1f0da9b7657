// Several states and clocks against quadrature and linear differential equations.
#include "simulated.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::pow;

double weibull(double t, double shape, double scale) { return t > 0 ? pow(t / scale, shape) : 0; }

// Progression at 0.1 per month; death afterwards with a Weibull hazard (shape 2, scale 20 months)
// on this clock.
std::string illness_death(const std::string& clock) {
  return R"(study: clocks
model:
  model: clocks
  states: [first_line, progressed, dead]
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.1 per month, source: assumed}}
    death:
      from: progressed
      to: dead
      clock: )" +
         clock + R"(
      hazard: {weibull: {shape: 2, scale: 20 months}, source: assumed}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 11
horizon: 120 months
landmarks: [6, 15, 40]
)";
}

TEST(Clock, ForwardInALateStateIsLeftTruncation) {
  const Simulated run = Simulated::of_text(illness_death("forward"));
  for (const double t : {6.0, 15.0, 40.0}) {
    const double after = integral(
        [t](double u) { return 0.1 * exp(-0.1 * u - weibull(t, 2, 20) + weibull(u, 2, 20)); }, 0,
        t);
    EXPECT_TRUE(run.survival("OS", t, exp(-0.1 * t) + after));
  }
}

TEST(Clock, ResetBeginsWithTheState) {
  const Simulated run = Simulated::of_text(illness_death("reset"));
  for (const double t : {6.0, 15.0, 40.0}) {
    const double after =
        integral([t](double u) { return 0.1 * exp(-0.1 * u - weibull(t - u, 2, 20)); }, 0, t);
    EXPECT_TRUE(run.survival("OS", t, exp(-0.1 * t) + after));
  }
}

TEST(Clock, SinceAProcessIsResetWhenOneStateLeadsThere) {
  const Simulated since = Simulated::of_text(illness_death("since(progression)"));
  const Simulated reset = Simulated::of_text(illness_death("reset"));
  for (const double t : {6.0, 15.0, 40.0}) {
    EXPECT_EQ(since.figure("", "OS", "survival", t), reset.figure("", "OS", "survival", t));
  }
}

TEST(Clock, AgeIsThatOfThePatient) {
  const Simulated run = Simulated::of_text(R"(study: ages
model:
  model: ages
  states: [alive, dead]
  attributes: {age: {uniform: [40, 80], unit: years, source: assumed}}
  processes:
    death:
      {from: alive, to: dead, clock: age, hazard: {weibull: {shape: 6, scale: 70 years}, source: assumed}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 12
horizon: 600 months
landmarks: [12, 120, 300]
)");
  for (const double t : {12.0, 120.0, 300.0}) {
    const double expected = integral(
        [t](double age) { return exp(weibull(age, 6, 70) - weibull(age + t / 12, 6, 70)) / 40; },
        40, 80);
    EXPECT_TRUE(run.survival("OS", t, expected));
  }
}

TEST(Clock, SinceAnAgentRunsFromItsFirstDoseAndNotBefore) {
  const Simulated run = Simulated::of_text(R"(study: since_agent
model:
  model: since_agent
  states: [alive, dead]
  processes:
    toxic_death:
      {from: alive, to: dead, clock: since(drug), hazard: {weibull: {shape: 0.6, scale: 20 months}, source: assumed}}
    late_death:
      {from: alive, to: dead, clock: since(drug_end), hazard: {weibull: {shape: 2, scale: 15 months}, source: assumed}}
  agents: {drug: {}}
  endpoints: {OS: {states: [dead]}, treated: {states: [dead], since: drug}}
strategies:
  - {strategy: once, steps: [{give: drug, at: 3 months, for: 4 months}]}
  - {strategy: stopped, steps: [{give: drug, at: 3 months, name: drug}, {stop: drug, at: 7 months}]}
patients: 1000000
seed: 13
horizon: 60 months
landmarks: [2.5, 4, 9, 12]
)");
  const auto survival = [](double t) {
    return exp(-weibull(t - 3, 0.6, 20) - weibull(t - 7, 2, 15));
  };
  for (const std::string strategy : {"once", "stopped"}) {
    EXPECT_EQ(run.figure(strategy, "OS", "survival", 2.5), 1);
    for (const double t : {4.0, 9.0, 12.0}) {
      EXPECT_TRUE(run.survival("OS", t, survival(t), strategy));
      EXPECT_TRUE(run.survival("treated", t, survival(t + 3), strategy));
    }
  }
}

// a: well to ill, b: back, c: death when ill, d: death when well. Survival from the equations
// well' = -(a + d) well + b ill, ill' = a well - (b + c) ill, by Runge-Kutta of order 4 with 1/200
// month.
template <class Death>
double alive_at(double t, double a, double b, double c, const Death& d) {
  const auto slope = [&](double s, std::array<double, 2> y) {
    return std::array<double, 2>{-(a + d(s)) * y[0] + b * y[1], a * y[0] - (b + c) * y[1]};
  };
  const int steps = static_cast<int>(t * 200);
  const double h = t / steps;
  std::array<double, 2> y{1, 0};
  for (int i = 0; i < steps; ++i) {
    const double s = i * h;
    const auto at = [&](const std::array<double, 2>& k, double w) {
      return std::array<double, 2>{y[0] + w * k[0], y[1] + w * k[1]};
    };
    const auto k1 = slope(s, y);
    const auto k2 = slope(s + h / 2, at(k1, h / 2));
    const auto k3 = slope(s + h / 2, at(k2, h / 2));
    const auto k4 = slope(s + h, at(k3, h));
    for (std::size_t j = 0; j < 2; ++j) y[j] += h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
  }
  return y[0] + y[1];
}

std::string recovery(const std::string& death_when_well) {
  return R"(study: recovery
model:
  model: recovery
  states: [well, ill, dead]
  processes:
    progression: {from: well, to: ill, clock: reset, hazard: {exponential: 0.2 per month, source: assumed}}
    recovery: {from: ill, to: well, clock: reset, hazard: {exponential: 0.3 per month, source: assumed}}
    death_ill: {from: ill, to: dead, clock: reset, hazard: {exponential: 0.08 per month, source: assumed}}
    death_well: {from: well, to: dead, clock: forward, hazard: {)" +
         death_when_well + R"(, source: assumed}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 14
horizon: 120 months
landmarks: [6, 12, 30]
)";
}

TEST(Recovery, EveryOccurrenceHasItsOwnThreshold) {
  const Simulated run = Simulated::of_text(recovery("exponential: 0.01 per month"));
  for (const double t : {6.0, 12.0, 30.0}) {
    EXPECT_TRUE(run.survival("OS", t, alive_at(t, 0.2, 0.3, 0.08, [](double) { return 0.01; })));
  }
}

TEST(Recovery, AProcessThatIsLeftKeepsWhatRemainsOfItsThreshold) {
  const Simulated run = Simulated::of_text(recovery("weibull: {shape: 1.8, scale: 25 months}"));
  const auto hazard = [](double t) { return 1.8 / 25 * pow(t / 25, 0.8); };
  for (const double t : {6.0, 12.0, 30.0})
    EXPECT_TRUE(run.survival("OS", t, alive_at(t, 0.2, 0.3, 0.08, hazard)));
}

TEST(Recovery, RepeatedEventsInOneStateAreARenewalProcess) {
  // Seen at once; the times between events are independent Weibull, so the second is a convolution.
  const Simulated run = Simulated::of_text(R"(study: renewal
model:
  model: renewal
  states: [alive, dead]
  processes:
    relapse: {from: alive, to: alive, clock: reset, hazard: {weibull: {shape: 1.7, scale: 8 months}, source: assumed}}
    death: {from: alive, to: dead, hazard: {exponential: 0 per month, source: assumed}}
  observation: {processes: relapse, source: assumed}
  endpoints:
    first: {documented: progression}
    second: {documented: progression, occurrence: 2}
    third: {documented: progression, occurrence: 3}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 15
horizon: 120 months
landmarks: [6, 12, 20]
)");
  const auto survival = [](double t) { return exp(-weibull(t, 1.7, 8)); };
  const auto density = [&](double t) { return 1.7 / 8 * pow(t / 8, 0.7) * survival(t); };
  const auto second = [&](double t) {
    return survival(t) + integral([&](double u) { return density(u) * survival(t - u); }, 0, t);
  };
  for (const double t : {6.0, 12.0, 20.0}) {
    EXPECT_TRUE(run.survival("first", t, survival(t)));
    EXPECT_TRUE(run.survival("second", t, second(t)));
    EXPECT_TRUE(run.survival(
        "third", t,
        survival(t) + integral([&](double u) { return density(u) * second(t - u); }, 0, t)));
  }
}

TEST(SeveralStates, AProcessInTwoStatesKeepsClockAndSpentHazard) {
  const Simulated run = Simulated::of_text(R"(study: four_states
model:
  model: four_states
  states: [first_line, progressed, progressed_twice, dead]
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.12 per month, source: assumed}}
    second_progression:
      {from: progressed, to: progressed_twice, clock: reset, hazard: {exponential: 0.1 per month, source: assumed}}
    death:
      from: [progressed, progressed_twice]
      to: dead
      clock: reset
      hazard: {weibull: {shape: 1.6, scale: 14 months}, source: assumed}
      in_state: {progressed_twice: 0.47}
    death_before: {from: first_line, to: dead, hazard: {exponential: 0.01 per month, source: assumed}}
  endpoints: {OS: {states: [dead]}, after: {states: [dead], since: progression}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 16
horizon: 240 months
landmarks: [6, 12, 30]
)");
  const auto base = [](double t) { return weibull(t, 1.6, 14); };
  const auto after = [&](double s) {
    return exp(-0.1 * s - base(s)) +
           integral(
               [&](double v) {
                 return 0.1 * exp(-0.1 * v - base(v) - exp(0.47) * (base(s) - base(v)));
               },
               0, s);
  };
  for (const double t : {6.0, 12.0, 30.0}) {
    const double expected =
        exp(-0.13 * t) +
        integral([&](double u) { return 0.12 * exp(-0.13 * u) * after(t - u); }, 0, t);
    EXPECT_TRUE(run.survival("OS", t, expected));
  }
  // From progression on everybody starts again at 0; those who progress are 12 in 13.
  EXPECT_TRUE(agrees(run.patients("", "after") / 1e6, 12.0 / 13, std::sqrt(12.0 / 169 / 1e6),
                     "who progress"));
  for (const double t : {6.0, 12.0, 30.0}) EXPECT_TRUE(run.survival("after", t, after(t)));
}

TEST(SeveralStates, CausesOnDifferentClocksCompete) {
  const Simulated run = Simulated::of_text(R"(study: mixed_clocks
model:
  model: mixed_clocks
  states: [first_line, progressed, dead]
  attributes: {age: {constant: 60, unit: years, source: assumed}}
  processes:
    background: {from: [first_line, progressed], to: dead, clock: age, hazard: {gompertz: {rate: 0.00005 per year, shape: 0.1 per year}, source: assumed}}
    progression: {from: first_line, to: progressed, hazard: {llogis: {shape: 1.6, scale: 12 months}, source: assumed}}
    death: {from: progressed, to: dead, clock: reset, hazard: {weibull: {shape: 0.8, scale: 18 months}, source: assumed}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 17
horizon: 240 months
landmarks: [12, 60, 120]
)");
  const auto background = [](double t) {
    return 0.00005 / 0.1 * exp(6) * std::expm1(0.1 * t / 12);
  };
  const auto progression_free = [](double t) { return 1 / (1 + pow(t / 12, 1.6)); };
  const auto density = [&](double t) {
    return 1.6 / 12 * pow(t / 12, 0.6) * progression_free(t) * progression_free(t);
  };
  for (const double t : {12.0, 60.0, 120.0}) {
    const double after =
        integral([&](double u) { return density(u) * exp(-weibull(t - u, 0.8, 18)); }, 0, t);
    EXPECT_TRUE(run.survival("OS", t, exp(-background(t)) * (progression_free(t) + after)));
  }
}

}  // namespace
}  // namespace npcsim::testing
