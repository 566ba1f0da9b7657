#include "cases.hpp"
#include <npcsim/hazard/life_table.hpp>

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using Row = LifeTableRow;
using Measure = LifeTableRow::Measure;
constexpr double year = 365.25;
constexpr double open = INFINITY;

Row row(LifeTableSex sex, double from, double to, double value, Measure measure,
        std::optional<int> calendar = std::nullopt) {
  return {sex, from, to, value, measure, calendar};
}

/// Rates 0.01, 0 and 0.05 per year from ages 0, 50, 60, the last open; women half of it.
std::vector<Row> small_rows() {
  std::vector<Row> rows;
  for (const auto& [sex, factor] :
       {std::pair{LifeTableSex::male, 1.0}, std::pair{LifeTableSex::female, 0.5}}) {
    rows.push_back(row(sex, 60.0, open, 0.05 * factor, Measure::rate));
    rows.push_back(row(sex, 0.0, 50.0, 0.01 * factor, Measure::rate));
    rows.push_back(row(sex, 50.0, 60.0, 0.0, Measure::rate));
  }
  return rows;
}

LifeTable built(const std::vector<Row>& rows, double multiplier = 1.0) {
  LifeTableResult result = LifeTable::build(rows, multiplier);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  return *result.table;
}

TEST(LifeTable, AccumulatesConstantHazardsFromRowsInAnyOrder) {
  const LifeTable table = built(small_rows());
  const std::size_t men = *table.stratum(LifeTableSex::male, 2024);
  const std::size_t women = *table.stratum(LifeTableSex::female, 2024);
  EXPECT_DOUBLE_EQ(table.cumulative(30.0 * year, men), 0.3);
  EXPECT_DOUBLE_EQ(table.cumulative(55.0 * year, men), 0.5);
  EXPECT_DOUBLE_EQ(table.cumulative(80.0 * year, men), 1.5);
  EXPECT_DOUBLE_EQ(table.cumulative(80.0 * year, women), 0.75);
  EXPECT_DOUBLE_EQ(table.hazard(60.0 * year, men), 0.05 / year);
  EXPECT_DOUBLE_EQ(table.hazard(59.9 * year, men), 0.0);
}

TEST(LifeTable, MeetsTheProbabilityOfDeathExactly) {
  const LifeTable table = built({row(LifeTableSex::all, 0, 1, 0.004, Measure::probability),
                                 row(LifeTableSex::all, 1, 5, 0.02, Measure::probability),
                                 row(LifeTableSex::all, 5, open, 0.01, Measure::rate)});
  const std::size_t s = *table.stratum(LifeTableSex::male, 2000);
  EXPECT_NEAR(1.0 - std::exp(-table.cumulative(year, s)), 0.004, 1e-16);
  EXPECT_NEAR(std::exp(-table.cumulative(5 * year, s)), 0.996 * 0.98, 1e-15);
}

TEST(LifeTable, AgeAtUndoesCumulativeAndSkipsStretchesWithoutHazard) {
  const LifeTable table = built(small_rows());
  const std::size_t men = *table.stratum(LifeTableSex::male, 2024);
  test::Spread spread;
  for (int i = 0; i < 2000; ++i) {
    const double h = spread.log_uniform(1e-9, 20.0);
    EXPECT_NEAR(table.cumulative(table.age_at(h, men), men) / h, 1.0, 1e-14);
  }
  EXPECT_DOUBLE_EQ(table.age_at(0.5, men), 50.0 * year);  // reached when the hazard stops
  EXPECT_NEAR(table.age_at(0.5 + 1e-10, men), 60.0 * year, 1e-3);
  EXPECT_DOUBLE_EQ(table.age_after(50.5 * year, 0.1, men), 62.0 * year);
  EXPECT_DOUBLE_EQ(table.age_after(20.0 * year, 0.4, men), 62.0 * year);
}

TEST(LifeTable, ReachesAnAmountWhenTheHazardStopsNotWhenItResumes) {
  const LifeTable table = built({row(LifeTableSex::all, 0, 1, 0.25, Measure::rate),
                                 row(LifeTableSex::all, 1, 2, 0.25, Measure::rate),
                                 row(LifeTableSex::all, 2, 3, 0.0, Measure::rate),
                                 row(LifeTableSex::all, 3, open, 0.5, Measure::rate)});
  EXPECT_DOUBLE_EQ(table.age_at(table.cumulative(2.5 * year, 0), 0), 2.0 * year);
}

