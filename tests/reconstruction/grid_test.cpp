// Readings without noise on a regular grid: every one of them has to be met.
#include "digitised.hpp"
#include "on_grid.hpp"
#include <npcsim/reconstruction/reconstruct.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(ReconstructGrid, SteepSmallArmIsMetAtEveryReading) {
  expect_grid_met(studies()[1].arms[0], 30, 90);  // veteran, standard treatment
}

TEST(ReconstructGrid, ExponentialCurveIsMetWhateverTheNumberOfReadings) {
  for (const int intervals : {8, 10, 12, 13}) {
    SCOPED_TRACE(intervals);
    const PublishedCurve curve = exponential_on_grid(intervals);
    const std::vector<double> one_patient(curve.clicks.size(), 1.0 / 500);
    expect_every_reading_met(curve, reconstruct(curve, {}).records, one_patient);
  }
}

TEST(ReconstructGrid, ADropAtTheTimeOfARowIsAfterItsCount) {
  // Forty patients, ten events at each of 3, 6 and 9: thirty are at risk just before 6.
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {3, 0.75}, {6, 0.5}, {9, 0.25}, {12, 0.25}};
  curve.at_risk = {{0, 40}, {6, 30}};
  const Reconstruction result = reconstruct(curve, {.clicks = ClickKind::steps});
  const RecordCurve found(result.records);
  EXPECT_DOUBLE_EQ(found.survival(3), 0.75);
  EXPECT_DOUBLE_EQ(found.survival(6), 0.5);
  EXPECT_EQ(found.at_risk(6), 30);
}

TEST(ReconstructGrid, TwoDropsOfOneHalfAreFiveAndFiveOfTenPatients) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {3, 0.5}, {5, 0}};
  curve.at_risk = {{0, 10}};
  const Reconstruction corners = reconstruct(curve, {.clicks = ClickKind::steps});
  std::vector<PatientRecord> expected(5, {3, true});
  expected.insert(expected.end(), 5, {5, true});
  EXPECT_EQ(corners.records, expected);
  for (const bool with_total : {false, true}) {
    if (with_total) curve.events = 10;
    const RecordCurve sampled(reconstruct(curve, {}).records);
    EXPECT_DOUBLE_EQ(sampled.survival(3), 0.5);
    EXPECT_DOUBLE_EQ(sampled.survival(5), 0);
    EXPECT_EQ(sampled.events(), 10);
  }
}

TEST(ReconstructGrid, FewDigitsAreMetWithinTheirRounding) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {3, 0.5}, {5, 0}};
  curve.at_risk = {{0, 100}};
  const RecordCurve found(reconstruct(curve, {}).records);
  EXPECT_NEAR(found.survival(3), 0.5, 0.05);  // one decimal
  EXPECT_NEAR(found.survival(5), 0, 0.05);
}

}  // namespace
}  // namespace npcsim::testing
