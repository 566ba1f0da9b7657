// Families that contain one another must agree where they meet, and be continuous there.
#include "cases.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

/// Cumulative hazard, hazard and inverse agree to `tolerance` relative.
void expect_same(const Baseline& a, const std::vector<double>& p, const Baseline& b,
                 const std::vector<double>& q, double tolerance = 1e-12) {
  for (const double t : {0.01, 1.0, 20.0, 150.0, 365.0, 900.0, 4000.0}) {
    const std::string label =
        test::label(a, p) + " / " + test::label(b, q) + " at " + std::to_string(t);
    const double want = cumulative_hazard(b, q.data(), t);
    if (!(want > 1e-200)) continue;
    EXPECT_NEAR(cumulative_hazard(a, p.data(), t) / want, 1.0, tolerance) << label;
    EXPECT_NEAR(hazard(a, p.data(), t) / hazard(b, q.data(), t), 1.0, tolerance) << label;
    if (want < 600.0) {
      EXPECT_NEAR(time_at(a, p.data(), want) / t, 1.0, tolerance) << label;
      EXPECT_NEAR(time_after(a, p.data(), t, 0.3) / time_after(b, q.data(), t, 0.3), 1.0, tolerance)
          << label;
    }
  }
}

const Baseline exponential{Family::exponential};
const Baseline weibull{Family::weibull};
const Baseline log_normal{Family::log_normal};
const Baseline generalised_gamma{Family::generalised_gamma};
const Baseline generalised_f{Family::generalised_f};

TEST(NestedFamilies, ShapeOneIsExponential) {
  expect_same(weibull, {1.0, 200.0}, exponential, {0.005});
  expect_same({Family::weibull_ph}, {1.0, 0.005}, exponential, {0.005});
  expect_same({Family::gamma}, {1.0, 0.005}, exponential, {0.005});
  expect_same({Family::gompertz}, {0.0, 0.005}, exponential, {0.005});
  expect_same({Family::gompertz}, {1e-25, 0.005}, exponential, {0.005});
  expect_same(test::baseline_of(Family::piecewise), {0.005, 0.005, 0.005, 0.005}, exponential,
              {0.005});
}

TEST(NestedFamilies, ShapeNextToOneTakesTheGeneralRouteToTheSamePlace) {
  expect_same(weibull, {1.0 + 0x1p-52, 200.0}, exponential, {0.005}, 1e-13);
}

TEST(NestedFamilies, TheTwoWeibullFormsAreOne) {
  expect_same({Family::weibull_ph}, {1.7, std::pow(300.0, -1.7)}, weibull, {1.7, 300.0});
}

TEST(NestedFamilies, GeneralisedGammaHoldsWeibullGammaAndLogNormal) {
  expect_same(generalised_gamma, {std::log(300.0), 1.0 / 1.7, 1.0}, weibull, {1.7, 300.0});
  // Q = sigma: gamma of shape 1 / Q^2 and rate e^-mu / Q^2.
  for (const double q : {0.2, 0.7, 1.6}) {
    expect_same(generalised_gamma, {std::log(200.0), q, q}, {Family::gamma},
                {1.0 / (q * q), 1.0 / (200.0 * q * q)});
  }
  expect_same(generalised_gamma, {5.5, 0.8, 0.0}, log_normal, {5.5, 0.8});
}

TEST(NestedFamilies, NegativeQIsTheReciprocal) {
  // If T is generalised gamma with (mu, sigma, Q), then 1 / T has (-mu, sigma, -Q).
  const std::array<double, 3> p{0.4, 0.7, 0.9};
  const std::array<double, 3> mirrored{-0.4, 0.7, -0.9};
  for (const double t : {0.05, 0.4, 1.0, 2.0, 9.0}) {
    const double survival = std::exp(-cumulative_hazard(generalised_gamma, p.data(), t));
    const double reciprocal =
        std::exp(-cumulative_hazard(generalised_gamma, mirrored.data(), 1 / t));
    EXPECT_NEAR(survival + reciprocal, 1.0, 1e-14) << t;
  }
}

