// npcsim reconstruct: the page says what it shows, and warnings what went wrong.
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

// Ten patients, five events at 3 and five at 5.
ProcessResult reconstruct_halves(const TempFolder& folder, const std::vector<std::string>& more) {
  static_cast<void>(folder.write("c.csv", "time,survival\n0,1\n3,0.5\n5,0\n"));
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n"));
  std::vector<std::string> words = {"reconstruct", "c.csv", "--at-risk", "r.csv"};
  words.insert(words.end(), more.begin(), more.end());
  return npcsim(folder, words);
}

TEST(ReconstructWarnings, ThereAreNoneIfEveryClickIsMet) {
  const TempFolder folder;
  for (const std::string kind : {"auto", "steps", "points"}) {
    const ProcessResult answer = reconstruct_halves(folder, {"--clicks", kind});
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_EQ(answer.err, "");
    EXPECT_NE(answer.out.find("10 patients, 10 events"), std::string::npos) << answer.out;
  }
}

TEST(ReconstructWarnings, CornersOfHalvesAreFiveAndFive) {
  const TempFolder folder;
  const ProcessResult answer =
      reconstruct_halves(folder, {"--clicks", "steps", "--out", "i.csv", "--page", "p.html"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(read_text(folder / "i.csv"),
            "time,event\n3,1\n3,1\n3,1\n3,1\n3,1\n5,1\n5,1\n5,1\n5,1\n5,1\n");
}

TEST(ReconstructWarnings, ClicksThatAreFarOffAreNeverSilent) {
  const TempFolder folder;
  // Two events among ten patients cannot take the curve to 0.
  const std::string expected =
      "2 of 3 clicks are missed by more than digits and noise explain, worst at 5: read 0, "
      "reconstructed ";
  const ProcessResult answer = reconstruct_halves(folder, {"--events", "2"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_NE(answer.err.find("warning: " + expected), std::string::npos) << answer.err;
  static_cast<void>(reconstruct_halves(folder, {"--events", "2", "--page", "p.html"}));
  EXPECT_NE(read_text(folder / "p.html").find("<p class=\"off\">" + expected), std::string::npos);
  const ProcessResult json = reconstruct_halves(folder, {"--events", "2", "--json"});
  EXPECT_NE(json.out.find("\"warnings\":[\"" + expected), std::string::npos) << json.out;
}

TEST(ReconstructWarnings, ContradictedMedianIsWrittenWithTheDigitsThatDiffer) {
  const TempFolder folder;
  // Survival is one half from 3 to 5: the median is the middle.
  const ProcessResult answer =
      reconstruct_halves(folder, {"--method", "guyot", "--median", "4.0003"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "warning: median: published 4.0003, reconstructed 4\n");
}

TEST(ReconstructMistakes, ACurveThatStartsAtOneIsNotPerCent) {
  const TempFolder folder;
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n"));
  for (const std::string survival : {"1.7", "1.2"}) {
    static_cast<void>(folder.write("c.csv", "time,survival\n0,1\n5," + survival + "\n"));
    const ProcessResult answer = npcsim(folder, {"reconstruct", "c.csv", "--at-risk", "r.csv"});
    EXPECT_EQ(answer.exit_code, 65);
    EXPECT_EQ(answer.out, "");
    EXPECT_EQ(answer.err, "c.csv:3:3: error: survival must lie in 0..1, found " + survival +
                              "\n"
                              "    3 | 5," +
                              survival +
                              "\n"
                              "      |   ^~~\n"
                              "   hint: shares 0..1 in every row, or per cent 0..100 in every row\n"
                              "1 error, nothing was reconstructed\n");
  }
}

TEST(ReconstructMistakes, ACurveInPerCentIsHeldAgainstAHundred) {
  const TempFolder folder;
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n"));
  static_cast<void>(folder.write("c.csv", "time,survival\n0,100\n5,170\n"));
  const ProcessResult answer = npcsim(folder, {"reconstruct", "c.csv", "--at-risk", "r.csv"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "c.csv:3:3: error: survival must lie in 0..100 per cent, found 170\n"
            "    3 | 5,170\n"
            "      |   ^~~\n"
            "   hint: shares 0..1 in every row, or per cent 0..100 in every row\n"
            "1 error, nothing was reconstructed\n");
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
