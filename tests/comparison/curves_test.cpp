#include "exponential_twins.hpp"
#include "find_row.hpp"
#include <npcsim/comparison/curves.hpp>
#include <npcsim/comparison/summary.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(Curves, GoThroughTheLandmarksOfTheSummary) {
  const Tally tally = testing::tally_of({});
  const auto rows = summary_rows(tally);
  const auto drawn = curves(tally, month_grid(tally.shape(), 0.25));
  ASSERT_EQ(drawn.size(), 2U);
  for (const Curve& curve : drawn) {
    ASSERT_EQ(curve.months.size(), 97U);
    EXPECT_EQ(curve.months[48], 12);
    EXPECT_EQ(curve.months.back(), 24);
    const SummaryRow& row = testing::find_row(
        rows, {tally.shape().strategies[curve.strategy], "", "", "PFS", "survival", 12.0});
    EXPECT_EQ(curve.survival[48], *row.value);
    EXPECT_NEAR(curve.lo95[48], *row.lo95, 1e-12);
    EXPECT_NEAR(curve.hi95[48], *row.hi95, 1e-12);
  }
}

TEST(Curves, FallFromOneAndCarryTheNumberAtRisk) {
  const Tally tally = testing::tally_of({});
  for (const Curve& curve : curves(tally, month_grid(tally.shape(), 1))) {
    EXPECT_EQ(curve.at_risk.front(), 100'000U);
    EXPECT_GT(curve.survival.front(), 0.999);
    for (std::size_t k = 1; k < curve.months.size(); ++k) {
      EXPECT_LE(curve.survival[k], curve.survival[k - 1]);
      EXPECT_LE(curve.lo95[k], curve.survival[k]);
      EXPECT_GE(curve.hi95[k], curve.survival[k]);
      // Just before a month S has the value of all events before it; one tick holds few.
      EXPECT_NEAR(static_cast<double>(curve.at_risk[k]) / 1e5, curve.survival[k], 1e-3);
    }
  }
}

// A quarter of a month is 243.5 ticks. Nobody is lost before the end, so that just before such a
// time as many are left as S says, to the last patient.
TEST(Curves, BetweenTwoTicksNobodyIsAtRiskWhoHasLeft) {
  const Tally tally = testing::tally_of({});
  for (const Curve& curve : curves(tally, month_grid(tally.shape(), 0.25))) {
    for (std::size_t k = 1; k + 1 < curve.months.size(); k += 2)
      EXPECT_EQ(static_cast<double>(curve.at_risk[k]), std::round(1e5 * curve.survival[k])) << k;
  }
}

TEST(Curves, TheGridEndsAtAHorizonThatIsNoMultipleOfTheStep) {
  testing::Twins twins;
  twins.horizon_months = 13;
  const auto months = month_grid(testing::shape_of(twins), 6);
  EXPECT_EQ(months, (std::vector<double>{0, 6, 12, 13}));
}

}  // namespace
}  // namespace npcsim
