// Nested families, boundaries, and equivalences that any program must show.
#include "fit_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

FitResult fitted(const Columns& columns, const std::string& model,
                 const std::string& covariates = "", const std::string& on = "") {
  const Model m = model_of(model, covariates, on);
  const FitResult result = fit(m.specification, columns.data(m.covariates));
  EXPECT_TRUE(result.converged) << model << ": " << result.problem;
  return result;
}

TEST(SpecialCases, ExponentialRateIsEventsOverExposure) {
  const Columns lung = columns_of("lung");
  const FitResult r = fitted(lung, "exponential");
  EXPECT_NEAR(r.parameters[0].estimate, static_cast<double>(r.events) / r.time_at_risk, 1e-14);
  EXPECT_NEAR(r.parameters[0].se_transformed, 1.0 / std::sqrt(static_cast<double>(r.events)),
              1e-12);
}

TEST(SpecialCases, PiecewiseRatesAreEventsOverExposureInEachPiece) {
  Columns c;
  c.time = {0.5, 1.5, 2.0, 2.5, 3.0, 4.0};
  c.event = {1, 1, 0, 1, 1, 0};
  const FitResult r = fitted(c, "piecewise:1:2.75");
  EXPECT_NEAR(r.parameters[0].estimate, 1.0 / 5.5, 1e-9);
  EXPECT_NEAR(r.parameters[1].estimate, 2.0 / (0.5 + 1.0 + 1.5 + 1.75 + 1.75), 1e-9);
  EXPECT_NEAR(r.parameters[2].estimate, 1.0 / (0.25 + 1.25), 1e-9);
  EXPECT_EQ(r.parameters[2].name, "rate_2");
}

TEST(SpecialCases, TwoFormsOfTheWeibullHaveOneMaximum) {
  const Columns lung = columns_of("lung");
  const FitResult aft = fitted(lung, "weibull", "age,sex");
  const FitResult ph = fitted(lung, "weibull_ph", "age,sex");
  const FitResult spline = fitted(lung, "spline_hazard:0", "age,sex");
  EXPECT_NEAR(aft.loglik, ph.loglik, 1e-9);
  EXPECT_NEAR(aft.loglik, spline.loglik, 1e-9);
  for (std::size_t i = 2; i < 4; ++i) {
    EXPECT_NEAR(ph.parameters[i].estimate, -aft.parameters[i].estimate * aft.parameters[0].estimate,
                1e-10);
    EXPECT_NEAR(spline.parameters[i].estimate, ph.parameters[i].estimate, 1e-10);
    EXPECT_NEAR(spline.parameters[i].se_transformed, ph.parameters[i].se_transformed, 1e-10);
  }
}

/// Cured fractions need data in which some seem cured: colon, with the lung's names for columns.
Columns suitable(const std::string& model) {
  if (model.rfind("cure", 0) != 0) return columns_of("lung");
  Columns colon = columns_of("colon");
  colon.weight.clear();
  colon.covariates["sex"] = colon.covariates.at("lev5");
  return colon;
}

TEST(SpecialCases, WeightsCountRecords) {
  for (const char* model : {"gengamma", "spline_odds:0", "cure_mixture_exponential"}) {
    Columns lung = suitable(model);
    Columns twice = lung;
    const std::size_t n = lung.time.size();
    for (std::size_t i = 0; i < n; ++i) {
      lung.weight.push_back(i % 3 == 0 ? 2.0 : 1.0);
      if (i % 3 != 0) continue;
      twice.time.push_back(lung.time[i]);
      twice.event.push_back(lung.event[i]);
      twice.covariates["sex"].push_back(lung.covariates.at("sex")[i]);
    }
    const FitResult weighted = fitted(lung, model, "sex");
    const FitResult repeated = fitted(twice, model, "sex");
    EXPECT_NEAR(weighted.loglik, repeated.loglik, 1e-8) << model;
    EXPECT_NEAR(weighted.parameters.back().se_transformed,
                repeated.parameters.back().se_transformed, 1e-7)
        << model;
  }
}

