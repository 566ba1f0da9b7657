// Along the diagonal: against sums over explicit pieces, made from the rows alone.
#include "cases.hpp"
#include <npcsim/hazard/life_table.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using Row = LifeTableRow;
constexpr double year = 365.25;
constexpr double open = INFINITY;

Row rate(LifeTableSex sex, int calendar, double from, double to, double value) {
  return {sex, from, to, value, Row::Measure::rate, calendar};
}

/// Men in 2000, 2003, 2010 and 2011, with other intervals of age in 2010 and nobody who dies from
/// 60 to 65 in 2003; women in 2005 and 2020.
std::vector<Row> rows_by_year() {
  using Sex = LifeTableSex;
  return {rate(Sex::male, 2003, 0, 50, 0.011),     rate(Sex::male, 2003, 50, 60, 0.031),
          rate(Sex::male, 2003, 60, 65, 0.0),      rate(Sex::male, 2003, 65, open, 0.13),
          rate(Sex::female, 2020, 0, open, 0.004), rate(Sex::female, 2005, 0, 60, 0.006),
          rate(Sex::female, 2005, 60, open, 0.07), rate(Sex::male, 2000, 0, 50, 0.013),
          rate(Sex::male, 2000, 50, 65, 0.041),    rate(Sex::male, 2000, 65, open, 0.17),
          rate(Sex::male, 2010, 0, 49.5, 0.007),   rate(Sex::male, 2010, 49.5, 52, 0.017),
          rate(Sex::male, 2010, 52, 61.25, 0.023), rate(Sex::male, 2010, 61.25, open, 0.11),
          rate(Sex::male, 2011, 0, 50, 0.005),     rate(Sex::male, 2011, 50, 65, 0.019),
          rate(Sex::male, 2011, 65, open, 0.09)};
}

LifeTable built(const std::vector<Row>& rows, double multiplier = 1.0) {
  LifeTableResult result = LifeTable::build(rows, multiplier);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  return *result.table;
}

/// A multiple of 1/64 year, which is exact in years and in days.
double exact(double years) { return std::floor(years * 64) / 64; }

/// Somebody of an age at a decimal year; the stratum is that of any year.
LexisDiagonal someone(const LifeTable& table, LifeTableSex sex, double age_years, double calendar) {
  return {*table.stratum(sex, 1800), (calendar - age_years) * year};
}

/// Deaths per person-year at an age and a decimal year, from the rows: of the latest year that is
/// not after it, else of the earliest.
double rate_at(const std::vector<Row>& rows, LifeTableSex sex, double age_years, double calendar) {
  const Row* found = nullptr;
  for (const Row& row : rows) {
    if (row.sex != sex || age_years < row.age_from_years || age_years >= row.age_to_years) continue;
    const bool begun = *row.year <= calendar;
    const bool better = found == nullptr ||
                        (begun && (*found->year > calendar || *row.year > *found->year)) ||
                        (!begun && *found->year > calendar && *row.year < *found->year);
    if (better) found = &row;
  }
  return found->value;
}

