#include "survival_data.hpp"
#include <npcsim/survival/milestone.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::Records;

std::vector<SurvivalCurve> curves(const Records& records) {
  return survival_curves(SortedRecords(records.view(), records.group));
}

// summary(survfit(Surv(time, status) ~ sex, lung, conf.type = "log-log"), times = 180)
TEST(Milestone, AgreesWithR) {
  const auto lung = curves(testing::lung());
  const Milestone male = milestone(lung[0], 180);
  const Milestone female = milestone(lung[1], 180);
  EXPECT_TRUE(close(male.survival, 0.64446500154178266));
  EXPECT_TRUE(close(male.se, 0.040786425085295029));
  EXPECT_TRUE(close(male.lower, 0.55841247300528796));
  EXPECT_TRUE(close(male.upper, 0.71801359816067811));
  EXPECT_EQ(male.at_risk, 89);
  EXPECT_TRUE(close(female.survival, 0.84240170558778316));
  EXPECT_EQ(female.at_risk, 71);
}

// The difference of two such survivals, normal interval; log(-log S) by the delta method.
TEST(Milestone, ContrastsFollowFromTheEstimates) {
  const auto lung = curves(testing::lung());
  const MilestoneContrast found = contrast(milestone(lung[1], 180), milestone(lung[0], 180));
  EXPECT_TRUE(close(found.difference.value, 0.1979367040460005));
  EXPECT_TRUE(close(found.difference.se, 0.05621164519108076));
  EXPECT_TRUE(close(found.difference.lower, 0.087763903959738113));
  EXPECT_TRUE(close(found.difference.upper, 0.3081095041322629));
  EXPECT_TRUE(close(found.difference.p, 0.00042947572550478094, 1e-10));
  EXPECT_TRUE(close(found.ratio.value, 0.84240170558778316 / 0.64446500154178266));
  EXPECT_TRUE(close(found.complementary.value, -0.94068836075619033));
  EXPECT_TRUE(close(found.complementary.se, 0.30403528198851426));
  EXPECT_TRUE(close(found.complementary.z, -3.0940105194492769));
}

TEST(Milestone, BeforeAnyEventIsOneAndAfterTheEndIsMarked) {
  const Records records{{2, 3, 4}, {1, 0, 0}, {}, {}, {}, {}, {}};
  const SurvivalCurve curve = curves(records)[0];
  EXPECT_EQ(milestone(curve, 1).survival, 1);
  EXPECT_EQ(milestone(curve, 1).se, 0);
  EXPECT_EQ(milestone(curve, 1).at_risk, 3);
  EXPECT_EQ(milestone(curve, 2).at_risk, 3);
  EXPECT_EQ(milestone(curve, 2.5).at_risk, 2);
  EXPECT_TRUE(milestone(curve, 4).within_follow_up);
  EXPECT_FALSE(milestone(curve, 5).within_follow_up);
}

}  // namespace
}  // namespace npcsim
