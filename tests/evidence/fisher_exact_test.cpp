#include <npcsim/evidence/fisher_exact.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(FisherExact, GivesThePValuesOfExactCounting) {
  // Fisher's tea: 34 of the 70 ways to choose 4 cups are this far from chance or farther.
  EXPECT_NEAR(fisher_exact({3, 1}, {1, 3}), 34.0 / 70.0, 1e-13);
  // 2 of 3 against 0 of 3: of the 15 ways to choose 2 of 6, 3, 9 and 3 have 0, 1 and 2 of the first
  // group.
  EXPECT_NEAR(fisher_exact({2, 1}, {0, 3}), 6.0 / 15.0, 1e-13);
  // R 4.2, ?fisher.test, Convictions of twins: two-sided.
  EXPECT_NEAR(fisher_exact({2, 10}, {15, 3}), 0.0005367, 5e-8);
}

TEST(FisherExact, IsOneWhereAMarginIsEmpty) {
  EXPECT_EQ(fisher_exact({0, 0}, {5, 3}), 1.0);
  EXPECT_EQ(fisher_exact({5, 0}, {3, 0}), 1.0);
}

TEST(FisherExact, DoesNotDependOnTheOrderOfGroupsOrLevels) {
  const double p = fisher_exact({5, 7}, {11, 2});
  EXPECT_NEAR(fisher_exact({11, 2}, {5, 7}), p, 1e-13);
  EXPECT_NEAR(fisher_exact({7, 5}, {2, 11}), p, 1e-13);
}

}  // namespace
}  // namespace npcsim::testing
