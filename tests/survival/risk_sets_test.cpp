#include "survival_data.hpp"
#include <npcsim/survival/cox_two_groups.hpp>
#include <npcsim/survival/risk_sets.hpp>

namespace npcsim {
namespace {

using testing::Records;

TEST(RiskSets, CountWhoIsAtRiskAndWhoHasEvents) {
  const Records records{{2, 2, 3, 5, 5}, {1, 0, 0, 1, 2}, {0, 1, 1, 0, 1}, {}, {}, {}, {}};
  const RiskSets sets(SortedRecords(records.view(), records.group));
  ASSERT_EQ(sets.rows(), 2U);
  EXPECT_EQ(sets.time()[1], 5);
  EXPECT_EQ(sets.at_risk(0, 0), 2);
  EXPECT_EQ(sets.at_risk(0, 1), 3);
  EXPECT_EQ(sets.events(0, 0), 1);
  EXPECT_EQ(sets.events(0, 1), 0);
  EXPECT_EQ(sets.at_risk(1), 2);
  EXPECT_EQ(sets.events(1), 2);
  EXPECT_EQ(sets.subjects_of(1), 3);
  EXPECT_EQ(sets.events_of(0), 2);
}

TEST(RiskSets, AnEntryAtTheTimeOfAnEventIsTooLate) {
  const Records records{{2, 4}, {1, 1}, {}, {0, 2}, {}, {}, {}};
  const RiskSets sets(SortedRecords(records.view()));
  EXPECT_EQ(sets.at_risk(0), 1);
  EXPECT_EQ(sets.at_risk(1), 1);
}

TEST(RiskSets, StrataHaveTheirOwnRows) {
  const Records records{{2, 4, 2, 4}, {1, 1, 1, 0}, {}, {}, {}, {0, 0, 1, 1}, {}};
  const RiskSets sets(SortedRecords(records.view()));
  ASSERT_EQ(sets.strata(), 2U);
  ASSERT_EQ(sets.rows(), 3U);
  EXPECT_EQ(sets.stratum_begin()[1], 2U);
  EXPECT_EQ(sets.at_risk(0), 2);
  EXPECT_EQ(sets.at_risk(2), 2);
}

TEST(RiskSets, RememberHowEachGroupEnds) {
  const Records records{{3, 3, 4}, {1, 0, 1}, {0, 0, 1}, {}, {}, {}, {}};
  const RiskSets sets(SortedRecords(records.view(), records.group));
  EXPECT_EQ(sets.last_time_of(0), 3);
  EXPECT_TRUE(sets.last_is_censored(0));
  EXPECT_EQ(sets.last_time_of(1), 4);
  EXPECT_FALSE(sets.last_is_censored(1));
}

// coxph(Surv(time, status) ~ sex, lung, ties = "efron", control = coxph.control(eps = 1e-13))
TEST(RiskSets, FeedTheCoxModelOfTwoGroups) {
  const Records lung = testing::lung();
  const RiskSets sets(SortedRecords(lung.view(), lung.group));
  std::vector<RiskRow> rows;
  sets.two_groups(1, 0, rows);
  const CoxFit fit = cox_two_groups(rows);
  EXPECT_TRUE(testing::close(fit.value, -0.53102354000576657));
  EXPECT_TRUE(testing::close(fit.se, 0.16717858330116211));
}

}  // namespace
}  // namespace npcsim
