#include "small_files.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/io/files.hpp>

#include <chrono>

namespace npcsim::testing {
namespace {

std::string refusal(const std::string& text) {
  Diagnostics diagnostics;
  EXPECT_FALSE(DataFile::of_text("data.csv", text, diagnostics).has_value());
  return diagnostics.text("");
}

TEST(DataFile, AnEmptyFileIsRefused) {
  const std::string message =
      "data.csv: error: the file is empty\n"
      "   hint: expected a header line with the names of the columns\n"
      "1 error\n";
  EXPECT_EQ(refusal(""), message);
  EXPECT_EQ(refusal("# only a remark\n\n"), message);
}

TEST(DataFile, ABinaryFileIsRefusedInOneMessage) {
  EXPECT_EQ(refusal(std::string("PK\x03\x04\0\0time", 10)),
            "data.csv: error: this is not a text file\n"
            "   hint: expected UTF-8 text\n"
            "1 error\n");
}

TEST(DataFile, SemicolonsAreExplained) {
  EXPECT_EQ(refusal("time;status\n1;0\n"),
            "data.csv:1:1: error: the columns must be separated by commas\n"
            "    1 | time;status\n"
            "      | ^\n"
            "   hint: save the table with ',' between cells and '.' in decimals\n"
            "1 error\n");
}

TEST(DataFile, AnOpenQuotationMarkInTheHeaderIsFound) {
  EXPECT_EQ(refusal("time,\"status\n1,0\n"),
            "data.csv:1:6: error: the quotation marks of this cell are wrong\n"
            "    1 | time,\"status\n"
            "      |      ^~~~~~~\n"
            "   hint: \" begins and ends the cell; inside it is written twice\n"
            "1 error\n");
}

TEST(DataFile, AMillionColumnsAreRefusedAtOnce) {
  std::string header = "time,status";
  for (int i = 0; i < 1'000'000; ++i) header += ",c" + std::to_string(i);
  const auto before = std::chrono::steady_clock::now();
  const std::string message = refusal(header + "\n1,2\n");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;
  EXPECT_EQ(
      message.substr(0, 84),
      "data.csv:1:1: error: the header has 1000002 columns; 65536 can be read\n    1 | time,");
  EXPECT_LT(message.size(), 500U);
  EXPECT_LT(seconds.count(), 2.0);
}

TEST(DataFile, ColumnsWithoutANameAreThereButCannotBeUsed) {
  const DataFile file = data_file("\"\",time\n1,2\n");
  EXPECT_EQ(file.columns(), (std::vector<std::string>{"", "time"}));
  Diagnostics diagnostics;
  EXPECT_EQ(file.find("time", "--time", diagnostics), std::optional<std::size_t>(1));
  EXPECT_FALSE(file.find("", "--time", diagnostics).has_value());
}

TEST(DataFile, DuplicateNamesMatterOnlyWhenUsed) {
  const DataFile file = data_file("time,x,x\n1,2,3\n");
  Diagnostics diagnostics;
  EXPECT_TRUE(file.find("time", "--time", diagnostics).has_value());
  EXPECT_FALSE(file.find("x", "--group", diagnostics).has_value());
  EXPECT_EQ(diagnostics.text(""),
            "data.csv:1:8: error: duplicate column 'x' (--group)\n"
            "    1 | time,x,x\n"
            "      |        ^\n"
            "   hint: give every column its own name\n"
            "1 error\n");
}

TEST(DataFile, AMissingColumnIsAskedBack) {
  const DataFile file = data_file("# remark\ntime,status\n1,2\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(file.find("staus", "--event", diagnostics).has_value());
  EXPECT_EQ(diagnostics.text(""),
            "data.csv:2:1: error: missing column 'staus' (--event)\n"
            "    2 | time,status\n"
            "      | ^\n"
            "   hint: did you mean 'status'?\n"
            "1 error\n");
}

TEST(DataFile, OpensFilesAndSaysWhichItCannot) {
  const TempFolder folder;
  const std::string path = folder.write("data.csv", "time,status\n3,1\n4,0\n");
  Diagnostics diagnostics;
  auto file = DataFile::open(path, diagnostics);
  ASSERT_TRUE(file.has_value());
  const auto columns = read_columns(*file, {0}, diagnostics);
  ASSERT_TRUE(columns.has_value());
  EXPECT_EQ((*columns)[0].numbers, (std::vector<double>{3, 4}));
  for (const std::string& wrong : {path + "x", folder.path().string()}) {
    try {
      DataFile::open(wrong, diagnostics);
      ADD_FAILURE() << wrong;
    } catch (const FileError& error) {
      EXPECT_EQ(error.kind(), FileError::Kind::cannot_read);
      EXPECT_EQ(error.path(), wrong);
    }
  }
}

}  // namespace
}  // namespace npcsim::testing
