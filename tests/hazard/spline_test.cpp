#include <npcsim/hazard/spline.hpp>

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr std::array<double, 4> knots{0.2, 1.4, 2.3, 3.6};
constexpr std::array<double, 4> gamma_values{-3.1, 1.25, 0.11, -0.16};
constexpr std::array<double, 5> times{0.5, 2.0, 7.0, 20.0, 80.0};

Baseline spline(Family family) { return {family, Cure::none, knots.data(), 4}; }

// R 4.2.2: flexsurv's basis written out; log1p(exp(s)); -pnorm(s, lower.tail = FALSE, log.p =
// TRUE).
constexpr std::array<double, 5> r_value{-3.96643397569993184, -2.23476532935312022,
                                        -0.70293517706929709, 0.81922947688172787,
                                        3.14771939129112122};
constexpr std::array<double, 5> r_odds{0.018763711733181403, 0.101669227870546164,
                                       0.402213075985986157, 1.184407966612773144,
                                       3.189772596193927612};
constexpr std::array<double, 5> r_normal{3.6478651880457809e-05, 1.2797924761875077e-02,
                                         2.7581684201157042e-01, 1.5782893547865395e+00,
                                         7.1028607682421399e+00};

TEST(Spline, AgreesWithRInsideAndBeyondTheKnots) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double* p = gamma_values.data();
    EXPECT_NEAR(spline_at(spline(Family::spline_hazard), p, std::log(times[i])).value, r_value[i],
                2e-14);
    EXPECT_NEAR(
        cumulative_hazard(spline(Family::spline_hazard), p, times[i]) / std::exp(r_value[i]), 1.0,
        3e-14);
    EXPECT_NEAR(cumulative_hazard(spline(Family::spline_odds), p, times[i]) / r_odds[i], 1.0,
                3e-14);
    EXPECT_NEAR(cumulative_hazard(spline(Family::spline_normal), p, times[i]) / r_normal[i], 1.0,
                5e-14);
  }
}

TEST(Spline, IsSmoothAtTheKnotsAndStraightBeyond) {
  const Baseline b = spline(Family::spline_hazard);
  for (const double knot : knots) {
    const SplinePoint left = spline_at(b, gamma_values.data(), knot - 1e-9);
    const SplinePoint right = spline_at(b, gamma_values.data(), knot + 1e-9);
    EXPECT_NEAR(left.value, right.value, 1e-8);
    EXPECT_NEAR(left.slope, right.slope, 1e-8);
  }
  EXPECT_EQ(spline_at(b, gamma_values.data(), -50.0).slope, 1.25);
  EXPECT_EQ(spline_at(b, gamma_values.data(), 50.0).slope,
            spline_at(b, gamma_values.data(), 3.6).slope);
}

TEST(SplineMonotone, AcceptsAnIncreasingSpline) {
  const SplineCheck check = spline_is_monotone(spline(Family::spline_hazard), gamma_values.data());
  EXPECT_TRUE(check.increases);
  EXPECT_GT(check.slope, 0.0);
}

TEST(SplineMonotone, FindsADipBetweenTwoKnotsWhereAllKnotsRise) {
  // Knots 0, 1, 2, 3: slope = g1 + 3 g2 ((x-1)+^2 - 2/3 x^2) + 3 g3 ((x-2)+^2 - 1/3 x^2). With
  // g2 = -g3 = c it is g1 + c (3 (x-1)^2 - x^2) on [1, 2], lowest at x = 3/2: g1 - 3/2 c, while the
  // knots have g1, g1 - c, g1 - c, g1.
  constexpr std::array<double, 4> k{0.0, 1.0, 2.0, 3.0};
  const Baseline b{Family::spline_hazard, Cure::none, k.data(), 4};
  const std::array<double, 4> dip{-2.0, 1.2, 1.0, -1.0};
  for (const double knot : k) EXPECT_GT(spline_at(b, dip.data(), knot).slope, 0.0);
  const SplineCheck check = spline_is_monotone(b, dip.data());
  EXPECT_FALSE(check.increases);
  EXPECT_NEAR(check.time, std::exp(1.5), 1e-12);
  EXPECT_NEAR(check.slope, -0.3, 1e-14);
  const std::array<double, 4> shallow{-2.0, 1.6, 1.0, -1.0};
  EXPECT_TRUE(spline_is_monotone(b, shallow.data()).increases);
  EXPECT_NEAR(spline_is_monotone(b, shallow.data()).slope, 0.1, 1e-14);
}

TEST(SplineMonotone, FailsForAFallingTail) {
  constexpr std::array<double, 4> falling{-2.0, -0.1, 0.0, 0.0};
  const SplineCheck check = spline_is_monotone(spline(Family::spline_odds), falling.data());
  EXPECT_FALSE(check.increases);
  EXPECT_NEAR(check.time, std::exp(0.2), 1e-12);
  EXPECT_EQ(check.slope, -0.1);
}

TEST(SplineMonotone, SkipsTheCuredFraction) {
  const std::array<double, 5> p{0.3, -3.1, 1.25, 0.11, -0.16};
  Baseline b = spline(Family::spline_hazard);
  b.cure = Cure::mixture;
  EXPECT_TRUE(spline_is_monotone(b, p.data()).increases);
}

}  // namespace
}  // namespace npcsim
