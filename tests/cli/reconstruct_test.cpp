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
  EXPECT_EQ(one.find("arm 1</span>"), std::string::npos);
  const std::string two = page_of({"--curve2", "c.csv", "--at-risk2", "r.csv"});
  EXPECT_NE(two.find("r=\"2.4\" class=\"click\" stroke=\"#0072b2\"/>\n</svg>arm 1</span>"),
            std::string::npos);
  EXPECT_NE(two.find("height=\"4.4\" class=\"click\" stroke=\"#d55e00\"/>\n</svg>arm 2</span>"),
            std::string::npos);
}

TEST(ReconstructPage, SaysWhatItIsNotAndWhichRatioCameOut) {
  const std::string page = page_of({"--curve2", "c.csv", "--at-risk2", "r.csv", "--hr", "1.0"});
  for (const char* const words :
       {"Not medical advice.", "They are not those of real patients.", "name=\"viewport\"",
        "prefers-color-scheme:dark",
        "Of the records: hazard ratio, arm 1 over arm 2: ", "; published: 1."})
    EXPECT_NE(page.find(words), std::string::npos) << words;
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
