// Expected numbers: survfit of R's package survival 3.5-3, cuminc and timepoints of cmprsk 2.2-11,
// on m <- mgus2 with etime and event as in survival_data.hpp.
#include "survival_data.hpp"
#include <npcsim/survival/competing_risks.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::finite_sum;
using testing::Records;

CurveOptions log_scale() {
  CurveOptions options;
  options.scale = IntervalScale::log;
  return options;
}

std::vector<IncidenceCurves> curves(const Records& records) {
  return incidence_curves(SortedRecords(records.view(), records.group), log_scale());
}

// f <- survfit(Surv(etime, factor(event, 0:2)) ~ sex, m, id = id, conf.type = "log"); sums over the
// points of a group, finite values only
TEST(CompetingRisks, CurvesAgreeWithR) {
  const auto found = curves(testing::mgus());
  const double expected[2][2][5] = {{{15.401701593378155, 2.4146673851267786, 11.356736973181304,
                                      21.010692573850726, 27.875437771632427},
                                     {100.20660666897513, 4.4857414999515299, 91.839119288394741,
                                      109.45931885478794, 164.94891555551064}},
                                    {{12.294992569915461, 1.940474437191319, 9.050047919305845,
                                      16.820698578096614, 25.988100007619391},
                                     {117.14078706601366, 4.1124470848682924, 109.38825189898172,
                                      125.52945146438506, 203.59353876670642}}};
  double event_free = 0;
  double event_free_se = 0;
  for (std::size_t g = 0; g < 2; ++g) {
    for (std::size_t c = 0; c < 2; ++c) {
      SCOPED_TRACE(std::to_string(g) + " " + std::to_string(c));
      const CauseCurve& cause = found[g].causes[c];
      EXPECT_TRUE(close(finite_sum(cause.incidence), expected[g][c][0]));
      EXPECT_TRUE(close(finite_sum(cause.se), expected[g][c][1]));
      EXPECT_TRUE(close(finite_sum(cause.lower), expected[g][c][2]));
      EXPECT_TRUE(close(finite_sum(cause.upper), expected[g][c][3]));
      EXPECT_TRUE(close(finite_sum(cause.cumulative_hazard), expected[g][c][4]));
    }
    event_free += finite_sum(found[g].event_free);
    event_free_se += finite_sum(found[g].event_free_se);
  }
  EXPECT_TRUE(close(event_free, 208.95591210171753));
  EXPECT_TRUE(close(event_free_se, 8.4395235640065511));
  // sqrt(sum(d / n^2)) at the end
  EXPECT_TRUE(close(found[0].causes[0].cumulative_hazard_se.back(), 0.57082691113664996));
  EXPECT_TRUE(close(found[0].causes[1].cumulative_hazard_se.back(), 0.23811156703586517));
}

// timepoints(cuminc(m$etime, m$event, m$sex), c(60, 120, 240)), est and var
TEST(CompetingRisks, AalensVarianceAgreesWithCmprsk) {
  const auto found = curves(testing::mgus());
  const double times[] = {60, 120, 240};
  const double estimate[] = {0.039789621504405334, 0.073885664375926224, 0.104940674186136992};
  const double variance[] = {6.0915107375335242e-05, 1.1623978170247813e-04,
                             0.00020498393238449903};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_TRUE(close(incidence_at(found[0], 1, times[k]).value, estimate[k]));
    std::size_t p = 0;
    while (p + 1 < found[0].time.size() && found[0].time[p + 1] <= times[k]) ++p;
    const double se = found[0].causes[0].se_aalen[p];
    EXPECT_TRUE(close(se * se, variance[k]));
  }
  const auto& male = found[1];
  std::size_t p = 0;
  while (male.time[p + 1] <= 240) ++p;
  EXPECT_TRUE(
      close(male.causes[1].se_aalen[p] * male.causes[1].se_aalen[p], 0.00043270063494606908));
}

// summary(survfit(Surv(etime, factor(event, 0:2)) ~ 1, m, id = id, weights = age / 70), c(60, 240))
TEST(CompetingRisks, WeightsAgreeWithR) {
  Records records = testing::mgus();
  records.group.clear();
  records.weight = testing::read_data("mgus2")["age"];
  for (double& weight : records.weight) weight /= 70;
  const auto found = curves(records)[0];
  const struct {
    double time, first, second, first_se, second_se;
  } expected[] = {
      {60, 0.035330753102133121, 0.34170932762090922, 0.0050967174916780452, 0.013145868495439021},
      {240, 0.096094196300396298, 0.75896051872851267, 0.009484441142299108, 0.014389581883537544}};
  for (const auto& e : expected) {
    EXPECT_TRUE(close(incidence_at(found, 1, e.time).value, e.first));
    EXPECT_TRUE(close(incidence_at(found, 2, e.time).value, e.second));
    EXPECT_TRUE(close(incidence_at(found, 1, e.time).se, e.first_se));
    EXPECT_TRUE(close(incidence_at(found, 2, e.time).se, e.second_se));
  }
  EXPECT_TRUE(std::isnan(found.causes[0].se_aalen[5]));
}

