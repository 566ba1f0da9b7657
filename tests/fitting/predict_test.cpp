#include "fit_data.hpp"
#include <npcsim/fitting/predict.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double value(const char* model, std::vector<double> natural, PredictedQuantity quantity,
             double at = 0.0) {
  const std::optional<NamedFamily> named = find_model(model);
  const Baseline baseline{named->family, named->cure, nullptr, 0};
  return predicted_value(baseline, natural, quantity, at);
}

TEST(PredictedValue, MeansAreTheClosedForms) {
  const auto mean = PredictedQuantity::mean;
  EXPECT_NEAR(value("exponential", {0.2}, mean), 5.0, 1e-10);
  EXPECT_NEAR(value("weibull", {0.5, 3.0}, mean), 6.0, 1e-9);
  EXPECT_NEAR(value("weibull", {2.0, 3.0}, mean), 3.0 * std::tgamma(1.5), 1e-10);
  EXPECT_NEAR(value("lnorm", {1.0, 1.3}, mean), std::exp(1.0 + 0.845), 1e-8);
  EXPECT_NEAR(value("gamma", {2.5, 0.5}, mean), 5.0, 1e-10);
  // scale (pi / shape) / sin(pi / shape)
  const double angle = 3.14159265358979323846 / 1.8;
  EXPECT_NEAR(value("llogis", {1.8, 2.0}, mean), 2.0 * angle / std::sin(angle), 1e-8);
}

TEST(PredictedValue, HeavyTailsAndCuredPatientsHaveNoMean) {
  const auto mean = PredictedQuantity::mean;
  EXPECT_EQ(value("llogis", {0.9, 2.0}, mean), infinity);
  EXPECT_EQ(value("gompertz", {-0.1, 0.2}, mean), infinity);
  EXPECT_EQ(value("cure_mixture_weibull", {0.2, 1.0, 2.0}, mean), infinity);
}

TEST(PredictedValue, RestrictedMeansAreTheClosedForms) {
  const auto rmst = PredictedQuantity::rmst;
  EXPECT_NEAR(value("exponential", {0.2}, rmst, 3.0), -std::expm1(-0.6) / 0.2, 1e-11);
  EXPECT_NEAR(value("llogis", {1.0, 2.0}, rmst, 3.0), 2.0 * std::log(2.5), 1e-11);
  EXPECT_NEAR(value("cure_mixture_exponential", {0.25, 0.2}, rmst, 3.0),
              0.25 * 3.0 + 0.75 * -std::expm1(-0.6) / 0.2, 1e-11);
  EXPECT_EQ(value("weibull", {1.0, 2.0}, rmst, 0.0), 0.0);
}

// Everybody has had the event long before; a horizon in seconds of a hazard per year is as far.
TEST(PredictedValue, RestrictedMeansAreTheClosedFormsAtFarHorizons) {
  const auto rmst = PredictedQuantity::rmst;
  for (const double end : {1e4, 1e7, 1e11, 1e15}) {
    EXPECT_NEAR(value("exponential", {0.2}, rmst, end), 5.0, 1e-9) << end;
    EXPECT_NEAR(value("weibull", {2.0, 3.0}, rmst, end), 3.0 * std::tgamma(1.5), 1e-9) << end;
    EXPECT_NEAR(value("lnorm", {1.0, 1.3}, rmst, end), std::exp(1.845), end > 1e5 ? 1e-8 : 1e-2);
    const double tail = 2.0 * std::log1p(end / 2.0);
    EXPECT_NEAR(value("llogis", {1.0, 2.0}, rmst, end), tail, 1e-10 * tail) << end;
    const double cured = 0.25 * end + 0.75 * 5.0;
    EXPECT_NEAR(value("cure_mixture_exponential", {0.25, 0.2}, rmst, end), cured, 1e-11 * cured);
    const double gone = std::exp(-0.3);  // at the change, at 3
    const std::vector<double> changes{3.0};
    const Baseline piecewise{Family::piecewise, Cure::none, changes.data(), 1};
    const std::vector<double> rates{0.1, 0.5};
    EXPECT_NEAR(predicted_value(piecewise, rates, rmst, end), (1.0 - gone) / 0.1 + gone / 0.5,
                1e-9);
  }
}

TEST(Predict, AtAFarHorizonTheRestrictedMeanHasTheErrorOfTheMean) {
  Columns c;
  c.time = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
  c.event = {1, 0, 1, 1, 1, 0};
  const FitResult fitted = fit(model_of("exponential").specification, c.data());
  const Prediction found = predict(fitted, {}, PredictedQuantity::rmst, 1e11);
  EXPECT_NEAR(found.value, 21.0 / 4.0, 1e-8);     // time at risk / events
  EXPECT_NEAR(found.se, 21.0 / 4.0 / 2.0, 1e-6);  // the mean / sqrt(4 events)
}

