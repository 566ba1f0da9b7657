// Expected numbers: R 4.2 with package survival 3.5-3, options(digits = 17).
#include "survival_data.hpp"
#include <npcsim/survival/risk_sets.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <cmath>

namespace npcsim {
namespace {

using testing::close;
using testing::finite_sum;
using testing::Records;

// Sums over the points of a curve, of finite values only.
struct Sums {
  double points, survival, se, lower, upper, hazard, hazard_se;
};

void expect_sums(const std::vector<SurvivalCurve>& curves, const std::vector<Sums>& expected) {
  ASSERT_EQ(curves.size(), expected.size());
  for (std::size_t g = 0; g < curves.size(); ++g) {
    SCOPED_TRACE(g);
    const SurvivalCurve& curve = curves[g];
    EXPECT_EQ(static_cast<double>(curve.time.size()), expected[g].points);
    EXPECT_TRUE(close(finite_sum(curve.survival), expected[g].survival));
    EXPECT_TRUE(close(finite_sum(curve.se), expected[g].se));
    EXPECT_TRUE(close(finite_sum(curve.lower), expected[g].lower));
    EXPECT_TRUE(close(finite_sum(curve.upper), expected[g].upper));
    EXPECT_TRUE(close(finite_sum(curve.cumulative_hazard), expected[g].hazard));
    EXPECT_TRUE(close(finite_sum(curve.cumulative_hazard_se), expected[g].hazard_se));
  }
}

std::vector<SurvivalCurve> curves(const Records& records, const CurveOptions& options) {
  return survival_curves(SortedRecords(records.view(), records.group), options);
}

CurveOptions on_scale(IntervalScale scale) {
  CurveOptions options;
  options.scale = scale;
  return options;
}

// survfit(Surv(futime, fustat) ~ 1, ovarian, conf.type = "log-log"), points 1, 5, 12, 17, 26
TEST(SurvivalCurve, PointsAgreeWithR) {
  Records records = testing::ovarian();
  records.group.clear();
  const SurvivalCurve curve = curves(records, {}).front();
  struct Point {
    std::size_t at;
    double time, at_risk, survival, se, lower, upper, hazard, hazard_se;
  };
  const Point expected[] = {
      {0, 59, 26, 0.96153846153846156, 0.037714641372727703, 0.75694428917758572,
       0.99449115694321821, 0.038461538461538464, 0.038461538461538464},
      {4, 329, 22, 0.80769230769230771, 0.077292014660432729, 0.59811377360459961,
       0.91507666650297448, 0.20906101145231581, 0.093658293400322098},
      {11, 464, 15, 0.64193061840120658, 0.096521298793219287, 0.42240249411482228,
       0.79612136143578549, 0.43217025514979479, 0.14643804722717091},
      {25, 1227, 1, 0.49673202614379081, 0.10510266066959476, 0.2820546642921285,
       0.67921008334187638, 0.6778412508207905, 0.20434052399461899}};
  for (const Point& point : expected) {
    SCOPED_TRACE(point.time);
    EXPECT_EQ(curve.time[point.at], point.time);
    EXPECT_EQ(curve.at_risk[point.at], point.at_risk);
    EXPECT_TRUE(close(curve.survival[point.at], point.survival));
    EXPECT_TRUE(close(curve.se[point.at], point.se));
    EXPECT_TRUE(close(curve.lower[point.at], point.lower));
    EXPECT_TRUE(close(curve.upper[point.at], point.upper));
    EXPECT_TRUE(close(curve.cumulative_hazard[point.at], point.hazard));
    EXPECT_TRUE(close(curve.cumulative_hazard_se[point.at], point.hazard_se));
  }
}

// survfit(Surv(time, status) ~ sex, lung, conf.type = "log-log" / "log" / "plain", conf.int = .9)
TEST(SurvivalCurve, IntervalsAgreeWithR) {
  const Records lung = testing::lung();
  expect_sums(curves(lung, on_scale(IntervalScale::log_log)),
              {{119, 60.802483821586534, 4.4007848056336094, 51.883966387645131, 69.14346991599119,
                104.25159013263742, 14.146636411980886},
               {87, 53.540346883104291, 4.2982106780464138, 44.427482211700031, 61.320503741344076,
                51.733417831004559, 10.265969783489879}});
  expect_sums(curves(lung, on_scale(IntervalScale::log)),
              {{119, 60.802483821586534, 4.4007848056336094, 53.049690819039341, 70.562377895727693,
                104.25159013263742, 14.146636411980886},
               {87, 53.540346883104291, 4.2982106780464138, 46.092558273200332, 63.298612621712216,
                51.733417831004559, 10.265969783489879}});
  CurveOptions plain = on_scale(IntervalScale::plain);
  plain.level = 0.9;
  expect_sums(curves(lung, plain), {{119, 60.802483821586534, 4.4007848056336094, 53.56383697260717,
                                     68.041130670565906, 104.25159013263742, 14.146636411980886},
                                    {87, 53.540346883104291, 4.2982106780464138, 46.470419459918105,
                                     60.599875720258431, 51.733417831004559, 10.265969783489879}});
}

TEST(ShareLimits, OfZeroDoNotExistOnAnyScale) {
  for (const IntervalScale scale :
       {IntervalScale::plain, IntervalScale::log, IntervalScale::log_log, IntervalScale::logit}) {
    const ShareLimits limits = share_limits(0, 0, scale, 0.95);
    EXPECT_TRUE(std::isnan(limits.lower));
    EXPECT_TRUE(std::isnan(limits.upper));
  }
}

// survfit(..., conf.type = "plain", "log", "log-log", "logit"): 1 and 1, 1 and 1, NA, NA.
TEST(ShareLimits, OfOneDoNotExistWhereTheScaleIsInfinite) {
  for (const IntervalScale scale : {IntervalScale::plain, IntervalScale::log}) {
    const ShareLimits limits = share_limits(1, 0, scale, 0.95);
    EXPECT_EQ(limits.lower, 1);
    EXPECT_EQ(limits.upper, 1);
  }
  for (const IntervalScale scale : {IntervalScale::log_log, IntervalScale::logit}) {
    const ShareLimits limits = share_limits(1, 0, scale, 0.95);
    EXPECT_TRUE(std::isnan(limits.lower));
    EXPECT_TRUE(std::isnan(limits.upper));
  }
}

// survfit(Surv(time, status) ~ celltype, veteran, stype = 2, ctype = 2, conf.type = "log")
TEST(SurvivalCurve, FlemingHarringtonAgreesWithR) {
  CurveOptions options = on_scale(IntervalScale::log);
  options.estimator = SurvivalEstimator::fleming_harrington;
  expect_sums(curves(testing::veteran(), options),
              {{33, 16.699990710138295, 2.3656255827520973, 12.866551429107226, 22.623520950873953,
                30.751818191378081, 8.0726423050590803},
               {39, 18.221682719840167, 2.2687545738366266, 14.500188264835035, 23.782082632874022,
                40.602482458585534, 8.8072830890797409},
               {26, 12.56178024049083, 2.0353453683169054, 9.3458574738858164, 17.813867936765043,
                25.884501424501426, 7.2769967247992566},
               {27, 13.452702081846436, 2.0947841592764118, 10.127576705823692, 18.813867936765043,
                26, 7.3437127802380431}});
}

// survfit(Surv(start, stop, event) ~ transplant, heart, conf.type = "log")
TEST(SurvivalCurve, LeftTruncationAgreesWithR) {
  expect_sums(curves(testing::heart(), on_scale(IntervalScale::log)),
              {{56, 39.472179507489614, 3.2360827115003485, 33.973980622819717, 47.054300601869663,
                21.601028520779241, 5.8533102367911622},
               {64, 26.676089960495641, 4.7515133030430476, 18.910358006898495, 37.899608403958013,
                61.477132091089871, 12.659552518967391}});
}

// survfit(Surv(time, status) ~ sex, lung, weights = age / 50, conf.type = "log"), robust = FALSE
// and robust = TRUE with id = 1:228
TEST(SurvivalCurve, WeightsAgreeWithR) {
  const Records lung = testing::weighted_lung(50);
  CurveOptions options = on_scale(IntervalScale::log);
  expect_sums(curves(lung, options),
              {{119, 59.976158867871725, 3.9176086982540719, 52.999724338621199, 68.542408857581421,
                106.47329043890856, 12.79092458524714},
               {87, 53.377724379401151, 3.8634003266266981, 46.606477909263923, 62.011919933559405,
                52.415778374489427, 9.3477231964666299}});
  options.variance = CurveVariance::robust;
  expect_sums(curves(lung, options),
              {{119, 59.976158867871703, 4.4700115251387542, 52.104287918805142, 69.890655172352211,
                106.47329043890856, 14.068618332620799},
               {87, 53.377724379401151, 4.3196680481945853, 45.896480422808892, 63.186444097602212,
                52.415778374489427, 10.048063171530016}});
}

// survfit(Surv(time, status) ~ rx, colon, cluster = id, conf.type = "log-log")
// survfit(Surv(start, stop, event) ~ 1, heart, cluster = id, conf.type = "log")
TEST(SurvivalCurve, ClustersAgreeWithR) {
  CurveOptions options = on_scale(IntervalScale::log_log);
  options.variance = CurveVariance::robust;
  expect_sums(curves(testing::colon(), options),
              {{442, 280.31440961545195, 9.8952823318854808, 260.09486365032757, 298.88805051511684,
                218.67687760297773, 17.994474070985252},
               {441, 280.2064026233715, 10.07489680184524, 259.59947760302106, 299.09522750809333,
                216.28460471803882, 18.163852572949061},
               {396, 282.6979029446606, 9.0261157999055275, 263.78248572287299, 299.24732123814982,
                139.88960727027018, 13.626158180557219}});
  Records heart = testing::heart();
  heart.group.clear();
  options.scale = IntervalScale::log;
  expect_sums(curves(heart, options),
              {{111, 60.381000487531587, 4.9638159109926381, 51.669481093939709, 71.363346942689986,
                79.105914488621991, 11.863687717934337}});
}

TEST(SurvivalCurve, RobustErrorsOfPlainCountsAreGreenwoods) {
  CurveOptions robust;
  robust.variance = CurveVariance::robust;
  const auto expected = curves(testing::lung(), {});
  const auto found = curves(testing::lung(), robust);
  for (std::size_t p = 0; p < found[0].time.size(); ++p) {
    if (found[0].survival[p] == 0) continue;
    EXPECT_TRUE(close(found[0].se[p], expected[0].se[p], 1e-12));
  }
}

// So many subjects that the squared influences are followed by running sums.
TEST(SurvivalCurve, RobustErrorsOfManySubjectsAreGreenwoods) {
  Records records;
  for (int k = 0; k < 6000; ++k) {
    records.time.push_back(1 + (k * 7919) % 6007);
    records.event.push_back(k % 5 == 0 ? 0 : 1);
  }
  CurveOptions robust;
  robust.variance = CurveVariance::robust;
  const auto expected = curves(records, {});
  const auto found = curves(records, robust);
  for (std::size_t p = 0; p < found[0].time.size(); ++p) {
    if (found[0].survival[p] > 0) {
      ASSERT_TRUE(close(found[0].se[p], expected[0].se[p], 1e-10));
    }
  }
}

TEST(SurvivalCurve, StrataDoNotPartTheCurve) {
  Records records = testing::lung();
  const auto expected = curves(records, {});
  for (std::size_t i = 0; i < records.time.size(); ++i) {
    records.stratum.push_back(static_cast<std::int32_t>(i % 3));
  }
  const auto found = curves(records, {});
  EXPECT_EQ(found[1].survival, expected[1].survival);
  EXPECT_EQ(found[1].at_risk, expected[1].at_risk);
}

TEST(SurvivalCurve, OneSubjectWithAnEventFallsToZero) {
  const Records one{{2}, {1}, {}, {}, {}, {}, {}};
  const SurvivalCurve curve = curves(one, {}).front();
  ASSERT_EQ(curve.time.size(), 1U);
  EXPECT_EQ(curve.survival[0], 0);
  EXPECT_TRUE(std::isnan(curve.lower[0]) && std::isnan(curve.se[0]));
  EXPECT_EQ(curve.survival_at(1.9), 1);
  EXPECT_EQ(curve.survival_at(2), 0);
}

TEST(SurvivalCurve, WithoutEventsNothingFalls) {
  const Records censored{{2, 3}, {0, 0}, {}, {}, {}, {}, {}};
  const SurvivalCurve curve = curves(censored, on_scale(IntervalScale::log)).front();
  EXPECT_EQ(curve.survival.back(), 1);
  EXPECT_EQ(curve.se.back(), 0);
  EXPECT_EQ(curve.lower.back(), 1);
  EXPECT_FALSE(curve_quantile(curve, 0.5).value.has_value());
}

TEST(SurvivalCurve, AGroupWithoutRecordsHasAnEmptyCurve) {
  const Records records{{1, 2}, {1, 1}, {0, 2}, {}, {}, {}, {}};
  const auto found = curves(records, {});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[1].time.empty());
  EXPECT_EQ(found[1].survival_at(5), 1);
}

// At time 1 nobody but the first is at risk: the others enter later, and what their weights add to
// and take from the sum must cancel to nothing.
TEST(SurvivalCurve, WeightsAndEntriesEndExactlyAtZero) {
  const Records records{{1, 5, 4, 3},         {1, 1, 1, 1}, {}, {0, 1.2, 1.5, 2},
                        {0.5, 0.7, 0.1, 0.3}, {},           {}};
  ASSERT_NE(0.7 + 0.1 + 0.3 + 0.5 - 0.3 - 0.1 - 0.7, 0.5);
  const SurvivalCurve curve = curves(records, {}).front();
  EXPECT_EQ(curve.survival.front(), 0);
  const RiskSets sets{SortedRecords(records.view())};
  EXPECT_EQ(sets.at_risk(0), sets.events(0));
}

// sum(lung$time >= t & lung$sex == s), and start < 100 <= stop in heart
TEST(NumbersAtRisk, CountThoseUnderObservation) {
  const Records lung = testing::lung();
  const std::vector<double> times{0, 100, 200, 1022, 2000};
  const auto numbers = numbers_at_risk(SortedRecords(lung.view(), lung.group), times);
  const std::vector<std::vector<double>> expected{{138, 90}, {114, 82}, {78, 66}, {1, 0}, {0, 0}};
  EXPECT_EQ(numbers, expected);
  Records heart = testing::heart();
  const std::vector<double> at{100};
  EXPECT_EQ(numbers_at_risk(SortedRecords(heart.view()), at)[0][0], 50);
}

}  // namespace
}  // namespace npcsim
