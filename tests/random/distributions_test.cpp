#include <npcsim/random/distributions.hpp>
#include <npcsim/random/normal_inverse.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Levels from far tail to far tail; all are draws that can happen (odd multiples of 2^-53).
std::vector<double> levels() {
  std::vector<double> u;
  for (const double tail : {0x1p-53, 1e-14, 1e-9, 1e-5, 0.003, 0.08, 0.21, 0.37, 0.49}) {
    const double grid = (std::floor(tail * 0x1p52) + 0.5) * 0x1p-52;
    u.push_back(grid);
    u.push_back(1.0 - grid);
  }
  return u;
}

/// Boost.Math's quantile from the nearer tail.
template <class Oracle>
double oracle_quantile(const Oracle& oracle, double u) {
  return static_cast<double>(u < 0.5
                                 ? boost::math::quantile(oracle, u)
                                 : boost::math::quantile(boost::math::complement(oracle, 1.0 - u)));
}

TEST(UniformDistribution, CoversItsIntervalAndNoMore) {
  const UniformDistribution distribution{-2.0, 6.0};
  EXPECT_EQ(distribution.quantile(0.25), 0.0);
  EXPECT_EQ(distribution.quantile(0.5), 2.0);
  for (const double u : levels()) {
    EXPECT_GE(distribution.quantile(u), -2.0);
    EXPECT_LE(distribution.quantile(u), 6.0);
  }
  EXPECT_EQ((UniformDistribution{3.3, 3.3}.quantile(0.7)), 3.3);
}

TEST(NormalDistribution, AgreesWithBoostMath) {
  const boost::math::normal_distribution<double> oracle(49.7, 11.0);
  for (const double u : levels()) {
    EXPECT_NEAR((NormalDistribution{49.7, 11.0}.quantile(u)), oracle_quantile(oracle, u), 1e-12)
        << u;
  }
}

TEST(LogNormalDistribution, AgreesWithBoostMath) {
  const boost::math::lognormal_distribution<double> oracle(1.2, 0.7);
  for (const double u : levels()) {
    EXPECT_NEAR((LogNormalDistribution{1.2, 0.7}.quantile(u)) / oracle_quantile(oracle, u), 1.0,
                1e-13)
        << u;
  }
}

TEST(GammaDistribution, AgreesWithBoostMath) {
  for (const double shape : {0.3, 0.8, 1.0, 2.5, 30.0, 5000.0}) {
    const boost::math::gamma_distribution<long double> oracle(shape, 4.0L / shape);
    for (const double u : levels()) {
      EXPECT_NEAR((GammaDistribution{shape, 4.0}.quantile(u)) / oracle_quantile(oracle, u), 1.0,
                  1e-12)
          << shape << ' ' << u;
    }
  }
}

TEST(GammaDistribution, RateAndMeanSayTheSame) {
  const GammaDistribution by_rate = GammaDistribution::of_rate(2.5, 0.5);
  EXPECT_EQ(by_rate.mean, 5.0);
  EXPECT_NEAR(by_rate.log_quantile(0.3), std::log(by_rate.quantile(0.3)), 1e-15);
}

TEST(GammaDistribution, LogQuantileStaysFiniteWhereTheQuantileVanishes) {
  // Small x: P = (x / scale)^a / Gamma(a + 1), scale = 1 / a for mean 1.
  const double a = 0.02;
  const double expected = (std::log(0x1p-53) + std::lgamma(1.0 + a)) / a - std::log(a);
  EXPECT_NEAR((GammaDistribution{a, 1.0}.log_quantile(0x1p-53)) / expected, 1.0, 1e-14);
  EXPECT_EQ((GammaDistribution{a, 1.0}.quantile(0x1p-53)), 0.0);
}

TEST(BetaDistribution, AgreesWithBoostMath) {
  for (const auto& [a, b] :
       {std::pair{0.4, 0.7}, {1.0, 1.0}, {2.0, 5.0}, {89.0, 1.5}, {600.0, 400.0}}) {
    const boost::math::beta_distribution<long double> oracle(a, b);
    for (const double u : levels()) {
      const double expected = oracle_quantile(oracle, u);
      EXPECT_NEAR((BetaDistribution{a, b}.quantile(u)), expected, 1e-12 * expected)
          << a << ' ' << b << ' ' << u;
    }
  }
}

