// Quantiles over draws, and what happens to draws without a value.
#include <npcsim/comparison/draw_summary.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

const double none = std::nan("");

DrawSummaryRow summarised(const std::string& statistic, const std::vector<double>& values) {
  SummaryRow key;
  key.statistic = statistic;
  std::vector<std::vector<double>> draws;
  for (const double value : values) draws.push_back({value});
  return summarise_draws({key}, {5.0}, draws).at(0);
}

// By hand: sorted 1, 2, 3, 7.5, 10; place 0.025 x 4 = 0.1 above the first, 0.9 above the fourth.
TEST(DrawSummary, QuantilesLieBetweenNeighbours) {
  const DrawSummaryRow row = summarised("hazard_ratio", {3, 1, 2, 10, 7.5});
  EXPECT_EQ(row.draws, 5U);
  EXPECT_NEAR(row.low.value(), 1.1, 1e-14);
  EXPECT_EQ(row.median.value(), 3);
  EXPECT_NEAR(row.high.value(), 7.5 + 0.9 * 2.5, 1e-14);
  EXPECT_NEAR(row.mean.value(), 4.7, 1e-14);
  // Squares about the mean: 2.89 + 13.69 + 7.29 + 28.09 + 7.84 = 59.8.
  EXPECT_NEAR(row.sd.value(), std::sqrt(59.8 / 4), 1e-14);
  EXPECT_EQ(row.figure.value.value(), 5);
}

TEST(DrawSummary, OneDrawHasNoStandardDeviation) {
  const DrawSummaryRow row = summarised("rmst", {3});
  EXPECT_EQ(row.low.value(), 3);
  EXPECT_EQ(row.high.value(), 3);
  EXPECT_FALSE(row.sd.has_value());
}

TEST(DrawSummary, MedianThatIsNotReachedIsLaterThanAllOthers) {
  const DrawSummaryRow row = summarised("median", {none, 20, 10, 30, none, 40, 50});
  EXPECT_EQ(row.draws, 5U);
  EXPECT_NEAR(row.low.value(), 11.5, 1e-13);  // 0.15 of the way from 10 to 20
  EXPECT_EQ(row.median.value(), 40);
  EXPECT_FALSE(row.high.has_value());
  EXPECT_FALSE(row.mean.has_value());
  EXPECT_FALSE(row.sd.has_value());
}

TEST(DrawSummary, OtherFigureThatADrawLacksHasNoQuantiles) {
  const DrawSummaryRow row = summarised("difference_median", {1, none, 2});
  EXPECT_EQ(row.draws, 2U);
  EXPECT_FALSE(row.low.has_value());
  EXPECT_FALSE(row.median.has_value());
  EXPECT_FALSE(row.high.has_value());
}

TEST(DrawSummary, TerminalShowsBaseCaseAndInterval) {
  OutcomeShape shape;
  shape.strategies = {"old", "new"};
  shape.reference = 0;
  shape.endpoints = {{"OS", "", {"dead"}}};
  shape.horizon_ticks = 974 * 60;
  SummaryRow key;
  key.endpoint = "OS";
  std::vector<SummaryRow> keys;
  for (const char* const strategy : {"old", "new"}) {
    key.strategy = strategy;
    key.statistic = "median";
    keys.push_back(key);
  }
  key.statistic = "hazard_ratio";
  key.versus = "old";
  keys.push_back(key);
  const auto rows =
      summarise_draws(keys, {10.5, none, 0.7}, {{8, 40, 0.5}, {12, none, 0.9}, {12, none, 0.9}});
  EXPECT_EQ(draw_terminal_table(shape, rows, 3),
            "over 3 draws of the parameters: base case (95 % interval)\n"
            "strategy  median OS, mo (95 %)      HR OS (95 %)\n"
            "old            10.5 (8.2–12.0)                 1\n"
            "new              >60 (>60–>60)  0.70 (0.52–0.90)\n");
}

}  // namespace

}  // namespace npcsim::testing
