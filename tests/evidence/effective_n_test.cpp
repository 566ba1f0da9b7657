#include "small_evidence.hpp"
#include <npcsim/evidence/effective_n.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(EffectiveN, FollowsTheRuleOfTheFigure) {
  const Evidence evidence = evidence_of(right_document());
  const auto n = [&evidence](const char* id, double share) {
    return effective_n(evidence, *find(evidence.targets, id), share);
  };
  EXPECT_EQ(n("os_24m", 1).value(), 50.0);            // printed
  EXPECT_EQ(n("os_24m_other", 1).value(), 50.0);      // half of the study's 100
  EXPECT_EQ(n("low_risk_share", 0.4).value(), 20.0);  // half of 100 x 0.4
  EXPECT_FALSE(n("pfs_hr", 1).has_value());           // the interval says it
}

TEST(EffectiveN, CohortStandsForTheStudyWhereThereAreSeveral) {
  const Evidence evidence =
      evidence_of(changed(right_document(), "n_basis: half", "cohort: 30, n_basis: half"));
  EXPECT_EQ(effective_n(evidence, *find(evidence.targets, "os_24m_other"), 1).value(), 15.0);
}

TEST(EffectiveN, ClassOfNobodyHasNone) {
  const Evidence evidence = evidence_of(right_document());
  EXPECT_FALSE(effective_n(evidence, *find(evidence.targets, "low_risk_share"), 0).has_value());
}

TEST(EffectiveN, StandardErrorOfAnIntervalIsOnTheLogScaleForRatios) {
  const Evidence evidence = evidence_of(right_document());
  const auto se = standard_error_of_interval(*find(evidence.targets, "pfs_hr"));
  ASSERT_TRUE(se.has_value());
  // log(4) / (2 qnorm(0.975)), R 4.2: log(4)/(2*qnorm(0.975))
  EXPECT_NEAR(*se, 0.35365301915106706, 1e-14);
  EXPECT_FALSE(standard_error_of_interval(*find(evidence.targets, "os_24m")).has_value());
}

TEST(EffectiveN, StandardErrorTakesTheLevelAndThePlainScale) {
  Target target;
  target.unit = "probability";
  target.interval = {0.829, 0.958, {}};
  target.level = 0.9;
  // R 4.2: (0.958-0.829)/(2*qnorm(0.95))
  EXPECT_NEAR(standard_error_of_interval(target).value(), 0.039213215658309125, 1e-14);
}

TEST(EffectiveN, LeftOutTellsTheReason) {
  const Evidence evidence = evidence_of(right_document());
  EXPECT_EQ(left_out(evidence, "low_risk_share").value(), "of no use");
  EXPECT_EQ(left_out(evidence, "os_24m_other").value(),
            "replaced by os_24m: the first one is kept");
  EXPECT_FALSE(left_out(evidence, "pfs_hr").has_value());
}

}  // namespace
}  // namespace npcsim::testing