TEST(TruncatedNormalDistribution, WithoutLimitsIsTheNormal) {
  const TruncatedNormalDistribution distribution({3.0, 2.0}, -infinite, infinite);
  for (const double u : levels()) {
    const double expected = 3.0 + 2.0 * normal_from_uniform(u);
    EXPECT_NEAR(distribution.quantile(u), expected, 1e-13 * (1 + std::fabs(expected))) << u;
  }
}

TEST(TruncatedNormalDistribution, AgeOfTheCohortHasTheRightQuantiles) {
  // Age normal (49.7, 11) within 18 to 80, against Boost.Math's long double distribution function.
  const TruncatedNormalDistribution age({49.7, 11.0}, 18.0, 80.0);
  const boost::math::normal_distribution<long double> oracle(49.7L, 11.0L);
  const long double below = boost::math::cdf(oracle, 18.0L);
  const long double mass = boost::math::cdf(oracle, 80.0L) - below;
  for (const double u : {1e-6, 0.01, 0.2, 0.5, 0.77, 0.99, 0.999999}) {
    EXPECT_NEAR(age.quantile(u),
                static_cast<double>(boost::math::quantile(oracle, below + u * mass)), 1e-11);
  }
}

// Far out, x - lower is nearly exponential; the exact relation checked here is
// log S(x) = log(S(lower) (1 - u) + S(upper) u), with S from long double erfc.
TEST(TruncatedNormalDistribution, IsAccurateDeepInEitherTail) {
  const auto survival = [](long double z) { return 0.5L * std::erfc(z / std::sqrt(2.0L)); };
  for (const auto& [lower, upper] :
       {std::pair{2.0, 2.5}, {8.0, infinite}, {30.0, 31.0}, {45.0, 45.1}, {100.0, 100.2}}) {
    const TruncatedNormalDistribution right({0.0, 1.0}, lower, upper);
    const TruncatedNormalDistribution left({0.0, 1.0}, -upper, -lower);
    for (const double u : {0.5 * 0x1p-52, 0.001953125, 0.3, 0.5, 0.97}) {
      const double x = right.quantile(u);
      EXPECT_GE(x, lower);
      EXPECT_LE(x, upper);
      const long double wanted = survival(lower) * (1.0L - u) + survival(upper) * u;
      const long double relative = survival(x) / wanted - 1.0L;
      // d log S / dx is about -x: an error of 1e-15 x in x shows as 1e-15 x^2.
      EXPECT_LT(std::fabs(static_cast<double>(relative)), 4e-15 * x * x + 1e-14)
          << lower << ' ' << u;
      EXPECT_EQ(left.quantile(1.0 - u), -x);
    }
  }
}

TEST(TruncatedNormalDistribution, BeyondTheRangeOfProbabilitiesItIsStillExponential) {
  // At 1000 standard deviations S underflows; x - lower has rate lower + 1/lower to first order.
  const TruncatedNormalDistribution distribution({0.0, 1.0}, 1000.0, infinite);
  EXPECT_NEAR((distribution.quantile(0.5) - 1000.0) * 1000.0, std::log(2.0), 1e-5);
}

TEST(Distributions, QuantilesIncrease) {
  const TruncatedNormalDistribution truncated({0.0, 1.0}, -3.0, 9.0);
  double before[4] = {-infinite, -infinite, -infinite, -infinite};
  for (int i = 0; i < 4000; ++i) {
    const double u = (i + 0.5) / 4000.0;
    const double now[4] = {truncated.quantile(u), GammaDistribution{0.4, 2.0}.quantile(u),
                           BetaDistribution{0.5, 3.0}.quantile(u),
                           LogNormalDistribution{0.0, 2.0}.quantile(u)};
    for (int k = 0; k < 4; ++k) {
      ASSERT_GT(now[k], before[k]) << k << ' ' << u;
      before[k] = now[k];
    }
  }
}

}  // namespace
}  // namespace npcsim
