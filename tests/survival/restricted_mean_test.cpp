#include "survival_data.hpp"
#include <npcsim/survival/restricted_mean.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::Records;

SortedRecords sorted(const Records& records) {
  return SortedRecords(records.view(), records.group);
}

// print(survfit(Surv(time, status) ~ sex, lung), rmean = 365 / 1000)
TEST(RestrictedMean, AgreesWithR) {
  const SortedRecords lung = sorted(testing::lung());
  const auto curves = survival_curves(lung);
  const RiskSets sets(lung);
  struct {
    double horizon, male, male_se, female, female_se;
  } const expected[] = {
      {365, 241.49508519205702, 10.358226491096945, 297.4654095320368, 10.79132397880009},
      {1000, 325.2984045224178, 22.668772827669024, 458.81659303464096, 33.988477790969057}};
  for (const auto& e : expected) {
    SCOPED_TRACE(e.horizon);
    EXPECT_TRUE(close(restricted_mean(curves[0], e.horizon).value, e.male));
    EXPECT_TRUE(close(restricted_mean(curves[0], e.horizon).se, e.male_se));
    EXPECT_TRUE(close(restricted_mean(curves[1], e.horizon).value, e.female));
    EXPECT_TRUE(close(restricted_mean(curves[1], e.horizon).se, e.female_se));
    EXPECT_TRUE(close(restricted_mean(sets, 0, e.horizon).value, e.male));
    EXPECT_TRUE(close(restricted_mean(sets, 0, e.horizon).se, e.male_se));
    EXPECT_TRUE(close(restricted_mean(sets, 1, e.horizon).value, e.female));
    EXPECT_TRUE(close(restricted_mean(sets, 1, e.horizon).se, e.female_se));
  }
}

// survfit(Surv(start, stop, event) ~ 1, heart), rmean = 500
TEST(RestrictedMean, OfLeftTruncatedRecordsAgreesWithR) {
  Records heart = testing::heart();
  heart.group.clear();
  const RestrictedMean mean = restricted_mean(RiskSets(sorted(heart)), 0, 500);
  EXPECT_TRUE(close(mean.value, 220.0803328348297));
  EXPECT_TRUE(close(mean.se, 20.913334966216947));
}

// survRM2's formulas in R on lung, arm = (sex == 2), tau = 365
TEST(RestrictedMean, ContrastsAgreeWithSurvRM2) {
  const RiskSets sets(sorted(testing::lung()));
  const RestrictedMeanContrast found =
      contrast(restricted_mean(sets, 1, 365), restricted_mean(sets, 0, 365));
  const Contrast expected[] = {{55.970324339979783, 14.958125860424103, 26.65293637733134,
                                85.287712302628222, 0, 0.00018270646131116053},
                               {1.231765894098704, 0.056176445540524964, 1.1033433905620589,
                                1.3751360010339773, 0, 0.00020676122250322856},
                               {0.5468170280752247, 0.18046248882678473, 0.38391234834971222,
                                0.77884669112192473, 0, 0.00082292421176542133}};
  const Contrast* contrasts[] = {&found.difference, &found.ratio, &found.loss_ratio};
  for (std::size_t k = 0; k < 3; ++k) {
    SCOPED_TRACE(k);
    EXPECT_TRUE(close(contrasts[k]->value, expected[k].value));
    EXPECT_TRUE(close(contrasts[k]->se, expected[k].se));
    EXPECT_TRUE(close(contrasts[k]->lower, expected[k].lower));
    EXPECT_TRUE(close(contrasts[k]->upper, expected[k].upper));
    EXPECT_TRUE(close(contrasts[k]->p, expected[k].p, 1e-10));
  }
}

// d <- subset(lung, sex == 1); f <- survfit(Surv(time, status) ~ 1, d, weights = age / 50,
// influence = TRUE, robust = TRUE); i <- f$time <= 365
// sqrt(sum((f$influence.surv[, i] %*% diff(c(f$time[i], 365)))^2))
TEST(RestrictedMean, RobustErrorAgreesWithInfluenceInR) {
  const auto means = restricted_means_robust(sorted(testing::weighted_lung(50)), 365);
  EXPECT_TRUE(close(means[0].value, 238.62066805635058));
  EXPECT_TRUE(close(means[0].se, 10.739616551393857));
}

TEST(RestrictedMean, RobustErrorOfCountsIsTheUsualOne) {
  const SortedRecords lung = sorted(testing::lung());
  const auto robust = restricted_means_robust(lung, 300);
  EXPECT_TRUE(close(robust[1].se, restricted_mean(RiskSets(lung), 1, 300).se));
}

TEST(RestrictedMean, KnowsWhereFollowUpEnds) {
  const Records ends_censored{{1, 2, 3}, {1, 1, 0}, {}, {}, {}, {}, {}};
  const Records ends_at_zero{{1, 2, 3}, {1, 1, 1}, {}, {}, {}, {}, {}};
  EXPECT_TRUE(restricted_mean(RiskSets(sorted(ends_censored)), 0, 3).within_follow_up);
  EXPECT_FALSE(restricted_mean(RiskSets(sorted(ends_censored)), 0, 4).within_follow_up);
  EXPECT_FALSE(restricted_mean(survival_curves(sorted(ends_censored))[0], 4).within_follow_up);
  EXPECT_TRUE(restricted_mean(RiskSets(sorted(ends_at_zero)), 0, 4).within_follow_up);
  EXPECT_TRUE(restricted_mean(survival_curves(sorted(ends_at_zero))[0], 4).within_follow_up);
}

// All die: the mean is that of the times and its error the empirical one, sum (t - m)^2 / n^2.
TEST(RestrictedMean, WithoutCensoringIsTheMean) {
  const Records records{{1, 2, 4, 9}, {1, 1, 1, 1}, {}, {}, {}, {}, {}};
  const RestrictedMean mean = restricted_mean(RiskSets(sorted(records)), 0, 10);
  EXPECT_TRUE(close(mean.value, 4));
  EXPECT_TRUE(close(mean.se, std::sqrt((9 + 4 + 0 + 25) / 16.0)));
}

TEST(RestrictedMean, BeforeTheFirstEventIsTheHorizon) {
  const Records records{{5, 6}, {1, 1}, {}, {}, {}, {}, {}};
  EXPECT_EQ(restricted_mean(RiskSets(sorted(records)), 0, 3).value, 3);
  EXPECT_EQ(restricted_mean(survival_curves(sorted(records))[0], 3).value, 3);
  EXPECT_EQ(restricted_mean(survival_curves(sorted(records))[0], 3).se, 0);
}

}  // namespace
}  // namespace npcsim
