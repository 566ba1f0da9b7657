// Large-sample figures against closed forms of the exponential distribution.
#include <npcsim/emulation/detail/day_histogram.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

constexpr double month = 30.4375;
constexpr std::size_t horizon = 20000;  // days

DayHistogram exponential(double rate_per_month, double share) {
  DayHistogram out;
  for (std::size_t d = 0; d < horizon; ++d) {
    const double from = std::exp(-rate_per_month * static_cast<double>(d) / month);
    const double to = std::exp(-rate_per_month * static_cast<double>(d + 1) / month);
    out.add_event(static_cast<double>(d), share * (from - to));
  }
  out.add_censored(horizon, share * std::exp(-rate_per_month * horizon / month));
  return out;
}

TEST(DayHistogram, SurvivalOfWeightsIsTheirShare) {
  const auto survival = survival_by_day(exponential(0.04, 0.3));
  for (const std::size_t day : {0U, 100U, 1000U}) {
    const double exact = std::exp(-0.04 * static_cast<double>(day + 1) / month);
    EXPECT_NEAR(survival[day], exact, 1e-12);
  }
}

TEST(DayHistogram, CensoredWeightsLeaveTheRiskSet) {
  DayHistogram h;
  h.add_event(10, 1);
  h.add_censored(20, 1);
  h.add_event(30, 2);
  const auto survival = survival_by_day(h);
  EXPECT_DOUBLE_EQ(survival[10], 0.75);
  EXPECT_DOUBLE_EQ(survival[29], 0.75);
  EXPECT_DOUBLE_EQ(survival[30], 0.0);
}

// E log Q(U) with Q(u) = -log(1 - u) / rate and U ~ N(1/2, 1 / (4 n)), by Simpson's rule over 8 sd.
double mean_log_quantile(double rate, double n) {
  const double sd = 0.5 / std::sqrt(n);
  const int steps = 4000;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double z = -8.0 + 16.0 * i / steps;
    const double u = std::min(std::max(0.5 + sd * z, 0.02), 0.98);
    const double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * std::exp(-0.5 * z * z) * std::log(-std::log1p(-u) / rate);
  }
  return sum * 16.0 / steps / 3 / std::sqrt(2 * std::acos(-1.0));
}

TEST(DayHistogram, ExpectedMedianIsThatOfOrderStatistics) {
  const auto survival = survival_by_day(exponential(0.04, 1));
  for (const double n : {30.0, 200.0, 1e6}) {
    // Times are linear within a day of 0.0013 units of hazard: off by an eighth of its square,
    // relative to the median of 0.69.
    EXPECT_NEAR(expected_log_median(survival, n), mean_log_quantile(0.04, n), 1e-6) << n;
  }
}

TEST(DayHistogram, MedianBeyondTheHorizonGoesOnWithTheLastHazard) {
  DayHistogram h;
  for (std::size_t d = 0; d < 365; ++d) {
    const double rate = 0.01 / month;
    h.add_event(static_cast<double>(d), std::exp(-rate * static_cast<double>(d)) -
                                            std::exp(-rate * static_cast<double>(d + 1)));
  }
  h.add_censored(365, std::exp(-0.01 * 365 / month));
  EXPECT_NEAR(std::exp(expected_log_median(survival_by_day(h), 1e9)), std::log(2.0) / 0.01, 1e-3);
}

TEST(DayHistogram, HazardRatioOfExponentialsWhateverTheFollowUp) {
  const DayHistogram of = exponential(0.02, 0.4);
  const DayHistogram against = exponential(0.04, 0.6);
  for (const FollowUp& follow : {FollowUp{12, 60, 0}, FollowUp{365, 1500, 0.0005}}) {
    // Of all at risk in the morning a constant share has the event within the day, so the score is
    // zero at the ratio of the two shares, whatever the follow-up; steps end below 1e-10.
    const double exact = std::log(std::expm1(-0.02 / month) / std::expm1(-0.04 / month));
    EXPECT_NEAR(expected_log_hazard_ratio(of, against, follow), exact, 1e-9);
  }
}

TEST(DayHistogram, EventsWithinUniformFollowUp) {
  const FollowUp follow{12 * month, 36 * month, 0};
  // 1 - mean of exp(-0.05 c) for c uniform on 12 to 36 months.
  const double exact = 1 - (std::exp(-0.6) - std::exp(-1.8)) / (0.05 * 24);
  EXPECT_NEAR(expected_event_share(exponential(0.05, 1), follow), exact, 1e-5);
}

TEST(DayHistogram, NoEventsNoRatio) {
  DayHistogram nobody;
  nobody.add_censored(100, 1);
  EXPECT_TRUE(std::isnan(expected_log_hazard_ratio(nobody, exponential(0.1, 1), {0, 50, 0})));
}

}  // namespace
}  // namespace npcsim::detail
