// Readings without noise of larger arms, which take seconds.
#include "digitised.hpp"
#include "on_grid.hpp"
#include <npcsim/reconstruction/reconstruct.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(RecoveryGrid, MenOfLungAreMetAtEveryReading) {
  expect_grid_met(studies()[0].arms[0], 30, 180);
}

TEST(RecoveryGrid, WomenOfLungAreMetAtEveryReading) {
  expect_grid_met(studies()[0].arms[1], 30, 180);
  expect_grid_met(studies()[0].arms[1], 40, 180);
}

TEST(RecoveryGrid, CornersAreLevelsOfTheCurveAndNotPointsOfItsVerticalLines) {
  const PublishedCurve curve = exponential_on_grid(12);
  const std::vector<double> one_patient(curve.clicks.size(), 1.0 / 500);
  const Reconstruction result = reconstruct(curve, {.clicks = ClickKind::steps});
  expect_every_reading_met(curve, result.records, one_patient);
}

}  // namespace
}  // namespace npcsim::testing
