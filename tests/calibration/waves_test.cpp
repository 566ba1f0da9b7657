// Runs of which an emulator is made: what patients that are shared do to them.
#include "small_model.hpp"
#include <npcsim/calibration/detail/waves.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <utility>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double bias_of_small_samples = 0.25;

// Three figures of one study, quadratic in two parameters and linear in the shift of progression.
// Patients move each figure by a level of their own, and change what a shift does to it.
class PatientsMatter final : public test::SmallModel {
 public:
  PatientsMatter(double level, double change) : level_(level), change_(change) {
    for (const char* name : {"first", "second"}) add_parameter(name, 0, 1);
    add_randomised_study("study");
    for (const char* name : {"figure_0", "figure_1", "figure_2"}) add_figure(name, 0);
  }

  static std::vector<double> truth(std::span<const double> theta) {
    return {theta[0] - 2 * theta[1], 0.5 * theta[0] * theta[1], 1 + theta[1] * theta[1]};
  }
  static double of_patients(const char* what, std::uint32_t stream, std::uint32_t target) {
    return PatientDraws({stream, 0}, target).normal(StreamName(what));
  }
  std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                              std::uint32_t stream) const override {
    std::vector<double> out = truth(theta);
    for (std::uint32_t t = 0; t < 3; ++t)
      out[t] += level_ * of_patients("level", stream, t) +
                shift.progression * (1 + change_ * of_patients("change", stream, t));
    return out;
  }
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override {
    std::vector<double> out;
    const std::vector<double> large = predict(theta, {}, stream);
    for (std::uint32_t r = 0; r < count; ++r) {
      for (std::uint32_t t = 0; t < 3; ++t) {
        // Pairs of data sets whose errors cancel, so that their mean is known.
        const double error = PatientDraws({stream, 1}, r / 2).normal(StreamName("error"), t);
        out.push_back(large[t] + bias_of_small_samples + (r % 2 == 0 ? error : -error));
      }
    }
    return out;
  }

 private:
  double level_;
  double change_;
};

Region unit_ball() { return {VectorXd::Zero(2), MatrixXd::Identity(2, 2)}; }

// Sixteen in a large design; in a small one a twelfth of the points, and two pairs at least.
TEST(Waves, PointsInARowShareTheirPatients) {
  const PatientsMatter model(1, 0);
  CalibrationOptions options;
  Evaluator evaluator(model, options);
  const std::pair<std::size_t, std::size_t> expected[] = {{10, 4}, {40, 4}, {96, 8}, {400, 16}};
  for (const auto& [points, together] : expected) {
    const DesignRuns runs = run_design(evaluator, unit_ball(), points, 3, 100);
    ASSERT_EQ(runs.streams.size(), points);
    for (std::size_t i = 0; i < points; ++i) {
      EXPECT_EQ(runs.streams[i], 100 + i / together) << points << ' ' << i;
      const double theta[] = {runs.scores(static_cast<Index>(i), 0),
                              runs.scores(static_cast<Index>(i), 1)};
      EXPECT_EQ(runs.figures(static_cast<Index>(i), 2),
                model.predict(theta, {}, runs.streams[i])[2]);
    }
  }
}

TEST(Waves, JoinedRunsKeepTheirPatients) {
  const PatientsMatter model(1, 0);
  CalibrationOptions options;
  Evaluator evaluator(model, options);
  const DesignRuns runs = run_design(evaluator, unit_ball(), 40, 3, 100);
  const DesignRuns both = joined(runs, run_design(evaluator, unit_ball(), 2, 3, 500));
  ASSERT_EQ(both.streams.size(), 42U);
  EXPECT_EQ(both.streams[0], 500U);  // the second comes first
  EXPECT_EQ(both.streams[2], 100U);
}

// Levels of patients that are a hundred times the figures leave the emulator as it is without them;
// only its constant is the mean of the levels.
TEST(Waves, LevelsOfPatientsDoNotDisturbTheEmulator) {
  const PatientsMatter model(100, 0);
  CalibrationOptions options;
  Evaluator evaluator(model, options);
  Problem problem(model, options);
  // 192 points are twelve sets of sixteen; the 193rd is alone with its patients and says nothing.
  const DesignRuns runs = run_design(evaluator, unit_ball(), 193, 3, 100);
  const CentreRuns centre = run_centre(evaluator, VectorXd::Zero(2), 4, 900);
  const MatrixXd at = MatrixXd::Zero(1, 2);
  const DataSets data_sets = run_data_sets(model, evaluator, at, 20, 950);
  const Wave wave = build_wave(problem, unit_ball(), runs, centre, data_sets, EmulatorEffort::full);
  for (Index t = 0; t < 3; ++t) EXPECT_NEAR(data_sets.offset[t], bias_of_small_samples, 1e-9) << t;
  EXPECT_EQ(wave.emulator->left_out_errors().rows(), 192);
  // The ridge of 1e-3 of a point against 192.
  EXPECT_LT(wave.left_out_error, 1e-3);
  const double here[] = {0.7, -1.2};
  const double there[] = {-0.4, 0.3};
  const VectorXd w = VectorXd::Map(here, 2);
  const VectorXd v = VectorXd::Map(there, 2);
  const VectorXd difference = wave.emulator->figures(w) - wave.emulator->figures(v);
  const std::vector<double> a = PatientsMatter::truth(here);
  const std::vector<double> b = PatientsMatter::truth(there);
  for (std::uint32_t t = 0; t < 3; ++t) {
    EXPECT_NEAR(difference[t], a[t] - b[t], 3e-4) << t;
    double level = 0;
    for (std::uint32_t stream = 100; stream < 112; ++stream)
      level += 100 * PatientsMatter::of_patients("level", stream, t) / 12;
    EXPECT_NEAR(wave.emulator->figures(w)[t], a[t] + level + bias_of_small_samples, 0.05) << t;
  }
}

// By hand: with shifts +-0.3 of one kind among seven points, a patient set's change c moves two of
// them by +-0.3 c, so the interaction has sums of squares 2 x 0.09 (c - mean c)^2, over (n - 1) 6
// degrees of freedom.
TEST(Waves, NoiseIsWhatPatientsChangeAndNotTheirLevel) {
  const PatientsMatter model(100, 0.5);
  CalibrationOptions options;
  Evaluator evaluator(model, options);
  constexpr std::uint32_t n = 5;
  const CentreRuns centre = run_centre(evaluator, VectorXd::Zero(2), n, 900);
  for (std::uint32_t t = 0; t < 3; ++t) {
    double mean = 0;
    double squares = 0;
    for (std::uint32_t s = 0; s < n; ++s)
      mean += 0.5 * PatientsMatter::of_patients("change", 900 + s, t) / n;
    for (std::uint32_t s = 0; s < n; ++s) {
      const double off = 0.5 * PatientsMatter::of_patients("change", 900 + s, t) - mean;
      squares += off * off;
    }
    EXPECT_NEAR(centre.noise_variance[t], 2 * 0.09 * squares / (6 * (n - 1)), 1e-9) << t;
    EXPECT_NEAR(centre.response.slope[0][t], 1 + mean, 1e-9) << t;
    EXPECT_NEAR(centre.response.slope[1][t], 0, 1e-9) << t;
  }
}

}  // namespace
}  // namespace npcsim::detail