/// The cumulative hazard between two ages in years of somebody born at a decimal year: a sum over
/// the pieces that birthdays of the table and new years cut, each with the rate at its middle.
double by_pieces(const std::vector<Row>& rows, LifeTableSex sex, double birth, double from,
                 double to) {
  std::vector<double> cuts{from, to};
  for (const Row& row : rows) {
    for (const double at : {row.age_from_years, *row.year - birth}) {
      if (row.sex == sex && at > from && at < to) cuts.push_back(at);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  long double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double middle = (cuts[i] + cuts[i + 1]) / 2;
    sum += static_cast<long double>(rate_at(rows, sex, middle, birth + middle)) *
           (cuts[i + 1] - cuts[i]);
  }
  return static_cast<double>(sum);
}

TEST(LifeTableByYear, HazardIsThatOfAttainedAgeAndCalendarYear) {
  const auto rows = rows_by_year();
  const LifeTable table = built(rows);
  test::Spread spread;
  for (int i = 0; i < 5000; ++i) {
    const LifeTableSex sex = i % 2 == 0 ? LifeTableSex::male : LifeTableSex::female;
    const double age = spread.uniform(0, 100);
    const double calendar = spread.uniform(1990, 2030);
    EXPECT_DOUBLE_EQ(table.hazard(age * year, someone(table, sex, age, calendar)) * year,
                     rate_at(rows, sex, age, calendar))
        << "age " << age << " in " << calendar;
  }
}

TEST(LifeTableByYear, CumulativeIsTheSumOverThePiecesOfTheDiagonal) {
  const auto rows = rows_by_year();
  const LifeTable table = built(rows);
  test::Spread spread;
  for (int i = 0; i < 5000; ++i) {
    const LifeTableSex sex = i % 3 == 0 ? LifeTableSex::female : LifeTableSex::male;
    const double birth = exact(spread.uniform(1900, 2000));
    const double from = exact(spread.uniform(0, 90));
    const double to = from + exact(spread.log_uniform(1.0 / 64, 60));
    const double expected = by_pieces(rows, sex, birth, from, to);
    const double found =
        table.cumulative_between(from * year, to * year, {*table.stratum(sex, 2000), birth * year});
    EXPECT_NEAR(found, expected, 1e-12 * expected) << birth << " " << from << " " << to;
  }
}

TEST(LifeTableByYear, AgeAfterUndoesCumulative) {
  const auto rows = rows_by_year();
  const LifeTable table = built(rows);
  test::Spread spread;
  for (int i = 0; i < 5000; ++i) {
    const LifeTableSex sex = i % 3 == 0 ? LifeTableSex::female : LifeTableSex::male;
    const LexisDiagonal way{*table.stratum(sex, 2000), exact(spread.uniform(1900, 2000)) * year};
    const double from = exact(spread.uniform(0, 90)) * year;
    const double spent = spread.log_uniform(1e-9, 20);
    const double to = table.age_after(from, spent, way);
    // An age that is written in days or years is rounded by up to 1e-11 days; 0.17 is the highest
    // rate.
    const double rounding = 1e-11 * 0.17 / year;
    EXPECT_NEAR(table.cumulative_between(from, to, way), spent, 1e-12 * spent + rounding);
    EXPECT_NEAR(by_pieces(rows, sex, way.birth_days / year, from / year, to / year), spent,
                1e-12 * spent + rounding);
  }
}

TEST(LifeTableByYear, CumulativeAddsUpFromAnyAge) {
  const LifeTable table = built(rows_by_year());
  const LexisDiagonal way = someone(table, LifeTableSex::male, 48.7, 1999.2);
  const double all = table.cumulative_between(48.7 * year, 75 * year, way);
  for (const double between : {49.5, 50.0, 50.5, 52.5, 61.0, 65.0, 74.9}) {
    EXPECT_NEAR(table.cumulative_between(48.7 * year, between * year, way) +
                    table.cumulative_between(between * year, 75 * year, way),
                all, 1e-14);
  }
}

TEST(LifeTableByYear, StretchWithoutHazardIsLeptOver) {
  const LifeTable table = built(rows_by_year());
  // A man of 58 in 2003: two years at 0.031, five without hazard (2005 to 2010), then 0.023.
  // At 65 in 2010 he is in an interval of 2010, at 0.11.
  const LexisDiagonal way = someone(table, LifeTableSex::male, 58, 2003);
  EXPECT_NEAR(table.cumulative_between(58 * year, 65 * year, way), 0.062, 1e-15);
  EXPECT_EQ(table.cumulative_between(60 * year, 65 * year, way), 0.0);
  EXPECT_EQ(table.hazard(62 * year, way), 0.0);
  EXPECT_DOUBLE_EQ(table.age_after(58 * year, 0.062 - 1e-15, way), 60 * year);
  EXPECT_NEAR(table.age_after(58 * year, 0.062 + 0.011, way), 65.1 * year, 1e-9);
  EXPECT_NEAR(table.age_after(61 * year, 0.011, way), 65.1 * year, 1e-9);
  const LifeTable never = built(
      {rate(LifeTableSex::all, 2000, 0, open, 0.02), rate(LifeTableSex::all, 2010, 0, open, 0.0)});
  // What was spent when the hazard stopped is spent there, not later and not never.
  EXPECT_EQ(
      never.age_after(50 * year, never.cumulative_between(50 * year, 70 * year, {0, 1950 * year}),
                      {0, 1950 * year}),
      60 * year);
  EXPECT_EQ(never.age_after(50 * year, 0.21, {0, 1950 * year}), INFINITY);
  EXPECT_DOUBLE_EQ(never.cumulative_between(50 * year, INFINITY, {0, 1950 * year}), 0.2);
}

TEST(LifeTableByYear, FirstYearHoldsBeforeItAndTheLastForGood) {
  const auto rows = rows_by_year();
  const LifeTable table = built(rows);
  const std::size_t first = *table.stratum(LifeTableSex::male, 2000);
  const std::size_t last = *table.stratum(LifeTableSex::male, 2011);
  const LexisDiagonal early = someone(table, LifeTableSex::male, 40, 1950);
  EXPECT_NEAR(table.cumulative_between(40 * year, 70 * year, early),
              table.cumulative(70 * year, first) - table.cumulative(40 * year, first), 1e-14);
  EXPECT_NEAR(table.age_after(40 * year, 0.3, early), table.age_after(40 * year, 0.3, first), 1e-9);
  const LexisDiagonal late = someone(table, LifeTableSex::male, 40, 2011);
  EXPECT_NEAR(table.cumulative_between(40 * year, 100 * year, late),
              table.cumulative(100 * year, last) - table.cumulative(40 * year, last), 1e-14);
  EXPECT_NEAR(table.age_after(40 * year, 3.0, late), table.age_after(40 * year, 3.0, last), 1e-9);
  // From before the first year into the table: two years at 0.013, three at 0.013, then 0.011.
  const LexisDiagonal into = someone(table, LifeTableSex::male, 40, 1998);
  EXPECT_NEAR(table.cumulative_between(40 * year, 46 * year, into), 5 * 0.013 + 0.011, 1e-15);
}

TEST(LifeTableByYear, BirthdayAndNewYearOnOneInstant) {
  const LifeTable table = built(rows_by_year());
  // Born at a new year, 50 at the new year of 2003, where rates of both age and year change.
  const LexisDiagonal man = someone(table, LifeTableSex::male, 49.5, 2002.5);
  EXPECT_DOUBLE_EQ(table.hazard(50 * year, man) * year, 0.031);
  EXPECT_NEAR(table.cumulative_between(49.5 * year, 50.5 * year, man), 0.0065 + 0.0155, 1e-16);
  EXPECT_NEAR(table.age_after(49.5 * year, 0.0065 + 0.0031, man), 50.1 * year, 1e-9);
  EXPECT_DOUBLE_EQ(table.age_after(49.5 * year, 0.0065, man), 50 * year);
  // 65 at the new year of 2011.
  const LexisDiagonal older = someone(table, LifeTableSex::male, 64, 2010);
  EXPECT_NEAR(table.cumulative_between(64 * year, 66 * year, older), 0.11 + 0.09, 1e-15);
}

TEST(LifeTableByYear, SmallAmountsAreNotLostInOldAge) {
  const LifeTable table = built(rows_by_year());
  const LexisDiagonal man = someone(table, LifeTableSex::male, 90, 2005.3);
  const double step = table.age_after(90 * year, 1e-8, man) - 90 * year;
  EXPECT_NEAR(step / (1e-8 * year / 0.13), 1.0, 1e-6);
  EXPECT_EQ(table.age_after(90 * year, 0.0, man), 90 * year);
}

TEST(LifeTableByYear, OneYearForEverybodyIsTheTableWithoutYears) {
  const LifeTable with = built(
      {rate(LifeTableSex::all, 2000, 0, 50, 0.01), rate(LifeTableSex::all, 2000, 50, open, 0.04)},
      1.5);
  const LexisDiagonal way{0, 1960.3 * year};
  EXPECT_EQ(with.cumulative_between(0, 70 * year, way), with.cumulative(70 * year, 0));
  EXPECT_EQ(with.age_after(30 * year, 0.7, way), with.age_after(30 * year, 0.7, 0));
}

TEST(LifeTableByYear, SaysWhetherThereIsMoreThanOneYear) {
  EXPECT_EQ(built(rows_by_year()).latest_of_years(), 2020);
  EXPECT_FALSE(built({{LifeTableSex::all, 0, open, 0.01, Row::Measure::rate, std::nullopt}})
                   .latest_of_years());
  EXPECT_FALSE(built({rate(LifeTableSex::male, 2000, 0, open, 0.01),
                      rate(LifeTableSex::female, 2010, 0, open, 0.01)})
                   .latest_of_years());
}

}  // namespace
}  // namespace npcsim
