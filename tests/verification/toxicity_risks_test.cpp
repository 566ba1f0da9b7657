// Risks of toxicities that differ between patients: by attributes, and by the dose delivered.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::log;

std::string study(const std::string& toxicity, const std::string& steps) {
  return R"(study: risks
model:
  model: risks
  states: [alive, dead]
  attributes: {frail: {bernoulli: 0.5, source: assumed}}
  processes:
    death: {from: alive, to: dead, hazard: 0 per month}
  agents:
    drug: {cycle: {every: 21 d}}
    rt: {course: {dose: 60 Gy, fractions: 30, over: 42 d, alpha_beta: 10 Gy}}
  toxicities:
    harm: )" +
         toxicity + R"(
  endpoints: {OS: {states: [dead]}}
strategies:
  - {strategy: base, steps: [)" +
         steps + R"(]}
patients: 1000000
seed: 6
horizon: 12 months
landmarks: [12]
)";
}

double with_odds(double probability, double log_more) {
  const double odds = probability / (1 - probability) * exp(log_more);
  return odds / (1 + odds);
}

TEST(ToxicityRisks, AttributesRaiseTheOddsPerCycle) {
  const Simulated run = Simulated::of_text(
      study("{of: drug, per_cycle: 0.1, modified_by: {frail: 0.7}}", "{give: drug, cycles: 3}"));
  const auto ever = [](double p) { return 1 - std::pow(1 - p, 3); };
  EXPECT_TRUE(run.share("toxicity_harm", 0.5 * ever(0.1) + 0.5 * ever(with_odds(0.1, 0.7))));
}

TEST(ToxicityRisks, AttributesRaiseTheHazardOnTheAgentAndAfterIt) {
  const Simulated during = Simulated::of_text(study(
      "{of: drug, hazard: 0.1 per month, modified_by: {frail: -0.9}}", "{give: drug, cycles: 4}"));
  const auto within = [](double days, double ratio) {
    return 1 - exp(-0.1 * ratio * days / month);
  };
  EXPECT_TRUE(during.share("toxicity_harm", 0.5 * within(84, 1) + 0.5 * within(84, exp(-0.9))));
  const Simulated after = Simulated::of_text(study(
      "{of: rt, hazard: 0.1 per month, after_end: true, modified_by: {frail: 0.4}}", "{give: rt}"));
  const double left = 12 * month - 42;
  EXPECT_TRUE(after.share("toxicity_harm", 0.5 * within(left, 1) + 0.5 * within(left, exp(0.4))));
}

TEST(ToxicityRisks, FollowTheDoseDelivered) {
  // EQD2 of 60 Gy in fractions of 2 Gy is 60 Gy; of the first half, 30 Gy.
  const std::string response = "dose_response: {eqd2_midpoint: 50 Gy, slope: 8 Gy}}";
  const double full = 1 / (1 + exp(-(60.0 - 50) / 8));
  const double half = 1 / (1 + exp(-(30.0 - 50) / 8));
  const std::string per_course = "{of: rt, per_course: 0.4, " + response;
  EXPECT_TRUE(Simulated::of_text(study(per_course, "{give: rt}"))
                  .share("toxicity_harm", 1 - std::pow(0.6, full)));
  EXPECT_TRUE(Simulated::of_text(study(per_course, "{give: rt}, {stop: rt, at: 21 d}"))
                  .share("toxicity_harm", 1 - std::pow(0.6, half)));
  const std::string late = "{of: rt, hazard: 0.1 per month, after_end: true, " + response;
  EXPECT_TRUE(Simulated::of_text(study(late, "{give: rt}"))
                  .share("toxicity_harm", 1 - exp(-0.1 * full * (12 - 42 / month))));
  EXPECT_TRUE(Simulated::of_text(study(late, "{give: rt}, {stop: rt, at: 21 d}"))
                  .share("toxicity_harm", 1 - exp(-0.1 * half * (12 - 21 / month))));
}

}  // namespace
}  // namespace npcsim::testing
