#include "reference.hpp"
#include <npcsim/base/special_functions.hpp>

#include <cmath>
#include <limits>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::Quiet;
using test::Spread;
using test::Worst;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr int n = 100000;

// Reference: Boost.Math 1.74 in 80-bit arithmetic.

TEST(ErrorFunction, AgreesWithBoostOverItsWholeRange) {
  Spread spread;
  Worst erf;
  Worst erfc;
  for (int i = 0; i < n; ++i) {
    const double x = i % 2 == 0 ? spread.uniform(-6.0, 26.5) : spread.log_uniform(1e-300, 5.0);
    const long double exact = x;
    erf.relative(portable::erf(x), boost::math::erf(exact, Quiet()), x);
    erfc.relative(portable::erfc(x), boost::math::erfc(exact, Quiet()), x);
  }
  EXPECT_LT(erf.error(), 4e-16) << erf.where();
  EXPECT_LT(erfc.error(), 1e-15) << erfc.where();
}

TEST(ErrorFunction, ScaledTailFollowsItsAsymptoticSeries) {
  // e^(x^2) erfc(x) = (1 - 1/(2x^2) + 3/(4x^4) - 15/(8x^6)) / (x sqrt(pi)) (DLMF 7.12.1).
  for (const double x : {300.0, 1e4, 1e10, 1e100, 1e300}) {
    const double w = 1.0 / (2.0 * x) / x;
    const double want = (1.0 - w + 3.0 * w * w - 15.0 * w * w * w) / 1.7724538509055160273 / x;
    EXPECT_NEAR(portable::erfc_scaled(x) / want, 1.0, 1e-15) << x;
  }
  EXPECT_EQ(portable::erfc_scaled(0.0), 1.0);
  EXPECT_EQ(portable::erfc_scaled(inf), 0.0);
}

TEST(ErrorFunction, DefinesTheEdges) {
  EXPECT_EQ(portable::erf(inf), 1.0);
  EXPECT_EQ(portable::erf(-inf), -1.0);
  EXPECT_EQ(portable::erfc(-inf), 2.0);
  EXPECT_EQ(portable::erfc(inf), 0.0);
  EXPECT_TRUE(std::isnan(portable::erf(std::nan(""))));
  EXPECT_TRUE(std::isnan(portable::erfc(std::nan(""))));
}

TEST(NormalDistribution, TailsAgreeWithBoost) {
  Spread spread;
  Worst cdf;
  Worst log_survival;
  for (int i = 0; i < n; ++i) {
    const double z = i % 2 == 0 ? spread.uniform(-8.0, 8.0) : spread.uniform(-37.0, 37.0);
    const long double x = static_cast<long double>(z) / std::sqrt(2.0L);
    const long double upper = boost::math::erfc(x, Quiet()) / 2;
    const long double lower = boost::math::erfc(-x, Quiet()) / 2;
    cdf.relative(portable::normal_cdf(z), lower, z);
    log_survival.relative(portable::normal_log_survival(z),
                          z < -1.0 ? std::log1p(-lower) : std::log(upper), z);
  }
  EXPECT_LT(cdf.error(), 2e-15) << cdf.where();
  EXPECT_LT(log_survival.error(), 2e-15) << log_survival.where();
}

TEST(NormalDistribution, LogSurvivalDoesNotUnderflowFarOut) {
  // Mills' ratio: log(1 - Phi(z)) = -z^2/2 - log(z sqrt(2 pi)) + log(1 - 1/z^2 + 3/z^4).
  for (const double z : {50.0, 1e3, 1e6}) {
    const double w = 1.0 / (z * z);
    const double want =
        -0.5 * z * z - std::log(z) - 0.91893853320467274178 + std::log1p(-w + 3.0 * w * w);
    EXPECT_NEAR(portable::normal_log_survival(z) / want, 1.0, 1e-12) << z;
  }
}

TEST(NormalDistribution, QuantileAgreesWithBoost) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double p = i % 2 == 0 ? spread.uniform(0.0, 1.0) : spread.log_uniform(1e-300, 1.0);
    const long double want =
        -std::sqrt(2.0L) * boost::math::erfc_inv(2 * static_cast<long double>(p), Quiet());
    worst.relative(portable::normal_quantile(p), want, p);
  }
  EXPECT_LT(worst.error(), 1e-15) << worst.where();
  EXPECT_EQ(portable::normal_quantile(0.0), -inf);
  EXPECT_EQ(portable::normal_quantile(1.0), inf);
  EXPECT_EQ(portable::normal_quantile(0.5), 0.0);
  EXPECT_TRUE(std::isnan(portable::normal_quantile(1.5)));
}

TEST(NormalDistribution, LogSurvivalUndoesItsInverse) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double log_survival = -spread.log_uniform(1e-300, 1e12);
    worst.relative(portable::normal_log_survival(portable::normal_at_log_survival(log_survival)),
                   log_survival, log_survival);
  }
  // In the left tail the survival's complement is phi(z) / |z|: an error of 4 ulp in z = -37 grows
  // by z^2 = 1370.
  EXPECT_LT(worst.error(), 1.3e-12) << worst.where();
  EXPECT_EQ(portable::normal_at_log_survival(0.0), -inf);
  EXPECT_EQ(portable::normal_at_log_survival(-inf), inf);
}

TEST(LogGamma, AgreesWithBoostAlsoNearItsZeros) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double x = i % 4 == 0   ? spread.uniform(0.0, 3.0)
                     : i % 4 == 1 ? spread.log_uniform(1e-300, 1.0)
                     : i % 4 == 2 ? spread.log_uniform(1.0, 1e300)
                                  : 1.0 + (i % 8 > 3) +
                                        spread.uniform(-1.0, 1.0) * spread.log_uniform(1e-12, 1.0);
    if (x <= 0.0) continue;
    worst.relative(portable::lgamma(x), boost::math::lgamma(static_cast<long double>(x), Quiet()),
                   x);
  }
  EXPECT_LT(worst.error(), 2e-15) << worst.where();
  EXPECT_EQ(portable::lgamma(1.0), 0.0);
  EXPECT_EQ(portable::lgamma(2.0), 0.0);
  EXPECT_EQ(portable::lgamma(0.0), inf);
  EXPECT_EQ(portable::lgamma(inf), inf);
}

TEST(Digamma, AgreesWithBoost) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double x = i % 2 == 0 ? spread.uniform(0.0, 30.0) : spread.log_uniform(1e-10, 1e15);
    worst.mixed(portable::digamma(x), boost::math::digamma(static_cast<long double>(x), Quiet()),
                x);
  }
  EXPECT_LT(worst.error(), 4e-15) << worst.where();
}

}  // namespace
}  // namespace npcsim
