#include "digitised.hpp"
#include <npcsim/reconstruction/assess.hpp>
#include <npcsim/reconstruction/reconstruct.hpp>
#include <npcsim/reconstruction/two_arms.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Survival as printed in textbooks: Klein & Moeschberger (2003), table 4.1 (three decimals), with
// the patients still in remission at 0, 10, 20 and 30 weeks.
PublishedCurve remission() {
  PublishedCurve curve;
  curve.clicks = {{0, 1},      {6, 0.857},  {7, 0.807},  {10, 0.753}, {13, 0.690},
                  {16, 0.627}, {22, 0.538}, {23, 0.448}, {35, 0.448}};
  curve.at_risk = {{0, 21}, {10, 15}, {20, 8}, {30, 4}};
  return curve;
}

std::vector<double> event_times(const std::vector<PatientRecord>& records) {
  std::vector<double> times;
  for (const PatientRecord& record : records) {
    if (record.event) times.push_back(record.time);
  }
  return times;
}

TEST(Reconstruct, PrintedTableGivesEveryEventBack) {
  const Reconstruction result = reconstruct(remission(), {});
  ASSERT_TRUE(result.found);
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(result.records.size(), 21U);
  EXPECT_EQ(event_times(result.records), event_times(mercaptopurine()));
  EXPECT_TRUE(assess(remission(), result.records).violations.empty());
}

TEST(Reconstruct, StartOfTheTableMayBeMissing) {
  PublishedCurve curve = clean_curve(mercaptopurine(), 4);
  curve.at_risk = {{10, 15}, {20, 8}, {30, 4}};
  const Reconstruction result = reconstruct(curve, {});
  ASSERT_TRUE(result.found);
  // Nobody can tell who was censored before the first event; all later numbers are told by the
  // curve.
  EXPECT_EQ(RecordCurve(result.records).at_risk(6), 21);
  EXPECT_EQ(event_times(result.records), event_times(mercaptopurine()));
}

TEST(Reconstruct, OrderOfClicksAtOneTimeDoesNotMatter) {
  PublishedCurve curve = remission();
  PublishedCurve corners;
  corners.at_risk = curve.at_risk;
  double before = 1;
  for (const Click& click : curve.clicks) {
    corners.clicks.push_back(click);
    if (click.survival < before) corners.clicks.push_back({click.time, before});
    before = click.survival;
  }
  EXPECT_EQ(event_times(reconstruct(corners, {}).records), event_times(mercaptopurine()));
}

TEST(Reconstruct, TotalOfEventsIsMetOnNoisyClicks) {
  PublishedCurve curve = noisy_curve(mercaptopurine(), 4, 60, 0.004, 7);
  for (const int events : {8, 9, 10}) {  // 9 in truth
    curve.events = events;
    const Reconstruction result = reconstruct(curve, {});
    ASSERT_TRUE(result.found);
    EXPECT_TRUE(result.notes.empty());
    EXPECT_EQ(RecordCurve(result.records).events(), events);
  }
}

// A window of exact readings is a fiftieth wider than half a unit of the last digit.
constexpr double window = 1.02;

TEST(Reconstruct, EveryDrawMeetsExactClicksRowsAndTotals) {
  for (const Study& study : studies()) {
    if (study.arms[0].size() > 200) continue;  // the large ones take long
    for (std::uint32_t arm = 0; arm < 2; ++arm) {
      PublishedCurve curve = clean_curve(study.arms[arm], 5);
      for (Click& click : curve.clicks) click.survival = std::round(1e3 * click.survival) / 1e3;
      const Reconstruction result =
          reconstruct(curve, {.clicks = ClickKind::steps, .draws = 20, .seed = 1, .arm = arm});
      ASSERT_TRUE(result.found && result.exact) << study.name;
      ASSERT_TRUE(result.notes.empty());
      ASSERT_EQ(result.draws.size(), 20U);
      for (const auto& draw : result.draws) {
        const Agreement agreement = assess(curve, draw);
        EXPECT_LE(agreement.largest_error, window * 0.0005 + 2e-9) << study.name;
        EXPECT_TRUE(agreement.violations.empty()) << study.name;
      }
    }
  }
}

TEST(Reconstruct, EveryDrawMeetsRowsAndTotalsOnNoisyClicks) {
  const PublishedCurve curve = noisy_curve(studies()[0].arms[0], 6, 120, 0.004, 3);
  const Reconstruction result = reconstruct(curve, {.draws = 20, .seed = 1});
  ASSERT_TRUE(result.found);
  EXPECT_FALSE(result.exact);
  const double of_main = assess(curve, result.records).rmse;
  for (const auto& draw : result.draws) {
    const Agreement agreement = assess(curve, draw);
    EXPECT_TRUE(agreement.violations.empty());
    EXPECT_LT(agreement.rmse, 2 * of_main);
  }
}

