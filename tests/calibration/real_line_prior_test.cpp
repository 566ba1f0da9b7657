#include <npcsim/calibration/emulation_targets.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

CalibrationParameter with_prior(Prior::Kind kind, double first, double second) {
  Parameter parameter;
  parameter.name = "scale";
  parameter.written = 12;          // months
  parameter.value = 12 * 30.4375;  // days
  parameter.distribution.kind = kind;
  parameter.distribution.first = first;
  parameter.distribution.second = second;
  return real_line_prior(parameter);
}

TEST(RealLinePrior, LogNormalIsNormalInTheLogarithmOfTheUnitAsWritten) {
  const CalibrationParameter prior = with_prior(Prior::Kind::log_normal, 10, 0.3);
  EXPECT_EQ(prior.transform, ParameterTransform::log);
  EXPECT_NEAR(prior.mean, std::log(10), 1e-15);
  EXPECT_EQ(prior.sd, 0.3);
  EXPECT_NEAR(natural_value(prior.transform, prior.mean), 10, 1e-13);
}

TEST(RealLinePrior, NormalStaysAsItIs) {
  const CalibrationParameter prior = with_prior(Prior::Kind::normal, 10, 2);
  EXPECT_EQ(prior.transform, ParameterTransform::identity);
  EXPECT_EQ(prior.mean, 10);
  EXPECT_EQ(prior.sd, 2);
}

// A uniform share: its logit is logistic with mean 0 and variance pi^2 / 3. Beta(2, 3): mean
// digamma(2) - digamma(3) = -1/2, variance trigamma(2) + trigamma(3) = pi^2 / 3 - 1 - 5 / 4.
TEST(RealLinePrior, BetaHasTheMomentsOfItsLogit) {
  const double pi = std::acos(-1.0);
  const CalibrationParameter uniform = with_prior(Prior::Kind::beta, 1, 1);
  EXPECT_EQ(uniform.transform, ParameterTransform::logit);
  EXPECT_NEAR(uniform.mean, 0, 1e-14);
  EXPECT_NEAR(uniform.sd, pi / std::sqrt(3.0), 1e-13);
  const CalibrationParameter other = with_prior(Prior::Kind::beta, 2, 3);
  EXPECT_NEAR(other.mean, -0.5, 1e-14);
  EXPECT_NEAR(other.sd, std::sqrt(pi * pi / 3 - 2.25), 1e-13);
}

}  // namespace
}  // namespace npcsim
