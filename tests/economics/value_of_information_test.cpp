#include <npcsim/economics/value_of_information.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Expected values: quadrature of max(0, b) and ncdf with mpmath 1.3, 30 digits.
TEST(ValueOfInformation, PerfectInformationAboutANormalNetBenefit) {
  constexpr double expected = 1152.19418473726487219441;
  EXPECT_NEAR(expected_value_of_perfect_information({2000, 5000}) / expected, 1, 1e-9);
  EXPECT_NEAR(expected_value_of_perfect_information({-2000, 5000}) / expected, 1, 1e-9);
}

TEST(ValueOfInformation, IsLargestWhereTheDecisionIsATie) {
  // 5000 / sqrt(2 pi)
  EXPECT_NEAR(expected_value_of_perfect_information({0, 5000}) / 1994.711402007163, 1, 1e-9);
  EXPECT_GE(expected_value_of_perfect_information({1e6, 1}), 0);
  EXPECT_LT(expected_value_of_perfect_information({1e6, 1}), 1e-12);
}

TEST(ValueOfInformation, ProbabilityOfTheBetterBuy) {
  EXPECT_NEAR(probability_cost_effective({2000, 5000}).value() / 0.655421741610324166737, 1, 1e-9);
}

}  // namespace
}  // namespace npcsim
