#include <npcsim/calibration/between_studies.hpp>

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

}  // namespace
}  // namespace npcsim
