#include <npcsim/survival/intervals.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// summary(survfit(Surv(t6, s6) ~ 1, conf.type = "log-log"), times = c(10, 23)): lower, upper
TEST(Intervals, LogLogLimitsAgreeWithR) {
  const auto at_10 = log_log_interval(0.75294117647058811, 0.096349652994320495).value();
  EXPECT_NEAR(at_10.low, 0.50319951079995651, 1e-9);
  EXPECT_NEAR(at_10.high, 0.88936183516926537, 1e-9);
  const auto at_23 = log_log_interval(0.44817927170868338, 0.134591456755760425).value();
  EXPECT_NEAR(at_23.low, 0.18805200595923241, 1e-9);
  EXPECT_NEAR(at_23.high, 0.68014262849524132, 1e-9);
}

TEST(Intervals, AShareOfNoneOrAllHasNoLogLogLimits) {
  EXPECT_FALSE(log_log_interval(0, 0).has_value());
  EXPECT_FALSE(log_log_interval(1, 0).has_value());
}

// qnorm(0.975) = 1.9599639845400542
TEST(Intervals, NormalAndLogLimits) {
  EXPECT_NEAR(normal_interval(3, 0.5).low, 3 - 0.5 * 1.9599639845400542, 1e-14);
  EXPECT_NEAR(normal_interval(3, 0.5).high, 3 + 0.5 * 1.9599639845400542, 1e-14);
  // A log hazard ratio of log 0.5 with standard error 0.1; by the delta method the ratio has 0.05.
  EXPECT_NEAR(log_interval(0.5, 0.05).low, 0.5 * std::exp(-0.1 * 1.9599639845400542), 1e-14);
  EXPECT_NEAR(log_interval(0.5, 0.05).high, 0.5 * std::exp(0.1 * 1.9599639845400542), 1e-14);
}

}  // namespace
}  // namespace npcsim
