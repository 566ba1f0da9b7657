// Data that cannot be fitted: a sentence that says why, never numbers.
#include "fit_data.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

/// Ten records, seven events.
Columns small() {
  Columns c;
  c.time = {1.0, 2.0, 2.5, 3.0, 4.2, 5.0, 6.5, 7.0, 8.0, 9.0};
  c.event = {1, 1, 0, 1, 1, 1, 0, 1, 1, 0};
  c.covariates["x"] = {0, 0, 1, 1, 0, 1, 1, 0, 1, 0};
  return c;
}

FitResult fitted(const Columns& columns, const std::string& model,
                 const std::string& covariates = "") {
  const Model m = model_of(model, covariates);
  return fit(m.specification, columns.data(m.covariates));
}

TEST(HostileData, NoEvents) {
  Columns c = small();
  c.event.assign(10, 0);
  const FitResult r = fitted(c, "weibull");
  EXPECT_FALSE(r.converged);
  EXPECT_EQ(r.problem, "there are no events: every record is censored");
}

TEST(HostileData, FewerEventsThanParameters) {
  Columns c = small();
  c.event = {1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  const FitResult r = fitted(c, "gengamma");
  EXPECT_FALSE(r.converged);
  EXPECT_EQ(r.problem, "there are fewer events (2) than parameters (3)");
}

TEST(HostileData, GroupWithoutEvents) {
  Columns c = small();
  c.event = {1, 1, 0, 0, 1, 0, 0, 1, 0, 1};
  for (const char* model : {"exponential", "weibull", "spline_hazard:1", "cure_mixture_weibull"}) {
    const FitResult r = fitted(c, model, "x");
    EXPECT_FALSE(r.converged);
    EXPECT_EQ(r.problem,
              "there are no events among records with x = 1: the effect of x cannot be estimated");
  }
}

TEST(HostileData, GroupWithoutEventsBehindAContinuousCovariate) {
  // Events only where x is 0, but x takes many values above: the effect runs to -infinity.
  Columns c;
  for (int i = 0; i < 60; ++i) {
    c.time.push_back(1.0 + 0.1 * i);
    c.event.push_back(i % 2);
    c.covariates["x"].push_back(i % 2 == 0 ? 1.0 + 0.05 * i : 0.0);
  }
  const FitResult r = fitted(c, "exponential", "x");
  EXPECT_FALSE(r.converged);
  EXPECT_NE(r.problem.find("x runs away without end"), std::string::npos) << r.problem;
}

TEST(HostileData, CollinearCovariates) {
  Columns c = small();
  for (const double x : c.covariates["x"]) c.covariates["y"].push_back(3.0 - 2.0 * x);
  const FitResult r = fitted(c, "weibull", "x,y");
  EXPECT_FALSE(r.converged);
  EXPECT_EQ(r.problem, "covariates are linear combinations of each other: x, y");
}

TEST(HostileData, ConstantCovariate) {
  Columns c = small();
  c.covariates["one"].assign(10, 1.0);
  EXPECT_EQ(fitted(c, "weibull", "one").problem,
            "covariate 'one' has the same value in every record");
}

TEST(HostileData, EventAtTimeZero) {
  Columns c = small();
  c.time[3] = 0.0;
  EXPECT_EQ(fitted(c, "weibull").problem,
            "record 4: an event at time 0 has no density under this model (give it a small "
            "positive time or an upper bound), found 0");
  // A hazard at time 0 exists here.
  EXPECT_TRUE(fitted(c, "exponential").converged);
  EXPECT_TRUE(fitted(c, "gompertz").converged);
}

TEST(HostileData, CensoringAtTimeZeroSaysNothing) {
  Columns c = small();
  const double before = fitted(c, "weibull").loglik;
  c.time.push_back(0.0);
  c.event.push_back(0);
  EXPECT_DOUBLE_EQ(fitted(c, "weibull").loglik, before);
}

TEST(HostileData, BadNumbersAreNamedWithTheirRecord) {
  Columns c = small();
  c.time[1] = -2.0;
  EXPECT_EQ(fitted(c, "weibull").problem,
            "record 2: time must be finite and not negative, found -2");
  c = small();
  c.time[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(fitted(c, "weibull").converged);
  c = small();
  c.entry.assign(10, 0.0);
  c.entry[4] = 5.0;
  EXPECT_EQ(fitted(c, "weibull").problem, "record 5: entry must come before the time, found 5");
  c = small();
  c.weight.assign(10, 1.0);
  c.weight[0] = 0.0;
  EXPECT_EQ(fitted(c, "weibull").problem, "record 1: weights must be above 0 and finite, found 0");
  c = small();
  c.covariates["x"][9] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(fitted(c, "weibull", "x").problem,
            "record 10: covariate 'x' must be finite, found inf");
  EXPECT_EQ(fit(model_of("weibull").specification, FitData{}).problem, "there are no records");
}

TEST(HostileData, AllEventsAtOneTime) {
  Columns c;
  c.time.assign(20, 3.0);
  c.event.assign(20, 1);
  for (const char* model : {"weibull", "lnorm", "gamma", "gengamma", "llogis"}) {
    const FitResult r = fitted(c, model);
    EXPECT_FALSE(r.converged) << model;
    EXPECT_FALSE(r.problem.empty()) << model;
  }
  EXPECT_EQ(fitted(c, "spline_hazard:1").problem,
            "there are too few different event times to place 1 inner knots at their quantiles");
}

TEST(HostileData, PieceWithoutEvents) {
  EXPECT_EQ(fitted(small(), "piecewise:3:100").problem,
            "there are no events after time 100: rate_2 cannot be estimated");
}

TEST(HostileData, UnknownParameterIsAnsweredWithTheKnownOnes) {
  const Model m = model_of("weibull", "", "sigma:x");
  EXPECT_EQ(fit(m.specification, small().data({"x"})).problem,
            "the model has no parameter 'sigma'; it has shape, scale");
}

TEST(HostileData, AbsurdTimeUnitsDoNotMatter) {
  // The same data in units of 1e-9 and 1e9 of the first unit: the likelihood changes by the events'
  // log of the unit, effects do not.
  for (const char* model :
       {"exponential", "weibull", "weibull_ph", "gompertz", "llogis", "lnorm", "gamma", "gengamma",
        "genf", "spline_hazard:2", "cure_mixture_llogis"}) {
    // Cured fractions need data in which some seem cured.
    const bool cure = std::string(model).rfind("cure", 0) == 0;
    Columns base = columns_of(cure ? "colon" : "lung");
    base.weight.clear();
    const FitResult one = fitted(base, model, "sex");
    ASSERT_TRUE(one.converged) << model << ": " << one.problem;
    for (const double unit : {1e-9, 1e9}) {
      Columns scaled = base;
      for (double& t : scaled.time) t *= unit;
      const FitResult other = fitted(scaled, model, "sex");
      ASSERT_TRUE(other.converged) << model << ": " << other.problem;
      EXPECT_NEAR(other.loglik, one.loglik - static_cast<double>(one.events) * std::log(unit), 1e-5)
          << model;
      EXPECT_NEAR(other.parameters.back().estimate, one.parameters.back().estimate, 1e-6) << model;
    }
  }
}

}  // namespace
}  // namespace npcsim::test
