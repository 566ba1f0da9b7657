// npcsim reconstruct: the page says what it shows.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string curve = "time,survival\n0,1\n2,0.9\n4,0.8\n6,0.7\n";
const std::string at_risk = "time,at_risk\n0,10\n5,8\n";

std::string page_of(const std::vector<std::string>& more) {
  const TempFolder folder;
  static_cast<void>(folder.write("c.csv", curve));
  static_cast<void>(folder.write("r.csv", at_risk));
  std::vector<std::string> words = {"reconstruct", "c.csv", "--at-risk", "r.csv",
                                    "--out",       "i.csv", "--page",    "page.html"};
  words.insert(words.end(), more.begin(), more.end());
  const ProcessResult answer = npcsim(folder, words);
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  return read_text(folder / "page.html");
}

TEST(ReconstructPage, NamesItsAxesAndArms) {
  const std::string one = page_of({});
  EXPECT_NE(one.find(">time, as published</text>"), std::string::npos);
  EXPECT_NE(one.find(">survival</text>"), std::string::npos);
  EXPECT_EQ(one.find("</i>arm 1</span>"), std::string::npos);
  const std::string two = page_of({"--curve2", "c.csv", "--at-risk2", "r.csv"});
  EXPECT_NE(two.find("border-top:3px solid #0072b2\"></i>arm 1</span>"), std::string::npos);
  EXPECT_NE(two.find("border-top:3px solid #d55e00\"></i>arm 2</span>"), std::string::npos);
}

TEST(ReconstructMistakes, ATableThatBeginsAfterTheCurveHasItsPlace) {
  const TempFolder folder;
  static_cast<void>(folder.write("c.csv", curve));
  static_cast<void>(folder.write("r.csv", "time,at_risk\n7,8\n"));
  for (const std::string method : {"joint", "guyot"}) {
    const ProcessResult answer =
        npcsim(folder, {"reconstruct", "c.csv", "--at-risk", "r.csv", "--method", method});
    EXPECT_EQ(answer.exit_code, 65);
    EXPECT_EQ(answer.out, "");
    EXPECT_EQ(answer.err,
              "r.csv:2:1: error: the first row of the at-risk table is after the last click of the "
              "curve\n"
              "    2 | 7,8\n"
              "      | ^\n"
              "   hint: both files need one unit of time; the first row is usually at 0\n"
              "1 error, nothing was reconstructed\n");
  }
}

}  // namespace
}  // namespace npcsim::testing
