#include <npcsim/base/exact_sum.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// The compiler's own 128-bit integer is the reference.
__extension__ typedef __int128 Wide;

Wide wide(const ExactSum& sum) {
  return static_cast<Wide>(
      (static_cast<__uint128_t>(static_cast<std::uint64_t>(sum.high())) << 64) | sum.low());
}

// Numbers of all sizes and both signs (Knuth's linear congruential generator).
std::vector<std::int64_t> numbers(std::size_t count) {
  std::vector<std::int64_t> out;
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    out.push_back(static_cast<std::int64_t>(state) >> (state % 61));
  }
  return out;
}

TEST(ExactSum, EqualsTheCompilersWideInteger) {
  ExactSum sum;
  Wide expected = 0;
  for (const std::int64_t value : numbers(10'000)) {
    sum.add(value);
    expected += value;
    ASSERT_TRUE(wide(sum) == expected) << "after " << value;
  }
}

TEST(ExactSum, ExtremesCarryIntoTheHighWord) {
  ExactSum sum;
  for (int i = 0; i < 8; ++i) sum.add(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(sum.value(), 0x1p66);  // 8 (2^63 - 1) to the nearest double
  ExactSum negative;
  for (int i = 0; i < 8; ++i) negative.add(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(negative.high(), -4);
  EXPECT_EQ(negative.low(), 0U);
  EXPECT_EQ(negative.value(), -0x1p66);
  sum.add(negative);
  EXPECT_EQ(sum.value(), -8.0);
}

TEST(ExactSum, AnySplitOfTheWorkGivesTheSameWords) {
  const auto all = numbers(3'000);
  ExactSum whole;
  for (const std::int64_t value : all) whole.add(value);
  for (const std::size_t parts : {2U, 3U, 7U, 64U}) {
    std::vector<ExactSum> sums(parts);
    for (std::size_t i = 0; i < all.size(); ++i) sums[i % parts].add(all[i]);
    ExactSum merged;
    for (auto part = sums.rbegin(); part != sums.rend(); ++part) merged.add(*part);
    EXPECT_EQ(merged, whole) << parts << " parts";
  }
}

TEST(ExactSum, ValueIsTheNearestDoubleOrItsNeighbour) {
  ExactSum sum;
  for (const std::int64_t value : numbers(10'000)) {
    sum.add(value);
    const auto expected = static_cast<double>(wide(sum));
    ASSERT_LE(std::abs(sum.value() - expected), std::abs(expected) * 0x1p-52);
  }
}

TEST(ExactSum, TimesEqualsTheCompilersWideInteger) {
  const auto all = numbers(2'000);
  ExactSum sum;
  for (std::size_t i = 1; i < all.size(); ++i) {
    sum.add(all[i]);
    const auto factor = static_cast<std::int32_t>(all[i - 1]);
    ASSERT_TRUE(wide(sum.times(factor)) == wide(sum) * factor) << factor;
  }
}

TEST(ExactMoments, OneToNHasTheClosedFormMeanAndVariance) {
  ExactMoments moments;
  for (int i = 1; i <= 1'000; ++i) moments.add(i);
  EXPECT_EQ(moments.count, 1'000U);
  EXPECT_EQ(moments.mean(), 500.5);                          // (n + 1) / 2
  EXPECT_DOUBLE_EQ(moments.variance(), 1000 * 1001 / 12.0);  // n (n + 1) / 12
}

TEST(ExactMoments, AFarMeanDoesNotDrownASmallVariance) {
  // Half of the values are m, half m + 1: variance n / (4 (n - 1)).
  for (const std::int64_t m : {std::int64_t{0}, std::int64_t{1} << 30, -(std::int64_t{1} << 30)}) {
    ExactMoments moments;
    for (int i = 0; i < 1'000; ++i) moments.add(m + i % 2);
    EXPECT_DOUBLE_EQ(moments.variance(), 1000.0 / (4 * 999.0)) << m;
  }
}

TEST(ExactMoments, ConstantsAndSingleValuesHaveNoVariance) {
  ExactMoments moments;
  EXPECT_EQ(moments.mean(), 0.0);
  EXPECT_EQ(moments.variance(), 0.0);
  moments.add(2'147'483'647);
  EXPECT_EQ(moments.variance(), 0.0);
  for (int i = 0; i < 100; ++i) moments.add(2'147'483'647);
  EXPECT_EQ(moments.variance(), 0.0);
  EXPECT_EQ(moments.mean(), 2'147'483'647.0);
}

TEST(ExactMoments, MergingEqualsAddingAll) {
  ExactMoments whole;
  ExactMoments left;
  ExactMoments right;
  for (std::int64_t i = -500; i < 700; ++i) {
    const std::int64_t value = i * i * i % 100'003;
    whole.add(value);
    (i % 3 == 0 ? left : right).add(value);
  }
  right.add(left);
  EXPECT_EQ(right, whole);
}

}  // namespace
}  // namespace npcsim
