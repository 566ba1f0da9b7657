#include "small_files.hpp"

#include <cmath>

namespace npcsim::testing {
namespace {

TEST(DataColumns, ColumnsOfNumbersAndTextsAreToldApart) {
  const auto columns = columns_of("age,sex,code\n50,f,007\n61.5,m,12\n-1e-3,f,9\n", {0, 1, 2});
  EXPECT_FALSE(columns[0].is_text);
  EXPECT_EQ(columns[0].numbers, (std::vector<double>{50, 61.5, -0.001}));
  EXPECT_TRUE(columns[1].is_text);
  EXPECT_EQ(columns[1].levels, (std::vector<std::string>{"f", "m"}));
  EXPECT_EQ(columns[1].codes, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(columns[2].levels, (std::vector<std::string>{"007", "12", "9"}));
}

TEST(DataColumns, AColumnWhoseFirstTextComesLateIsTextFromTheStart) {
  std::string text = "x,y\n";
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i % 7) + ",1\n";
  text += "b,1\n\n3,1\n";
  const auto columns = columns_of(text, {0});
  ASSERT_TRUE(columns[0].is_text);
  ASSERT_EQ(columns[0].rows(), 10'002U);
  EXPECT_EQ(columns[0].levels.size(), 8U);
  for (std::size_t row = 0; row < 10'000; ++row) {
    ASSERT_EQ(columns[0].levels[static_cast<std::size_t>(columns[0].codes[row])],
              std::to_string(row % 7));
  }
  EXPECT_EQ(columns[0].levels[static_cast<std::size_t>(columns[0].codes[10'000])], "b");
  EXPECT_EQ(columns[0].levels[static_cast<std::size_t>(columns[0].codes[10'001])], "3");
}

TEST(DataColumns, EmptyCellsNaAndNaNAreMissing) {
  const auto columns = columns_of("x,y\n1,a\nNA,NA\n,\nNaN,NaN\n\" \",b\n", {0, 1});
  EXPECT_FALSE(columns[0].missing(0));
  for (std::size_t row = 1; row < 4; ++row) {
    EXPECT_TRUE(columns[1].missing(row)) << row;
  }
  EXPECT_TRUE(columns[0].is_text);  // a blank in quotes was meant
}

TEST(DataColumns, QuotedCellsHoldCommasLineBreaksAndQuotes) {
  const auto columns = columns_of("\"na,me\",n\n\"a, \"\"b\"\"\nc\",\"2\"\n  d , 3 \n", {0, 1});
  EXPECT_EQ(columns[0].name, "na,me");
  EXPECT_EQ(columns[0].levels, (std::vector<std::string>{"a, \"b\"\nc", "d"}));
  EXPECT_EQ(columns[1].numbers, (std::vector<double>{2, 3}));
}

TEST(DataColumns, ByteOrderMarkWindowsLineEndsRemarksAndEmptyLinesDoNotMatter) {
  const auto plain = columns_of("t,g\n50,a\n51,b\n", {0, 1});
  const auto other =
      columns_of("\xEF\xBB\xBF# Source: a register\r\n\r\nt,g\r\n50,a\r\n\r\n51,b", {0, 1});
  EXPECT_EQ(other[0].numbers, plain[0].numbers);
  EXPECT_EQ(other[1].levels, plain[1].levels);
  EXPECT_EQ(other[1].codes, plain[1].codes);
}

TEST(DataColumns, OnlyColumnsThatAreAskedForAreRead) {
  const auto columns = columns_of("a,b,c\n1,\"x,\ny\",3\n4,z,6\n", {2});
  ASSERT_EQ(columns.size(), 1U);
  EXPECT_EQ(columns[0].numbers, (std::vector<double>{3, 6}));
}

TEST(DataColumns, RowsWithAnotherNumberOfCellsAreNamedTenAtMost) {
  std::string text = "a,b\n1,2\n";
  for (int i = 0; i < 20; ++i) text += "1,2,3\n";
  DataFile file = data_file(text);
  Diagnostics diagnostics;
  EXPECT_FALSE(read_columns(file, {0}, diagnostics).has_value());
  EXPECT_EQ(diagnostics.error_count(), 10U);
  EXPECT_EQ(diagnostics.text("").substr(0, 65),
            "data.csv:3:1: error: this row has 3 cells, the header has 2\n    3");
}

TEST(DataColumns, AMissingNameForRowNumbersIsExplained) {
  DataFile file = data_file("a,b\n1,2,3\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(read_columns(file, {0}, diagnostics).has_value());
  EXPECT_EQ(diagnostics.text(""),
            "data.csv:2:1: error: this row has 3 cells, the header has 2\n"
            "    2 | 1,2,3\n"
            "      | ^\n"
            "   hint: the column of row numbers needs a name in the header\n"
            "1 error\n");
}

TEST(DataColumns, ACommaAtTheEndOfARowIsExplained) {
  DataFile file = data_file("a,b\n1,2,\r\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(read_columns(file, {0}, diagnostics).has_value());
  EXPECT_EQ(diagnostics.items().at(0).hint, "the row ends with a comma");
}

TEST(DataColumns, AFileWithoutRowsSaysSo) {
  DataFile file = data_file("a,b\n\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(read_columns(file, {0}, diagnostics).has_value());
  EXPECT_EQ(diagnostics.items().at(0).message, "the file has a header and no rows");
}

TEST(DataColumns, PlacesAreRightBehindManyRowsAndLineBreaksInCells) {
  std::string text = "a,b\n";
  for (int i = 0; i < 9000; ++i) text += i == 5000 ? "\"x\ny\",1\n" : "q,1\n";
  DataFile file = data_file(text);
  Diagnostics diagnostics;
  ASSERT_TRUE(read_columns(file, {0, 1}, diagnostics).has_value());
  EXPECT_EQ(file.line(0), 2);
  EXPECT_EQ(file.line(5000), 5002);
  EXPECT_EQ(file.line(5001), 5004);
  EXPECT_EQ(file.line(8999), 9002);
  file.error(5000, 1, "here", "", diagnostics);
  EXPECT_EQ(diagnostics.text(""),
            "data.csv:5003:4: error: here\n"
            " 5003 | y\",1\n"
            "      |    ^\n"
            "1 error\n");
}

TEST(AsFactor, NumbersAreInTheirOwnOrderAndTextsInThatOfTheirBytes) {
  const auto columns = columns_of("x,y\n10,b\n9,B\n10,a\n,\n-1,b\n", {0, 1});
  const auto numbers = as_factor(columns[0]);
  EXPECT_EQ(numbers->levels, (std::vector<std::string>{"-1", "9", "10"}));
  EXPECT_EQ(numbers->codes, (std::vector<std::int32_t>{2, 1, 2, -1, 0}));
  const auto texts = as_factor(columns[1]);
  EXPECT_EQ(texts->levels, (std::vector<std::string>{"B", "a", "b"}));
}

TEST(AsFactor, TooManyDistinctNumbersAreNoGroups) {
  const auto columns = columns_of("x\n1\n2\n3\n", {0});
  EXPECT_FALSE(as_factor(columns[0], 2).has_value());
  EXPECT_TRUE(as_factor(columns[0], 3).has_value());
}

}  // namespace
}  // namespace npcsim::testing