TEST(NestedFamilies, GeneralisedGammaApproachesTheLogNormalSmoothly) {
  // The distance to Q = 0 is first order in Q: halving Q halves it, however small Q is.
  const std::array<double, 2> limit{5.5, 0.8};
  for (const double t : {20.0, 150.0, 900.0}) {
    const double at_zero = cumulative_hazard(log_normal, limit.data(), t);
    const auto distance = [&](double q) {
      const std::array<double, 3> p{5.5, 0.8, q};
      return cumulative_hazard(generalised_gamma, p.data(), t) / at_zero - 1.0;
    };
    const double slope = distance(1e-3) / 1e-3;
    for (const double q : {1e-4, 1e-5, 1e-6, -1e-4, -1e-6}) {
      EXPECT_NEAR(distance(q) / (slope * q), 1.0, 0.02) << t << ' ' << q;
    }
    EXPECT_NEAR(distance(1e-12), 0.0, 1e-11) << t;
    EXPECT_NEAR(distance(1e-90), 0.0, 1e-13) << t;
    EXPECT_NEAR(distance(1e-120), 0.0, 0.0) << t;
  }
}

TEST(NestedFamilies, GeneralisedFHoldsTheGeneralisedGammaAndLogLogistic) {
  for (const double q : {-1.2, -0.3, 0.5, 1.0}) {
    expect_same(generalised_f, {5.5, 0.8, q, 0.0}, generalised_gamma, {5.5, 0.8, q});
    expect_same(generalised_f, {5.5, 0.8, q, 1e-18}, generalised_gamma, {5.5, 0.8, q});
  }
  // Q = 0, P = 1: log-logistic, shape sqrt(2) / sigma.
  expect_same(generalised_f, {std::log(200.0), 0.8, 0.0, 1.0}, {Family::log_logistic},
              {std::sqrt(2.0) / 0.8, 200.0});
}

TEST(NestedFamilies, GeneralisedFApproachesItsLimitSmoothly) {
  for (const double q : {0.0, 0.4, -0.9}) {
    const std::array<double, 3> limit{5.5, 0.8, q};
    for (const double t : {20.0, 150.0, 900.0}) {
      const double at_zero = cumulative_hazard(generalised_gamma, limit.data(), t);
      const auto distance = [&](double p) {
        const std::array<double, 4> all{5.5, 0.8, q, p};
        return cumulative_hazard(generalised_f, all.data(), t) / at_zero - 1.0;
      };
      const double slope = distance(1e-5) / 1e-5;
      EXPECT_NEAR(distance(1e-7) / (slope * 1e-7), 1.0, 0.02) << q << ' ' << t;
      EXPECT_NEAR(distance(1e-13), 0.0, 1e-10) << q << ' ' << t;
    }
  }
}

TEST(NestedFamilies, SplinesWithoutInnerKnotsAreWeibullLogLogisticAndLogNormal) {
  const std::array<double, 2> knots{3.0, 7.0};
  const auto spline = [&knots](Family family) {
    return Baseline{family, Cure::none, knots.data(), 2};
  };
  const double shape = 1.7;
  const double scale = 300.0;
  expect_same(spline(Family::spline_hazard), {-shape * std::log(scale), shape}, weibull,
              {shape, scale});
  expect_same(spline(Family::spline_odds), {-shape * std::log(scale), shape},
              {Family::log_logistic}, {shape, scale});
  expect_same(spline(Family::spline_normal), {-5.5 / 0.8, 1.0 / 0.8}, log_normal, {5.5, 0.8});
}

TEST(NestedFamilies, SplinesWithZeroCurvatureIgnoreTheirKnots) {
  expect_same(test::baseline_of(Family::spline_hazard), {-1.7 * std::log(300.0), 1.7, 0.0, 0.0},
              weibull, {1.7, 300.0});
}

}  // namespace
}  // namespace npcsim
