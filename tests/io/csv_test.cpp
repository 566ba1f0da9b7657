#include "support/temp_folder.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/io/files.hpp>

#include <chrono>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

CsvTable read(const std::string& text) {
  Diagnostics diagnostics;
  auto csv = read_csv_text("data.csv", text, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  return csv ? std::move(*csv) : CsvTable{};
}

const Column::Numbers& numbers(const CsvTable& csv, const char* column) {
  return std::get<Column::Numbers>(csv.table().find(column)->cells);
}

const Column::Texts& texts(const CsvTable& csv, const char* column) {
  return std::get<Column::Texts>(csv.table().find(column)->cells);
}

TEST(Csv, TypesColumnsByTheirContent) {
  const CsvTable csv = read("age,sex,code\n50,f,007\n61.5,m,12\n-1e-3,f,9\n");
  EXPECT_EQ(csv.rows(), 3U);
  EXPECT_EQ(numbers(csv, "age"), (Column::Numbers{50, 61.5, -0.001}));
  EXPECT_EQ(texts(csv, "sex"), (Column::Texts{"f", "m", "f"}));
  EXPECT_EQ(texts(csv, "code"), (Column::Texts{"007", "12", "9"}));  // leading zeros: a code
}

TEST(Csv, EmptyCellsAndNaAreMissing) {
  const CsvTable csv = read("x,y,z\n1,a,\nNA,NA,NA\n,,NaN\n");
  EXPECT_EQ(numbers(csv, "x")[0], 1.0);
  EXPECT_TRUE(std::isnan(numbers(csv, "x")[1]));
  EXPECT_TRUE(std::isnan(numbers(csv, "x")[2]));
  EXPECT_EQ(texts(csv, "y"), (Column::Texts{"a", "", ""}));
  EXPECT_TRUE(std::isnan(numbers(csv, "z")[0]));
}

TEST(Csv, NamesMayBeNa) {
  const CsvTable csv = read("name,number\nNA,NaN\nNaN,2\n,3\na,\n");
  Diagnostics diagnostics;
  EXPECT_EQ(csv.names("name", diagnostics), (Column::Texts{"NA", "NaN", "", "a"}));
  EXPECT_EQ(csv.names("number", diagnostics), (Column::Texts{"NaN", "2", "3", ""}));
  EXPECT_EQ(csv.texts("name", diagnostics), (Column::Texts{"", "", "", "a"}));
  EXPECT_EQ(csv.texts("number", diagnostics), (Column::Texts{"", "2", "3", ""}));
  EXPECT_FALSE(csv.names("absent", diagnostics));
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Csv, QuotesHoldCommasLineBreaksAndQuotes) {
  const CsvTable csv = read("name,\"n, all\"\n\"a, \"\"b\"\"\nc\",\"2\"\n  d , 3 \n");
  EXPECT_EQ(texts(csv, "name"), (Column::Texts{"a, \"b\"\nc", "d"}));
  EXPECT_EQ(numbers(csv, "n, all"), (Column::Numbers{2, 3}));
}

TEST(Csv, WindowsLineEndsAByteOrderMarkRemarksAndEmptyLinesDoNotMatter) {
  const std::string plain = "age,rate\n50,0.1\n51,0.2\n";
  const std::string other =
      "\xEF\xBB\xBF# Life table\r\n# Source: a yearbook\r\n\r\nage,rate\r\n50,0.1\r\n\r\n51,0.2";
  EXPECT_EQ(to_csv(read(other).table()), to_csv(read(plain).table()));
}

TEST(Csv, PlacesOfCellsAreThoseInTheFile) {
  const CsvTable csv = read("# remark\nname,größe\n\"a\nb\",1\nc,22\n");
  const SourcePlace header = csv.header_place(1);
  EXPECT_EQ(header.line, 2);
  EXPECT_EQ(header.column, 6);
  const SourcePlace first = csv.place(0, 1);
  EXPECT_EQ(first.line, 4);
  EXPECT_EQ(first.column, 4);
  const SourcePlace second = csv.place(1, 1);
  EXPECT_EQ(second.line, 5);
  EXPECT_EQ(second.column, 3);
  EXPECT_EQ(second.length, 2);
}

TEST(Csv, ATextCanBeReadFromAColumnOfNumbers) {
  const CsvTable csv = read("id,x\n1.50,a\nNA,b\n");
  Diagnostics diagnostics;
  EXPECT_EQ(csv.texts("id", diagnostics), (Column::Texts{"1.50", ""}));
  EXPECT_EQ(csv.texts("x", diagnostics), (Column::Texts{"a", "b"}));
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(Csv, NumbersOfAColumnWithTextPointAtTheText) {
  Diagnostics diagnostics;
  const auto csv = read_csv_text("data.csv", "id,age\n1,50\n2,fifty\n3,\n4,1O\n", diagnostics);
  ASSERT_TRUE(csv);
  EXPECT_EQ(csv->numbers("age", diagnostics), nullptr);
  EXPECT_EQ(csv->numbers("agee", diagnostics), nullptr);
  EXPECT_NE(csv->numbers("id", diagnostics), nullptr);
  EXPECT_EQ(diagnostics.text("nothing was run"),
            "data.csv:1:1: error: missing column 'agee'\n"
            "    1 | id,age\n"
            "      | ^\n"
            "   hint: did you mean 'age'?\n"
            "data.csv:3:3: error: column 'age' needs a number, found 'fifty'\n"
            "    3 | 2,fifty\n"
            "      |   ^~~~~\n"
            "   hint: leave the cell empty if the value is missing\n"
            "data.csv:5:3: error: column 'age' needs a number, found '1O'\n"
            "    5 | 4,1O\n"
            "      |   ^~\n"
            "   hint: leave the cell empty if the value is missing\n"
            "3 errors, nothing was run\n");
}

struct Case {
  std::string text;
  std::string problems;
};

class CsvMessage : public ::testing::TestWithParam<Case> {};

TEST_P(CsvMessage, IsThis) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_csv_text("data.csv", GetParam().text, diagnostics));
  EXPECT_EQ(diagnostics.text("nothing was run"), GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    All, CsvMessage,
    ::testing::Values(Case{"a,b\n1,2\n1\n1,2,3\n",
                           "data.csv:3:1: error: this row has 1 cell, the header has 2\n"
                           "    3 | 1\n"
                           "      | ^\n"
                           "data.csv:4:1: error: this row has 3 cells, the header has 2\n"
                           "    4 | 1,2,3\n"
                           "      | ^\n"
                           "2 errors, nothing was run\n"},
                      Case{"",
                           "data.csv: error: the file is empty\n"
                           "   hint: expected a header line\n"
                           "1 error, nothing was run\n"},
                      Case{"# only a remark\n",
                           "data.csv: error: the file is empty\n"
                           "   hint: expected a header line\n"
                           "1 error, nothing was run\n"},
                      Case{"a,,a\n",
                           "data.csv:1:3: error: a column without a name\n"
                           "    1 | a,,a\n"
                           "      |   ^\n"
                           "data.csv:1:4: error: duplicate column 'a'\n"
                           "    1 | a,,a\n"
                           "      |    ^\n"
                           "2 errors, nothing was run\n"},
                      Case{"a;b\n1;2\n",
                           "data.csv:1:1: error: the columns must be separated by commas\n"
                           "    1 | a;b\n"
                           "      | ^\n"
                           "   hint: save the table with ',' between cells and '.' in decimals\n"
                           "1 error, nothing was run\n"},
                      Case{"a,b\n1,\"x\n2,3\n",
                           "data.csv:2:3: error: the quotation marks of this cell are wrong\n"
                           "    2 | 1,\"x\n"
                           "      |   ^~\n"
                           "   hint: \" begins and ends the cell; inside it is written twice\n"
                           "1 error, nothing was run\n"},
                      Case{"a,b\n\"x\"y,1\n",
                           "data.csv:2:1: error: the quotation marks of this cell are wrong\n"
                           "    2 | \"x\"y,1\n"
                           "      | ^~~~\n"
                           "   hint: \" begins and ends the cell; inside it is written twice\n"
                           "1 error, nothing was run\n"},
                      Case{std::string("a,b\0c\n", 6),
                           "data.csv: error: this is not a text file\n"
                           "   hint: expected UTF-8 text\n"
                           "1 error, nothing was run\n"},
                      Case{"a,b\n1,M\xfcnchen\n",
                           "data.csv:2:4: error: byte 0xfc is not valid UTF-8\n"
                           "    2 | 1,M\xfcnchen\n"
                           "      |    ^\n"
                           "   hint: save the file as UTF-8\n"
                           "1 error, nothing was run\n"}));

TEST(Csv, AMillionRowsTakeLessThanASecond) {
  std::string text = "id,age,sex,ebv_dna,weight\n";
  for (int i = 0; i < 1'000'000; ++i) {
    text += std::to_string(i) + ",50.25,f," + std::to_string(i % 977) + ".5,61.125\n";
  }
  const auto start = std::chrono::steady_clock::now();
  const CsvTable csv = read(text);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(csv.rows(), 1'000'000U);
  EXPECT_EQ(numbers(csv, "ebv_dna")[999'999], 999'999 % 977 + 0.5);
  RecordProperty("seconds", std::to_string(took.count()));
  // Generous, for sanitizer builds and busy machines; a reader that copies each cell takes longer
  // than this.
  EXPECT_LT(took.count(), 10.0);
}

TEST(Csv, AMillionColumnsAreRefusedAtOnce) {
  std::string text = "c0";
  for (int i = 1; i < 1'000'000; ++i) text += ",c" + std::to_string(i);
  Diagnostics diagnostics;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(read_csv_text("data.csv", text + "\n", diagnostics).has_value());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].message, "more than 65536 columns");
  EXPECT_LT(took.count(), 5.0);
}

TEST(Csv, AnAbsentFileIsAFileError) {
  Diagnostics diagnostics;
  EXPECT_THROW(read_csv_file("/absent/data.csv", diagnostics), FileError);
}

}  // namespace
}  // namespace npcsim
