#include <npcsim/trial/closed_form.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Expected values: mpmath 1.3 with 30 digits; normal quantiles by root finding on ncdf,
// probabilities by quadrature.
void expect_relative(double value, double expected) { EXPECT_NEAR(value / expected, 1, 1e-9); }

const TestPlan plan{HazardRatio{0.6}, 0.05, 0.8, 1};
const TestPlan two_to_one{HazardRatio{0.6}, 0.05, 0.8, 2};

// 1 - quad(lambda a: exp(-0.05 (42 - a)), [0, 18]) / 18
TEST(TrialClosedForm, ShareWithAnEventUnderAccrualAndFollowUp) {
  expect_relative(event_probability(RatePerMonth{0.05}, 18_mo, 24_mo).value(),
                  0.801402462600866459526);
}

TEST(TrialClosedForm, WithoutAccrualTheShareIsThatOfOneFollowUp) {
  // 1 - exp(-1.2)
  expect_relative(event_probability(RatePerMonth{0.05}, 0_mo, 24_mo).value(), 0.698805788087797951);
  EXPECT_EQ(event_probability(RatePerMonth{0}, 18_mo, 24_mo).value(), 0);
}

TEST(TrialClosedForm, SchoenfeldEvents) {
  expect_relative(schoenfeld_events(plan), 120.315704377499289971883);
  expect_relative(schoenfeld_events(two_to_one), 135.355167424686701218369);
}

TEST(TrialClosedForm, FreedmanEvents) {
  expect_relative(freedman_events(plan), 125.582075749585423218600);
  expect_relative(freedman_events(two_to_one), 118.714305982029970386333);
}

TEST(TrialClosedForm, AHarmfulRatioNeedsAsManyEventsAsItsInverse) {
  expect_relative(schoenfeld_events({HazardRatio{1 / 0.6}, 0.05, 0.8, 1}), schoenfeld_events(plan));
  expect_relative(freedman_events({HazardRatio{1 / 0.6}, 0.05, 0.8, 1}), freedman_events(plan));
}

// ncdf(sqrt(120 / 4) * -log(0.6) - z_0.975)
TEST(TrialClosedForm, SchoenfeldPower) {
  expect_relative(schoenfeld_power(plan, 120).value(), 0.798968693765166763716);
  expect_relative(schoenfeld_power(two_to_one, schoenfeld_events(two_to_one)).value(), 0.8);
}

}  // namespace
}  // namespace npcsim
