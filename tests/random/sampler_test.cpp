#include "support/statistical.hpp"
#include <npcsim/random/distributions.hpp>
#include <npcsim/random/gamma_sampler.hpp>
#include <npcsim/random/portable_sine.hpp>
#include <npcsim/random/positive_stable.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <boost/random/beta_distribution.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr DrawKey key{777, 0};

/// Two-sample Kolmogorov-Smirnov statistic, scaled so that the same limit holds.
double kolmogorov(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const double n = static_cast<double>(a.size());
  const double m = static_cast<double>(b.size());
  double largest = 0.0;
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    while (j < b.size() && b[j] <= a[i]) ++j;
    largest =
        std::max(largest, std::fabs(static_cast<double>(i + 1) / n - static_cast<double>(j) / m));
  }
  return largest * std::sqrt(n * m / (n + m));
}

TEST(PortableSine, AgreesWithTheLibraryOverItsWholeRange) {
  for (int i = 0; i <= 4096; ++i) {
    const double x = i / 4096.0;
    const long double angle = 3.14159265358979323846264338327950288L * x;
    const long double sine =
        std::sin(x <= 0.5 ? angle : 3.14159265358979323846264338327950288L * (1.0L - x));
    EXPECT_NEAR(portable::sin_pi(x), static_cast<double>(sine), 5e-16 * static_cast<double>(sine))
        << x;
    EXPECT_NEAR(portable::cos_pi(x), static_cast<double>(std::cos(angle)), 5e-16) << x;
  }
  EXPECT_EQ(portable::sin_pi(0.0), 0.0);
  EXPECT_EQ(portable::sin_pi(1.0), 0.0);
  EXPECT_EQ(portable::sin_pi(0.5), 1.0);
  EXPECT_EQ(portable::cos_pi(0.5), 0.0);
}

TEST(PositiveStable, IndexOneHalfIsLevysDistribution) {
  // Index 1/2: exp(-sqrt(s)) is the transform of w = 1 / (2 Z^2), so P(w <= x) =
  // erfc(1 / (2 sqrt x)) (Feller 1971, vol. II, section XIII.3). One-sample Kolmogorov test.
  constexpr std::uint32_t n = 200'000;
  const PositiveStableDistribution stable{0.5};
  std::vector<double> levels;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double w = stable.value(PatientDraws(key, i).uniform_pair("stable"_stream));
    levels.push_back(std::erfc(0.5 / std::sqrt(w)));
  }
  const double statistic = testing::ks_statistic(levels, [](double level) { return level; });
  EXPECT_LT(statistic, testing::ks_limit);
}

TEST(PositiveStable, HasItsLaplaceTransform) {
  // E exp(-s w) = exp(-s^index); the variance of exp(-s w) follows from the same formula at 2 s.
  constexpr std::uint32_t n = 200'000;
  for (const double index : {0.1, 0.35, 0.7, 0.95}) {
    const PositiveStableDistribution stable{index};
    for (const double s : {0.2, 1.0, 4.0}) {
      double sum = 0.0;
      for (std::uint32_t i = 0; i < n; ++i) {
        sum += std::exp(-s * stable.value(PatientDraws(key, i).uniform_pair("stable"_stream)));
      }
      const double expected = std::exp(-std::pow(s, index));
      const double variance = std::exp(-std::pow(2.0 * s, index)) - expected * expected;
      const double z = (sum / n - expected) / std::sqrt(variance / n);
      EXPECT_LT(std::fabs(z), testing::z_limit) << index << ' ' << s;
    }
  }
}

TEST(PositiveStable, IndexOneIsTheConstantOne) {
  EXPECT_EQ((PositiveStableDistribution{1.0}.value({0.3, 0.9})), 1.0);
}

