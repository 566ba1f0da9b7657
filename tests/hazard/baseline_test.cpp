// Values against closed forms and independent programs.
#include "cases.hpp"
#include <npcsim/base/quadrature.hpp>
#include <npcsim/hazard/baseline.hpp>

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

double survival(const Baseline& baseline, const std::vector<double>& p, double t) {
  return std::exp(-cumulative_hazard(baseline, p.data(), t));
}

double median(const Baseline& baseline, const std::vector<double>& p) {
  return time_at(baseline, p.data(), std::log(2.0));
}

double restricted_mean(const Baseline& baseline, const std::vector<double>& p, double horizon) {
  return integrate([&](double t) { return survival(baseline, p, t); }, 0.0, horizon, {0.0, 1e-11})
      .value;
}

// Survival times in months; expected values are elementary closed forms.

TEST(ExponentialBaseline, HasTheClosedFormsOfRateOneTenth) {
  static constexpr Baseline b{Family::exponential};
  const std::vector<double> p{0.1};
  EXPECT_NEAR(median(b, p), 10.0 * std::log(2.0), 7e-9);
  EXPECT_NEAR(survival(b, p, 12.0), std::exp(-1.2), 3e-10);
  EXPECT_NEAR(restricted_mean(b, p, 24.0), 10.0 * (1.0 - std::exp(-2.4)), 9e-9);
}

TEST(WeibullBaseline, HasTheClosedFormsOfShapeOneAndAHalf) {
  const Baseline b{Family::weibull};
  const std::vector<double> p{1.5, 12.0};
  EXPECT_NEAR(median(b, p) / (12.0 * std::pow(std::log(2.0), 2.0 / 3.0)), 1.0, 1e-14);
  EXPECT_NEAR(survival(b, p, 24.0) / std::exp(-std::pow(2.0, 1.5)), 1.0, 1e-14);
  const double mean =
      integrate_to_infinity([&](double t) { return survival(b, p, t); }, 0.0, {0.0, 1e-11}).value;
  EXPECT_NEAR(mean / (12.0 * std::tgamma(5.0 / 3.0)), 1.0, 1e-9);
  // Lower incomplete gamma form, value from scipy 1.10: 12/1.5 * gammainc(2/3, 2^1.5) * G(2/3).
  EXPECT_NEAR(restricted_mean(b, p, 24.0), 10.52703, 5e-6);
}

TEST(GompertzBaseline, HasTheClosedFormsOfRisingAndFallingHazards) {
  const Baseline b{Family::gompertz};
  const std::vector<double> rising{0.05, 0.01};
  EXPECT_NEAR(median(b, rising) / (std::log1p(5.0 * std::log(2.0)) / 0.05), 1.0, 1e-14);
  EXPECT_NEAR(survival(b, rising, 24.0) / std::exp(-0.2 * std::expm1(1.2)), 1.0, 1e-14);
  const std::vector<double> falling{-0.05, 0.05};
  EXPECT_NEAR(survival(b, falling, INFINITY), std::exp(-1.0), 1e-15);
  EXPECT_EQ(time_at(b, falling.data(), 1.0), INFINITY);
  EXPECT_EQ(time_at(b, falling.data(), 1.5), INFINITY);
  EXPECT_NEAR(time_at(b, falling.data(), 0.999999) / (20.0 * std::log(1e6)), 1.0, 1e-10);
}

TEST(GompertzBaseline, OnTheAgeClockGivesTenYearSurvival) {
  // Hazard 0.006 exp(0.088 (age - 50)) per year from age 50: S(10) = exp(-0.006 expm1(.88) / .088).
  const Baseline b{Family::gompertz};
  const std::array<double, 2> p{0.088, 0.0060 * std::exp(-0.088 * 50.0)};
  const double spent = cumulative_hazard(b, p.data(), 60.0) - cumulative_hazard(b, p.data(), 50.0);
  EXPECT_NEAR(std::exp(-spent) / std::exp(-0.006 * std::expm1(0.88) / 0.088), 1.0, 1e-12);
  EXPECT_NEAR(std::exp(-spent), 0.9082844, 5e-8);
  // With an excess of 0.03 a month, 60 months on.
  const double five = cumulative_hazard(b, p.data(), 55.0) - cumulative_hazard(b, p.data(), 50.0);
  EXPECT_NEAR(std::exp(-five - 0.03 * 60.0), 0.1591856, 5e-8);
  EXPECT_NEAR(time_after(b, p.data(), 50.0, spent), 60.0, 1e-11);
}

