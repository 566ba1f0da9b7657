// Frailties against their Laplace transforms: S(t) = L(H(t)).
#include "one_hazard.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;

double standard_normal(double z) { return exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)); }

std::string frail_death(const std::string& frailties, const std::string& use) {
  return one_death(
      "{weibull: {shape: 1.3, scale: 12 months}, source: assumed}\n      frailty: " + use,
      "  frailties: " + frailties + "\n");
}

double hazard(double t) { return std::pow(t / 12, 1.3); }

TEST(Frailty, LogNormalHasMedianOne) {
  const Simulated run =
      Simulated::of_text(frail_death("{w: {log_normal: {sd: 0.9}, source: assumed}}", "[w]"));
  for (const double t : {3.0, 12.0, 30.0}) {
    const double expected = integral(
        [t](double z) { return standard_normal(z) * exp(-hazard(t) * exp(0.9 * z)); }, -12, 12);
    EXPECT_TRUE(run.survival("OS", t, expected));
  }
}

TEST(Frailty, PositiveStableKeepsHazardsProportional) {
  const Simulated run = Simulated::of_text(
      frail_death("{w: {positive_stable: {index: 0.7}, source: assumed}}", "[w]"));
  for (const double t : {3.0, 12.0, 30.0})
    EXPECT_TRUE(run.survival("OS", t, exp(-std::pow(hazard(t), 0.7))));
}

TEST(Frailty, PositiveStableOfIndexOneIsNone) {
  const Simulated run =
      Simulated::of_text(frail_death("{w: {positive_stable: {index: 1}, source: assumed}}", "[w]"));
  for (const double t : {3.0, 12.0, 30.0}) EXPECT_TRUE(run.survival("OS", t, exp(-hazard(t))));
}

TEST(Frailty, GammaOfLargeVarianceIsSimulated) {
  const Simulated run =
      Simulated::of_text(frail_death("{w: {gamma: {variance: 4}, source: assumed}}", "[w]"));
  for (const double t : {3.0, 12.0, 30.0})
    EXPECT_TRUE(run.survival("OS", t, std::pow(1 + 4 * hazard(t), -0.25)));
}

TEST(Frailty, TwoIndependentOnesMultiply) {
  const Simulated run = Simulated::of_text(frail_death(
      "{v: {gamma: {variance: 0.5}, source: assumed}, w: {log_normal: {sd: 0.6}, source: assumed}}",
      "[v, w]"));
  for (const double t : {3.0, 12.0, 30.0}) {
    const double expected = integral(
        [t](double z) {
          return standard_normal(z) * std::pow(1 + 0.5 * hazard(t) * exp(0.6 * z), -2);
        },
        -12, 12);
    EXPECT_TRUE(run.survival("OS", t, expected));
  }
}

TEST(Frailty, PowerActsOnTheFrailty) {
  // w^2 of a log-normal frailty is log-normal with twice the spread; w^-1 has the same law as w.
  const Simulated run =
      Simulated::of_text(frail_death("{w: {log_normal: {sd: 0.5}, source: assumed}}", "{w: 2}"));
  for (const double t : {3.0, 12.0, 30.0}) {
    const double expected =
        integral([t](double z) { return standard_normal(z) * exp(-hazard(t) * exp(z)); }, -12, 12);
    EXPECT_TRUE(run.survival("OS", t, expected));
  }
}

// A shared gamma frailty with power 1 before and after progression: conditional on w the
// illness-death model has OS(t | w) = exp(-w a t) + a / (a - b) (exp(-w b t) - exp(-w a t)) for
// reset clocks; Laplace for each exponential.
TEST(Frailty, SharedBeforeAndAfterProgressionSelectsThoseWhoProgressEarly) {
  const Simulated run = Simulated::of_text(R"(study: shared
model:
  model: shared
  states: [first_line, progressed, dead]
  frailties: {w: {gamma: {variance: 0.8}, source: assumed}}
  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.1 per month, source: assumed}, frailty: [w]}
    death: {from: progressed, to: dead, clock: reset, hazard: {exponential: 0.06 per month, source: assumed}, frailty: [w]}
  endpoints: {OS: {states: [dead]}, after: {states: [dead], since: progression}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 5
horizon: 2000 months
landmarks: [6, 12, 30]
)");
  const auto laplace = [](double h) { return std::pow(1 + 0.8 * h, -1 / 0.8); };
  for (const double t : {6.0, 12.0, 30.0}) {
    EXPECT_TRUE(run.survival("OS", t, 2.5 * laplace(0.06 * t) - 1.5 * laplace(0.1 * t)));
  }
}

}  // namespace
}  // namespace npcsim::testing
