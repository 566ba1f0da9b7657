// Expected numbers: survdiff of R's package survival 3.5-3; weights that survdiff does not know by
// the sums written out in R.
#include "survival_data.hpp"
#include <npcsim/survival/weighted_log_rank.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::Records;
using Kind = EventWeight::Kind;

RiskSets sets_of(const Records& records) {
  return RiskSets(SortedRecords(records.view(), records.group));
}

void expect_test(const GroupLogRank& test, double chi_square, double p,
                 const std::vector<double>& observed, const std::vector<double>& expected) {
  ASSERT_TRUE(test.defined);
  EXPECT_TRUE(close(test.chi_square, chi_square));
  EXPECT_TRUE(close(test.p, p));
  for (std::size_t g = 0; g < observed.size(); ++g) {
    EXPECT_TRUE(close(test.observed[g], observed[g]));
    EXPECT_TRUE(close(test.expected[g], expected[g]));
  }
}

// survdiff(Surv(time, status) ~ sex, lung), rho = 0 and 1
TEST(LogRankTest, OfTwoGroupsAgreesWithR) {
  const RiskSets sets = sets_of(testing::lung());
  const GroupLogRank plain = log_rank_test(sets);
  expect_test(plain, 10.326741954885632, 0.0013111645203554882, {112, 53},
              {91.581739029572802, 73.418260970427212});
  EXPECT_TRUE(close(plain.variance[0], 40.37143397964261));
  EXPECT_TRUE(close(plain.variance[1], -40.37143397964261));
  EXPECT_TRUE(close(plain.z, -std::sqrt(10.326741954885632)));
  expect_test(log_rank_test(sets, EventWeight::fleming_harrington(1, 0)), 12.714151401157508,
              0.00036289892759891056, {70.377542294752203, 28.72865327218986},
              {55.571085471784251, 43.535110095157783});
}

// survdiff(Surv(time, status) ~ sex + strata(inst), lung)
TEST(LogRankTest, StratifiedAgreesWithR) {
  const auto inst = testing::read_data("lung")["inst"];
  const Records all = testing::lung();
  Records records;
  for (std::size_t i = 0; i < inst.size(); ++i) {
    if (std::isnan(inst[i])) continue;  // one patient
    records.time.push_back(all.time[i]);
    records.event.push_back(all.event[i]);
    records.group.push_back(all.group[i]);
    records.stratum.push_back(static_cast<std::int32_t>(inst[i]));
  }
  const GroupLogRank test = log_rank_test(sets_of(records));
  expect_test(test, 8.5244673633231738, 0.0035040328700608088, {111, 53},
              {93.924585897993992, 70.075414102005993});
  EXPECT_TRUE(close(test.variance[3], 34.203869207063249));
}

// survdiff(Surv(time, status) ~ celltype, veteran), rho = 0 and 0.5
TEST(LogRankTest, OfFourGroupsAgreesWithR) {
  const RiskSets sets = sets_of(testing::veteran());
  const GroupLogRank plain = log_rank_test(sets);
  EXPECT_EQ(plain.degrees, 3);
  expect_test(plain, 25.403700345785357, 1.2712459390060946e-05, {31, 45, 26, 26},
              {47.654677672475373, 30.102079326814831, 15.693764614360491, 34.549478386349314});
  EXPECT_TRUE(close(plain.variance[5], 21.75426794061379));
  EXPECT_TRUE(close(plain.variance[14], -4.0701175439714161));
  expect_test(log_rank_test(sets, EventWeight::fleming_harrington(0.5, 0)), 22.710226685585436,
              4.6406966542655363e-05,
              {18.409326775614034, 34.839983836158723, 20.071424988211238, 14.896846656368606},
              {28.483793613093802, 23.248850061645047, 12.864611095373498, 23.620327486240232});
}

// A third group alone in a stratum of its own is compared with nobody: the test is that of the
// other two.
TEST(LogRankTest, AGroupAloneInItsStratumCountsForNothing) {
  const std::vector<double> time{1, 2, 3, 4, 5, 6};
  const std::vector<std::int32_t> event{1, 1, 0, 1, 1, 0};
  const std::vector<std::int32_t> arm{0, 1, 0, 1, 0, 1};
  const GroupLogRank two = log_rank_test(RiskSets(SortedRecords(TimeToEvent{time, event}, arm)));
  ASSERT_TRUE(two.defined);
  for (const std::int32_t alone : {0, 1, 2}) {  // the number of the group that is alone
    std::vector<double> times = time;
    std::vector<std::int32_t> events = event;
    std::vector<std::int32_t> groups;
    for (const std::int32_t g : arm) groups.push_back(g < alone ? g : g + 1);
    std::vector<std::int32_t> stratum(time.size(), 0);
    for (const double t : {1.5, 2.5, 3.5}) {
      times.push_back(t);
      events.push_back(1);
      groups.push_back(alone);
      stratum.push_back(1);
    }
    TimeToEvent records{times, events};
    records.stratum = stratum;
    const GroupLogRank three = log_rank_test(RiskSets(SortedRecords(records, groups)));
    EXPECT_TRUE(three.defined) << alone;
    EXPECT_EQ(three.degrees, 1) << alone;
    EXPECT_TRUE(close(three.chi_square, two.chi_square)) << alone;
    EXPECT_TRUE(close(three.p, two.p)) << alone;
  }
}

