#include <npcsim/base/quadrature.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr double pi = 3.14159265358979323846;

TEST(Quadrature, OneRuleIsExactForPolynomialsUpToDegree31) {
  // The 21-point Kronrod extension of a 10-point Gauss rule has degree 3 * 10 + 1.
  for (int degree = 0; degree <= 31; ++degree) {
    const auto power = [degree](double x) { return std::pow(x, degree); };
    const Quadrature result = integrate(power, 0.0, 2.0, {0.0, 0.01});
    EXPECT_EQ(result.evaluations, 21) << degree;
    EXPECT_NEAR(result.value / (std::pow(2.0, degree + 1) / (degree + 1)), 1.0, 1e-14) << degree;
  }
}

TEST(Quadrature, ErrorBoundsTheTruthForSmoothAndRoughFunctions) {
  const auto check = [](const Quadrature& result, double want) {
    EXPECT_TRUE(result.converged);
    EXPECT_LE(std::fabs(result.value - want), result.error + 1e-15 * std::fabs(want));
  };
  check(integrate([](double x) { return std::sin(x); }, 0.0, pi), 2.0);
  check(integrate([](double x) { return std::sqrt(x); }, 0.0, 1.0), 2.0 / 3.0);
  check(integrate([](double x) { return 1.0 / (1e-4 + x * x); }, -1.0, 1.0),
        2.0 * std::atan(100.0) * 100.0);
  check(integrate([](double x) { return x < 1.0 / 3.0 ? 0.0 : 1.0; }, 0.0, 1.0), 2.0 / 3.0);
  check(integrate([](double x) { return std::log(x); }, 0.0, 1.0), -1.0);
}

TEST(Quadrature, HalfInfiniteRangesAgreeWithClosedForms) {
  const Quadrature exponential =
      integrate_to_infinity([](double x) { return std::exp(-x); }, 2.0, {0.0, 1e-12});
  EXPECT_TRUE(exponential.converged);
  EXPECT_NEAR(exponential.value / std::exp(-2.0), 1.0, 1e-12);
  const Quadrature normal =
      integrate_to_infinity([](double x) { return std::exp(-0.5 * x * x); }, 0.0);
  EXPECT_NEAR(normal.value, std::sqrt(pi / 2.0), 1e-10);
  // Mean of the log-logistic, scale 10, shape 2: 10 (pi / 2) / sin(pi / 2) = 15.70796.
  const Quadrature mean = integrate_to_infinity(
      [](double t) { return 1.0 / (1.0 + t * t / 100.0); }, 0.0, {0.0, 1e-12});
  EXPECT_NEAR(mean.value, 5.0 * pi, 1e-10);
}

TEST(Quadrature, BackwardsIsTheNegative) {
  const auto f = [](double x) { return std::exp(x); };
  EXPECT_DOUBLE_EQ(integrate(f, 1.0, 0.0).value, -integrate(f, 0.0, 1.0).value);
}

TEST(Quadrature, SaysSoWhenItFails) {
  EXPECT_FALSE(integrate([](double x) { return 1.0 / x; }, 0.0, 1.0).converged);
  EXPECT_FALSE(integrate([](double) { return std::nan(""); }, 0.0, 1.0).converged);
}

}  // namespace
}  // namespace npcsim
