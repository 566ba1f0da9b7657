// Every hazard family from a document to simulated survival. The survival functions are written
// here from their published definitions (flexsurv: Jackson 2016, J. Stat. Softw. 70(8); Prentice
// 1974, 1975; Royston & Parmar 2002), with Boost.Math for the special functions; nothing is shared
// with the hazard room.
#include "one_hazard.hpp"

#include <cmath>
#include <functional>

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using Survival = std::function<double(double)>;

double normal(double z) { return boost::math::cdf(boost::math::normal(), z); }

void verify(const std::string& hazard, const Survival& survival) {
  const Simulated run = Simulated::of_text(one_death("{" + hazard + ", source: assumed}"));
  for (const double t : {0.5, 3.0, 12.0, 30.0, 59.0}) {
    const double exact = -std::log(survival(t));
    if (exact < 1e-6) continue;  // 1 - S would say too little about H here
    EXPECT_NEAR(run.cumulative("death", t), exact, 1e-9 * exact) << hazard << " at " << t;
    EXPECT_NEAR(run.time_at("death", exact), t, 1e-9 * t) << hazard << " at " << t;
  }
  for (const double t : {3.0, 12.0, 30.0})
    EXPECT_TRUE(run.survival("OS", t, survival(t))) << hazard;
  EXPECT_TRUE(run.mean("OS", restricted(survival, 60))) << hazard;
}

TEST(HazardFamily, WeibullBelowOneIsSimulated) {
  verify("weibull: {shape: 0.7, scale: 20 months}",
         [](double t) { return std::exp(-std::pow(t / 20, 0.7)); });
}

TEST(HazardFamily, WeibullOfProportionalHazardsTakesItsUnitOfTime) {
  verify("weibull_ph: {shape: 1.3, scale: 0.03}, time_unit: months",
         [](double t) { return std::exp(-0.03 * std::pow(t, 1.3)); });
  verify("weibull_ph: {shape: 1.3, scale: 0.7}, time_unit: years",
         [](double t) { return std::exp(-0.7 * std::pow(t / 12, 1.3)); });
}

TEST(HazardFamily, GompertzInYearsIsSimulated) {
  verify("gompertz: {shape: 0.3 per year, rate: 0.2 per year}",
         [](double t) { return std::exp(-0.2 / 0.3 * std::expm1(0.3 * t / 12)); });
}

TEST(HazardFamily, LogLogisticBelowOneIsSimulated) {
  verify("llogis: {shape: 0.8, scale: 1.5 years}",
         [](double t) { return 1 / (1 + std::pow(t / 18, 0.8)); });
}

TEST(HazardFamily, LogNormalIsSimulated) {
  verify("lnorm: {meanlog: 2.5, sdlog: 0.9}, time_unit: months",
         [](double t) { return normal(-(std::log(t) - 2.5) / 0.9); });
  verify("lnorm: {median: 10 months, sdlog: 1.2}",
         [](double t) { return normal(-std::log(t / 10) / 1.2); });
}

TEST(HazardFamily, GammaIsSimulated) {
  verify("gamma: {shape: 0.6, rate: 0.05 per month}",
         [](double t) { return boost::math::gamma_q(0.6, 0.05 * t); });
  verify("gamma: {shape: 2.5, rate: 0.2 per month}",
         [](double t) { return boost::math::gamma_q(2.5, 0.2 * t); });
}

// S for Q > 0: gamma_q(1 / Q^2, exp(Q w) / Q^2), w = (log t - mu) / sigma; for Q < 0: gamma_p.
double generalised_gamma(double t, double mu, double sigma, double q) {
  const double a = 1 / (q * q);
  const double x = a * std::exp(q * (std::log(t) - mu) / sigma);
  return q > 0 ? boost::math::gamma_q(a, x) : boost::math::gamma_p(a, x);
}

TEST(HazardFamily, GeneralisedGammaIsSimulatedOnBothSidesOfZero) {
  verify("gengamma: {mu: 2.6, sigma: 0.8, Q: 0.6}, time_unit: months",
         [](double t) { return generalised_gamma(t, 2.6, 0.8, 0.6); });
  verify("gengamma: {mu: 0.3, sigma: 0.9, Q: -0.7}, time_unit: years",
         [](double t) { return generalised_gamma(t / 12, 0.3, 0.9, -0.7); });
}

// Generalised F: w = (log t - mu) delta / sigma, delta = sqrt(Q^2 + 2 P), s1 = 2 / (Q^2 + 2 P + Q
// delta), s2 = 2 / (Q^2 + 2 P - Q delta); exp(w) has the F distribution with 2 s1 and 2 s2 degrees
// of freedom.
double generalised_f(double t, double mu, double sigma, double q, double p) {
  const double delta = std::sqrt(q * q + 2 * p);
  const boost::math::fisher_f law(4 / (q * q + 2 * p + q * delta), 4 / (q * q + 2 * p - q * delta));
  return boost::math::cdf(
      boost::math::complement(law, std::exp((std::log(t) - mu) * delta / sigma)));
}

