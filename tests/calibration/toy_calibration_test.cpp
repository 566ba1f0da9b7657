#include "support/statistical.hpp"
#include "support/temp_folder.hpp"
#include "toy_model.hpp"
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>

#include <gtest/gtest.h>
#include <tbb/task_arena.h>

namespace npcsim::test {
namespace {

CalibrationOptions small_options() {
  CalibrationOptions options;
  options.seed = 1;
  options.draws = 400;
  options.check_points = 40;
  return options;
}

// Counts calls, and gives up after so many.
class Fragile final : public TargetModel {
 public:
  Fragile(const TargetModel& model, int calls) : model_(model), left_(calls) {}
  const std::vector<CalibrationParameter>& parameters() const override {
    return model_.parameters();
  }
  const std::vector<CalibrationStudy>& studies() const override { return model_.studies(); }
  const std::vector<CalibrationTarget>& targets() const override { return model_.targets(); }
  std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                              std::uint32_t stream) const override {
    if (left_.fetch_sub(1) <= 0) throw std::runtime_error("power cut");
    return model_.predict(theta, shift, stream);
  }
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override {
    return model_.replicate(theta, count, stream);
  }
  int left() const { return left_.load(); }

 private:
  const TargetModel& model_;
  mutable std::atomic<int> left_;
};

TEST(Calibration, OfAToyPassesItsGatesAndNamesWhatNobodyMeasured) {
  ToyModel model;
  model.become_world(100);
  CalibrationOptions options = small_options();
  options.check_points = 400;  // the tail of few weights has any shape
  const CalibrationResult result = calibrate(model, options);
  for (const Gate& gate : result.gates) {
    SCOPED_TRACE(gate.name + " " + std::to_string(gate.value));
    if (gate.name == "smallest effective sample size") continue;  // 1,600 draws are few
    EXPECT_TRUE(gate.passed()) << gate.name << " " << gate.value;
  }
  ASSERT_EQ(result.unidentified.size(), 2U);
  for (const Direction& direction : result.unidentified)
    EXPECT_NE(direction.text.find("unseen"), std::string::npos) << direction.text;
  EXPECT_TRUE(result.parameters[6].prior_only);
  EXPECT_TRUE(result.parameters[7].prior_only);
  EXPECT_FALSE(result.parameters[0].prior_only);
  EXPECT_LT(result.parameters[0].sd_ratio, 0.3);
  ASSERT_EQ(result.profiles.size(), 2U);
  // The profile of what nobody measured is the prior: -z^2 / 2 at z = m - 3 s, three standard
  // deviations of the posterior below its mean. From n draws m has the error 1 / sqrt(n) and s
  // 1 / sqrt(2 n), so that z^2 / 2 has 3 sqrt(1 / n + 9 / (2 n)).
  const Profile& unseen = result.profiles[0];
  const auto own = std::find_if(result.parameters.begin(), result.parameters.end(),
                                [&](const auto& row) { return row.name == unseen.name; });
  ASSERT_NE(own, result.parameters.end());
  const double error = 3 * std::sqrt(5.5 / own->effective_size);
  EXPECT_NEAR(unseen.log_posterior.front(), -4.5, testing::z_limit * error);
}

TEST(Calibration, GivesTheSameBytesOnOneThread) {
  ToyModel model;
  model.become_world(101);
  const CalibrationResult many = calibrate(model, small_options());
  tbb::task_arena one(1);
  const CalibrationResult alone = one.execute([&] { return calibrate(model, small_options()); });
  EXPECT_EQ(many.draws, alone.draws);
  EXPECT_EQ(many.between_draws, alone.between_draws);
}

TEST(Calibration, GoesOnWhereItWasInterrupted) {
  ToyModel model;
  model.become_world(102);
  const CalibrationResult whole = calibrate(model, small_options());
  const testing::TempFolder folder;
  CalibrationOptions options = small_options();
  options.log_path = (folder.path() / "evaluations.log").string();
  options.log_digest = 42;
  const Fragile cut(model, 300);
  EXPECT_THROW(calibrate(cut, options), std::runtime_error);
  const Fragile rest(model, 100'000);
  const CalibrationResult resumed = calibrate(rest, options);
  EXPECT_EQ(resumed.draws, whole.draws);
  // What the log held was not computed again.
  const int computed = 100'000 - rest.left();
  EXPECT_LT(computed, static_cast<int>(whole.evaluations) - 250);
  options.log_digest = 43;
  EXPECT_THROW(calibrate(model, options), FileError);
}

TEST(Calibration, WithoutAStudySaysWhoMovesTheResult) {
  ToyModel model;
  model.become_world(103);
  CalibrationOptions options = small_options();
  options.leave_one_out = true;
  // Sixteen studies, each with chains of its own: short ones tell who moves what.
  options.chains = 2;
  options.warmup = 100;
  const CalibrationResult result = calibrate(model, options);
  ASSERT_EQ(result.influence.size(), model.studies().size());
  double most = 0;
  for (const StudyInfluence& one : result.influence) {
    EXPECT_GE(one.largest_shift, 0);
    most = std::max(most, one.largest_shift);
  }
  EXPECT_GT(most, 0.05);
  EXPECT_LT(most, 5);
}

}  // namespace
}  // namespace npcsim::test
