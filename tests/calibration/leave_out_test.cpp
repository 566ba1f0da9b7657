// The posterior without a study, where it is known in closed form.
#include "small_model.hpp"
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

constexpr double sampling_sd = 0.3;

// Two unknown means, N(0, 1) both; each is measured by one study, with a normal error.
class TwoMeans final : public SmallModel {
 public:
  explicit TwoMeans(double published) {
    for (const std::string name : {"first", "second"}) {
      add_parameter(name, 0, 1);
      add_randomised_study(name + "_study");
      add_figure(name + "_figure", published);
    }
  }
  std::vector<double> predict(std::span<const double> theta, const StudyShift&,
                              std::uint32_t) const override {
    return {theta[0], theta[1]};
  }
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override {
    std::vector<double> out;
    for (std::uint32_t r = 0; r < count; ++r) {
      for (std::uint32_t t = 0; t < 2; ++t)
        out.push_back(theta[t] +
                      sampling_sd * PatientDraws({stream, 0}, t).normal(StreamName("error"), r));
    }
    return out;
  }
};

// A study that alone informs a parameter leaves its prior behind. Importance weights of the full
// posterior cannot find that: the study has more than nine tenths of the information, so that they
// have no variance, and the estimated Pareto k of a thousand of them is below 0.7 as often as not.
TEST(LeaveOut, WithoutItsOnlyStudyAParameterHasItsPrior) {
  const TwoMeans model(1.5);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CalibrationOptions options;
    options.seed = seed;
    options.between_studies = false;
    options.leave_one_out = true;
    options.check_points = 40;
    const CalibrationResult result = calibrate(model, options);
    ASSERT_EQ(result.left_out.size(), 2U);
    for (const LeftOutPrediction& one : result.left_out) {
      // N(0, 1 + 0.3^2); 1,000 draws of the chains, worth at least 200 independent ones: standard
      // error of the mean 0.074, of the standard deviation 0.052. 24 predictions, limits 4.9.
      EXPECT_NEAR(one.mean, 0, 4.9 * 0.074) << seed;
      EXPECT_NEAR(one.sd, std::sqrt(1 + sampling_sd * sampling_sd), 4.9 * 0.052) << seed;
    }
    // The posterior with it: mean 1.5 / 1.09, sd 0.287, hence a shift of 4.8 sds.
    for (const StudyInfluence& one : result.influence)
      EXPECT_NEAR(one.largest_shift, 1.5 / std::sqrt(0.09 * 1.09), 4.9 * 0.074 / 0.287) << seed;
  }
}

// One mean, measured twice; a third study only shows it.
class OneMean final : public SmallModel {
 public:
  explicit OneMean(const std::string& publication) {
    add_parameter("mean", 0, 1);
    for (const std::string name : {"first", "second", "shown"}) {
      add_randomised_study(name, name == "shown" ? "" : publication);
      add_figure(name + "_figure", 1, name != "shown");
    }
  }
  std::vector<double> predict(std::span<const double> theta, const StudyShift&,
                              std::uint32_t) const override {
    return {theta[0], theta[0], theta[0]};
  }
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override {
    std::vector<double> out;
    for (std::uint32_t r = 0; r < count; ++r) {
      for (std::uint32_t t = 0; t < 3; ++t)
        out.push_back(theta[0] +
                      sampling_sd * PatientDraws({stream, 0}, t).normal(StreamName("error"), r));
    }
    return out;
  }
};

CalibrationResult without_each(const TargetModel& model) {
  CalibrationOptions options;
  options.between_studies = false;
  options.leave_one_out = true;
  options.check_points = 40;
  return calibrate(model, options);
}

TEST(LeaveOut, EmulationsOfOnePublicationAreLeftOutTogether) {
  // 1,000 draws, worth at least 200: standard errors of the mean 0.071 of a standard deviation.
  const double error = 4.9 * 0.071;
  const CalibrationResult together = without_each(OneMean("paper"));
  for (const std::size_t k : {0U, 1U}) EXPECT_NEAR(together.left_out[k].mean, 0, error) << k;
  // Otherwise each is predicted from the other: mean 1 / 1.09, variance 0.09 / 1.09.
  const CalibrationResult apart = without_each(OneMean(""));
  for (const std::size_t k : {0U, 1U})
    EXPECT_NEAR(apart.left_out[k].mean, 1 / 1.09, error * 0.3 / std::sqrt(1.09)) << k;
}

TEST(LeaveOut, AStudyWithoutFittedFiguresMovesNothing) {
  const CalibrationResult result = without_each(OneMean(""));
  ASSERT_EQ(result.influence.size(), 3U);
  EXPECT_EQ(result.influence[2].study, "shown");
  EXPECT_EQ(result.influence[2].largest_shift, 0);
  EXPECT_EQ(result.influence[2].parameter, "");
  EXPECT_GT(result.influence[0].largest_shift, 0.05);
}

TEST(LeaveOut, WidthBySamplingIsThatOfTheStudyAlone) {
  const CalibrationResult result = without_each(OneMean(""));
  // 512 data sets: a standard error of 3.1 % of the standard deviation; Hartlap's factor and the
  // errors of the emulator, which the likelihood has on top, are none of the study's own.
  for (const LeftOutPrediction& one : result.left_out)
    EXPECT_NEAR(one.sampling_sd, sampling_sd, 4.9 * 0.031 * sampling_sd);
}

}  // namespace
}  // namespace npcsim::test
