#include <npcsim/economics/discount.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Expected values: numerical quadrature of the definitions with mpmath 1.3, 30 digits; 5 % a year.
void expect_relative(double value, double expected) { EXPECT_NEAR(value / expected, 1, 1e-9); }

const Discount five_per_cent = Discount::annual(0.05);
const Discount none = Discount::annual(0);

TEST(Discount, AUnitAfterAYearIsWorthOneByOnePlusTheRate) {
  expect_relative(five_per_cent.factor(12_mo), 1 / 1.05);
  expect_relative(five_per_cent.factor(30_mo), 0.885170134193680888);  // 1.05^-2.5
  EXPECT_EQ(none.factor(30_mo), 1);
}

// quad(lambda t: 1.05^(-t/12), [12, 24])
TEST(Discount, AFlowIsTheIntegralOfTheFactor) {
  expect_relative(five_per_cent.flow(12_mo, 24_mo), 11.1542499669593858585713);
  EXPECT_DOUBLE_EQ(none.flow(12_mo, 24_mo), 12);
  EXPECT_EQ(five_per_cent.flow(12_mo, 12_mo), 0);
}

TEST(Discount, MonthsUntilAnExponentialEvent) {
  expect_relative(discounted_months(RatePerMonth{0.04}, five_per_cent), 22.6933116633293253705364);
  expect_relative(discounted_months(RatePerMonth{0.04}, five_per_cent, 120_mo),
                  22.5786570922946984156160);
  expect_relative(discounted_months(RatePerMonth{0.04}, none), 25);
}

TEST(Discount, QualityAdjustedLifeYearsBeforeAndAfterProgression) {
  const ProgressiveDisease disease{RatePerMonth{0.1}, RatePerMonth{0}, RatePerMonth{0.06}, 0.8,
                                   0.6};
  expect_relative(expected_qaly(disease, none), 1.5);
  expect_relative(expected_qaly(disease, five_per_cent), 1.39057504241047456543776);
  expect_relative(expected_qaly(disease, none, 60_mo), 1.44452151700452920741019);
  expect_relative(expected_qaly(disease, five_per_cent, 60_mo), 1.34989252331878978098141);
}

// quad(lambda t: 1.05^(-t/12) 0.1 t exp(-0.1 t), [0, 60]); and rates beside one another on both
// sides of the switch
TEST(Discount, StatesLeftAtEqualRates) {
  const RatePerMonth rate{0.1};
  const double equal = discounted_months_after(rate, rate, rate, five_per_cent, 60_mo);
  expect_relative(equal, 9.10395476810341389219950);
  for (const double distance : {1e-8, 1.6e-7, 1.7e-7, 1e-6}) {
    // The integral falls with the second rate by less than 120 months per unit.
    const double near =
        discounted_months_after(rate, rate, RatePerMonth{0.1 + distance}, five_per_cent, 60_mo);
    EXPECT_NEAR(near, equal, 120 * distance + 1e-9);
    EXPECT_LT(near, equal);
  }
}

// Death before progression takes 1 / 11 of the patients: 1 / 0.11 months before, 0.1 / 0.11 / 0.06
// after.
TEST(Discount, DeathBeforeProgressionShortensBothStates) {
  const ProgressiveDisease disease{RatePerMonth{0.1}, RatePerMonth{0.01}, RatePerMonth{0.06}, 1, 1};
  expect_relative(12 * expected_qaly(disease, none), 1 / 0.11 + 0.1 / 0.11 / 0.06);
}

}  // namespace
}  // namespace npcsim
