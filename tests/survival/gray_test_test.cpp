// Expected numbers: cuminc(...)$Tests of R's package cmprsk 2.2-11.
#include "survival_data.hpp"
#include <npcsim/survival/gray_test.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::Records;

GrayTest gray(const Records& records, std::int32_t cause, double rho = 0) {
  return gray_test(SortedRecords(records.view(), records.group), cause, rho);
}

// m <- mgus2 as in survival_data.hpp; cuminc(m$etime, m$event, m$sex, rho = 0 / 1)
TEST(GrayTest, OfTwoGroupsAgreesWithCmprsk) {
  const Records mgus = testing::mgus();
  EXPECT_TRUE(close(gray(mgus, 1).chi_square, 1.1945078250755148));
  EXPECT_TRUE(close(gray(mgus, 1).p, 0.2744221567880042));
  EXPECT_TRUE(close(gray(mgus, 2).chi_square, 11.6512590121277384));
  EXPECT_TRUE(close(gray(mgus, 2).p, 0.00064159097640792417));
  EXPECT_TRUE(close(gray(mgus, 1, 1).chi_square, 1.2293588335599759));
  EXPECT_TRUE(close(gray(mgus, 2, 1).chi_square, 13.9305097149486610));
}

// p <- pbc[!is.na(pbc$stage), ]; cuminc(p$time, p$status, p$stage)
TEST(GrayTest, OfFourGroupsAgreesWithCmprsk) {
  Records pbc = testing::pbc_by_stage();
  pbc.stratum.clear();
  EXPECT_EQ(gray(pbc, 1).degrees, 3);
  EXPECT_TRUE(close(gray(pbc, 1).chi_square, 2.101842384647421));
  EXPECT_TRUE(close(gray(pbc, 1).p, 0.55154012630982063));
  EXPECT_TRUE(close(gray(pbc, 2).chi_square, 60.829416932768261));
}

// cuminc(p$time, p$status, p$sex, strata = p$stage)
TEST(GrayTest, StratifiedAgreesWithCmprsk) {
  Records pbc = testing::pbc_by_stage();
  pbc.group.swap(pbc.stratum);
  EXPECT_TRUE(close(gray(pbc, 1).chi_square, 0.02932105749739412));
  EXPECT_TRUE(close(gray(pbc, 2).chi_square, 2.24980991532066366));
}

// The common incidence reaches 1 among the second group alone, where nothing is compared. Expected:
// the sums of Gray (1988) in exact fractions over the times at which both groups are at risk.
TEST(GrayTest, OfGroupsThatDoNotOverlapIsDefined) {
  Records apart;
  for (int i = 0; i < 16; ++i) {
    apart.time.push_back(i + 1);
    apart.event.push_back(1);
    apart.group.push_back(i < 8 ? 0 : 1);
  }
  EXPECT_TRUE(gray(apart, 1).defined);
  EXPECT_TRUE(close(gray(apart, 1).chi_square, 15.410002253532678));
}

TEST(GrayTest, WithoutContrastIsUndefined) {
  const Records one_group{{1, 2}, {1, 2}, {}, {}, {}, {}, {}};
  const Records no_such_event{{1, 2, 3}, {2, 2, 0}, {0, 1, 1}, {}, {}, {}, {}};
  EXPECT_FALSE(gray(one_group, 1).defined);
  EXPECT_FALSE(gray(no_such_event, 1).defined);
  EXPECT_EQ(gray(no_such_event, 1).p, 1);
}

}  // namespace
}  // namespace npcsim
