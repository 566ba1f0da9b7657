// Likelihood contributions of single records against the hazard room, which has its own formulas,
// and their derivatives against differences.
#include "fit_data.hpp"
#include <npcsim/hazard/baseline.hpp>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

struct Point {
  const char* model;
  std::vector<double> knots;
  std::vector<double> natural;
};

/// Ordinary values, and values near every limit: shapes near 0, Q near 0 and of either sign, P
/// near 0.
std::vector<Point> points() {
  return {
      {"exponential", {}, {0.3}},
      {"weibull", {}, {1.7, 2.5}},
      {"weibull_ph", {}, {0.6, 0.4}},
      {"gompertz", {}, {0.4, 0.2}},
      {"gompertz", {}, {-0.3, 0.2}},
      {"gompertz", {}, {1e-7, 0.2}},
      {"llogis", {}, {1.4, 3.0}},
      {"lnorm", {}, {0.7, 1.2}},
      {"gamma", {}, {0.3, 0.2}},
      {"gamma", {}, {2.5, 0.8}},
      {"gamma", {}, {300.0, 100.0}},
      {"gengamma", {}, {0.8, 0.7, 1.6}},
      {"gengamma", {}, {0.8, 0.7, 0.2}},
      {"gengamma", {}, {0.8, 0.7, 1e-6}},
      {"gengamma", {}, {0.8, 0.7, -0.019}},
      {"gengamma", {}, {0.8, 0.7, -1.3}},
      {"gengamma", {}, {0.8, 0.7, 6.0}},
      {"gengamma", {}, {0.8, 0.7, -5.0}},
      {"genf", {}, {0.8, 0.7, 0.9, 0.6}},
      {"genf", {}, {0.8, 0.7, -0.9, 0.6}},
      {"genf", {}, {0.8, 0.7, 0.0, 3.0}},
      {"genf", {}, {0.8, 0.7, 1.2, 1e-6}},
      {"genf", {}, {0.8, 0.7, -1.2, 1e-6}},
      {"genf", {}, {0.8, 0.7, 0.01, 1e-4}},
      {"genf", {}, {0.8, 0.7, 2.0, 12.0}},
      {"piecewise", {1.0, 3.0}, {0.2, 0.5, 0.1}},
      {"spline_hazard", {-2.0, 0.5, 2.0}, {-1.0, 1.2, 0.02}},
      {"spline_odds", {-2.0, 0.5, 2.0}, {-1.0, 1.2, 0.02}},
      {"spline_normal", {-2.0, 0.5, 2.0}, {-1.0, 1.2, 0.02}},
      {"cure_mixture_weibull", {}, {0.3, 1.7, 2.5}},
      {"cure_mixture_gengamma", {}, {0.02, 0.8, 0.7, -0.5}},
      {"cure_non_mixture_llogis", {}, {0.3, 1.4, 3.0}},
      {"cure_non_mixture_weibull", {}, {0.97, 1.4, 3.0}},
      {"cure_mixture_spline_hazard", {-2.0, 0.5, 2.0}, {0.3, -1.0, 1.2, 0.02}},
  };
}

struct Setting {
  Setting(const Point& point, double t) : time{t} {
    specification = model_of(point.model).specification;
    specification.knots = point.knots;
    baseline = {specification.family, specification.cure, specification.knots.data(),
                static_cast<int>(specification.knots.size())};
    for (std::size_t i = 0; i < point.natural.size(); ++i) {
      const Transform transform = parameter_info(baseline, static_cast<int>(i)).transform;
      const double x = point.natural[i];
      transformed.push_back(transform == Transform::log     ? std::log(x)
                            : transform == Transform::logit ? std::log(x / (1.0 - x))
                                                            : x);
    }
  }

  double loglik(std::int32_t kind, double upper_bound = 0.0) {
    event = {kind};
    FitData data;
    data.records.time = time;
    data.records.event = event;
    if (upper_bound > 0.0) {
      upper = {upper_bound};
      data.upper = upper;
    }
    return log_likelihood(specification, data, transformed);
  }

  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<double> upper;
  FitSpecification specification;
  Baseline baseline;
  std::vector<double> transformed;
};

// None of them a change time, where a hazard has two values.
constexpr double times[] = {0.02, 0.3, 1.1, 2.3, 6.0, 25.0};

TEST(Families, CensoredRecordIsLogSurvivalOfTheHazardRoom) {
  for (const Point& point : points()) {
    for (const double t : times) {
      Setting s(point, t);
      const double expected = -cumulative_hazard(s.baseline, point.natural.data(), t);
      if (expected < -500.0) continue;
      EXPECT_NEAR(s.loglik(0), expected, 1e-11 + 1e-11 * std::fabs(expected))
          << point.model << " " << point.natural.back() << " t " << t;
    }
  }
}

TEST(Families, EventIsLogHazardPlusLogSurvivalOfTheHazardRoom) {
  for (const Point& point : points()) {
    for (const double t : times) {
      Setting s(point, t);
      const double expected = std::log(hazard(s.baseline, point.natural.data(), t)) -
                              cumulative_hazard(s.baseline, point.natural.data(), t);
      if (!(expected > -500.0)) continue;
      EXPECT_NEAR(s.loglik(1), expected, 1e-10 + 1e-11 * std::fabs(expected))
          << point.model << " " << point.natural.back() << " t " << t;
    }
  }
}

TEST(Families, IntervalIsTheDropInSurvival) {
  for (const Point& point : points()) {
    Setting s(point, 1.0);
    const auto survival = [&](double t) {
      return std::exp(-cumulative_hazard(s.baseline, point.natural.data(), t));
    };
    const double expected = std::log(survival(1.0) - survival(2.5));
    EXPECT_NEAR(s.loglik(1, 2.5), expected, 1e-10) << point.model << " " << point.natural.back();
    Setting left(point, 0.0);
    EXPECT_NEAR(left.loglik(1, 2.5), std::log(1.0 - survival(2.5)), 1e-10)
        << point.model << " " << point.natural.back();
  }
}

}  // namespace
}  // namespace npcsim::test
