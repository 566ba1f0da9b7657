#include "toy_model.hpp"
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/detail/sampling.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

// A toy of one study with two figures.
class TwoFigures final : public TargetModel {
 public:
  explicit TwoFigures(const CalibrationTarget& target = {}) : targets_(2, target) {
    studies_.resize(1);
  }
  const std::vector<CalibrationParameter>& parameters() const override { return parameters_; }
  const std::vector<CalibrationStudy>& studies() const override { return studies_; }
  const std::vector<CalibrationTarget>& targets() const override { return targets_; }
  std::vector<double> predict(std::span<const double>, const StudyShift&,
                              std::uint32_t) const override {
    return {};
  }
  std::vector<double> replicate(std::span<const double>, std::size_t,
                                std::uint32_t) const override {
    return {};
  }

 private:
  std::vector<CalibrationParameter> parameters_;
  std::vector<CalibrationStudy> studies_;
  std::vector<CalibrationTarget> targets_;
};

// Normal quantiles in the first column, the same in another order in the second.
MatrixXd quantiles(Index n, double mean, double sd) {
  MatrixXd out(n, 2);
  for (Index i = 0; i < n; ++i) {
    const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    out(i, 0) = mean + sd * portable::normal_quantile(p);
    out((i * 7) % n, 1) = mean + sd * portable::normal_quantile(p);
  }
  return out;
}

TEST(SampledFigures, UnreachedMediansAreTheTailOfANormal) {
  MatrixXd data = quantiles(1000, 2.5, 0.2);
  for (Index i = 650; i < 1000; ++i) data(i, 0) = std::numeric_limits<double>::infinity();
  const SampledFigures found = summarise_data_sets(TwoFigures(), {data});
  // From two quantiles, linear between neighbours 0.001 apart: at p = 0.195 that errs by at most
  // 0.001^2 / 8 |z| / phi(z)^2 = 1.4e-6 standard deviations, at p = 0.4875 by less.
  EXPECT_NEAR(found.mean(0, 0), 2.5, 4 * 1.4e-6 * 0.2);
  // The tail is put at its mean, which takes its own spread out of the variance: beyond z = 0.385 E
  // Z is lambda = phi(z) / 0.35 and E Z^2 is 1 + z lambda.
  const double z = portable::normal_quantile(0.65);
  const double lambda = std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0)) / 0.35;
  const double variance = 1 - 0.35 * (1 + z * lambda - lambda * lambda);
  // 1,000 quantiles stand for the normal, which loses about 0.6 / 1000 of E Z^2 in the open tail;
  // n - 1, and Hartlap's factor with 999 degrees of freedom and two figures.
  const double widened = variance * 1000 / 999 * 998 / 995;
  EXPECT_NEAR(found.covariance[0](0, 0) / (0.2 * 0.2), widened, 1e-3);
}

TEST(SampledFigures, NearlyNeverReachedSaysNothing) {
  MatrixXd data = quantiles(100, 2.5, 0.2);
  for (Index i = 5; i < 100; ++i) data(i, 0) = std::numeric_limits<double>::infinity();
  const SampledFigures found = summarise_data_sets(TwoFigures(), {data});
  EXPECT_TRUE(std::isnan(found.mean(0, 0)));
  // Assumed where nothing is known; Hartlap's factor with 99 degrees of freedom, two figures.
  EXPECT_NEAR(found.covariance[0](0, 0), 0.3 * 0.3 * 98 / 95, 1e-12);
}

