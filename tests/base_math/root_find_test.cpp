#include <npcsim/base/root_find.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(NewtonInBracket, ConvergesQuadratically) {
  const auto f = [](double x) { return ValueSlope{x * x - 2.0, 2.0 * x}; };
  const Root root = newton_in_bracket(f, 0.0, 2.0, 1.5, true);
  EXPECT_TRUE(root.converged);
  EXPECT_NEAR(root.value, std::sqrt(2.0), 1e-15);
  EXPECT_LE(root.iterations, 6);
}

TEST(NewtonInBracket, SurvivesAPoorStartAndAFlatStretch) {
  // Newton alone diverges for atan from 3, and leaves the bracket for the flat cubic.
  const auto arc = [](double x) { return ValueSlope{std::atan(x), 1.0 / (1.0 + x * x)}; };
  const Root at_zero = newton_in_bracket(arc, -20.0, 30.0, 3.0, true, {1e-14, 0.0, 200});
  EXPECT_TRUE(at_zero.converged);
  EXPECT_NEAR(at_zero.value, 0.0, 1e-14);
  const auto cubic = [](double x) { return ValueSlope{x * x * x - 8.0, 3.0 * x * x}; };
  EXPECT_NEAR(newton_in_bracket(cubic, -10.0, 10.0, 0.0, true).value, 2.0, 1e-12);
}

TEST(NewtonInBracket, FollowsFallingFunctions) {
  const auto f = [](double x) { return ValueSlope{std::exp(-x) - 0.25, -std::exp(-x)}; };
  const Root root = newton_in_bracket(f, 0.0, 50.0, 40.0, false);
  EXPECT_TRUE(root.converged);
  EXPECT_NEAR(root.value, std::log(4.0), 1e-12);
}

TEST(NewtonInBracket, SaysSoWhenItRunsOutOfStepsOrMeetsNan) {
  const auto f = [](double x) { return ValueSlope{x * x - 2.0, 2.0 * x}; };
  EXPECT_FALSE(newton_in_bracket(f, 0.0, 1e9, 1e9, true, {0.0, 1e-12, 3}).converged);
  const auto broken = [](double) { return ValueSlope{std::nan(""), 1.0}; };
  EXPECT_FALSE(newton_in_bracket(broken, 0.0, 1.0, 0.5, true).converged);
}

TEST(Brent, FindsRootsWithoutDerivatives) {
  const Root cosine = brent([](double x) { return std::cos(x) - x; }, 0.0, 1.0);
  EXPECT_TRUE(cosine.converged);
  EXPECT_NEAR(cosine.value, 0.73908513321516064166, 1e-12);  // Dottie number, OEIS A003957
  EXPECT_LE(cosine.iterations, 12);
  const Root triple =
      brent([](double x) { return (x - 1.0) * (x - 1.0) * (x - 1.0); }, -4.0, 4.0 / 3.0);
  EXPECT_TRUE(triple.converged);
  EXPECT_NEAR(triple.value, 1.0, 1e-4);
}

TEST(Brent, RefusesABracketWithoutAChangeOfSign) {
  EXPECT_FALSE(brent([](double x) { return x * x + 1.0; }, -1.0, 2.0).converged);
  EXPECT_FALSE(brent([](double) { return std::nan(""); }, -1.0, 2.0).converged);
}

TEST(Brent, AcceptsARootAtAnEnd) {
  EXPECT_EQ(brent([](double x) { return x; }, 0.0, 2.0).value, 0.0);
  EXPECT_EQ(brent([](double x) { return x - 2.0; }, 0.0, 2.0).value, 2.0);
}

}  // namespace
}  // namespace npcsim