TEST(HazardFamily, GeneralisedFIsSimulatedOnBothSidesOfZero) {
  verify("genf: {mu: 2.6, sigma: 0.8, Q: 0.5, P: 0.7}, time_unit: months",
         [](double t) { return generalised_f(t, 2.6, 0.8, 0.5, 0.7); });
  verify("genf: {mu: 2.6, sigma: 0.8, Q: -0.6, P: 0.3}, time_unit: months",
         [](double t) { return generalised_f(t, 2.6, 0.8, -0.6, 0.3); });
}

TEST(HazardFamily, PiecewiseWithSpellsWithoutHazardIsSimulated) {
  const Survival survival = [](double t) {
    const auto spell = [t](double from, double to) {
      return std::max(0.0, std::min(t, to) - from);
    };
    return std::exp(-0.1 * spell(2, 5) - 0.04 * spell(20, 1e9));
  };
  const Simulated run =
      Simulated::of_text(one_death("{piecewise: {times: [2 months, 5 months, 20 months], rates: [0 "
                                   "per month, 0.1 per month, 0 per month, "
                                   "0.04 per month]}, source: assumed}",
                                   "", "landmarks: [1.5, 2, 3, 5, 12, 20, 30]\n"));
  // Outcomes are rounded to ticks, so the first half tick of a spell belongs to its beginning.
  EXPECT_TRUE(run.survival("OS", 2, survival(2 + 0.5 / 974)));
  EXPECT_EQ(run.figure("", "OS", "survival", 12), run.figure("", "OS", "survival", 5));
  for (const double t : {3.0, 5.0, 12.0, 20.0, 30.0})
    EXPECT_TRUE(run.survival("OS", t, survival(t)));
  EXPECT_EQ(run.figure("", "OS", "survival", 1.5), 1);
  EXPECT_TRUE(run.mean("OS", restricted(survival, 60, {2, 5, 20})));
}

TEST(HazardFamily, LastPieceWithoutHazardNeverEnds) {
  const Simulated run = Simulated::of_text(one_death(
      "{piecewise: {times: [6 months], rates: [0.1 per month, 0 per month]}, source: assumed}"));
  EXPECT_TRUE(run.survival("OS", 12, std::exp(-0.6)));
  EXPECT_EQ(run.figure("", "OS", "survival", 12), run.figure("", "OS", "survival", 30));
}

// gamma_0 + gamma_1 x + gamma_2 v(x), x = log t, knots at log 1, log 8, log 60:
// v = (x - k)^3_+ - l (x - low)^3_+ - (1 - l) (x - high)^3_+, l = (high - k) / (high - low).
double spline(double months, double g0, double g1, double g2) {
  const double x = std::log(months);
  const double low = 0;
  const double k = std::log(8.0);
  const double high = std::log(60.0);
  const double l = (high - k) / (high - low);
  const auto cube = [](double y) { return y > 0 ? y * y * y : 0.0; };
  return g0 + g1 * x + g2 * (cube(x - k) - l * cube(x - low) - (1 - l) * cube(x - high));
}

TEST(HazardFamily, SplineOnTheHazardScaleIsSimulated) {
  verify(
      "spline_hazard: {knots: [1 months, 8 months, 60 months], gammas: [-3.6, 1.4, 0.06]}, "
      "time_unit: months",
      [](double t) { return std::exp(-std::exp(spline(t, -3.6, 1.4, 0.06))); });
}

TEST(HazardFamily, SplineOnTheOddsScaleIsSimulated) {
  verify(
      "spline_odds: {knots: [1 months, 8 months, 60 months], gammas: [-3.4, 1.5, 0.05]}, "
      "time_unit: months",
      [](double t) { return 1 / (1 + std::exp(spline(t, -3.4, 1.5, 0.05))); });
}

TEST(HazardFamily, SplineOnTheNormalScaleIsSimulated) {
  verify(
      "spline_normal: {knots: [1 months, 8 months, 60 months], gammas: [-2.2, 0.9, 0.02]}, "
      "time_unit: months",
      [](double t) { return normal(-spline(t, -2.2, 0.9, 0.02)); });
}

TEST(Cure, MixtureLeavesTheShareForEver) {
  verify("weibull: {shape: 1.4, scale: 9 months}, cure: {kind: mixture, share: 0.3}",
         [](double t) { return 0.3 + 0.7 * std::exp(-std::pow(t / 9, 1.4)); });
  verify("llogis: {shape: 1.8, scale: 9 months}, cure: {kind: mixture, share: 0.25}",
         [](double t) { return 0.25 + 0.75 / (1 + std::pow(t / 9, 1.8)); });
}

