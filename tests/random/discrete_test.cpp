#include "support/statistical.hpp"
#include <npcsim/random/discrete.hpp>
#include <npcsim/random/draws.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <boost/math/distributions/poisson.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr double least = 0x1p-53;
constexpr double most = 1.0 - 0x1p-53;

TEST(Bernoulli, NeverHappensAtZeroAndAlwaysAtOne) {
  for (const double u : {least, 0.5, most}) {
    EXPECT_FALSE(bernoulli(u, 0.0));
    EXPECT_TRUE(bernoulli(u, 1.0));
  }
  EXPECT_TRUE(bernoulli(0.29, 0.3));
  EXPECT_FALSE(bernoulli(0.31, 0.3));
}

TEST(CategoricalDistribution, CutsTheUnitIntervalInOrder) {
  const CategoricalDistribution distribution(std::vector<double>{1.0, 2.0, 1.0});
  EXPECT_EQ(distribution.quantile(0.249), 0U);
  EXPECT_EQ(distribution.quantile(0.25), 1U);  // as bernoulli(): below the limit, not at it
  EXPECT_EQ(distribution.quantile(0.251), 1U);
  EXPECT_EQ(distribution.quantile(0.749), 1U);
  EXPECT_EQ(distribution.quantile(0.751), 2U);
}

TEST(CategoricalDistribution, NeverGivesACategoryOfWeightZero) {
  const CategoricalDistribution distribution(std::vector<double>{0.0, 0.3, 0.0, 0.1, 0.0});
  EXPECT_EQ(distribution.quantile(least), 1U);
  EXPECT_EQ(distribution.quantile(0.75), 3U);
  EXPECT_EQ(distribution.quantile(most), 3U);
}

TEST(CategoricalDistribution, LargestDrawStaysInsideForAwkwardTotals) {
  for (double scale = 1e-300; scale < 1e300; scale *= 7.3e11) {
    const CategoricalDistribution distribution(
        std::vector<double>{0.1 * scale, 0.7 * scale, 0.3 * scale});
    EXPECT_EQ(distribution.quantile(most), 2U) << scale;
  }
}

TEST(AliasTable, ReproducesItsWeightsExactly) {
  // The probability of each category is the total share of its columns: summed over a fine grid of
  // u, counts differ from weights by at most two grid points for each column.
  const std::vector<double> weights{0.5, 3.0, 0.0, 1.25, 0.25, 7.0, 1e-9};
  double total = 0.0;
  for (const double weight : weights) total += weight;
  const AliasTable table(weights);
  constexpr int grid = 1 << 20;
  std::vector<int> counts(weights.size());
  for (int i = 0; i < grid; ++i) ++counts[table.pick((i + 0.5) / grid)];
  for (std::size_t k = 0; k < weights.size(); ++k) {
    EXPECT_NEAR(counts[k], grid * weights[k] / total, 2.0 * static_cast<double>(weights.size()))
        << k;
  }
  EXPECT_EQ(counts[2], 0);
}

TEST(AliasTable, EqualWeightsNeedNoAlias) {
  const AliasTable table(std::vector<double>(31, 1.0));
  for (std::size_t k = 0; k < 31; ++k) {
    EXPECT_EQ(table.pick((static_cast<double>(k) + 0.999) / 31.0), k);
  }
}

TEST(AliasTable, WeightZeroIsNeverPickedWhateverTheRounding) {
  for (int n = 2; n < 200; ++n) {
    std::vector<double> weights(static_cast<std::size_t>(n), 0.1);
    weights[static_cast<std::size_t>(n) / 2] = 0.0;
    const AliasTable table(weights);
    for (int i = 0; i < 2000; ++i) {
      ASSERT_NE(table.pick((i + 0.5) / 2000.0), static_cast<std::size_t>(n) / 2);
    }
    EXPECT_LT(table.pick(most), table.size());
  }
}

TEST(DiscreteTables, RefuseWeightsThatAreNoDistribution) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<double>> wrong{{}, {0.0, 0.0}, {1.0, -0.1}, {nan}, {1.0, inf}};
  for (const auto& weights : wrong) {
    EXPECT_THROW(CategoricalDistribution{weights}, std::domain_error);
    EXPECT_THROW(AliasTable{weights}, std::domain_error);
  }
}

TEST(PoissonDistribution, IsTheSmallestCountWhoseProbabilityReachesU) {
  // Boost.Math's distribution function in long double; 1e-13 allows for rounding at the jumps.
  for (const double mean : {1e-6, 0.3, 2.62, 15.99, 16.0, 47.5, 1000.0, 5321.7}) {
    const PoissonDistribution distribution(mean);
    const boost::math::poisson_distribution<long double> oracle(mean);
    for (double u = 0.00013; u < 1.0; u += 0.00731) {
      const auto k = distribution.quantile(u);
      EXPECT_GE(boost::math::cdf(oracle, k), u - 1e-13) << mean << ' ' << u;
      if (k > 0) {
        EXPECT_LT(boost::math::cdf(oracle, k - 1), u + 1e-13) << mean << ' ' << u;
      }
    }
  }
}

TEST(PoissonDistribution, ExtremeDrawsEnd) {
  for (const double mean : {0.0, 1e-300, 0.5, 15.9, 16.1, 3000.0}) {
    const PoissonDistribution distribution(mean);
    const double spread = 12.0 * std::sqrt(mean) + 40.0;
    EXPECT_GE(distribution.quantile(least), std::max(0.0, mean - spread));
    EXPECT_LE(distribution.quantile(most), mean + spread);
  }
  EXPECT_EQ(PoissonDistribution(0.0).quantile(most), 0U);
}

TEST(PoissonDistribution, DrawsHaveTheRightMeanAndVariance) {
  // Null: mean m, variance m, fourth central moment m + 3 m^2. n = 2^17, |z| < z_limit, seed fixed.
  constexpr std::uint32_t n = 1U << 17;
  for (const double mean : {0.7, 12.0, 90.0}) {
    const PoissonDistribution distribution(mean);
    double sum = 0.0;
    double squares = 0.0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double d =
          distribution.quantile(PatientDraws({11, 0}, i).uniform("count"_stream)) - mean;
      sum += d;
      squares += d * d;
    }
    const double root = std::sqrt(static_cast<double>(n));
    EXPECT_LT(std::fabs(sum / n) * root / std::sqrt(mean), testing::z_limit) << mean;
    EXPECT_LT(std::fabs(squares / n - mean) * root / std::sqrt(mean + 2.0 * mean * mean),
              testing::z_limit)
        << mean;
  }
}

}  // namespace
}  // namespace npcsim
