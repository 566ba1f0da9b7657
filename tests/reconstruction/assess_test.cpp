#include <npcsim/reconstruction/assess.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Ten patients, five events at 3 and five at 5: survival 1, 1/2, 0.
std::vector<PatientRecord> halves() {
  std::vector<PatientRecord> records(5, {3, true});
  records.insert(records.end(), 5, {5, true});
  return records;
}

TEST(Assess, ACornerIsTheLevelBeforeOrAfterADrop) {
  PublishedCurve curve;
  curve.clicks = {{3, 1}, {3, 0.5}, {4, 0.5}, {5, 0}};
  EXPECT_EQ(assess(curve, halves()).largest_error, 0);
}

TEST(Assess, AClickWithinADropIsOffBothItsEnds) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {3, 0.8}, {4, 0.5}, {5, 0.1}};
  const Agreement agreement = assess(curve, halves());
  EXPECT_DOUBLE_EQ(agreement.largest_error, 1 - 0.8);
  EXPECT_EQ(agreement.largest_at, 3);
  EXPECT_DOUBLE_EQ(agreement.rmse, std::sqrt((0.2 * 0.2 + 0.1 * 0.1) / 4));
}

TEST(Assess, NumbersThatDifferAreWrittenDifferently) {
  using Texts = std::pair<std::string, std::string>;
  EXPECT_EQ(told_apart(10.397, 10.402), Texts("10.397", "10.402"));
  EXPECT_EQ(told_apart(10.4, 11.25), Texts("10.4", "11.25"));
  EXPECT_EQ(told_apart(0.62, 0.62004), Texts("0.62", "0.62004"));
}

TEST(Assess, ViolationsTellPublishedAndReconstructedApart) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}};
  curve.median = Rounded{4.0003, 0.00005};  // 4 is the middle of the flat part at one half
  curve.landmarks = {{4, {0.50003, 0.000005}}};
  const std::vector<std::string> expected{"median: published 4.0003, reconstructed 4",
                                          "survival at 4: published 0.50003, reconstructed 0.5"};
  EXPECT_EQ(assess(curve, halves()).violations, expected);
}

}  // namespace
}  // namespace npcsim
