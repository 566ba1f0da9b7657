// Figures that some data sets have at infinity: ratios without events in one arm, differences of
// medians that one arm does not reach.
#include "small_study.hpp"
#include "support/statistical.hpp"
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/validation/compared_figures.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::MadeSet;
using testing::make_small_study;
using testing::z_limit;
using testing::z_score;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

std::string contrast(const std::string& id, const std::string& what) {
  return "  " + id +
         ": {study: made, contrast: {of: treated, against: never}, endpoint: OS, n: 200, n_basis: "
         "printed, kind: randomised, population: all_patients, place: Table 1, " +
         what + "}\n";
}

const std::string ratio = contrast("ratio", "statistic: hazard_ratio, value: 0.1, unit: ratio");

// 200 randomised patients, a month of follow-up from six months on, hazards of 0.04 and 0.004.
std::unique_ptr<MadeSet> few_events() {
  return make_small_study({.log_hr = std::log(0.1),
                           .chosen = "origin: 6 months\n",
                           .times = "horizon: 60 months\nfollow_up: {least: 1 months, most: 1.001 "
                                    "months}\n",
                           .design = "randomised",
                           .figures = ratio});
}

struct Shares {
  double below = 0, above = 0, none = 0;
};

Shares shares_of(const std::vector<double>& values) {
  Shares out;
  const double each = 1 / static_cast<double>(values.size());
  for (const double x : values) {
    if (std::isnan(x)) out.none += each;
    if (std::isinf(x)) (x < 0 ? out.below : out.above) += each;
  }
  return out;
}

// Of 200 patients, each in either arm by a coin, nobody has the treated arm's event with
// probability (1 - p1 / 2)^200, nobody any with (1 - (p0 + p1) / 2)^200.
TEST(InfiniteFigures, ARatioWithoutEventsInOneArmIsInfinite) {
  const auto made = few_events();
  ASSERT_EQ(made->problems, "");
  constexpr std::size_t count = 2000;
  const auto twins = made->set->simulate({}, {}, 0);
  const Shares found = shares_of(made->set->sampled(twins, {}, count, 0));
  const double p0 = 1 - std::exp(-0.04);
  const double p1 = 1 - std::exp(-0.004);
  const double nobody = std::pow(1 - (p0 + p1) / 2, 200);
  const double no_treated = std::pow(1 - p1 / 2, 200) - nobody;
  const double no_control = std::pow(1 - p0 / 2, 200) - nobody;
  // Data sets scatter around what the pool has, and the pool of 20,000 (of whom exp(-0.24) live at
  // six months) around p1 and p0; the derivative of log P in either is -100.
  const double alive = 20000 * std::exp(-0.24);
  const auto z = [&](double share, double exact) {
    const double of_pool = 100 * exact * std::sqrt((p0 + p1) / alive);
    return std::fabs(
        z_score(share, exact,
                std::sqrt(exact * (1 - exact) / static_cast<double>(count) + of_pool * of_pool)));
  };
  EXPECT_LT(z(found.below, no_treated), z_limit);
  EXPECT_LT(z(found.above, no_control), z_limit);
  EXPECT_LT(z(found.none, nobody), z_limit);
  EXPECT_GT(found.below, 0.5);
}

// Nobody can say where such a data set would lie: calibration passes over it.
TEST(InfiniteFigures, CalibrationPassesOverThem) {
  const auto made = few_events();
  ASSERT_EQ(made->problems, "");
  const EmulationTargets targets(*made->set, {{"effect", {}}}, {}, made->diagnostics);
  ASSERT_FALSE(made->diagnostics.has_errors());
  constexpr std::size_t count = 200;
  const std::vector<double> effect{std::log(0.1)};
  const std::vector<double> replicates = targets.replicate(effect, count, 0);
  const auto twins = made->set->simulate({}, {}, 0);
  const std::vector<double> samples = made->set->sampled(twins, {}, count, 0);
  std::size_t passed_over = 0;
  for (std::size_t r = 0; r < count; ++r) {
    EXPECT_EQ(std::isnan(replicates[r]), !std::isfinite(samples[r])) << r;
    if (std::isnan(replicates[r])) ++passed_over;
  }
  EXPECT_GT(passed_over, count / 2);
}

// A figure and 40 hand-made data sets: so many at minus infinity, at infinity and without a value.
ComparedFigure compared(const std::string& figure, std::size_t below, std::size_t above,
                        std::size_t none) {
  const auto made = make_small_study(
      {.chosen = "origin: 6 months\n", .design = "randomised", .figures = figure, .patients = 512});
  EXPECT_EQ(made->problems, "");
  std::vector<double> samples(below, -infinity);
  samples.insert(samples.end(), above, infinity);
  samples.insert(samples.end(), none, undefined);
  const double inner = 39 - static_cast<double>(samples.size());
  for (double k = 0; k <= inner; ++k) samples.push_back(-3 + 6 * k / inner);
  return compare_figures(*made->set, samples).front();
}

TEST(InfiniteFigures, ARatioOfZeroIsInsideAnIntervalThatBeginsThere) {
  const ComparedFigure row = compared(ratio, 30, 0, 0);
  EXPECT_EQ(row.predicted, 0);
  EXPECT_EQ(row.predicted_low95, 0);
  // The 0.975 quantile of 40 lies at 38.025, between 3 - 6/9 and 3.
  EXPECT_NEAR(row.predicted_high95, std::exp(3 - 6.0 / 9 * 0.975), 1e-12);
  EXPECT_TRUE(row.inside95);
  EXPECT_TRUE(std::isnan(row.z));
  EXPECT_EQ(row.undefined_share, 0);
}

// The 0.025 quantile lies at 0.975, between minus infinity and a number.
TEST(InfiniteFigures, BetweenMinusInfinityAndANumberIsMinusInfinity) {
  const std::string difference =
      contrast("difference", "statistic: difference, value: 0.5, unit: months");
  const ComparedFigure row = compared(difference, 1, 0, 0);
  EXPECT_EQ(row.predicted_low95, -infinity);
  EXPECT_TRUE(std::isfinite(row.predicted_high95));
  EXPECT_TRUE(row.inside95);
  EXPECT_TRUE(row.inside50);
  EXPECT_TRUE(std::isnan(row.z));
  EXPECT_EQ(row.width, infinity);
  const ComparedFigure above = compared(difference, 0, 1, 0);
  EXPECT_TRUE(std::isfinite(above.predicted_low95));
  EXPECT_EQ(above.predicted_high95, infinity);
  // Half and half: the middle of an even number lies halfway between the two infinities.
  EXPECT_EQ(compared(difference, 20, 20, 0).predicted_low95, -infinity);
  EXPECT_EQ(compared(difference, 20, 20, 0).predicted, infinity);
}

TEST(InfiniteFigures, DataSetsWithoutAValueAreCounted) {
  EXPECT_DOUBLE_EQ(compared(ratio, 0, 0, 10).undefined_share, 0.25);
}

}  // namespace
}  // namespace npcsim