TEST(SpecialCases, ASplitFollowUpIsTheWholeFollowUp) {
  // Records cut in two at some time, the second part left-truncated there.
  for (const char* model : {"gompertz", "genf", "cure_mixture_weibull", "spline_normal:1"}) {
    const Columns whole = suitable(model);
    Columns cut;
    for (std::size_t i = 0; i < whole.time.size(); ++i) {
      const double at = 0.4 * whole.time[i];
      const double sex = whole.covariates.at("sex")[i];
      cut.time.insert(cut.time.end(), {at, whole.time[i]});
      cut.entry.insert(cut.entry.end(), {0.0, at});
      cut.event.insert(cut.event.end(), {0, whole.event[i]});
      cut.covariates["sex"].insert(cut.covariates["sex"].end(), {sex, sex});
    }
    const FitResult one = fitted(whole, model, "sex");
    const FitResult two = fitted(cut, model, "sex");
    EXPECT_NEAR(one.loglik, two.loglik, 1e-8) << model;
    EXPECT_NEAR(one.parameters.back().estimate, two.parameters.back().estimate, 1e-6) << model;
  }
}

TEST(SpecialCases, NarrowIntervalsAreDensitiesTimesTheirWidth) {
  const Columns exact = columns_of("lung");
  Columns narrow = exact;
  constexpr double width = 1e-4;
  for (std::size_t i = 0; i < narrow.time.size(); ++i) {
    if (narrow.event[i] != 0) narrow.time[i] -= 0.5 * width;
    narrow.upper.push_back(narrow.time[i] + (narrow.event[i] != 0 ? width : 0.0));
  }
  const FitResult a = fitted(exact, "llogis", "sex");
  const FitResult b = fitted(narrow, "llogis", "sex");
  EXPECT_NEAR(b.loglik, a.loglik + static_cast<double>(a.events) * std::log(width), 1e-5);
  EXPECT_NEAR(b.parameters.back().estimate, a.parameters.back().estimate, 1e-6);
  EXPECT_EQ(b.events, 0U);
  EXPECT_EQ(b.interval_rows, a.events);
}

TEST(SpecialCases, InfiniteUpperBoundIsRightCensoring) {
  Columns lung = columns_of("lung");
  const FitResult plain = fitted(lung, "weibull");
  for (std::size_t i = 0; i < lung.time.size(); ++i) {
    lung.upper.push_back(lung.event[i] != 0 ? lung.time[i]
                                            : std::numeric_limits<double>::infinity());
    lung.event[i] = 1;
  }
  const FitResult bounds = fitted(lung, "weibull");
  EXPECT_NEAR(bounds.loglik, plain.loglik, 1e-10);
  EXPECT_EQ(bounds.events, plain.events);
}

TEST(SpecialCases, ShiftAndScaleOfACovariateMoveOnlyItsCoefficient) {
  Columns lung = columns_of("lung");
  for (const double age : lung.covariates["age"]) {
    lung.covariates["seconds"].push_back(1e7 + 3.15e7 * age);
  }
  const FitResult years = fitted(lung, "gengamma", "age");
  const FitResult seconds = fitted(lung, "gengamma", "seconds");
  EXPECT_NEAR(years.loglik, seconds.loglik, 1e-9);
  EXPECT_NEAR(seconds.parameters.back().estimate * 3.15e7, years.parameters.back().estimate, 1e-9);
  EXPECT_NEAR(seconds.parameters.back().se_transformed * 3.15e7,
              years.parameters.back().se_transformed, 1e-9);
}

