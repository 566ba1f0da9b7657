// Do the standard errors say how much estimates vary from run to run? Many small runs with other
// seeds.
#include "exponential_twins.hpp"
#include <npcsim/comparison/summary.hpp>

#include <cmath>
#include <map>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::tally_of;
using testing::Twins;

struct Spread {
  double sum = 0;
  double squares = 0;
  double variance_claimed = 0;
  int runs = 0;
};

// Null hypothesis: the mean of se^2 is the variance between runs. With R runs the logarithm of the
// sample variance has standard error sqrt(2 / (R - 1)) for estimates that are close to normal; the
// mean of the claimed variances, each from 64 groups, adds sqrt(2 / 63 / R). |z| < 4.9, one false
// alarm in a million for each statistic. A jackknife of few hundred events is itself biased by a
// few per cent, which `bias` allows for.
void expect_honest_errors(Twins twins, double bias) {
  constexpr int runs = 300;
  std::map<std::string, Spread> spreads;
  for (int run = 0; run < runs; ++run) {
    twins.seed = 1000 + static_cast<std::uint64_t>(run);
    for (const SummaryRow& row : summary_rows(tally_of(twins))) {
      if (!row.value || !row.se || row.subgroup == "sex=men") continue;
      if (row.endpoint != "PFS" && row.endpoint != "PFS:distant") continue;
      Spread& spread =
          spreads[row.strategy + row.versus + " " + row.subgroup + " " + row.endpoint + " " +
                  row.statistic + " " + std::to_string(row.at_months.value_or(0))];
      spread.sum += *row.value;
      spread.squares += *row.value * *row.value;
      spread.variance_claimed += *row.se * *row.se / runs;
      ++spread.runs;
    }
  }
  EXPECT_GT(spreads.size(), 20U);
  for (const auto& [name, spread] : spreads) {
    ASSERT_EQ(spread.runs, runs) << name;
    const double mean = spread.sum / runs;
    const double variance = (spread.squares - runs * mean * mean) / (runs - 1);
    const double error = std::sqrt(2.0 / (runs - 1) + 2.0 / 63 / runs);
    EXPECT_LT(std::fabs(std::log(spread.variance_claimed / variance)), 4.9 * error + bias)
        << name << ": claimed " << std::sqrt(spread.variance_claimed) << ", seen "
        << std::sqrt(variance);
  }
}

TEST(StandardErrors, OfTwinsWithCommonDraws) {
  Twins twins;
  twins.patients = 4'000;
  expect_honest_errors(twins, 0.05);
}

TEST(StandardErrors, OfTwinsWithOwnDraws) {
  Twins twins;
  twins.patients = 4'000;
  twins.alike = false;
  expect_honest_errors(twins, 0.05);
}

TEST(StandardErrors, UnderLossToFollowUp) {
  Twins twins;
  twins.patients = 4'000;
  twins.censoring_per_month = 0.04;
  expect_honest_errors(twins, 0.05);
}

TEST(StandardErrors, WhenSetsDifferBetweenStrategies) {
  Twins twins;
  twins.patients = 4'000;
  twins.share_in_set = 0.7;
  expect_honest_errors(twins, 0.05);
}

}  // namespace
}  // namespace npcsim