TEST(Reconstruct, AtRiskTableIsMetOnNoisyClicks) {
  const std::vector<PatientRecord> truth = studies()[0].arms[0];
  const PublishedCurve curve = noisy_curve(truth, 6, 120, 0.004, 3);
  const Reconstruction result = reconstruct(curve, {});
  const Agreement agreement = assess(curve, result.records);
  for (const AtRiskCheck& row : agreement.at_risk) EXPECT_EQ(row.published, row.reconstructed);
  EXPECT_EQ(agreement.events, RecordCurve(truth).events());
  // The truth misses the clicks by their noise; the records should not miss them by much more.
  EXPECT_LT(agreement.rmse, 1.3 * assess(curve, truth).rmse);
}

TEST(Reconstruct, PublishedMedianAndLandmarkAreMet) {
  const std::vector<PatientRecord> truth = studies()[0].arms[0];  // median 270 days
  PublishedCurve curve = noisy_curve(truth, 6, 120, 0.004, 4);
  curve.median = Rounded{270, 0.5};
  const double half_year = RecordCurve(truth).survival(182);
  curve.landmarks.push_back({182, {std::round(1000 * half_year) / 1000, 0.0005}});
  const Reconstruction result = reconstruct(curve, {});
  ASSERT_TRUE(result.found);
  EXPECT_TRUE(result.notes.empty());
  const RecordCurve found(result.records);
  ASSERT_TRUE(found.median().has_value());
  EXPECT_NEAR(*found.median(), 270, 0.5);
  EXPECT_NEAR(found.survival(182), half_year, 0.0011);
}

TEST(Reconstruct, CensoringMarksAreUsedWhereTheyWereSeen) {
  PublishedCurve curve = remission();
  curve.ticks = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
  std::vector<double> censored;
  for (const PatientRecord& record : reconstruct(curve, {}).records) {
    if (!record.event) censored.push_back(record.time);
  }
  EXPECT_EQ(censored, curve.ticks);
}

TEST(Reconstruct, ImpossibleTotalIsGivenUpAndSaidSo) {
  PublishedCurve curve = remission();
  curve.events = 2;
  const Reconstruction result = reconstruct(curve, {});
  ASSERT_TRUE(result.found);
  EXPECT_FALSE(result.notes.empty());
  const Agreement agreement = assess(curve, result.records);
  ASSERT_FALSE(agreement.violations.empty());
  EXPECT_NE(agreement.violations.front().find("events: published 2"), std::string::npos);
}

TEST(Reconstruct, SameSeedGivesTheSameDrawsAndAnotherSeedOthers) {
  const PublishedCurve curve = noisy_curve(mercaptopurine(), 4, 60, 0.004, 1);
  const ReconstructionOptions options{.draws = 3, .seed = 5};
  ReconstructionOptions other = options;
  other.seed = 6;
  const Reconstruction once = reconstruct(curve, options);
  const Reconstruction twice = reconstruct(curve, options);
  const Reconstruction changed = reconstruct(curve, other);
  ASSERT_EQ(once.draws.size(), 3U);
  EXPECT_EQ(once.draws, twice.draws);
  EXPECT_NE(once.draws, changed.draws);
  EXPECT_NE(once.draws[0], once.draws[1]);
  EXPECT_EQ(once.records, changed.records);
  for (const auto& draw : once.draws) {
    EXPECT_EQ(RecordCurve(draw).events(), RecordCurve(once.records).events());
  }
}

TEST(TwoArms, PublishedHazardRatioIsMetWithinItsRounding) {
  const Study lung = studies()[0];
  const PublishedCurve women = noisy_curve(lung.arms[1], 5, 80, 0.005, 11);
  const PublishedCurve men = noisy_curve(lung.arms[0], 5, 80, 0.005, 12);
  // R: coxph(Surv(time, status) ~ sex, lung): exp(coef) 0.588, 95 % interval 0.424 to 0.816
  const PublishedRatio published{{0.588, 0.0005}, 0.424, 0.816};
  const TwoArms result = reconstruct_two_arms(women, men, published, {.draws = 2, .seed = 1});
  ASSERT_TRUE(result.ratio.has_value());
  EXPECT_NEAR(std::exp(result.ratio->value), 0.588, 0.002);
  EXPECT_EQ(result.first.draws.size(), 2U);
  EXPECT_EQ(result.second.draws.size(), 2U);
}

TEST(Guyot, PrintedTableGivesEveryEventBack) {
  const Reconstruction result = reconstruct_guyot(remission());
  EXPECT_EQ(result.records.size(), 21U);
  EXPECT_EQ(event_times(result.records), event_times(mercaptopurine()));
}

TEST(Guyot, ATableThatBeginsAfterTheCurveHasNoReconstruction) {
  PublishedCurve curve = remission();
  curve.at_risk = {{36, 4}};  // the last click is at 35
  const Reconstruction result = reconstruct_guyot(curve);
  EXPECT_FALSE(result.found);
  EXPECT_TRUE(result.records.empty());
  EXPECT_EQ(result.notes,
            std::vector<std::string>{
                "the first row of the at-risk table is after the last click of the curve"});
}

}  // namespace
}  // namespace npcsim::testing
