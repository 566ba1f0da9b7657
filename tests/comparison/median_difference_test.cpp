// Limits of a difference of medians from the times at which each may lie.
#include <npcsim/comparison/detail/median.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Where few are left the standard error may grow faster than the curve falls, and the statistic
// goes back towards 0. What the curve passes through is the same in either direction.
TEST(DifferenceOfMedians, AStepBackHoldsWhatAStepForwardHolds) {
  const auto limits = [](double before, double after) {
    detail::MedianEstimate a;
    a.value = 10;
    a.low = 9;
    a.high = 12;
    a.candidates = {{9, 1.9, 0.4}, {10, 0.4, -1.0}, {12, before, after}};
    detail::MedianEstimate b;
    b.value = 6;
    b.low = 6;
    b.high = 7;
    b.candidates = {{6, 1.9, 0.9}, {7, -1.9, -3.0}};
    return detail::difference_of_medians(a, b, 0.9);
  };
  const detail::MedianEstimate forward = limits(-1.0, -1.95);
  const detail::MedianEstimate back = limits(-1.95, -1.0);
  EXPECT_EQ(forward.low, back.low);
  EXPECT_EQ(forward.high, back.high);
  // 12 and 7 months are the medians if both curves passed 1.9 and 1.71 standard errors below one
  // half, which a correlation of 0.9 makes likely enough: 1.9^2 < 1.96^2.
  EXPECT_EQ(back.high, 5);
}

}  // namespace
}  // namespace npcsim
