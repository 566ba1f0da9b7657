// Time stretched by covariates that change. Numbers from R stand in
// tests/csv_analyses/fit_against_r_test.cpp.
#include <npcsim/fitting/stretched_time.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

struct Rows {
  std::vector<double> entry;
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> subject;
  std::vector<double> x;

  void add(double from, double to, bool dies, int who, double value) {
    entry.push_back(from);
    time.push_back(to);
    event.push_back(dies ? 1 : 0);
    subject.push_back(who);
    x.push_back(value);
  }
  FitData data() const {
    FitData out;
    out.records.time = time;
    out.records.entry = entry;
    out.records.event = event;
    out.records.cluster = subject;
    out.covariates.names = {"x"};
    out.covariates.columns = {x};
    return out;
  }
};

FitSpecification model(Family family) {
  FitSpecification out;
  out.family = family;
  out.effects = {{0, ""}};
  return out;
}

constexpr int subjects = 400;

double uniform(int who, std::uint32_t draw) {
  return PatientDraws(DrawKey{5, 0}, static_cast<std::uint32_t>(who))
      .uniform("stretched time"_stream, draw);
}

TEST(StretchedTime, ConstantCovariatesMakeThePlainModelHoweverRowsAreSplit) {
  for (const Family family : {Family::exponential, Family::weibull, Family::log_logistic,
                              Family::log_normal, Family::gamma, Family::generalised_gamma}) {
    Rows whole;
    Rows split;
    for (int i = 0; i < subjects; ++i) {
      const double x = i % 3 - 1.0;
      const double t = std::exp(1.0 + 0.4 * x) * std::pow(-std::log(uniform(i, 0)), 0.7);
      const double entry = i % 4 == 0 ? 0.3 * t : 0.0;  // some are seen late
      const double cut = entry + (t - entry) * uniform(i, 1);
      const bool dies = uniform(i, 2) < 0.8;
      whole.add(entry, t, dies, i, x);
      split.add(cut, t, dies, i, x);
      split.add(entry, cut, false, i, x);
    }
    const FitResult plain = fit(model(family), whole.data());
    const FitResult found = fit_stretched_time(model(family), split.data());
    ASSERT_TRUE(plain.converged && found.converged) << found.model << found.problem;
    EXPECT_NEAR(found.loglik, plain.loglik, 1e-9 * std::abs(plain.loglik)) << found.model;
    EXPECT_NEAR(found.bic, plain.bic, 1e-9 * std::abs(plain.bic)) << found.model;
    for (std::size_t i = 0; i < plain.parameters.size(); ++i) {
      const FittedParameter& p = plain.parameters[i];
      EXPECT_NEAR(found.parameters[i].estimate_transformed, p.estimate_transformed,
                  1e-6 * p.se_transformed)
          << found.model << ' ' << p.name;
      EXPECT_NEAR(found.parameters[i].se_transformed, p.se_transformed, 1e-6 * p.se_transformed)
          << found.model << ' ' << p.name;
    }
  }
}

TEST(StretchedTime, FindsTheTruthWhereEachRowForItselfDoesNot) {
  // x switches from 0 to 1 at time 2. With b = 1 the clock runs at exp(-1) from then on, so the own
  // age a is reached at 2 + (a - 2) e.
  Rows rows;
  for (int i = 0; i < 4000; ++i) {
    const double age = 4.0 * std::pow(-std::log(uniform(i, 0)), 1.0 / 2.0);
    if (age <= 2.0) {
      rows.add(0.0, age, true, i, 0.0);
      continue;
    }
    rows.add(0.0, 2.0, false, i, 0.0);
    rows.add(2.0, 2.0 + (age - 2.0) * std::exp(1.0), true, i, 1.0);
  }
  const FitResult found = fit_stretched_time(model(Family::weibull), rows.data());
  ASSERT_TRUE(found.converged) << found.problem;
  EXPECT_LT(found.certificate.newton_decrement, 1e-10);
  const std::vector<double> truth{std::log(2.0), std::log(4.0), 1.0};
  for (std::size_t i = 0; i < 3; ++i) {
    const FittedParameter& p = found.parameters[i];
    EXPECT_LT(std::abs(p.estimate_transformed - truth[i]) / p.se_transformed, 4.9) << p.name;
  }
  const FitResult naive = fit(model(Family::weibull), rows.data());
  EXPECT_GT(std::abs(naive.parameters[2].estimate - 1.0) / naive.parameters[2].se_transformed, 10);
}

TEST(StretchedTime, RefusesRowsThatAreNoLife) {
  Rows rows;
  for (int i = 0; i < 30; ++i) rows.add(0.0, 1.0 + 0.1 * i, true, i, i % 2);
  Rows gap = rows;
  gap.add(1.5, 2.5, true, 3, 1.0);
  EXPECT_EQ(fit_stretched_time(model(Family::weibull), gap.data()).problem,
            "record 31: it does not begin where the subject's row before it ends");
  Rows twice = rows;
  twice.add(1.0, 2.5, true, 0, 1.0);
  EXPECT_EQ(fit_stretched_time(model(Family::weibull), twice.data()).problem,
            "record 31: the subject has had the event before");
  const FitResult gompertz = fit_stretched_time(model(Family::gompertz), rows.data());
  EXPECT_FALSE(gompertz.converged);
  EXPECT_NE(gompertz.problem.find("does not stretch time"), std::string::npos);
}

}  // namespace
}  // namespace npcsim
