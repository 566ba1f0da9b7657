#include "survival_data.hpp"
#include <npcsim/survival/normal_box.hpp>
#include <npcsim/survival/weighted_log_rank.hpp>

namespace npcsim {
namespace {

using testing::close;
using testing::Records;

constexpr double unbounded = std::numeric_limits<double>::infinity();
const std::vector<double> three{1, .86, .6, .86, 1, .2, .6, .2, 1};
const std::vector<double> four{1, .86, .6, .5, .86, 1, .2, .3, .6, .2, 1, .7, .5, .3, .7, 1};

double outside(const std::vector<double>& correlation, std::size_t size, double low, double high) {
  const std::vector<double> lower(size, low);
  const std::vector<double> upper(size, high);
  const BoxProbability found = probability_outside(correlation, lower, upper);
  EXPECT_TRUE(found.converged);
  return found.value;
}

// 1 - pmvnorm(...) of R's package mvtnorm 1.1-3: TVPACK(1e-14) one-sided in three dimensions,
// Miwa(4097) otherwise, whose own error is about 1e-10.
TEST(NormalBox, AgreesWithMvtnorm) {
  EXPECT_NEAR(outside(three, 3, -unbounded, 1.5), 0.1376723785414351, 1e-12);
  EXPECT_NEAR(outside(three, 3, -unbounded, 2.5), 0.014886182289113536, 1e-12);
  EXPECT_NEAR(outside(three, 3, -1.5, 1.5), 0.27168823476916482, 1e-9);
  EXPECT_NEAR(outside(three, 3, -2.5, 2.5), 0.029761227408738322, 1e-9);
  EXPECT_NEAR(outside(four, 4, -unbounded, 1.5), 0.1682859101334333, 1e-9);
  EXPECT_NEAR(outside(four, 4, -1.5, 1.5), 0.33163267643397165, 1e-9);
  EXPECT_NEAR(outside(four, 4, -2.5, 2.5), 0.038477097657550696, 1e-9);
  const std::vector<double> two{1, -.4, -.4, 1};
  const std::vector<double> lower{-1, -unbounded};
  const std::vector<double> upper{2, .5};
  EXPECT_NEAR(probability_outside(two, lower, upper).value, 0.40192800958616881, 1e-9);
}

// Z0 = (Z1 + Z2) / sqrt(2.4), correlation of Z1 and Z2 0.2, all within 2: one-dimensional integral
// with R's integrate, split at its kink.
TEST(NormalBox, SingularCorrelationsAreExact) {
  const double r = 0.77459666924148329;
  EXPECT_NEAR(outside({1, r, r, r, 1, .2, r, .2, 1}, 3, -2, 2), 0.099732929176023388, 1e-11);
}

TEST(NormalBox, CopiesOfOneVariableCountOnce) {
  const double once = outside({1}, 1, -1.96, 1.96);
  EXPECT_NEAR(once, 0.049995790296440868, 1e-15);  // 2 pnorm(-1.96)
  EXPECT_NEAR(outside({1, 1, 1, 1}, 2, -1.96, 1.96), once, 1e-12);
  EXPECT_NEAR(outside({1, -1, -1, 1}, 2, -1.96, 1.96), once, 1e-12);
}

// 1 - (1 - p)^3, p = 2 pnorm(-c); far out the relative error counts.
TEST(NormalBox, IndependentVariablesMultiply) {
  const std::vector<double> identity{1, 0, 0, 0, 1, 0, 0, 0, 1};
  const double p = 5.733031437583892e-07;  // 2 pnorm(-5)
  EXPECT_TRUE(close(outside(identity, 3, -5, 5), 3 * p - 3 * p * p + p * p * p, 1e-9));
}

// 1 - pmvnorm(rep(-Inf, m), rep(1.96, m), corr, TVPACK(1e-14)) with a correlation of 0.999
TEST(NormalBox, NearlySingularCorrelationsAreNotSingular) {
  EXPECT_NEAR(outside({1, .999, .999, 1}, 2, -unbounded, 1.96), 0.02604030719365269, 1e-12);
  EXPECT_NEAR(outside({1, .999, .5, .999, 1, .52, .5, .52, 1}, 3, -unbounded, 1.96),
              0.046098299634531936, 1e-11);
}

// Variables in another order describe the same event.
TEST(NormalBox, OrderDoesNotMatter) {
  const std::size_t order[] = {2, 0, 3, 1};
  std::vector<double> turned(16);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) turned[i * 4 + j] = four[order[i] * 4 + order[j]];
  }
  EXPECT_NEAR(outside(turned, 4, -2, 2), outside(four, 4, -2, 2), 1e-10);
}

RiskSets lung_sets() {
  const Records lung = testing::lung();
  return RiskSets(SortedRecords(lung.view(), lung.group));
}

// z as in weighted_log_rank_test.cpp. pmvnorm with GenzBretz(maxpts = 2e6) gives 0.000983 and, with
// correlations shrunk by 1e-5 against singularity, Miwa(4097) gives 0.00098402 and 0.00049201.
TEST(MaxCombo, OfTheUsualFourAgreesWithMvtnorm) {
  const MaxCombo best = max_combo(lung_sets(), usual_combination());
  ASSERT_TRUE(best.defined);
  const double z[] = {-3.2135248489603474, -1.8601032675878904, -3.5656908729105470,
                      -2.7685344459841992};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_TRUE(close(best.z[k], z[k]));
  EXPECT_NEAR(best.p, 0.00098402, 5e-8);
  EXPECT_NEAR(best.p_lower, 0.00049201, 5e-8);
  EXPECT_GT(best.p_upper, 0.9);
}

// Covariance sum w_a w_b v: of (0, 0) and (1, 0) it is the sum with the weight S-, that is, with
// rho = 1/2 squared. survdiff's variances 40.371433979642653, 17.243082666960721 (rho = 1) and that
// of rho = 1/2.
TEST(MaxCombo, CorrelationsFollowFromVariances) {
  const RiskSets sets = lung_sets();
  const std::vector<EventWeight> rules{EventWeight::log_rank(),
                                       EventWeight::fleming_harrington(1, 0)};
  const double between = log_rank_test(sets, EventWeight::fleming_harrington(0.5, 0)).variance[3];
  const MaxCombo best = max_combo(sets, rules);
  EXPECT_TRUE(
      close(best.correlation[1], between / std::sqrt(40.371433979642653 * 17.243082666960721)));
}

TEST(MaxCombo, OfOneTestIsThatTest) {
  const RiskSets sets = lung_sets();
  const std::vector<EventWeight> rules{EventWeight::log_rank()};
  const MaxCombo best = max_combo(sets, rules);
  EXPECT_TRUE(close(best.p, 0.0013111645203554882, 1e-10));
  EXPECT_TRUE(close(best.p_lower, 0.0013111645203554882 / 2, 1e-10));
}

TEST(MaxCombo, WithoutVarianceIsUndefined) {
  const Records records{{1, 1}, {1, 1}, {0, 1}, {}, {}, {}, {}};
  const RiskSets sets(SortedRecords(records.view(), records.group));
  EXPECT_FALSE(max_combo(sets, usual_combination()).defined);
}

}  // namespace
}  // namespace npcsim
