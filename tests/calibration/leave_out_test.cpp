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

}  // namespace
}  // namespace npcsim::test