TEST(PositiveStable, LogValueIsFiniteAtTheCornersOfTheUnitSquare) {
  for (const double index : {0.02, 0.5, 0.999}) {
    for (const double u : {0x1p-53, 1.0 - 0x1p-53}) {
      for (const double v : {0x1p-53, 1.0 - 0x1p-53}) {
        EXPECT_TRUE(std::isfinite(PositiveStableDistribution{index}.log_value({u, v}))) << index;
      }
    }
  }
}

TEST(GammaByRejection, HasTheGammaDistribution) {
  // One-sample Kolmogorov test against Boost.Math's distribution function.
  constexpr std::uint32_t n = 100'000;
  for (const double shape : {0.15, 0.8, 1.0, 3.5, 200.0}) {
    const boost::math::gamma_distribution<double> oracle(shape, 1.0 / shape);
    std::vector<double> levels;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double log_w = log_gamma_by_rejection(PatientDraws(key, i), "gamma"_stream, 0, shape);
      levels.push_back(boost::math::cdf(oracle, std::exp(log_w)));
    }
    const double statistic = testing::ks_statistic(levels, [](double level) { return level; });
    EXPECT_LT(statistic, testing::ks_limit) << shape;
  }
}

TEST(GammaByRejection, AgreesWithBoostRandom) {
  constexpr std::uint32_t n = 100'000;
  for (const double shape : {0.5, 2.5}) {
    boost::random::mt19937_64 engine(99);
    boost::random::gamma_distribution<double> boost_gamma(shape, 1.0 / shape);
    std::vector<double> ours, theirs;
    for (std::uint32_t i = 0; i < n; ++i) {
      ours.push_back(
          std::exp(log_gamma_by_rejection(PatientDraws(key, i), "gamma"_stream, 1, shape)));
      theirs.push_back(boost_gamma(engine));
    }
    EXPECT_LT(kolmogorov(ours, theirs), testing::ks_limit) << shape;
  }
}

TEST(GammaByRejection, IsFiniteForTinyShapesAndOneForHugeOnes) {
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const PatientDraws draws(key, i);
    EXPECT_TRUE(std::isfinite(log_gamma_by_rejection(draws, "gamma"_stream, 2, 0.001)));
    // Standard deviation of log w is 1e-6; 9 of them.
    EXPECT_LT(std::fabs(log_gamma_by_rejection(draws, "gamma"_stream, 2, 1e12)), 9e-6);
  }
}

TEST(GammaByRejection, DependsOnNothingButItsKey) {
  const PatientDraws draws(key, 3);
  const double first = log_gamma_by_rejection(draws, "gamma"_stream, 0, 0.4);
  EXPECT_NE(log_gamma_by_rejection(draws, "gamma"_stream, 1, 0.4), first);
  EXPECT_NE(log_gamma_by_rejection(draws, "other"_stream, 0, 0.4), first);
  EXPECT_EQ(log_gamma_by_rejection(draws, "gamma"_stream, 0, 0.4), first);
}

TEST(Inversion, GammaAndBetaAgreeWithBoostRandom) {
  constexpr std::uint32_t n = 50'000;
  boost::random::mt19937_64 engine(5);
  boost::random::gamma_distribution<double> boost_gamma(0.8, 1.0 / 0.8);
  boost::random::beta_distribution<double> boost_beta(2.0, 5.0);
  std::vector<double> gamma, beta, other_gamma, other_beta;
  for (std::uint32_t i = 0; i < n; ++i) {
    const PatientDraws draws(key, i);
    gamma.push_back(GammaDistribution{0.8, 1.0}.quantile(draws.uniform("burden"_stream)));
    beta.push_back(BetaDistribution{2.0, 5.0}.quantile(draws.uniform("share"_stream)));
    other_gamma.push_back(boost_gamma(engine));
    other_beta.push_back(boost_beta(engine));
  }
  EXPECT_LT(kolmogorov(gamma, other_gamma), testing::ks_limit);
  EXPECT_LT(kolmogorov(beta, other_beta), testing::ks_limit);
}

}  // namespace
}  // namespace npcsim