// The likelihood counts an event at a change time in the piece before it.
TEST(PredictedValue, AtAChangeTimeTheHazardIsThatOfThePieceBefore) {
  const std::vector<double> changes{3.0, 5.0};
  const Baseline baseline{Family::piecewise, Cure::none, changes.data(), 2};
  const std::vector<double> rates{0.1, 0.2, 0.4};
  const auto hazard_at = [&](double t) {
    return predicted_value(baseline, rates, PredictedQuantity::hazard, t);
  };
  EXPECT_EQ(hazard_at(0.0), 0.1);
  EXPECT_EQ(hazard_at(3.0), 0.1);
  EXPECT_EQ(hazard_at(3.000001), 0.2);
  EXPECT_EQ(hazard_at(5.0), 0.2);
  EXPECT_EQ(hazard_at(6.0), 0.4);
}

TEST(PredictedValue, QuantilesInvertSurvival) {
  EXPECT_NEAR(value("weibull", {2.0, 3.0}, PredictedQuantity::quantile, 0.5),
              3.0 * std::sqrt(std::log(2.0)), 1e-13);
  EXPECT_EQ(value("cure_mixture_weibull", {0.6, 2.0, 3.0}, PredictedQuantity::quantile, 0.5),
            infinity);
}

TEST(Predict, ExponentialStandardErrorsAreTheClosedForms) {
  Columns c;
  c.time = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
  c.event = {1, 0, 1, 1, 1, 0};
  const FitResult fitted = fit(model_of("exponential").specification, c.data());
  const double rate = 4.0 / 21.0;
  const double se_log = 0.5;  // 1 / sqrt(4 events)
  const auto at = [&](PredictedQuantity q, double t) { return predict(fitted, {}, q, t); };
  const double s = std::exp(-2.0 * rate);
  EXPECT_NEAR(at(PredictedQuantity::survival, 2.0).value, s, 1e-12);
  EXPECT_NEAR(at(PredictedQuantity::survival, 2.0).se, s * 2.0 * rate * se_log, 1e-7 * s);
  EXPECT_NEAR(at(PredictedQuantity::hazard, 2.0).se, rate * se_log, 1e-7 * rate);
  EXPECT_NEAR(at(PredictedQuantity::mean, 0.0).se, se_log / rate, 1e-6 / rate);
  EXPECT_NEAR(at(PredictedQuantity::quantile, 0.5).value, std::log(2.0) / rate, 1e-12);
  EXPECT_NEAR(at(PredictedQuantity::cumulative_hazard, 2.0).hi95,
              2.0 * rate * std::exp(1.959963984540054 * se_log), 1e-6);
}

TEST(Predict, AgreesWithSurvregsDeltaMethod) {
  // R: f <- survreg(Surv(time, status) ~ age + sex, lung[!is.na(lung$ph.ecog), ],
  //                 control = survreg.control(rel.tolerance = 1e-14))
  //    predict(f, data.frame(age = 60, sex = 2), type = "quantile", p = 0.5, se.fit = TRUE)
  const Columns lung = columns_of("lung");
  const Model m = model_of("weibull", "age,sex");
  const FitResult fitted = fit(m.specification, lung.data(m.covariates));
  const std::vector<double> patient{60.0, 2.0};
  const Prediction median = predict(fitted, patient, PredictedQuantity::quantile, 0.5);
  EXPECT_NEAR(median.value, 414.916039221, 1e-6 * median.value);
  EXPECT_NEAR(median.se, 43.4858050453, 1e-5 * median.se);
}

TEST(Predict, CoefficientsOfAFitWithCovariatesReachEveryParameter) {
  const Columns lung = columns_of("lung");
  const Model m = model_of("gengamma", "sex", "sigma:ph_ecog");
  const FitResult fitted = fit(m.specification, lung.data(m.covariates));
  ASSERT_TRUE(fitted.converged) << fitted.problem;
  const std::vector<double> natural = fitted.natural_parameters(std::vector<double>{2.0, 1.0});
  EXPECT_DOUBLE_EQ(natural[0], fitted.parameters[0].estimate + 2.0 * fitted.parameters[3].estimate);
  EXPECT_NEAR(natural[1], fitted.parameters[1].estimate * std::exp(fitted.parameters[4].estimate),
              1e-14);
  EXPECT_EQ(fitted.parameters[4].name, "sigma(ph_ecog)");
}

}  // namespace
}  // namespace npcsim::test