TEST(LogLogisticBaseline, HasTheClosedFormsOfScaleTenShapeTwo) {
  const Baseline b{Family::log_logistic};
  const std::vector<double> p{2.0, 10.0};
  EXPECT_NEAR(survival(b, p, 20.0), 0.2, 1e-15);
  EXPECT_NEAR(median(b, p), 10.0, 1e-13);
  const double mean =
      integrate_to_infinity([&](double t) { return survival(b, p, t); }, 0.0, {0.0, 1e-11}).value;
  EXPECT_NEAR(mean / (5.0 * 3.14159265358979323846), 1.0, 1e-9);
  // h = 2 t / (100 + t^2) peaks at 10.
  EXPECT_GT(hazard(b, p.data(), 10.0), hazard(b, p.data(), 9.99));
  EXPECT_GT(hazard(b, p.data(), 10.0), hazard(b, p.data(), 10.01));
  EXPECT_NEAR(hazard(b, p.data(), 10.0), 0.1, 1e-15);
}

TEST(PiecewiseBaseline, HasTheClosedFormsOfThreeRates) {
  const std::array<double, 2> changes{6.0, 12.0};
  const Baseline b{Family::piecewise, Cure::none, changes.data(), 2};
  const std::vector<double> p{0.05, 0.15, 0.02};
  EXPECT_NEAR(survival(b, p, 6.0), std::exp(-0.3), 1e-15);
  EXPECT_NEAR(survival(b, p, 12.0), std::exp(-1.2), 1e-15);
  EXPECT_NEAR(survival(b, p, 24.0), std::exp(-1.44), 1e-15);
  EXPECT_NEAR(median(b, p), 6.0 + (std::log(2.0) - 0.3) / 0.15, 1e-13);
  EXPECT_EQ(hazard(b, p.data(), 5.9), 0.05);
  EXPECT_EQ(hazard(b, p.data(), 6.0), 0.15);
  EXPECT_EQ(hazard(b, p.data(), 1e9), 0.02);
}

TEST(PiecewiseBaseline, CrossesStretchesWithoutHazard) {
  const std::array<double, 2> changes{6.0, 12.0};
  const Baseline b{Family::piecewise, Cure::none, changes.data(), 2};
  const std::array<double, 3> gap{0.1, 0.0, 0.1};
  EXPECT_DOUBLE_EQ(time_at(b, gap.data(), 0.7), 13.0);
  EXPECT_DOUBLE_EQ(time_after(b, gap.data(), 7.0, 0.2), 14.0);
  const std::array<double, 3> ends{0.1, 0.1, 0.0};
  EXPECT_EQ(time_at(b, ends.data(), 1.3), INFINITY);
  EXPECT_DOUBLE_EQ(cumulative_hazard(b, ends.data(), INFINITY), 1.2);
}

struct Expected {
  double t;
  double cumulative;
};

void expect_cumulative(Family family, const std::vector<double>& p,
                       const std::vector<Expected>& values) {
  const Baseline b{family};
  for (const auto& [t, want] : values) {
    EXPECT_NEAR(cumulative_hazard(b, p.data(), t) / want, 1.0, 2e-14) << t;
  }
}

// R 4.2.2: pgamma(t, shape, rate, lower.tail = FALSE, log.p = TRUE); plnorm likewise.
TEST(GammaBaseline, AgreesWithR) {
  expect_cumulative(Family::gamma, {2.3, 0.15},
                    {{0.5, 0.00091518019569080918},
                     {7.0, 0.23108789896507930806},
                     {40.0, 3.62074495013364572316}});
}

