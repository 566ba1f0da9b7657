#include "reference.hpp"
#include <npcsim/base/special_functions.hpp>

#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::Quiet;
using test::Spread;
using test::Worst;

constexpr double inf = std::numeric_limits<double>::infinity();

struct Point {
  double a;
  double b;
  double x;
};

Point point(Spread& spread, int i) {
  const double top = i % 4 == 0 ? 1e5 : i % 4 == 1 ? 1e3 : 20.0;
  const double a = spread.log_uniform(0.05, top);
  const double b = spread.log_uniform(0.05, top);
  const double odds = a / b * std::exp(spread.uniform(-6.0, 6.0) * std::sqrt(1.0 / a + 1.0 / b));
  return {a, b, odds / (1.0 + odds)};
}

TEST(IncompleteBeta, BothTailsAgreeWithBoost) {
  Spread spread;
  Worst centre;
  Worst far;
  for (int i = 0; i < 40000; ++i) {
    const auto [a, b, x] = point(spread, i);
    if (!(x > 0.0 && x < 1.0)) continue;
    const long double p = boost::math::ibeta<long double>(a, b, x, Quiet());
    const long double q = boost::math::ibetac<long double>(a, b, x, Quiet());
    if (p > 1e-290L) (p > 1e-20L ? centre : far).relative(portable::beta_p(a, b, x), p, a, b, x);
    if (q > 1e-290L) (q > 1e-20L ? centre : far).relative(portable::beta_q(a, b, x), q, a, b, x);
  }
  EXPECT_LT(centre.error(), 3e-13) << centre.where();
  EXPECT_LT(far.error(), 2e-12) << far.where();
}

TEST(IncompleteBeta, InversesAgreeWithBoost) {
  Spread spread;
  Worst worst;
  int unsolved = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto [a, b, x] = point(spread, i);
    if (!(x > 0.0 && x < 1.0)) continue;
    const double p = portable::beta_p(a, b, x);
    if (!(p > 1e-280 && p < 0.9)) continue;
    const double want = boost::math::ibeta_inv(a, b, p, Quiet());
    if (want < 1e-250 || want > 0.99) continue;
    // Boost 1.74 gives up on some problems; its own forward function tells which.
    const double back = boost::math::ibeta(a, b, want, Quiet());
    if (std::fabs(back / p - 1.0) > 1e-9) {
      ++unsolved;
      continue;
    }
    worst.relative(portable::beta_p_inverse(a, b, p), want, a, b, p);
    // The mirror image of the same problem.
    if (want > 0.01) worst.relative(1.0 - portable::beta_q_inverse(b, a, p), want, a, b, p);
  }
  EXPECT_LT(worst.error(), 1e-12) << worst.where();
  EXPECT_LT(unsolved, 20);
}

TEST(IncompleteBeta, ClosedFormsHold) {
  // I_x(a, 1) = x^a, I_x(1, b) = 1 - (1 - x)^b (DLMF 8.17.7), I_x(2, 2) = x^2 (3 - 2x).
  for (const double x : {1e-12, 0.01, 0.3, 0.5, 0.77, 0.999}) {
    for (const double shape : {0.2, 1.0, 3.7, 300.0}) {
      const portable::Tails power = portable::beta_tails(shape, 1.0, x, 1.0 - x);
      EXPECT_NEAR(power.log_lower() / (shape * std::log(x)), 1.0, 1e-14) << shape << ' ' << x;
      EXPECT_NEAR(portable::beta_log_q(1.0, shape, x) / (shape * std::log1p(-x)), 1.0, 1e-14)
          << shape << ' ' << x;
    }
    EXPECT_NEAR(portable::beta_p(2.0, 2.0, x) / (x * x * (3.0 - 2.0 * x)), 1.0, 1e-14);
  }
}

TEST(IncompleteBeta, LogTailGoesOnWhereTheTailUnderflows) {
  // 1 - I_x(1, b) = (1 - x)^b.
  EXPECT_NEAR(portable::beta_log_q(1.0, 5000.0, 0.75) / (5000.0 * std::log(0.25)), 1.0, 1e-14);
}

TEST(IncompleteBeta, LogFUndoesTheTail) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < 20000; ++i) {
    const double a = spread.log_uniform(0.1, i % 2 == 0 ? 50.0 : 1e9);
    const double b = spread.log_uniform(0.1, i % 3 == 0 ? 50.0 : 1e9);
    const double target = -spread.log_uniform(1e-6, 200.0);
    const bool upper = i % 2 == 0;
    const double log_f = portable::beta_log_f_at(a, b, upper, target);
    const portable::Tails tails = portable::beta_tails_at(a, b, log_f);
    worst.relative(upper ? tails.log_upper() : tails.log_lower(), target, a, b, target);
  }
  EXPECT_LT(worst.error(), 1e-11) << worst.where();
}

TEST(IncompleteBeta, OneHugeShapeIsTheGamma) {
  // b -> infinity: b x follows the gamma; the difference is of order a^2 / b.
  for (const double a : {0.5, 3.0, 25.0, 150.0}) {
    for (const double log_ratio : {-1.0, -0.2, 0.1, 0.8}) {
      const double beta = portable::beta_tails_at(a, 1e18, log_ratio).log_upper();
      const double gamma = portable::gamma_tails_at(a, log_ratio).log_upper();
      EXPECT_NEAR(beta / gamma, 1.0, 1e-12) << a << ' ' << log_ratio;
    }
  }
}

TEST(LogBeta, AgreesWithGammaFunctionsIn80Bits) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < 20000; ++i) {
    const long double a = spread.log_uniform(1e-3, 1e3);
    const long double b = spread.log_uniform(1e-3, 1e3);
    const long double want = boost::math::lgamma(a, Quiet()) + boost::math::lgamma(b, Quiet()) -
                             boost::math::lgamma(a + b, Quiet());
    worst.mixed(portable::log_beta(static_cast<double>(a), static_cast<double>(b)), want,
                static_cast<double>(a), static_cast<double>(b));
  }
  EXPECT_LT(worst.error(), 1e-14) << worst.where();
}

TEST(IncompleteBeta, DefinesTheEdges) {
  EXPECT_EQ(portable::beta_p(2.0, 3.0, 0.0), 0.0);
  EXPECT_EQ(portable::beta_p(2.0, 3.0, 1.0), 1.0);
  EXPECT_EQ(portable::beta_log_q(2.0, 3.0, 1.0), -inf);
  EXPECT_EQ(portable::beta_p_inverse(2.0, 3.0, 0.0), 0.0);
  EXPECT_EQ(portable::beta_p_inverse(2.0, 3.0, 1.0), 1.0);
  EXPECT_TRUE(std::isnan(portable::beta_p(0.0, 3.0, 0.5)));
}

}  // namespace
}  // namespace npcsim
