// What happens at 0, at infinity, and for hazards that are zero.
#include "cases.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::for_all_models;
using test::Spread;

TEST(BaselineLimits, NothingHasHappenedAtTimeZero) {
  for_all_models(
      10, [](const Baseline& b, const std::vector<double>& p, const std::string& label, Spread&) {
        EXPECT_EQ(cumulative_hazard(b, p.data(), 0.0), 0.0) << label;
        EXPECT_EQ(time_at(b, p.data(), 0.0), 0.0) << label;
        EXPECT_EQ(time_after(b, p.data(), 17.0, 0.0), 17.0) << label;
        EXPECT_EQ(time_after(b, p.data(), 0.0, 0.2), time_at(b, p.data(), 0.2)) << label;
        const double h = hazard(b, p.data(), 0.0);
        EXPECT_GE(h, 0.0) << label;  // may be infinite, must not be NaN
      });
}

TEST(BaselineLimits, AllButTheCuredHaveTheEventInTheEnd) {
  for_all_models(
      10, [](const Baseline& b, const std::vector<double>& p, const std::string& label, Spread&) {
        const double all = cumulative_hazard(b, p.data(), INFINITY);
        const int cured = b.cure == Cure::none ? 0 : 1;
        const bool never = b.family == Family::gompertz && p[static_cast<std::size_t>(cured)] < 0.0;
        if (never) {
          EXPECT_LT(all, INFINITY) << label;
        } else if (cured == 1) {
          EXPECT_NEAR(all, -std::log(p[0]), 1e-14) << label;
        } else {
          EXPECT_EQ(all, INFINITY) << label;
        }
        EXPECT_EQ(time_at(b, p.data(), INFINITY), INFINITY) << label;
        EXPECT_EQ(time_after(b, p.data(), 17.0, INFINITY), INFINITY) << label;
        EXPECT_FALSE(std::isnan(hazard(b, p.data(), 1e300))) << label;
      });
}

TEST(BaselineLimits, ExtremeThresholdsGiveNoNan) {
  for_all_models(
      10, [](const Baseline& b, const std::vector<double>& p, const std::string& label, Spread&) {
        for (const double h : {1e-300, 1e-30, 1e-9, 36.7, 700.0, 1e5}) {
          const double t = time_at(b, p.data(), h);
          EXPECT_GE(t, 0.0) << label << " h " << h;
          EXPECT_GE(time_after(b, p.data(), 3.0, h), 3.0) << label << " h " << h;
          EXPECT_GE(time_after(b, p.data(), 1e5, h), 1e5) << label << " h " << h;
        }
        for (const double t : {1e-300, 1e-9, 1e9, 1e300}) {
          EXPECT_GE(cumulative_hazard(b, p.data(), t), 0.0) << label << " t " << t;
          EXPECT_GE(hazard(b, p.data(), t), 0.0) << label << " t " << t;
        }
      });
}

TEST(BaselineLimits, NoHazardMeansNever) {
  const double zero = 0.0;
  static constexpr Baseline exponential{Family::exponential};
  EXPECT_EQ(time_at(exponential, &zero, 1e-9), INFINITY);
  EXPECT_EQ(time_after(exponential, &zero, 5.0, 1e-9), INFINITY);
  EXPECT_EQ(cumulative_hazard(exponential, &zero, INFINITY), 0.0);
  for (const double shape : {-0.1, 0.0, 0.1}) {
    const std::array<double, 2> p{shape, 0.0};
    const Baseline gompertz{Family::gompertz};
    EXPECT_EQ(time_at(gompertz, p.data(), 1e-9), INFINITY) << shape;
    EXPECT_EQ(time_after(gompertz, p.data(), 5.0, 1e-9), INFINITY) << shape;
    EXPECT_EQ(cumulative_hazard(gompertz, p.data(), INFINITY), 0.0) << shape;
  }
  const std::array<double, 2> p{1.5, 0.0};
  const Baseline weibull_ph{Family::weibull_ph};
  EXPECT_EQ(time_at(weibull_ph, p.data(), 1e-9), INFINITY);
  EXPECT_EQ(time_after(weibull_ph, p.data(), 5.0, 1e-9), INFINITY);
  EXPECT_EQ(cumulative_hazard(weibull_ph, p.data(), INFINITY), 0.0);
}

TEST(BaselineLimits, GompertzStepsSurviveLateStarts) {
  // At age 100 in days with a tiny h: t - from = log1p(b h / rate(from)) / b.
  const Baseline b{Family::gompertz};
  const std::array<double, 2> p{0.1 / 365.25, 2e-8};
  const double from = 100.0 * 365.25;
  const double local = 2e-8 * std::exp(10.0);
  for (const double h : {1e-12, 1e-6, 1e-2, 3.0}) {
    const double step = std::log1p(p[0] * h / local) / p[0];
    EXPECT_NEAR(time_after(b, p.data(), from, h) - from, step, 1e-13 * step + 1e-11) << h;
  }
}

TEST(BaselineLimits, AHazardOfMinusZeroIsNone) {
  static constexpr Baseline exponential{Family::exponential};
  const std::vector<double> zero{-0.0};
  EXPECT_EQ(time_at(exponential, zero.data(), 1e-9), INFINITY);
  EXPECT_EQ(time_after(exponential, zero.data(), 5.0, 1e-9), INFINITY);
}

TEST(BaselineLimits, WhenAllAreCuredNothingHappens) {
  for_all_models(
      5, [](const Baseline& b, std::vector<double> p, const std::string& label, Spread& spread) {
        if (b.cure == Cure::none) return;
        p[0] = 1.0;
        const double t = spread.log_uniform(1.0, 1e4);
        EXPECT_EQ(cumulative_hazard(b, p.data(), t), 0.0) << label;
        EXPECT_EQ(time_at(b, p.data(), 1e-9), INFINITY) << label;
        EXPECT_EQ(time_after(b, p.data(), t, 1e-9), INFINITY) << label;
      });
}

TEST(BaselineLimits, EightTimesAtOnceAreTheSingleValuesBitForBit) {
  for_all_models(100, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                         Spread& spread) {
    std::array<double, 8> usual{};
    for (double& t : usual) t = spread.log_uniform(1e-6, 1e6);
    const std::array<double, 8> odd{0.0, 5e-324, 1e-300, 1e300, INFINITY, usual[5], p[0], 1.0};
    for (const std::array<double, 8>& times : {usual, odd}) {
      std::array<double, 8> together{};
      cumulative_hazards(b, p.data(), times.data(), 8, together.data());
      for (std::size_t i = 0; i < times.size(); ++i) {
        const double alone = cumulative_hazard(b, p.data(), times[i]);
        EXPECT_EQ(std::memcmp(&together[i], &alone, sizeof alone), 0)
            << label << ", t " << times[i];
      }
    }
  });
}

}  // namespace
}  // namespace npcsim