TEST(LifeTable, SmallAmountsAreNotLostInOldAge) {
  const LifeTable table = built(small_rows());
  const std::size_t men = *table.stratum(LifeTableSex::male, 2024);
  const double age = 90.0 * year;
  const double step = table.age_after(age, 1e-8, men) - age;
  EXPECT_NEAR(step / (1e-8 * year / 0.05), 1.0, 1e-6);
  EXPECT_EQ(table.age_after(age, 0.0, men), age);
}

TEST(LifeTable, MultiplierScalesEveryHazardAndZeroMeansNever) {
  const LifeTable table = built(small_rows(), 2.0);
  const std::size_t men = *table.stratum(LifeTableSex::male, 2024);
  EXPECT_DOUBLE_EQ(table.cumulative(80.0 * year, men), 3.0);
  const LifeTable none = built(small_rows(), 0.0);
  EXPECT_EQ(none.age_at(1e-9, 0), INFINITY);
  EXPECT_EQ(none.cumulative(INFINITY, 0), 0.0);
}

TEST(LifeTable, FineGompertzTableApproachesTheCurve) {
  // Yearly q of a Gompertz with hazard 0.006 e^(0.088 (age - 50)) from age 50: the table meets the
  // curve at birthdays, so ten-year survival is exp(-0.006 expm1(0.88) / 0.088) = 0.9082844.
  std::vector<Row> rows{row(LifeTableSex::all, 0, 50, 0.0, Measure::rate)};
  for (int age = 50; age < 100; ++age) {
    const double spent = 0.006 / 0.088 * std::exp(0.088 * (age - 50)) * std::expm1(0.088);
    rows.push_back(row(LifeTableSex::all, age, age + 1, -std::expm1(-spent), Measure::probability));
  }
  const LifeTable table = built(rows);
  EXPECT_NEAR(std::exp(-table.cumulative(60 * year, 0)), 0.9082844, 5e-8);
  EXPECT_NEAR(table.cumulative(60 * year, 0) / (0.006 * std::expm1(0.88) / 0.088), 1.0, 1e-13);
}

TEST(LifeTable, ChoosesTheLatestYearNotAfter) {
  const LifeTable table = built({row(LifeTableSex::male, 0, open, 0.03, Measure::rate, 2000),
                                 row(LifeTableSex::male, 0, open, 0.02, Measure::rate, 2010),
                                 row(LifeTableSex::male, 0, open, 0.01, Measure::rate, 2020)});
  const auto rate = [&table](int calendar) {
    return table.hazard(0.0, *table.stratum(LifeTableSex::male, calendar)) * year;
  };
  EXPECT_DOUBLE_EQ(rate(1990), 0.03);
  EXPECT_DOUBLE_EQ(rate(2009), 0.03);
  EXPECT_DOUBLE_EQ(rate(2010), 0.02);
  EXPECT_DOUBLE_EQ(rate(2035), 0.01);
  EXPECT_FALSE(table.stratum(LifeTableSex::female, 2010).has_value());
}

TEST(LifeTable, ReportsAllProblemsWithRowNumbers) {
  const auto problems =
      LifeTable::build({row(LifeTableSex::male, 0, 1, -0.1, Measure::rate),
                        row(LifeTableSex::male, 1, 1, 0.1, Measure::rate),
                        row(LifeTableSex::male, 2, 3, 1.0, Measure::probability),
                        row(LifeTableSex::male, 3, open, 0.5, Measure::probability)},
                       -1.0)
          .problems;
  const std::vector<std::string> want{
      "hazard multiplier must be 0 or above, found -1",
      "row 1: death rate must be 0 or above, found -0.1",
      "row 2: end of age must be above its start 1, found 1",
      "row 3: probability of death must be at least 0 and below 1, found 1",
      "row 4: an open interval needs a death rate: a probability of death has no rate there"};
  EXPECT_EQ(problems, want);
}

TEST(LifeTable, ReportsGapsAndOverlaps) {
  const auto gap = LifeTable::build({row(LifeTableSex::male, 0, 10, 0.1, Measure::rate),
                                     row(LifeTableSex::male, 12, open, 0.1, Measure::rate)});
  EXPECT_FALSE(gap.table.has_value());
  EXPECT_EQ(gap.problems, std::vector<std::string>{
                              "row 2: gap with row 1, which ends at age 10, found start 12"});
  const auto overlap = LifeTable::build({row(LifeTableSex::male, 0, 10, 0.1, Measure::rate),
                                         row(LifeTableSex::male, 9, open, 0.1, Measure::rate)});
  EXPECT_EQ(
      overlap.problems,
      std::vector<std::string>{"row 2: overlap with row 1, which ends at age 10, found start 9"});
  EXPECT_EQ(LifeTable::build({}).problems, std::vector<std::string>{"the life table has no rows"});
}

}  // namespace
}  // namespace npcsim