// survdiff(Surv(time, status) ~ rx + strata(sex), subset(colon, etype == 2), rho = 1)
TEST(LogRankTest, StratifiedOfThreeGroupsAgreesWithR) {
  expect_test(
      log_rank_test(sets_of(testing::colon_deaths()), EventWeight::fleming_harrington(1, 0)),
      10.471256234234183, 0.0053234796647613804,
      {126.14662156958796, 122.85333790491694, 93.032835871603524},
      {112.78668335225335, 111.14333440237283, 118.10277759148215});
}

// The sums written out in R over the risk sets start < t <= stop of heart
TEST(LogRankTest, LeftTruncatedAgreesWithR) {
  const GroupLogRank test = log_rank_test(sets_of(testing::heart()));
  EXPECT_TRUE(close(test.observed[1] - test.expected[1], 1.4041824765299484));
  EXPECT_TRUE(close(test.variance[3], 11.26149568169282));
  EXPECT_TRUE(close(test.z, 0.41843259872072192));
}

// survdiff of lung[rep(1:228, ceiling(age / 20)), ]
TEST(LogRankTest, WeightsAreNumbersOfLikeSubjects) {
  Records lung = testing::weighted_lung(20);
  for (double& weight : lung.weight) weight = std::ceil(weight);
  expect_test(log_rank_test(sets_of(lung)), 41.859843048961842, 9.805590802052876e-11, {410, 187},
              {332.33285942032336, 264.66714057967692});
}

TEST(LogRankTest, OtherWeightsAgreeWithTheirSums) {
  const RiskSets sets = sets_of(testing::lung());
  struct {
    EventWeight weight;
    double z;
  } const expected[] = {{EventWeight::fleming_harrington(0, 1), -1.8601032675878904},
                        {EventWeight::fleming_harrington(1, 1), -2.7685344459841992},
                        {EventWeight::fleming_harrington(0.5, 2), -1.6577886577716332},
                        {{Kind::modest_time, 200, 0}, -3.03668066066983},
                        {{Kind::modest_survival, 0.5, 0}, -2.8018723341051048},
                        {{Kind::gehan, 0, 0}, -3.5315910481343367},
                        {{Kind::tarone_ware, 0, 0}, -3.5292412643817821},
                        {{Kind::peto, 0, 0}, -3.5648068353506122},
                        {{Kind::modified_peto, 0, 0}, -3.5649954464506894}};
  for (const auto& e : expected) EXPECT_TRUE(close(log_rank_test(sets, e.weight).z, e.z));
}

TEST(LogRankTest, ModestWeightsBeforeAnyEventAreTheLogRankTests) {
  const RiskSets sets = sets_of(testing::lung());
  EXPECT_TRUE(close(log_rank_test(sets, {Kind::modest_time, 0, 0}).z, log_rank_test(sets).z));
}

// f <- survdiff(Surv(time, status) ~ celltype, veteran); a <- 1:4
// sum(a * (f$obs - f$exp)) / sqrt(t(a) %*% f$var %*% a)
TEST(TrendTest, AgreesWithItsFormula) {
  const GroupLogRank test = log_rank_test(sets_of(testing::veteran()));
  const std::vector<double> scores{1, 2, 3, 4};
  EXPECT_TRUE(close(trend_test(test, scores).z, 0.73905240069284772));
}

TEST(TrendTest, OfTwoGroupsIsTheLogRankTest) {
  const GroupLogRank test = log_rank_test(sets_of(testing::lung()));
  const std::vector<double> scores{-3, 5};
  EXPECT_TRUE(close(trend_test(test, scores).z, test.z));
}

TEST(LogRankTest, WithoutContrastIsUndefined) {
  const Records no_events{{1, 2}, {0, 0}, {0, 1}, {}, {}, {}, {}};
  const Records one_group{{1, 2}, {1, 1}, {}, {}, {}, {}, {}};
  const Records all_at_once{{1, 1, 1}, {1, 1, 1}, {0, 1, 1}, {}, {}, {}, {}};
  const Records one_at_a_time{{1, 2}, {1, 1}, {0, 1}, {}, {}, {}, {}};
  for (const Records& records : {no_events, one_group, all_at_once}) {
    const GroupLogRank test = log_rank_test(sets_of(records));
    EXPECT_FALSE(test.defined);
    EXPECT_EQ(test.p, 1);
    EXPECT_EQ(test.z, 0);
  }
  EXPECT_TRUE(log_rank_test(sets_of(one_at_a_time)).defined);
}

TEST(LogRankTest, AGroupWithoutEventsTakesPart) {
  const Records records{{1, 2, 3, 4}, {1, 1, 0, 0}, {0, 0, 1, 1}, {}, {}, {}, {}};
  const GroupLogRank test = log_rank_test(sets_of(records));
  EXPECT_TRUE(test.defined);
  EXPECT_EQ(test.observed[1], 0);
  EXPECT_TRUE(close(test.expected[1], 0.5 + 2.0 / 3));
  EXPECT_TRUE(close(test.variance[3], 0.25 + 2.0 / 9));
}

// A group that has left before the first event is not compared; R's survdiff drops it too.
TEST(LogRankTest, AGroupThatLeftEarlyCostsNoDegree) {
  const Records records{{1, 2, 3, 4, 5}, {0, 1, 1, 1, 0}, {2, 0, 1, 0, 1}, {}, {}, {}, {}};
  const GroupLogRank test = log_rank_test(sets_of(records));
  EXPECT_EQ(test.degrees, 1);
  EXPECT_TRUE(test.defined);
}

}  // namespace
}  // namespace npcsim