TEST(SpecialCases, VanishingPIsTheGeneralisedGammaAndSaysSo) {
  const Columns rotterdam = columns_of("rotterdam");
  const FitResult gamma = fitted(rotterdam, "gengamma", "hormon");
  const FitResult f = fitted(rotterdam, "genf", "hormon");
  if (f.certificate.boundary == "P -> 0") {
    EXPECT_DOUBLE_EQ(f.loglik, gamma.loglik);
    EXPECT_EQ(f.parameters[3].estimate, 0.0);
    EXPECT_TRUE(std::isnan(f.parameters[3].se_transformed));
  } else {
    EXPECT_GE(f.loglik, gamma.loglik);
  }
  EXPECT_DOUBLE_EQ(f.aic, -2.0 * f.loglik + 10.0);
}

TEST(SpecialCases, NoCuredPatientsIsNamed) {
  // Exponential quantiles without censoring leave no room for a cured fraction.
  Columns c;
  for (int i = 0; i < 200; ++i) {
    c.time.push_back(-std::log1p(-(i + 0.5) / 200.0));
    c.event.push_back(1);
  }
  const FitResult plain = fitted(c, "weibull");
  const FitResult cured = fitted(c, "cure_mixture_weibull");
  EXPECT_EQ(cured.certificate.boundary, "cure fraction -> 0");
  EXPECT_EQ(cured.parameters[0].estimate, 0.0);
  EXPECT_DOUBLE_EQ(cured.loglik, plain.loglik);
  EXPECT_FALSE(cured.warnings.empty());
}

TEST(SpecialCases, ACuredFractionThatVanishesInSomeRecordsHasNoLimit) {
  // The covariate acts on theta; a fit of the family with the covariate elsewhere is no answer.
  Columns c;
  for (int i = 0; i < 200; ++i) {
    c.time.push_back(-std::log1p(-(i + 0.5) / 200.0));
    c.event.push_back(1);
    c.covariates["x"].push_back(i % 2);
  }
  const Model m = model_of("cure_mixture_weibull", "x");
  const FitResult r = fit(m.specification, c.data(m.covariates));
  EXPECT_FALSE(r.converged);
  EXPECT_EQ(r.certificate.boundary, "cure fraction -> 0");
  EXPECT_NE(r.problem.find("try the model without cured patients"), std::string::npos) << r.problem;
}

TEST(SpecialCases, ZeroBackgroundChangesNothing) {
  Columns lung = columns_of("lung");
  const FitResult plain = fitted(lung, "gompertz", "age");
  lung.background.assign(lung.time.size(), 0.0);
  EXPECT_DOUBLE_EQ(fitted(lung, "gompertz", "age").loglik, plain.loglik);
}

TEST(SpecialCases, LargeDataAreFittedAsExactlyAsSmallOnes) {
  // 41,000 records take the way over a part of the rows; one maximum is reached from anywhere.
  const Columns lung = columns_of("lung");
  Columns large;
  for (int copy = 0; copy < 181; ++copy) {
    large.time.insert(large.time.end(), lung.time.begin(), lung.time.end());
    large.event.insert(large.event.end(), lung.event.begin(), lung.event.end());
    auto& sex = large.covariates["sex"];
    sex.insert(sex.end(), lung.covariates.at("sex").begin(), lung.covariates.at("sex").end());
  }
  for (const char* model : {"weibull", "gengamma", "spline_hazard:1"}) {
    const FitResult one = fitted(lung, model, "sex");
    Model m = model_of(model, "sex");
    m.specification.knots = one.knots;
    const FitResult many = fit(m.specification, large.data({"sex"}));
    ASSERT_TRUE(many.converged) << many.problem;
    EXPECT_NEAR(many.loglik / 181.0, one.loglik, 1e-8) << model;
    for (std::size_t i = 0; i < one.parameters.size(); ++i) {
      EXPECT_NEAR(many.parameters[i].estimate_transformed, one.parameters[i].estimate_transformed,
                  1e-7 * std::max(1.0, std::fabs(one.parameters[i].estimate_transformed)))
          << model;
      EXPECT_NEAR(many.parameters[i].se_transformed * std::sqrt(181.0),
                  one.parameters[i].se_transformed, 1e-7 * one.parameters[i].se_transformed)
          << model;
    }
  }
}

}  // namespace
}  // namespace npcsim::test
