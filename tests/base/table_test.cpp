#include <npcsim/base/table.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

Table example() {
  Table table;
  table.name = "summary";
  table.add_texts("strategy").cells = Column::Texts{"GP", "GP + PD-1, \"LRRT\""};
  table.add_integers("patients", "").cells = Column::Integers{1000, -1};
  table.add_numbers("median", "months", "median overall survival").cells =
      Column::Numbers{22.1, std::nan("")};
  return table;
}

TEST(Table, CsvQuotesWhatNeedsItAndLeavesMissingCellsEmpty) {
  EXPECT_EQ(to_csv(example()),
            "strategy,patients,median\n"
            "GP,1000,22.1\n"
            "\"GP + PD-1, \"\"LRRT\"\"\",-1,\n");
}

TEST(Table, FindsColumnsByName) {
  const Table table = example();
  ASSERT_NE(table.find("median"), nullptr);
  EXPECT_EQ(table.find("median")->unit, "months");
  EXPECT_EQ(table.find("Median"), nullptr);
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(Table{}.rows(), 0U);
}

TEST(Table, NumbersOfACsvReadBackExactly) {
  Table table;
  table.add_numbers("x", "").cells = Column::Numbers{0.1 + 0.2, 1e300, -1.0 / 3.0};
  EXPECT_EQ(to_csv(table), "x\n0.30000000000000004\n1e+300\n-0.3333333333333333\n");
}

TEST(Aligned, TextStandsLeftAndNumbersRight) {
  EXPECT_EQ(aligned({{"strategy", "median", "hr"}, {"gp", "22.1", "-"}, {"gp_pd1", "9.5", "0.7"}}),
            "strategy  median   hr\n"
            "gp          22.1    -\n"
            "gp_pd1       9.5  0.7\n");
}

TEST(Aligned, CountsCharactersNotBytes) {
  EXPECT_EQ(aligned({{"name", "n"}, {"Zürich", "1"}, {"Basel", "22"}}),
            "name     n\n"
            "Zürich   1\n"
            "Basel   22\n");
}

TEST(Aligned, RowsMayHaveDifferentLengths) {
  EXPECT_EQ(aligned({{"a"}, {"b", "c"}, {}}), "a\nb  c\n\n");
  EXPECT_EQ(aligned({}), "");
}

}  // namespace
}  // namespace npcsim