// l <- subset(m, etime > 3 * mspike & !is.na(mspike))
// summary(survfit(Surv(3 * mspike, etime, factor(event, 0:2)) ~ 1, l, id = id), c(60, 240))
TEST(CompetingRisks, LeftTruncationAgreesWithR) {
  const Records all = testing::mgus();
  const auto spike = testing::read_data("mgus2")["mspike"];
  Records records;
  for (std::size_t i = 0; i < spike.size(); ++i) {
    if (!(all.time[i] > 3 * spike[i])) continue;
    records.time.push_back(all.time[i]);
    records.event.push_back(all.event[i]);
    records.entry.push_back(3 * spike[i]);
  }
  ASSERT_EQ(records.time.size(), 1295U);
  const auto found = curves(records)[0];
  EXPECT_TRUE(close(incidence_at(found, 1, 60).value, 0.029322609126104106));
  EXPECT_TRUE(close(incidence_at(found, 1, 60).se, 0.0046375138685644064));
  EXPECT_TRUE(close(incidence_at(found, 2, 240).value, 0.74522874489339352));
  EXPECT_TRUE(close(incidence_at(found, 2, 240).se, 0.019293373716272984));
}

TEST(CompetingRisks, IncidencesAndEventFreeAddUpToOne) {
  for (const IncidenceCurves& group : curves(testing::mgus())) {
    for (std::size_t p = 0; p < group.time.size(); ++p) {
      EXPECT_NEAR(group.event_free[p] + group.causes[0].incidence[p] + group.causes[1].incidence[p],
                  1, 1e-13);
    }
  }
}

TEST(CompetingRisks, OneCauseIsOneMinusKaplanMeier) {
  const Records lung = testing::lung();
  const SortedRecords sorted(lung.view(), lung.group);
  const auto incidence = incidence_curves(sorted, log_scale());
  const auto survival = survival_curves(sorted, log_scale());
  const CauseCurve& cause = incidence[0].causes[0];
  for (std::size_t p = 0; p + 1 < cause.incidence.size(); ++p) {
    EXPECT_NEAR(cause.incidence[p], 1 - survival[0].survival[p], 1e-14);
    EXPECT_NEAR(cause.se[p], survival[0].se[p], 1e-13);
  }
}

// Two subjects: cause 1 at 1, cause 2 at 3; F1 = 1/2 from 1, F2 = 1/2 from 3. Areas to 4: 3/2, 1/2.
TEST(CompetingRisks, TimeLostIsTheAreaUnderTheIncidence) {
  const Records records{{1, 3}, {1, 2}, {}, {}, {}, {}, {}};
  const auto found = curves(records)[0];
  EXPECT_DOUBLE_EQ(time_lost(found, 1, 4), 1.5);
  EXPECT_DOUBLE_EQ(time_lost(found, 2, 4), 0.5);
  EXPECT_EQ(time_lost(found, 1, 0.5), 0);
}

Records all_with_events(int subjects, int times) {
  Records records;
  for (int k = 0; k < subjects; ++k) {
    records.time.push_back(1 + (k * 7919) % times);
    records.event.push_back(1);
    records.weight.push_back(0.1 + 0.07 * (k % 31));
  }
  return records;
}

// Everybody has the event: no weight moves S = 0 or F = 1, and rounding must not pretend otherwise,
// neither with few clusters nor with so many that running sums are used.
TEST(CompetingRisks, WhereNobodyIsLeftTheErrorIsZero) {
  for (const int subjects : {40, 6000}) {
    const auto found = curves(all_with_events(subjects, subjects / 3 * 3 + 1))[0];
    EXPECT_EQ(found.event_free.back(), 0);
    EXPECT_EQ(found.event_free_se.back(), 0);
    EXPECT_NEAR(found.causes[0].incidence.back(), 1, 1e-13);
    EXPECT_LT(found.causes[0].se.back(), 1e-14);
  }
}

// 1 - S of so many subjects that running sums are used.
TEST(CompetingRisks, OneCauseOfManySubjectsIsOneMinusKaplanMeier) {
  Records records = all_with_events(6000, 6007);
  for (std::size_t k = 0; k < 6000; k += 3) records.event[k] = 0;
  const SortedRecords sorted(records.view());
  CurveOptions robust = log_scale();
  robust.variance = CurveVariance::robust;
  const auto incidence = incidence_curves(sorted, robust)[0];
  const auto survival = survival_curves(sorted, robust)[0];
  for (std::size_t p = 0; p < survival.time.size(); ++p) {
    if (survival.survival[p] > 0) {
      ASSERT_TRUE(close(incidence.causes[0].se[p], survival.se[p], 1e-9));
    }
  }
}

TEST(CompetingRisks, ACauseThatNeverHappensStaysAtZero) {
  const Records records{{1, 3}, {2, 0}, {}, {}, {}, {}, {}};
  const auto found = curves(records)[0];
  ASSERT_EQ(found.causes.size(), 2U);
  EXPECT_EQ(found.causes[0].incidence.back(), 0);
  EXPECT_EQ(found.causes[0].se.back(), 0);
  EXPECT_EQ(incidence_at(found, 2, 0.5).value, 0);
}

}  // namespace
}  // namespace npcsim
