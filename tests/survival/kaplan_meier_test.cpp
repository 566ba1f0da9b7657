#include "freireich.hpp"
#include <npcsim/survival/kaplan_meier.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::histograms;
using testing::mercaptopurine;
using testing::placebo;

constexpr double exact = 1e-9;

// summary(survfit(Surv(t6, s6) ~ 1), times = c(5, 6, 10, 12, 20, 23, 35), extend = TRUE)
TEST(KaplanMeier, CurveRiskSetAndGreenwoodAgreeWithR) {
  const auto data = histograms(mercaptopurine());
  const KaplanMeier curve(data.view());
  struct Row {
    std::size_t week;
    std::uint64_t at_risk;
    double survival, se;
  };
  for (const Row& row :
       {Row{5, 21, 1.0, 0.0}, Row{6, 21, 0.85714285714285710, 0.076360354832121252},
        Row{10, 15, 0.75294117647058811, 0.096349652994320495},
        Row{12, 12, 0.75294117647058811, 0.096349652994320495},
        Row{20, 8, 0.62745098039215674, 0.114053865256752526},
        Row{23, 6, 0.44817927170868338, 0.134591456755760425},
        Row{35, 1, 0.44817927170868338, 0.134591456755760425}}) {
    EXPECT_EQ(curve.at_risk(row.week), row.at_risk) << row.week;
    EXPECT_NEAR(curve.survival(row.week), row.survival, exact) << row.week;
    EXPECT_NEAR(curve.survival_se(row.week), row.se, exact) << row.week;
  }
  EXPECT_EQ(curve.survival(1000), curve.survival(35));
  EXPECT_EQ(curve.at_risk(1000), 0U);
}

// quantile(survfit(Surv(t6, s6) ~ 1), c(.1, .25, .5)); quantile(survfit(Surv(tp, sp) ~ 1), c(.25,
// .5, .75, 12/21))
TEST(KaplanMeier, QuantilesAgreeWithR) {
  const auto treated = histograms(mercaptopurine());
  const KaplanMeier six(treated.view());
  EXPECT_DOUBLE_EQ(six.quantile(0.1).value(), 6);
  EXPECT_DOUBLE_EQ(six.quantile(0.25).value(), 13);
  EXPECT_DOUBLE_EQ(six.median().value(), 23);
  EXPECT_FALSE(six.quantile(0.6).has_value());
  const auto control = histograms(placebo());
  const KaplanMeier none(control.view());
  EXPECT_DOUBLE_EQ(none.quantile(0.25).value(), 4);
  EXPECT_DOUBLE_EQ(none.median().value(), 8);
  EXPECT_DOUBLE_EQ(none.quantile(0.75).value(), 12);
}

// quantile(survfit(Surv(t6, s6) ~ 1, conf.type = "log-log"), c(.25, .5)): lower, upper
TEST(KaplanMeier, LimitsOfQuantilesAgreeWithR) {
  const auto treated = histograms(mercaptopurine());
  const auto quarter = KaplanMeier(treated.view()).quantile_limits(0.25);
  EXPECT_DOUBLE_EQ(quarter.low.value(), 6);
  EXPECT_DOUBLE_EQ(quarter.high.value(), 22);
  const auto half = KaplanMeier(treated.view()).quantile_limits(0.5);
  EXPECT_DOUBLE_EQ(half.low.value(), 13);
  EXPECT_FALSE(half.high.has_value());
}

// quantile(survfit(Surv(c(1,2,3,5), c(1,1,1,1)) ~ 1), .5) and the same with status 1,1,0,0 and
// 1,1,0,1
TEST(KaplanMeier, MedianIsTheMiddleOfAFlatPartAtOneHalf) {
  const auto all = histograms({{1, 1}, {2, 1}, {3, 1}, {5, 1}});
  const auto none_after = histograms({{1, 1}, {2, 1}, {3, 0}, {5, 0}});
  const auto one_after = histograms({{1, 1}, {2, 1}, {3, 0}, {5, 1}});
  EXPECT_DOUBLE_EQ(KaplanMeier(all.view()).median().value(), 2.5);
  EXPECT_DOUBLE_EQ(KaplanMeier(none_after.view()).median().value(), 3.5);
  EXPECT_DOUBLE_EQ(KaplanMeier(one_after.view()).median().value(), 3.5);
}

// summary(survfit(Surv(t6, s6) ~ 1), rmean = 30)$table and 35; the same for tp with 10 and 12.5
TEST(KaplanMeier, RestrictedMeanAgreesWithR) {
  const auto treated = histograms(mercaptopurine());
  const KaplanMeier six(treated.view());
  EXPECT_NEAR(six.restricted_mean(30), 21.0464985994397722, exact);
  EXPECT_NEAR(six.restricted_mean_se(30), 2.2438019515594561, exact);
  EXPECT_NEAR(six.restricted_mean(35), 23.2873949579831923, exact);
  EXPECT_NEAR(six.restricted_mean_se(35), 2.8274676233714389, exact);
  const auto control = histograms(placebo());
  const KaplanMeier none(control.view());
  EXPECT_NEAR(none.restricted_mean(10), 6.61904761904761862, exact);
  EXPECT_NEAR(none.restricted_mean_se(10), 0.73301226885133253, exact);
  EXPECT_NEAR(none.restricted_mean(12.5), 7.38095238095238049, exact);
  EXPECT_NEAR(none.restricted_mean_se(12.5), 0.91343261408906862, exact);
}

TEST(KaplanMeier, WithoutCensoringSurvivalIsTheShareCorrectlyRounded) {
  constexpr std::uint32_t n = 99'991;
  std::vector<std::uint32_t> events(1'000), censored(1'000);
  std::uint32_t left = n;
  for (std::size_t b = 0; b + 1 < events.size(); ++b) {
    events[b] = static_cast<std::uint32_t>((b * 7919) % 97);
    left -= events[b];
  }
  censored.back() = left;
  const KaplanMeier curve({events, censored, 1, 0});
  std::uint32_t alive = n;
  for (std::size_t b = 0; b < events.size(); ++b) {
    alive -= events[b];
    EXPECT_EQ(curve.survival(b), static_cast<double>(alive) / n);
  }
}

TEST(KaplanMeier, ABinThatGathersADayHasItsTimesInTheMiddle) {
  const auto data = histograms({{1, 1}, {2, 1}, {3, 1}});
  const KaplanMeier curve(data.view(2.0, 0.5));  // times 3, 5, 7
  EXPECT_DOUBLE_EQ(curve.median().value(), 5);
  EXPECT_DOUBLE_EQ(curve.restricted_mean(10), 5);
  EXPECT_DOUBLE_EQ(curve.restricted_mean(4), (3 + 4 + 4) / 3.0);
}

TEST(KaplanMeier, NobodyMeansNoQuantileAndNoFall) {
  const auto nobody = histograms({});
  const KaplanMeier curve(nobody.view());
  EXPECT_FALSE(curve.median().has_value());
  EXPECT_EQ(curve.survival(3), 1);
  EXPECT_EQ(curve.survival_se(3), 0);
}

TEST(KaplanMeier, WhenAllHaveHadTheEventSurvivalIsZeroWithoutError) {
  const auto data = histograms(placebo());
  const KaplanMeier curve(data.view());
  EXPECT_EQ(curve.survival(23), 0);
  EXPECT_EQ(curve.survival_se(23), 0);
}

}  // namespace
}  // namespace npcsim
