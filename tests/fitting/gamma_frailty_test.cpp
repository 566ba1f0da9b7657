// Shared gamma frailty: limits, derivatives and data that are refused. Numbers from R stand in
// tests/csv_analyses/fit_against_r_test.cpp.
#include <npcsim/fitting/gamma_frailty.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Clusters of four rows; times are exponential given z.
struct Clusters {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> cluster;
  std::vector<double> x;
  std::vector<double> entry;

  Clusters(int count, double variance) {
    for (int c = 0; c < count; ++c) {
      const PatientDraws draws(DrawKey{11, 0}, static_cast<std::uint32_t>(c));
      // Erlang with 1 / variance a whole number: mean 1 and this variance.
      double z = 1.0;
      if (variance > 0.0) {
        z = 0.0;
        const auto shape = static_cast<std::uint32_t>(std::lround(1.0 / variance));
        for (std::uint32_t k = 0; k < shape; ++k) {
          z += variance * draws.unit_exponential("frailty part"_stream, k);
        }
      }
      for (std::uint32_t row = 0; row < 4; ++row) {
        x.push_back(row % 2 == 0 ? 0.0 : 1.0);
        const double rate = 0.1 * z * std::exp(0.5 * x.back());
        const double t = draws.unit_exponential("time"_stream, row) / rate;
        event.push_back(t < 25.0 ? 1 : 0);
        time.push_back(t < 25.0 ? t : 25.0);
        cluster.push_back(c);
      }
    }
  }

  FitData data() const {
    FitData out;
    out.records.time = time;
    out.records.event = event;
    out.records.cluster = cluster;
    out.records.entry = entry;
    out.covariates.names = {"x"};
    out.covariates.columns = {x};
    return out;
  }
};

FitSpecification weibull() {
  FitSpecification out;
  out.family = Family::weibull_ph;
  out.effects = {{0, ""}};
  return out;
}

TEST(GammaFrailty, FindsTheTruthThatWasSimulated) {
  const Clusters made(1500, 0.5);
  const FrailtyFit found = fit_gamma_frailty(weibull(), made.data());
  ASSERT_TRUE(found.fit.converged) << found.fit.problem;
  EXPECT_LT(found.fit.certificate.newton_decrement, 1e-10);
  const std::vector<double> truth{0.0, std::log(0.1), 0.5};
  for (std::size_t i = 0; i < 3; ++i) {
    const FittedParameter& p = found.fit.parameters[i];
    EXPECT_LT(std::abs(p.estimate_transformed - truth[i]) / p.se_transformed, 4.9) << p.name;
  }
  EXPECT_LT(
      std::abs(found.variance.estimate_transformed - std::log(0.5)) / found.variance.se_transformed,
      4.9);
  EXPECT_EQ(found.clusters, 1500U);
}

void expect_inverse_curvature(Family family) {
  FitSpecification specification = weibull();
  specification.family = family;
  const Clusters made(300, 0.5);
  const FrailtyFit found = fit_gamma_frailty(specification, made.data());
  ASSERT_TRUE(found.fit.converged);
  const std::size_t n = 4;
  const auto value = [&](const std::vector<double>& offset) {
    std::vector<double> point = found.fit.transformed();
    for (std::size_t i = 0; i < 3; ++i) point[i] += offset[i];
    return gamma_frailty_log_likelihood(specification, made.data(), point,
                                        std::exp(found.variance.estimate_transformed + offset[3]));
  };
  EXPECT_NEAR(value({0, 0, 0, 0}), found.fit.loglik, 1e-9 * std::abs(found.fit.loglik));
  // Second differences of the likelihood alone, times the covariance: the unit matrix.
  const double h = 1e-3;
  std::vector<double> information(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const auto corner = [&](double a, double b) {
        std::vector<double> offset(n, 0.0);
        offset[i] += a * h;
        offset[j] += b * h;
        return value(offset);
      };
      information[i * n + j] =
          -(corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h * h);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      double size = 0.0;
      for (std::size_t k = 0; k < n; ++k) {
        const double term = information[i * n + k] * found.covariance[k * n + j];
        sum += term;
        size += std::abs(term);
      }
      EXPECT_NEAR(sum, i == j ? 1.0 : 0.0, 1e-4 * size) << i << ", " << j;
    }
  }
}

TEST(GammaFrailty, TheCovarianceIsTheInverseCurvatureOfTheLikelihood) {
  expect_inverse_curvature(Family::weibull_ph);
  expect_inverse_curvature(Family::gompertz);
  expect_inverse_curvature(Family::log_normal);
}

TEST(GammaFrailty, ASmallVarianceIsNearlyNone) {
  const Clusters made(200, 0.0);
  const FitSpecification specification = weibull();
  const std::vector<double> point{0.05, -2.3, 0.45};
  const double plain = log_likelihood(specification, made.data(), point);
  const double tiny = gamma_frailty_log_likelihood(specification, made.data(), point, 1e-9);
  EXPECT_NEAR(tiny, plain, 1e-5);
}

TEST(GammaFrailty, RowsSplitInTwoChangeNothing) {
  const Clusters made(100, 0.5);
  Clusters split(100, 0.5);
  const std::size_t rows = split.time.size();
  split.entry.assign(rows, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    const double cut = 0.4 * split.time[i];
    split.time.push_back(cut);
    split.event.push_back(0);
    split.cluster.push_back(split.cluster[i]);
    split.x.push_back(split.x[i]);
    split.entry.push_back(0.0);
    split.entry[i] = cut;
  }
  const FrailtyFit whole = fit_gamma_frailty(weibull(), made.data());
  const FrailtyFit parts = fit_gamma_frailty(weibull(), split.data());
  ASSERT_TRUE(whole.fit.converged && parts.fit.converged) << parts.fit.problem;
  EXPECT_NEAR(whole.fit.loglik, parts.fit.loglik, 1e-9 * std::abs(whole.fit.loglik));
  EXPECT_NEAR(whole.variance.estimate, parts.variance.estimate, 1e-8);
}

TEST(GammaFrailty, RefusesWhatItCannotDo) {
  const Clusters made(20, 0.5);
  FitData data = made.data();
  data.records.cluster = {};
  EXPECT_EQ(fit_gamma_frailty(weibull(), data).fit.problem, "a frailty needs clusters");
  FitSpecification cured = weibull();
  cured.cure = Cure::mixture;
  cured.effects.clear();
  const FrailtyFit found = fit_gamma_frailty(cured, made.data());
  EXPECT_FALSE(found.fit.converged);
  EXPECT_EQ(found.fit.problem, "a frailty does not go with a cured fraction");
}

}  // namespace
}  // namespace npcsim
