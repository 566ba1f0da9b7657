#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/calibration/emulation_targets.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(BetweenStudies, ScoreZeroIsTheMedianOfTheHalfNormal) {
  // Upper quartile of the standard normal.
  EXPECT_NEAR(between_value({"tau", true, 0, 0.2}, 0).value, 0.2 * 0.67448975019608171, 1e-14);
  EXPECT_NEAR(between_value({"bias", false, -0.1, 0.3}, 2).value, 0.5, 1e-14);
}

TEST(BetweenStudies, ScoreUndoesValueFarIntoBothTails) {
  const BetweenPrior prior{"tau", true, 0, 0.15};
  for (const double score : {-6.0, -2.0, 0.0, 1.5, 6.0}) {
    const BetweenValue at = between_value(prior, score);
    EXPECT_NEAR(between_score(prior, at.value), score, 1e-6) << score;
    if (std::fabs(score) > 4) continue;  // differences lose their digits there
    constexpr double h = 1e-4;
    const double difference =
        (between_value(prior, score + h).value - between_value(prior, score - h).value) / (2 * h);
    EXPECT_NEAR(at.slope / difference, 1, 1e-6) << score;
  }
}

TEST(StudyKind, SeriesAreWhatWasCollectedAfterwards) {
  for (const char* const design : {"retrospective", "registry", "review"})
    EXPECT_TRUE(calibration_study("x", design, true, false).series) << design;
  for (const char* const design : {"randomised", "single_arm", "running"})
    EXPECT_FALSE(calibration_study("x", design, false, false).series) << design;
}

TEST(StudyKind, OnlyChosenTreatmentIsBiased) {
  EXPECT_EQ(calibration_study("x", "randomised", false, false).tier, DesignTier::randomised);
  EXPECT_EQ(calibration_study("x", "running", false, false).tier, DesignTier::single_arm);
  EXPECT_EQ(calibration_study("x", "retrospective", false, false).tier, DesignTier::single_arm);
  EXPECT_EQ(calibration_study("x", "retrospective", true, false).tier, DesignTier::unmatched);
  EXPECT_EQ(calibration_study("x", "registry", true, true).tier, DesignTier::matched);
}

TEST(StudyShift, AddsWhatItsDesignHas) {
  BetweenValues values{};
  const auto set = [&](Between which, double value) {
    values[static_cast<std::size_t>(which)] = value;
  };
  set(Between::progression, 0.1);
  set(Between::death, 0.2);
  set(Between::effect, 0.3);
  set(Between::matched_sd, 0.4);
  set(Between::unmatched_sd, 0.5);
  set(Between::matched_bias, -1);
  set(Between::unmatched_bias, -2);
  set(Between::series_death, 0.6);
  set(Between::shape, 0.3);
  set(Between::series_shape, 0.4);
  const StudyNormals normals{1, 10, 100, 1000, 10000};
  const CalibrationStudy trial{"", DesignTier::randomised, false};
  EXPECT_EQ(study_shift(values, trial, normals), (StudyShift{0.1, 2, 30}));
  EXPECT_EQ(shape_sd(values, trial), 0.3);
  const CalibrationStudy matched{"", DesignTier::matched, true};
  EXPECT_EQ(study_shift(values, matched, normals), (StudyShift{0.1, 2 + 6000.0, 30 - 1 + 400.0}));
  EXPECT_DOUBLE_EQ(shape_sd(values, matched), 0.5);
  const CalibrationStudy unmatched{"", DesignTier::unmatched, true};
  EXPECT_EQ(study_shift(values, unmatched, normals), (StudyShift{0.1, 2 + 6000.0, 30 - 2 + 500.0}));
}

}  // namespace
}  // namespace npcsim
