#include "support/statistical.hpp"
#include "toy_model.hpp"
#include <npcsim/calibration/calibrator.hpp>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

constexpr std::size_t worlds = 40;
constexpr std::size_t parameters = 8;

// Share of the parameters whose central 95 % interval holds the truth, in each world.
std::vector<double> coverage_of_worlds(bool between_studies) {
  std::vector<double> out;
  for (std::size_t w = 0; w < worlds; ++w) {
    ToyModel model;
    const std::vector<double> truth = model.become_world(500 + w);
    CalibrationOptions options;
    options.seed = 1;
    options.starts = 1;
    options.draws = 400;
    options.check_points = 0;
    options.between_studies = between_studies;
    const CalibrationResult result = calibrate(model, options);
    double inside = 0;
    for (std::size_t j = 0; j < parameters; ++j) {
      double below = 0;
      for (std::size_t i = j; i < result.draws.size(); i += parameters)
        below += result.draws[i] < truth[j] ? 1 : 0;
      below /= static_cast<double>(result.draws.size() / parameters);
      inside += below > 0.025 && below < 0.975 ? 1 : 0;
    }
    out.push_back(inside / parameters);
  }
  return out;
}

// Null: coverage 0.95. With 40 worlds of 8 parameters the standard error, clustered by world, is
// about 0.015. False alarms: one in a million.
TEST(ToyRecovery, IntervalsHoldTheTruthAsOftenAsTheyPromise) {
  const std::vector<double> coverage = coverage_of_worlds(true);
  EXPECT_LT(std::fabs(testing::z_of_mean(coverage, 0.95)), testing::z_limit);
}

// Power: without heterogeneity and bias, intervals are far too narrow.
TEST(ToyRecovery, IntervalsAreTooNarrowWithoutHeterogeneity) {
  const testing::SampleMoments found = testing::sample_moments(coverage_of_worlds(false));
  EXPECT_LT(found.mean + 3 * found.standard_error(), 0.85);
}

}  // namespace
}  // namespace npcsim::test
