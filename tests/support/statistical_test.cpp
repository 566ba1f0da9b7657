#include "support/statistical.hpp"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(Statistical, MeanOfOneToFive) {
  // Mean 3, sd sqrt(10 / 4), se sqrt(2.5 / 5) = sqrt(0.5).
  const std::vector<double> values{1, 2, 3, 4, 5};
  EXPECT_NEAR(z_of_mean(values, 2), 1 / std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(z_of_mean(values, 2, 2.0), std::sqrt(5.0) / 2, 1e-12);
}

TEST(Statistical, SixtyHeadsInAHundred) {
  // (60 - 50) / sqrt(100 / 4) = 2.
  EXPECT_NEAR(z_of_share(60, 100, 0.5), 2, 1e-12);
}

TEST(Statistical, WelchDifference) {
  // Means 2 and 5, both variances 1, n = 3: z = -3 / sqrt(2 / 3).
  const std::vector<double> first{1, 2, 3};
  const std::vector<double> second{4, 5, 6};
  EXPECT_NEAR(z_of_difference(first, second), -3 / std::sqrt(2.0 / 3.0), 1e-12);
}

TEST(Statistical, ChiSquareScoreFollowsTheTable) {
  // The upper 5 % point of chi-square with 10 degrees of freedom is 18.307 and that of the normal
  // 1.645 (any printed table); Wilson and Hilferty is good to two digits there.
  const double upper = 18.307;
  // Eleven equal cells of 100: moving d out of one cell into another gives chi2 = 2 d^2 / 100.
  const auto moved = std::sqrt(upper * 100 / 2);
  std::array<std::size_t, 11> counts{};
  counts.fill(100000000);
  std::array<double, 11> shares{};
  shares.fill(1.0 / 11);
  const auto scaled = static_cast<std::size_t>(moved * 1000);  // sqrt(1e6) larger cells
  counts[0] += scaled;
  counts[1] -= scaled;
  EXPECT_NEAR(z_of_counts(counts, shares), 1.645, 0.01);
}

TEST(Statistical, KolmogorovDistanceOfAnEvenGrid) {
  // Points (i + 1/2) / n on the uniform distribution: sup |F_n - F| = 1 / (2 n).
  std::vector<double> values;
  for (int i = 99; i >= 0; --i) {
    values.push_back((i + 0.5) / 100);
  }
  EXPECT_NEAR(ks_statistic(values, [](double x) { return x; }), 10 * 0.005, 1e-12);
}

}  // namespace
}  // namespace npcsim::testing
