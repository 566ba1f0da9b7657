#include "reference.hpp"
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::Quiet;
using test::Spread;
using test::Worst;

constexpr double inf = std::numeric_limits<double>::infinity();

struct Point {
  double a;
  double x;
};

/// Shapes 1e-3 to 1e5; x around the centre, in both tails, and anywhere.
Point point(Spread& spread, int i) {
  const double a = spread.log_uniform(1e-3, i % 2 == 0 ? 30.0 : 1e5);
  switch (i % 3) {
    case 0:
      return {a, a * std::exp(spread.uniform(-4.0, 3.0) / std::sqrt(std::min(a, 1e4) + 0.1))};
    case 1:
      return {a, spread.log_uniform(0.005, 400.0)};
    default:
      return {a, std::max(1e-3, a + spread.uniform(-8.0, 25.0) * std::sqrt(a))};
  }
}

TEST(IncompleteGamma, BothTailsAgreeWithBoost) {
  Spread spread;
  Worst centre;
  Worst far;
  Worst logarithm;
  for (int i = 0; i < 40000; ++i) {
    const auto [a, x] = point(spread, i);
    const long double p = boost::math::gamma_p<long double>(a, x, Quiet());
    const long double q = boost::math::gamma_q<long double>(a, x, Quiet());
    if (p > 1e-290L) (p > 1e-20L ? centre : far).relative(portable::gamma_p(a, x), p, a, x);
    if (q > 1e-290L) (q > 1e-20L ? centre : far).relative(portable::gamma_q(a, x), q, a, x);
    if (q > 1e-290L) logarithm.mixed(portable::gamma_log_q(a, x), std::log(q), a, x);
  }
  EXPECT_LT(centre.error(), 5e-14) << centre.where();
  EXPECT_LT(far.error(), 4e-13) << far.where();
  EXPECT_LT(logarithm.error(), 2e-14) << logarithm.where();
}

TEST(IncompleteGamma, InversesAgreeWithBoost) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < 6000; ++i) {
    const auto [a, x] = point(spread, i);
    const double p = portable::gamma_p(a, x);
    const double q = portable::gamma_q(a, x);
    if (p > 1e-280 && p < 0.9) {
      const long double want = boost::math::gamma_p_inv<long double>(a, p, Quiet());
      if (want > 1e-290L) worst.relative(portable::gamma_p_inverse(a, p), want, a, p);
    }
    if (q > 1e-280 && q < 0.9) {
      const long double want = boost::math::gamma_q_inv<long double>(a, q, Quiet());
      if (want > 1e-290L) worst.relative(portable::gamma_q_inverse(a, q), want, a, q);
    }
  }
  EXPECT_LT(worst.error(), 1e-13) << worst.where();
}

TEST(IncompleteGamma, WholeShapesAreFinitePoissonSums) {
  // Q(n, x) = e^-x (1 + x + ... + x^(n-1) / (n-1)!) (DLMF 8.4.10).
  for (const int shape : {1, 2, 5, 11, 12, 13, 40}) {
    for (const double x : {0.01, 0.9, 1.2, 5.0, 12.0, 40.0, 300.0}) {
      long double term = 1.0L;
      long double sum = 0.0L;
      for (int k = 0; k < shape; ++k) {
        sum += term;
        term *= static_cast<long double>(x) / (k + 1);
      }
      const long double want = std::log(sum) - static_cast<long double>(x);
      EXPECT_NEAR(portable::gamma_log_q(shape, x), static_cast<double>(want),
                  2e-14 * static_cast<double>(1.0L + std::fabs(want)))
          << shape << ' ' << x;
    }
  }
}

TEST(IncompleteGamma, LogTailGoesOnWhereTheTailUnderflows) {
  // Q(1, x) = e^-x; Q(2, x) = e^-x (1 + x).
  EXPECT_DOUBLE_EQ(portable::gamma_log_q(1.0, 5000.0), -5000.0);
  EXPECT_DOUBLE_EQ(portable::gamma_log_q(2.0, 5000.0), -5000.0 + std::log(5001.0));
  EXPECT_NEAR(portable::gamma_log_q_inverse(1.0, -5000.0), 5000.0, 1e-9);
  // A probability of 1e-30 away from 1 is kept.
  EXPECT_NEAR(portable::gamma_log_q_inverse(1.0, -1e-30) / 1e-30, 1.0, 1e-13);
}

TEST(IncompleteGamma, HugeShapesTendToTheNormalWithItsFirstCorrection) {
  // Log-gamma variable: w = (log X - log a) sqrt(a) has skewness -1 / sqrt(a), so its survival is
  // that of the normal plus phi(w) (w^2 - 1) / 6 times the skewness (Edgeworth), shifted by the
  // mean -1 / (2 sqrt(a)). The next term is (skewness w^3 / 6)^2 / 2 = w^6 / (72 a).
  for (const double a : {1e10, 1e14, 1e20, 1e30}) {
    for (const double w : {-5.0, -1.0, -0.1, 0.3, 2.0, 6.0}) {
      const double root = std::sqrt(a);
      const double density = std::exp(-0.5 * w * w) * 0.39894228040143267794;
      const double first = -density * ((w * w - 1.0) / 6.0 + 0.5) / root;
      const double want = 0.5 * std::erfc(w / std::sqrt(2.0)) + first;
      const double got = portable::gamma_tails_at(a, w / root).upper_probability();
      EXPECT_NEAR(got / want, 1.0, 3e-14 + std::pow(w, 6) / 60.0 / a + 10.0 / a) << a << ' ' << w;
    }
  }
}

TEST(IncompleteGamma, LogRatioUndoesTheTail) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < 20000; ++i) {
    const double a = spread.log_uniform(0.01, 1e20);
    const double target = -spread.log_uniform(1e-12, 600.0);
    const bool upper = i % 2 == 0;
    const double ratio = portable::gamma_log_ratio_at(a, upper, target);
    if (std::fabs(ratio) > 500.0) continue;
    const portable::Tails tails = portable::gamma_tails_at(a, ratio);
    worst.relative(upper ? tails.log_upper() : tails.log_lower(), target, a, upper, target);
  }
  EXPECT_LT(worst.error(), 1e-12) << worst.where();
}

TEST(IncompleteGamma, DefinesTheEdges) {
  EXPECT_EQ(portable::gamma_p(2.0, 0.0), 0.0);
  EXPECT_EQ(portable::gamma_q(2.0, 0.0), 1.0);
  EXPECT_EQ(portable::gamma_p(2.0, inf), 1.0);
  EXPECT_EQ(portable::gamma_log_q(2.0, inf), -inf);
  EXPECT_EQ(portable::gamma_p_inverse(2.0, 0.0), 0.0);
  EXPECT_EQ(portable::gamma_p_inverse(2.0, 1.0), inf);
  EXPECT_EQ(portable::gamma_q_inverse(2.0, 0.0), inf);
  EXPECT_TRUE(std::isnan(portable::gamma_p(-1.0, 1.0)));
  EXPECT_TRUE(std::isnan(portable::gamma_p(1.0, -1.0)));
}

}  // namespace
}  // namespace npcsim
