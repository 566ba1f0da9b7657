#include <npcsim/reconstruction/clicks.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(Clicks, MonotoneFitPoolsWhatRises) {
  // Pooled by hand: 0.7 and 0.9 become 0.8; 0.2, 0.3 and 0.4 become 0.3.
  const std::vector<double> fit =
      monotone_fit({{0, 1}, {1, 0.7}, {2, 0.9}, {3, 0.2}, {4, 0.3}, {5, 0.4}});
  const std::vector<double> expected{1, 0.8, 0.8, 0.3, 0.3, 0.3};
  ASSERT_EQ(fit.size(), expected.size());
  for (std::size_t k = 0; k < fit.size(); ++k) EXPECT_NEAR(fit[k], expected[k], 1e-15);
}

TEST(Clicks, ComeOutInOrderWithWhatWasWrongCounted) {
  const CleanedClicks clean = clean_clicks({{0, 1.01}, {2, 0.5}, {1, 0.8}, {2, 0.7}, {-0.1, 1}});
  ASSERT_EQ(clean.clicks.size(), 5U);
  for (std::size_t k = 1; k < 5; ++k) EXPECT_GE(clean.clicks[k].time, clean.clicks[k - 1].time);
  EXPECT_EQ(clean.clicks[3].survival, 0.7);  // of one time the top of the drop first
  EXPECT_EQ(clean.clicks[4].survival, 0.5);
  EXPECT_EQ(clean.moved, 2U);
  EXPECT_EQ(clean.clamped, 2U);
  EXPECT_EQ(clean.axis, 2);
}

TEST(Clicks, PrecisionIsThatOfTheDigits) {
  EXPECT_NEAR(clean_clicks({{0, 1}, {1, 0.875}, {2, 0.5}}).half_unit, 0.0005, 1e-12);
  EXPECT_NEAR(clean_clicks({{0, 1}, {1, 0.1234}}).half_unit, 0.00005, 1e-12);
  EXPECT_LT(clean_clicks({{0, 1}, {1, 1.0 / 3}}).half_unit, 1e-8);
}

TEST(Clicks, EvenTimesAreNotThoseOfSteps) {
  EXPECT_TRUE(clean_clicks({{0, 1}, {1, 0.9}, {2, 0.8}, {3, 0.8}}).even_times);
  EXPECT_FALSE(clean_clicks({{0, 1}, {1, 0.9}, {2.5, 0.8}, {3, 0.8}}).even_times);
}

TEST(RecordCurve, AgreesWithAHandMadeTable) {
  // 5 patients: events at 1 and 3, censored at 2, 3 and 4; S = 4/5, then 4/5 * 2/3 = 8/15.
  const RecordCurve curve({{3, false}, {1, true}, {2, false}, {3, true}, {4, false}});
  EXPECT_DOUBLE_EQ(curve.survival(0.5), 1);
  EXPECT_DOUBLE_EQ(curve.survival(1), 0.8);
  EXPECT_DOUBLE_EQ(curve.survival_before(3), 0.8);
  EXPECT_DOUBLE_EQ(curve.survival(3), 8.0 / 15);
  EXPECT_EQ(curve.at_risk(3), 3);
  EXPECT_EQ(curve.events(), 2);
  EXPECT_FALSE(curve.median().has_value());
}

TEST(RecordCurve, MedianOnAFlatPartAtOneHalfIsItsMiddle) {
  // R: quantile(survfit(Surv(1:4, rep(1, 4)) ~ 1), 0.5)$quantile is 2.5
  const RecordCurve curve({{1, true}, {2, true}, {3, true}, {4, true}});
  ASSERT_TRUE(curve.median().has_value());
  EXPECT_DOUBLE_EQ(*curve.median(), 2.5);
}

}  // namespace
}  // namespace npcsim
