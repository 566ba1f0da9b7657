#include "survival_data.hpp"
#include <npcsim/survival/sorted_records.hpp>

namespace npcsim {
namespace {

using testing::Records;

TEST(SortedRecords, PutsEventsBeforeCensoringsThenRows) {
  const Records records{{3, 1, 3, 2, 3}, {0, 1, 1, 0, 2}, {}, {}, {}, {}, {}};
  const SortedRecords sorted(records.view());
  const std::vector<std::uint32_t> expected{1, 3, 2, 4, 0};
  EXPECT_EQ(std::vector<std::uint32_t>(sorted.row().begin(), sorted.row().end()), expected);
  EXPECT_EQ(sorted.groups(), 1U);
  EXPECT_EQ(sorted.strata(), 1U);
}

// aeqSurv(Surv(c(0.1 + 0.2, 0.3, 1)))[, 1]: 0.3 0.3 1, the smaller of the two values
TEST(SortedRecords, JoinsTimesThatRoundingHasParted) {
  const double parted = 0.1 + 0.2;
  ASSERT_NE(parted, 0.3);
  const Records records{{parted, 0.3, 1}, {0, 1, 1}, {}, {}, {}, {}, {}};
  const SortedRecords sorted(records.view());
  EXPECT_EQ(sorted.time()[0], 0.3);
  EXPECT_EQ(sorted.time()[1], 0.3);
  EXPECT_EQ(sorted.row()[0], 1U) << "the event comes first once they are one time";
  const SortedRecords as_given(records.view(), {}, 0);
  EXPECT_NE(as_given.time()[1], as_given.time()[0]);
}

// Steps of 1e-8 are within the tolerance each, 1e-6 after 100 of them is not:
// aeqSurv(Surv(1 + (0:99) * 1e-8)) makes all of them 1.
TEST(SortedRecords, FollowsChainsOfNearTies) {
  Records records;
  for (int k = 0; k < 100; ++k) {
    records.time.push_back(1 + k * 1e-8);
    records.event.push_back(1);
  }
  const SortedRecords sorted(records.view());
  EXPECT_EQ(sorted.time().front(), 1.0);
  EXPECT_EQ(sorted.time().back(), 1.0);
}

// The tolerance is relative to the mean of the distinct times: aeqSurv(Surv(c(1e6, 1e6 + 0.01)))
// joins, aeqSurv(Surv(c(1, 1.01))) does not.
TEST(SortedRecords, ToleranceFollowsTheScaleOfTimes) {
  const Records large{{1e6, 1e6 + 0.01}, {1, 1}, {}, {}, {}, {}, {}};
  EXPECT_EQ(SortedRecords(large.view()).time()[1], 1e6);
  const Records small{{1, 1.01}, {1, 1}, {}, {}, {}, {}, {}};
  EXPECT_EQ(SortedRecords(small.view()).time()[1], 1.01);
}

TEST(SortedRecords, EntriesJoinEndsAndEmptyIntervalsAreLeftOut) {
  const double parted = 0.1 + 0.2;
  const Records records{{parted, 0.3, 2}, {1, 1, 1}, {}, {0, parted - 1e-16, 0.3}, {}, {}, {}};
  Records odd = records;
  odd.entry[1] = 0.3 - 1e-12;
  const SortedRecords sorted(odd.view());
  ASSERT_EQ(sorted.emptied_rows().size(), 1U);
  EXPECT_EQ(sorted.emptied_rows()[0], 1U);
  ASSERT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted.time()[0], sorted.entry()[1]) << "the third record enters at that very time";
}

TEST(SortedRecords, KeepsStrataApart) {
  const Records records{{5, 1, 4, 2}, {1, 1, 1, 1}, {}, {}, {}, {1, 0, 0, 1}, {}};
  const SortedRecords sorted(records.view());
  ASSERT_EQ(sorted.strata(), 2U);
  const std::vector<double> expected{1, 4, 2, 5};
  EXPECT_EQ(std::vector<double>(sorted.time().begin(), sorted.time().end()), expected);
  EXPECT_EQ(sorted.stratum_begin()[1], 2U);
}

TEST(SortedRecords, ListEntriesByStratumAndTime) {
  const Records records{{9, 8, 7, 6}, {1, 1, 1, 1}, {}, {3, 1, 2, 0}, {}, {1, 0, 0, 1}, {}};
  const SortedRecords sorted(records.view());
  // Positions: 7 and 8 of stratum 0, then 6 and 9 of stratum 1.
  const std::vector<std::uint32_t> expected{1, 0, 2, 3};
  const auto found = sorted.by_entry();
  EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), expected);
}

// The distribution sort must order any numbers, however unevenly they lie.
TEST(SortedRecords, OrdersSkewedTimes) {
  Records records;
  double value = 1e-12;
  for (int k = 0; k < 500; ++k) {
    value = value * 1.11 + 1e-13;
    records.time.push_back(k % 3 == 0 ? value : value * 0.37 + 7.0 * (k % 5));
    records.event.push_back(k % 2);
  }
  const SortedRecords sorted(records.view(), {}, 0);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    ASSERT_LE(sorted.time()[i - 1], sorted.time()[i]);
    ASSERT_EQ(sorted.time()[i], records.time[sorted.row()[i]]);
  }
}

TEST(SortedRecords, MemoryOfAnotherTrialLeavesNoTrace) {
  const Records first{{1, 2, 3}, {1, 1, 1}, {0, 1, 2}, {0, 0, 1}, {1, 2, 3}, {0, 1, 1}, {1, 1, 2}};
  const Records second{{2, 1}, {0, 1}, {}, {}, {}, {}, {}};
  SortedRecords sorted(first.view(), first.group);
  sorted.assign(second.view());
  EXPECT_EQ(sorted.size(), 2U);
  EXPECT_EQ(sorted.groups(), 1U);
  EXPECT_EQ(sorted.strata(), 1U);
  EXPECT_TRUE(sorted.entry().empty() && sorted.weight().empty() && sorted.cluster().empty());
  EXPECT_TRUE(sorted.by_entry().empty() && sorted.group().empty());
}

}  // namespace
}  // namespace npcsim