TEST(LogNormalBaseline, AgreesWithR) {
  expect_cumulative(Family::log_normal, {2.1, 0.7},
                    {{0.5, 3.3007918893277648e-05},
                     {7.0, 5.3253557998106682e-01},
                     {400.0, 1.8117028536851862e+01}});
}

// R 4.2.2, flexsurv's formula written out:
// pgamma(exp(Q w) / Q^2, 1 / Q^2, lower.tail = Q < 0, log.p = TRUE), w = (log t - mu) / sigma.
TEST(GeneralisedGammaBaseline, AgreesWithR) {
  expect_cumulative(
      Family::generalised_gamma, {1.8, 0.9, 0.6},
      {{0.5, 2.5533007857878182e-02}, {7.0, 1.0280868172068278}, {40.0, 6.0498816710267658}});
  expect_cumulative(
      Family::generalised_gamma, {1.8, 0.9, -0.8},
      {{0.5, 3.1154659473116818e-06}, {7.0, 0.6067584244914197}, {40.0, 2.4305790417903386}});
  expect_cumulative(
      Family::generalised_gamma, {1.8, 0.9, 2.5},
      {{0.5, 3.0770737738798448e-01}, {7.0, 1.7679523596271174}, {40.0, 35.0501089345626724}});
}

// R 4.2.2, flexsurv's pgenf written out with pbeta.
TEST(GeneralisedFBaseline, AgreesWithR) {
  expect_cumulative(
      Family::generalised_f, {1.8, 0.9, 0.6, 0.7},
      {{0.5, 0.048892302733549713}, {7.0, 1.01809903542372893}, {40.0, 4.4133695181085173}});
  expect_cumulative(
      Family::generalised_f, {1.8, 0.9, -0.8, 2.0},
      {{0.5, 0.011090534578518036}, {7.0, 0.59101726397697651}, {40.0, 1.8354289006502893}});
  expect_cumulative(
      Family::generalised_f, {1.8, 0.9, 0.3, 0.05},
      {{0.5, 0.011116301511185072}, {7.0, 0.92522840567298115}, {40.0, 4.7933298868972134}});
}

TEST(CuredFraction, FollowsItsDefinition) {
  const double theta = 0.3;
  const std::vector<double> p{theta, 1.4, 200.0};
  const double uncured = std::exp(-std::pow(150.0 / 200.0, 1.4));
  EXPECT_NEAR(survival(Baseline{Family::weibull, Cure::mixture}, p, 150.0),
              theta + (1.0 - theta) * uncured, 1e-15);
  EXPECT_NEAR(survival(Baseline{Family::weibull, Cure::non_mixture}, p, 150.0),
              std::pow(theta, 1.0 - uncured), 1e-15);
}

TEST(CuredFraction, NeverHasTheEvent) {
  const std::vector<double> p{0.3, 1.4, 200.0};
  for (const Cure cure : {Cure::mixture, Cure::non_mixture}) {
    const Baseline b{Family::weibull, cure};
    const double all = -std::log(0.3);
    EXPECT_NEAR(cumulative_hazard(b, p.data(), INFINITY), all, 1e-15);
    EXPECT_EQ(time_at(b, p.data(), all * 1.0001), INFINITY);
    EXPECT_LT(time_at(b, p.data(), all * 0.9999), INFINITY);
    EXPECT_EQ(time_after(b, p.data(), 100.0, all), INFINITY);
  }
}

TEST(CuredFraction, OfZeroIsThePlainFamily) {
  const std::array<double, 3> mixture{0.0, 1.4, 200.0};
  const Baseline cured{Family::weibull, Cure::mixture};
  const Baseline plain{Family::weibull};
  for (const double t : {1.0, 150.0, 3000.0}) {
    EXPECT_EQ(cumulative_hazard(cured, mixture.data(), t),
              cumulative_hazard(plain, mixture.data() + 1, t));
    EXPECT_EQ(hazard(cured, mixture.data(), t), hazard(plain, mixture.data() + 1, t));
    EXPECT_EQ(time_after(cured, mixture.data(), t, 0.3),
              time_after(plain, mixture.data() + 1, t, 0.3));
  }
}

}  // namespace
}  // namespace npcsim
