// Claims that hold for every family with and without a cured fraction, over random parameters.
#include "cases.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::for_all_models;
using test::Spread;

TEST(Inversion, TimeAtUndoesCumulative) {
  for_all_models(60, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                        Spread& spread) {
    for (int i = 0; i < 20; ++i) {
      const double h = spread.log_uniform(1e-6, 30.0);
      const double t = time_at(b, p.data(), h);
      if (t == INFINITY) {
        EXPECT_LE(cumulative_hazard(b, p.data(), 1e300), h * (1.0 + 1e-12)) << label << " h " << h;
        continue;
      }
      // An error of 1e-12 in t moves H by t h(t) 1e-12; H itself rounds.
      const double slope = t * hazard(b, p.data(), t);
      EXPECT_NEAR(cumulative_hazard(b, p.data(), t), h, 1e-12 * slope + 3e-14 * h)
          << label << " h " << h << " t " << t;
    }
  });
}

TEST(Inversion, TimeAfterSpendsExactlyWhatWasAsked) {
  for_all_models(60, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                        Spread& spread) {
    for (int i = 0; i < 20; ++i) {
      const double from = spread.log_uniform(1.0, 2000.0);
      const double h = spread.log_uniform(1e-4, 10.0);
      const double t = time_after(b, p.data(), from, h);
      const double before = cumulative_hazard(b, p.data(), from);
      ASSERT_GE(t, from) << label;
      if (t == INFINITY) {
        EXPECT_LE(cumulative_hazard(b, p.data(), 1e300) - before, h + 1e-12 * (before + h))
            << label;
        continue;
      }
      const double slope = t * hazard(b, p.data(), t);
      EXPECT_NEAR(cumulative_hazard(b, p.data(), t) - before, h,
                  1e-12 * slope + 3e-14 * (before + h))
          << label << " from " << from << " h " << h << " t " << t;
    }
  });
}

TEST(Inversion, SmallStepsFollowTheHazard) {
  // For a tiny h the step is h / h(from) (1 + O(h)); a difference of two cumulative hazards
  // would have lost it.
  for_all_models(30, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                        Spread& spread) {
    const double from = spread.log_uniform(30.0, 500.0);
    const double rate = hazard(b, p.data(), from);
    if (rate * from < 1e-9) return;
    const double step = 1e-7 * from;  // 1e-7 of the time: rounding of t leaves 1e-9 of the step
    const double t = time_after(b, p.data(), from, rate * step);
    EXPECT_NEAR((t - from) / step, 1.0, 3e-5) << label << " from " << from;
  });
}

TEST(Inversion, WeibullStepsAreExactFarFromTheOrigin) {
  // A step of 1e-12 of the time: rounding of t alone leaves 1.1e-4 of it, a difference of powers
  // leaves percents. dt = dH / h(from).
  for (const Family family : {Family::weibull, Family::weibull_ph}) {
    const Baseline b{family};
    const std::vector<double> p{3.0, family == Family::weibull ? 0.01 : 1e6};
    for (double from = 500.0; from < 20000.0; from *= 1.1) {
      const double step = 1e-12 * from;
      const double t = time_after(b, p.data(), from, step * hazard(b, p.data(), from));
      EXPECT_NEAR((t - from) / step, 1.0, 3e-4) << from;
    }
  }
}

TEST(Inversion, SplittingAStretchMovesNoEvent) {
  for_all_models(30, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                        Spread& spread) {
    const double h = spread.log_uniform(1e-3, 3.0);
    const double whole = time_at(b, p.data(), h);
    if (whole == INFINITY) return;
    double from = 0.0;
    double left = h;
    for (int i = 0; i < 4; ++i) {
      const double next = whole * (0.2 * (i + 1));
      left -= cumulative_hazard(b, p.data(), next) - cumulative_hazard(b, p.data(), from);
      from = next;
    }
    const double slope = whole * hazard(b, p.data(), whole);
    EXPECT_NEAR(time_after(b, p.data(), from, left) / whole, 1.0, 1e-12 + 1e-14 * h / slope)
        << label;
  });
}

TEST(Hazard, IsTheDerivativeOfTheCumulative) {
  for_all_models(60, [](const Baseline& b, const std::vector<double>& p, const std::string& label,
                        Spread& spread) {
    const double t = spread.log_uniform(2.0, 1500.0);
    const double h = hazard(b, p.data(), t);
    if (b.family == Family::piecewise &&
        std::any_of(test::change_times.begin(), test::change_times.end(),
                    [t](double change) { return std::fabs(t - change) < 0.01 * change; })) {
      return;
    }
    // Central differences of fourth order. Where H is tiny or huge it is a power of t too steep for
    // the step.
    const double total = cumulative_hazard(b, p.data(), t);
    if (total < 1e-8 || total > 1e3) return;
    const double step = 2e-4 * t;
    const auto at = [&](double x) { return cumulative_hazard(b, p.data(), x); };
    const double slope =
        (8.0 * (at(t + step) - at(t - step)) - (at(t + 2 * step) - at(t - 2 * step))) / (12 * step);
    const double rounding = 1e-14 * at(t + 2 * step) / step;
    EXPECT_NEAR(h, slope, 1e-6 * h + rounding) << label << " t " << t;
  });
}

TEST(CumulativeHazard, NeverFalls) {
  for_all_models(
      20, [](const Baseline& b, const std::vector<double>& p, const std::string& label, Spread&) {
        double before = 0.0;
        for (double t = 1e-3; t < 1e6; t *= 1.05) {
          const double now = cumulative_hazard(b, p.data(), t);
          ASSERT_GE(now, before * (1.0 - 1e-13)) << label << " t " << t;
          before = now;
        }
      });
}

}  // namespace
}  // namespace npcsim
