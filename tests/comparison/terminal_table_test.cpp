#include <npcsim/comparison/terminal_table.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(TerminalTable, ANumberHasAsManyDecimalsAsItsErrorSupports) {
  EXPECT_EQ(with_error(9.6134, 0.0312), "9.613 ±0.031");
  EXPECT_EQ(with_error(0.6134, 0.0312, 100), "61.3 ±3.1");
  EXPECT_EQ(with_error(1234.4, 56), "1234 ±56");
  EXPECT_EQ(with_error(3, 0), "3.00 ±0.00");
  EXPECT_EQ(with_error(3.14159, std::nullopt), "3.14");
}

SummaryRow made(const char* strategy, const char* versus, const char* endpoint,
                const char* statistic, std::optional<double> at, std::optional<double> value,
                std::optional<double> se, std::optional<double> lo = {},
                std::optional<double> hi = {}) {
  SummaryRow row;
  row.strategy = strategy;
  row.versus = versus;
  row.endpoint = endpoint;
  row.statistic = statistic;
  row.at_months = at;
  row.value = value;
  row.se = se;
  row.lo95 = lo;
  row.hi95 = hi;
  return row;
}

TEST(TerminalTable, ShowsStrategiesAsRows) {
  OutcomeShape shape;
  shape.strategies = {"gp", "gp_pd1"};
  shape.reference = 0;
  shape.endpoints = {{"PFS", "", {"event"}}, {"OS", "", {"death"}}};
  shape.horizon_ticks = 120 * 974;
  shape.landmark_ticks = {12 * 974, 36 * 974};
  const std::vector<SummaryRow> rows = {
      made("gp", "", "PFS", "median", {}, 6.91, 0.031),
      made("gp", "", "OS", "median", {}, 27.72, 0.12),
      made("gp", "", "OS", "survival", 12.0, 0.74, 0.0014),
      made("gp", "", "OS", "survival", 36.0, 0.402, 0.0019),
      made("gp", "", "OS", "rmst", 120.0, 37.85, 0.13),
      made("gp_pd1", "", "PFS", "median", {}, 10.18, 0.044),
      made("gp_pd1", "", "OS", "median", {}, {}, {}),
      made("gp_pd1", "", "OS", "survival", 36.0, 0.632, 0.0018),
      made("gp_pd1", "", "OS", "rmst", 120.0, 62.1, 0.14),
      made("gp_pd1", "gp", "PFS", "hazard_ratio", {}, 0.6312, 0.0021, 0.6271, 0.6353),
      made("gp_pd1", "gp", "OS", "hazard_ratio", {}, {}, {}),
  };
  EXPECT_EQ(terminal_table(shape, rows),
            "strategy  median PFS, mo  median OS, mo  OS at 36 mo, %  RMST OS to 120 mo           "
            "HR PFS (95 %)  "
            "HR OS (95 %)\n"
            "gp          6.910 ±0.031    27.72 ±0.12     40.20 ±0.19        37.85 ±0.13            "
            "           1  "
            "           1\n"
            "gp_pd1     10.180 ±0.044           >120     63.20 ±0.18        62.10 ±0.14  0.6312 "
            "(0.6271–0.6353)  "
            "           -\n");
}

}  // namespace
}  // namespace npcsim
