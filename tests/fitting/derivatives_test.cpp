// Gradient and Hessian of every family and every kind of record against five-point differences,
// away from the maximum, where no term hides behind the score equations.
#include "fit_data.hpp"
#include <npcsim/fitting/detail/likelihood.hpp>
#include <npcsim/fitting/detail/plan.hpp>

#include <cmath>
#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

/// Twelve records: exact events, censorings, intervals, left-censorings, late entries, background.
Columns mixed_records() {
  Columns c;
  c.time = {0.4, 1.1, 2.7, 5.5, 0.9, 3.2, 1.5, 0.0, 4.0, 2.2, 0.7, 6.5};
  c.event = {1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1};
  c.upper = {0.4, 1.1, 2.7, 5.5, 0.9, 3.2, 2.5, 1.2, 6.0, 2.2, 0.7, 6.5};
  c.entry = {0.0, 0.3, 0.0, 2.0, 0.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 3.0};
  c.background = {0.0, 0.02, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.05};
  c.weight = {1.0, 2.0, 0.5, 1.0, 1.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.7};
  c.covariates["x"] = {0.1, -1.2, 0.4, 0.9, -0.3, 1.5, 0.2, -0.7, 0.8, -1.1, 0.6, 0.0};
  c.covariates["z"] = {1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1};
  return c;
}

struct Case {
  const char* model;
  const char* on;
  std::vector<double> baseline;  // transformed
  std::vector<double> knots;
};

std::vector<Case> cases() {
  const std::vector<double> knots{-1.0, 0.3, 1.0, 1.9};
  return {{"exponential", "", {-1.0}, {}},
          {"weibull", "shape:x", {0.2, 0.9}, {}},
          {"weibull_ph", "shape:x", {0.2, -1.0}, {}},
          {"gompertz", "shape:x", {0.1, -1.5}, {}},
          {"gompertz", "shape:x", {-0.2, -1.0}, {}},
          {"llogis", "shape:x", {0.2, 0.9}, {}},
          {"lnorm", "sdlog:x", {0.8, 0.1}, {}},
          {"gamma", "shape:x", {0.3, -0.6}, {}},
          {"gengamma", "sigma:x,Q:z", {0.8, -0.2, 0.7}, {}},
          {"gengamma", "Q:x", {0.8, -0.2, -0.4}, {}},
          {"gengamma", "", {0.8, -0.2, 0.0}, {}},
          {"genf", "sigma:x,Q:z,P:x", {0.8, -0.2, 0.7, -0.5}, {}},
          {"genf", "Q:x", {0.8, -0.2, -0.7, -3.0}, {}},
          {"piecewise", "rate_1:z", {-1.0, -1.4, -0.8}, {1.0, 3.0}},
          {"spline_hazard", "gamma1:x,gamma2:z", {-1.0, 1.3, 0.02, -0.03}, knots},
          {"spline_odds", "gamma1:x", {-1.0, 1.3, 0.02, -0.03}, knots},
          {"spline_normal", "gamma1:z", {-0.8, 1.0, 0.02, -0.03}, knots},
          {"cure_mixture_weibull", "shape:x", {-0.8, 0.2, 0.9}, {}},
          {"cure_non_mixture_weibull", "scale:x", {-0.8, 0.2, 0.9}, {}},
          {"cure_mixture_gengamma", "mu:z", {-0.8, 0.8, -0.2, 0.7}, {}},
          {"cure_non_mixture_spline_odds", "gamma0:z", {-0.8, -1.0, 1.3, 0.02, -0.03}, knots}};
}

double five_point(const std::function<double(double)>& f, double h) {
  return (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h);
}

TEST(Derivatives, AgreeWithDifferences) {
  const Columns records = mixed_records();
  for (const Case& c : cases()) {
    Model m = model_of(c.model, "x,z", c.on);
    m.specification.knots = c.knots;
    const FitData data = records.data(m.covariates);
    const detail::Plan plan = detail::make_plan(m.specification, data, true);
    ASSERT_EQ(plan.problem, "") << c.model;
    const std::vector<detail::RowGroup> groups = detail::group_rows(data, 1);
    ASSERT_EQ(groups.size(), 6U) << "every kind of contribution takes part";
    detail::Likelihood likelihood(plan.likelihood, groups);
    std::vector<double> at = detail::internal_start(plan, c.baseline);
    for (std::size_t i = plan.baseline_count; i < at.size(); ++i) {
      at[i] = i % 2 == 0 ? 0.05 : -0.07;
    }
    const detail::LikelihoodPoint here = likelihood.evaluate(at);
    ASSERT_TRUE(here.finite()) << c.model;
    const std::size_t p = at.size();
    constexpr double h = 1e-3;
    for (std::size_t i = 0; i < p; ++i) {
      const auto moved = [&](double step) {
        std::vector<double> there = at;
        there[i] += step;
        return likelihood.evaluate(there);
      };
      const double slope = five_point([&](double s) { return moved(s).loglik; }, h);
      EXPECT_NEAR(here.gradient[i], slope, 1e-8 * (1.0 + std::fabs(slope))) << c.model << " " << i;
      for (std::size_t j = 0; j < p; ++j) {
        const double bend = five_point([&](double s) { return moved(s).gradient[j]; }, h);
        EXPECT_NEAR(here.hessian[i * p + j], bend, 1e-7 * (1.0 + std::fabs(bend)))
            << c.model << " " << i << " " << j;
      }
    }
  }
}

}  // namespace
}  // namespace npcsim::test