TEST(SampledFigures, MinusInfinityIsTheLowerTail) {
  MatrixXd data = quantiles(1000, 2.5, 0.2);
  for (Index i = 650; i < 1000; ++i) data(i, 0) = std::numeric_limits<double>::infinity();
  const SampledFigures upper = summarise_data_sets(TwoFigures(), {data});
  const SampledFigures lower = summarise_data_sets(TwoFigures(), {-data});
  EXPECT_NEAR(lower.mean(0, 0), -upper.mean(0, 0), 1e-12);
  EXPECT_NEAR(lower.covariance[0](0, 0), upper.covariance[0](0, 0), 1e-12);
  EXPECT_NEAR(lower.covariance[0](0, 1), upper.covariance[0](0, 1), 1e-12);
  // Both tails of the same normal.
  data = quantiles(1000, 2.5, 0.2);
  for (Index i = 0; i < 150; ++i) data(i, 0) = -std::numeric_limits<double>::infinity();
  for (Index i = 850; i < 1000; ++i) data(i, 0) = std::numeric_limits<double>::infinity();
  const SampledFigures both = summarise_data_sets(TwoFigures(), {data});
  EXPECT_NEAR(both.mean(0, 0), 2.5, 4 * 1.4e-6 * 0.2);
  // Beyond z = 1.036 a share of 0.15 on each side loses 1 + z lambda - lambda^2 of its own.
  const double z = portable::normal_quantile(0.85);
  const double lambda = std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0)) / 0.15;
  const double variance = 1 - 0.3 * (1 + z * lambda - lambda * lambda);
  EXPECT_NEAR(both.covariance[0](0, 0) / (0.2 * 0.2), variance * 1000 / 999 * 998 / 995, 1e-3);
}

TEST(SampledFigures, DataSetsThatSayNothingAreLeftOut) {
  MatrixXd data = quantiles(60, 1, 0.1);
  double sum = 0;
  double squares = 0;
  for (Index i = 0; i < 60; ++i) {
    if (i % 5 == 2) {
      data(i, 0) = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    sum += data(i, 0);
    squares += data(i, 0) * data(i, 0);
  }
  const SampledFigures found = summarise_data_sets(TwoFigures(), {data});
  EXPECT_NEAR(found.mean(0, 0), sum / 48, 1e-12);
  // 48 values say something; Hartlap's factor with 59 degrees of freedom.
  EXPECT_NEAR(found.covariance[0](0, 0), (squares - sum * sum / 48) / 47 * 58.0 / 55.0, 1e-12);
}

TEST(SampledFigures, CovarianceIsWidenedForItsInverse) {
  const SampledFigures found = summarise_data_sets(TwoFigures(), {quantiles(60, 1, 0.1)});
  // Hartlap et al. (2007): (n - 1) / (n - d - 2) with n = 59 degrees of freedom, d = 2.
  const MatrixXd data = quantiles(60, 1, 0.1);
  const double variance = (data.col(0).array() - data.col(0).mean()).square().sum() / 59;
  EXPECT_NEAR(found.covariance[0](0, 0), variance * 58.0 / 55.0, 1e-12);
}

TEST(SampledFigures, NoFigureIsKnownWithoutError) {
  MatrixXd data = quantiles(200, 1, 0.1);
  data.col(1).setConstant(1.57);
  const SampledFigures found = summarise_data_sets(TwoFigures(), {data});
  // At least a quarter of the standard deviation of the study's other figure.
  EXPECT_NEAR(found.covariance[0](1, 1), found.covariance[0](0, 0) / 16, 1e-15);
}

TEST(SampledFigures, SharesThatNeverVaryHaveTheErrorOfTheirNumberOfPatients) {
  MatrixXd data(200, 2);
  data.setConstant(1.57);
  CalibrationTarget share;
  share.scale = TargetScale::arcsine;
  share.patients = 100;
  const double widened = 198.0 / 195.0;  // Hartlap, 199 degrees of freedom and two figures
  // Variance 1 / (4 n) on the arcsine scale (Anscombe 1948).
  EXPECT_NEAR(summarise_data_sets(TwoFigures(share), {data}).covariance[0](1, 1), widened / 400,
              1e-15);
  share.patients = 0;
  EXPECT_NEAR(summarise_data_sets(TwoFigures(share), {data}).covariance[0](1, 1),
              widened * 0.3 * 0.3, 1e-15);
}

}  // namespace
}  // namespace npcsim::detail
