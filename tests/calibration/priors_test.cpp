#include <npcsim/calibration/priors.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

Parameter with_prior(const std::string& prior) {
  Parameter parameter;
  parameter.name = "scale";
  parameter.written = 12;          // months
  parameter.value = 12 * 30.4375;  // days
  parameter.prior = prior;
  return parameter;
}

TEST(CalibrationPrior, LogNormalMedianIsInTheUnitOfTheParameter) {
  Diagnostics diagnostics;
  const auto prior = calibration_prior(with_prior("log_normal: [10, 0.3]"), diagnostics);
  ASSERT_TRUE(prior.has_value());
  EXPECT_EQ(prior->transform, ParameterTransform::log);
  EXPECT_NEAR(prior->mean, std::log(10 * 30.4375), 1e-12);
  EXPECT_EQ(prior->sd, 0.3);
  EXPECT_NEAR(natural_value(prior->transform, prior->mean), 304.375, 1e-9);
}

TEST(CalibrationPrior, NormalIsScaledAsAWhole) {
  Diagnostics diagnostics;
  const auto prior = calibration_prior(with_prior("normal: [10, 2]"), diagnostics);
  ASSERT_TRUE(prior.has_value());
  EXPECT_NEAR(prior->mean, 304.375, 1e-9);
  EXPECT_NEAR(prior->sd, 60.875, 1e-9);
}

TEST(CalibrationPrior, WhatCannotBeUsedIsNothing) {
  Diagnostics diagnostics;
  EXPECT_FALSE(calibration_prior(with_prior("fixed"), diagnostics));
  EXPECT_FALSE(calibration_prior(with_prior(""), diagnostics));
  EXPECT_FALSE(calibration_prior(with_prior("beta: [2, 3]"), diagnostics));
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_FALSE(calibration_prior(with_prior("normal: [1]"), diagnostics));
  EXPECT_FALSE(calibration_prior(with_prior("normal: [1, 0]"), diagnostics));
  EXPECT_FALSE(calibration_prior(with_prior("log_normal: [-1, 0.2]"), diagnostics));
  ASSERT_EQ(diagnostics.items().size(), 3U);
  EXPECT_EQ(diagnostics.items()[0].message, "a normal prior has two numbers");
  EXPECT_EQ(diagnostics.items()[1].message,
            "the standard deviation of a prior must be above 0, found 0");
  EXPECT_EQ(diagnostics.items()[2].message,
            "the median of a log-normal prior must be above 0, found -1");
}

}  // namespace
}  // namespace npcsim