TEST(Cure, NonMixtureIsTheShareToTheDistribution) {
  verify("weibull: {shape: 1.4, scale: 9 months}, cure: {kind: non_mixture, share: 0.3}",
         [](double t) { return std::pow(0.3, -std::expm1(-std::pow(t / 9, 1.4))); });
}

// Half of the patients carry x; survival is the mean of the two curves, and each subgroup has its
// own.
void verify_split(const std::string& hazard,
                  const std::function<double(double, double)>& survival) {
  const Simulated run = Simulated::of_text(one_death(
      "{" + hazard + ", source: assumed}", "  attributes: {x: {bernoulli: 0.5, source: assumed}}\n",
      "report: {subgroups: [x]}\n"));
  for (const double t : {3.0, 12.0, 30.0}) {
    EXPECT_TRUE(run.survival("OS", t, 0.5 * (survival(t, 0) + survival(t, 1)))) << hazard;
  }
}

TEST(Covariates, OnScaleAndShapeOfAWeibull) {
  verify_split(
      "weibull: {shape: 1.5, scale: 12 months}, covariates: {scale: {x: 0.6}, shape: {x: -0.5}}",
      [](double t, double x) {
        return std::exp(-std::pow(t / (12 * std::exp(0.6 * x)), 1.5 * std::exp(-0.5 * x)));
      });
}

TEST(Covariates, OnTheShapeOfAWeibullWhoseScaleDependsOnTheUnit) {
  verify_split(
      "weibull_ph: {shape: 1.5, scale: 0.02}, time_unit: months, covariates: {shape: {x: -0.5}}",
      [](double t, double x) { return std::exp(-0.02 * std::pow(t, 1.5 * std::exp(-0.5 * x))); });
}

TEST(Covariates, OnTheShapeOfAGompertzAreInItsUnitOfTime) {
  verify_split(
      "gompertz: {shape: 0.02 per month, rate: 0.03 per month}, time_unit: months, covariates: "
      "{shape: {x: 0.05}}",
      [](double t, double x) {
        const double b = 0.02 + 0.05 * x;
        return std::exp(-0.03 / b * std::expm1(b * t));
      });
}

TEST(Covariates, OnTheSpreadOfALogNormal) {
  verify_split(
      "lnorm: {meanlog: 2.5, sdlog: 0.9}, time_unit: months, covariates: {meanlog: {x: -0.4}, "
      "sdlog: {x: 0.3}}",
      [](double t, double x) {
        return normal(-(std::log(t) - 2.5 + 0.4 * x) / (0.9 * std::exp(0.3 * x)));
      });
}

TEST(Covariates, OnTheQOfAGeneralisedGamma) {
  verify_split(
      "gengamma: {mu: 2.6, sigma: 0.8, Q: 0.6}, time_unit: months, covariates: {Q: {x: -1.3}, mu: "
      "{x: 0.2}}",
      [](double t, double x) { return generalised_gamma(t, 2.6 + 0.2 * x, 0.8, 0.6 - 1.3 * x); });
}

TEST(Covariates, OnCoefficientsOfASpline) {
  verify_split(
      "spline_hazard: {knots: [1 months, 8 months, 60 months], gammas: [-3.6, 1.4, 0.06]}, "
      "time_unit: months, "
      "covariates: {gamma_0: {x: 0.5}, gamma_1: {x: -0.3}}",
      [](double t, double x) {
        return std::exp(-std::exp(spline(t, -3.6 + 0.5 * x, 1.4 - 0.3 * x, 0.06)));
      });
}

TEST(Covariates, OnTheShareCured) {
  verify_split(
      "exponential: 0.1 per month, cure: {kind: mixture, share: 0.3}, covariates: {theta: {x: "
      "0.8}}",
      [](double t, double x) {
        const double cured = 1 / (1 + std::exp(-(std::log(0.3 / 0.7) + 0.8 * x)));
        return cured + (1 - cured) * std::exp(-0.1 * t);
      });
}

TEST(Covariates, HazardRatiosMultiplyAndAreCentred) {
  const Simulated run =
      Simulated::of_text(one_death("{exponential: 0.05 per month, source: assumed}\n      log_hr: "
                                   "[{of: x, centre: 0, coef: 0.7}, {of: age, centre: "
                                   "50, coef: 0.02}]",
                                   "  attributes: {x: {bernoulli: 0.4, source: assumed}, age: "
                                   "{uniform: [30, 70], source: assumed}}\n"));
  for (const double t : {3.0, 12.0, 30.0}) {
    const auto over_age = [t](double hr) {
      return integral(
          [&](double age) { return std::exp(-0.05 * t * hr * std::exp(0.02 * (age - 50))) / 40; },
          30, 70);
    };
    EXPECT_TRUE(run.survival("OS", t, 0.6 * over_age(1) + 0.4 * over_age(std::exp(0.7))));
  }
}

}  // namespace
}  // namespace npcsim::testing
