#include <npcsim/base/quantile.hpp>

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Of 0, 1, ..., n - 1 the quantile p is (n - 1) p; eighths are exact.
TEST(Quantile, OfWholeNumbersInARowIsTheirShare) {
  std::vector<double> sorted;
  for (int n = 1; n <= 9; ++n) {
    sorted.push_back(n - 1);
    for (int eighths = 0; eighths <= 8; ++eighths)
      EXPECT_EQ(quantile(sorted, eighths / 8.0), (n - 1) * eighths / 8.0) << n;
  }
}

// Hyndman & Fan (1996), definition 7: (1 - g) x_j + g x_(j + 1), j = floor((n - 1) p) + 1 counted
// from 1, g the rest. Of five values p = 0.65 lies at 2.6: 0.4 x 7 + 0.6 x 12.
TEST(Quantile, IsLinearBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(quantile(std::vector<double>{1, 2, 7, 12, 90}, 0.65), 10);
  EXPECT_DOUBLE_EQ(quantile(std::vector<double>{-3, 5}, 0.25), -1);
}

TEST(Quantile, NextToInfinityIsInfinite) {
  const std::vector<double> ends{-infinity, 1, infinity, infinity};
  EXPECT_EQ(quantile(ends, 0), -infinity);
  EXPECT_EQ(quantile(ends, 0.1), -infinity);
  EXPECT_EQ(quantile(ends, 1.0 / 3), 1);
  EXPECT_EQ(quantile(ends, 0.4), infinity);
  EXPECT_EQ(quantile(ends, 0.9), infinity);
  const std::vector<double> nothing_else{-infinity, infinity};
  EXPECT_EQ(quantile(nothing_else, 0.49), -infinity);
  EXPECT_EQ(quantile(nothing_else, 0.5), infinity);
}

}  // namespace
}  // namespace npcsim
