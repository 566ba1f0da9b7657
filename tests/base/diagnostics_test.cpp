#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/first_error.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(Diagnostics, ShowsPlaceLineCaretPathAndHint) {
  Diagnostics diagnostics;
  const auto file =
      diagnostics.add_source("lrrt.yaml", "effects:\n  - process: os\n    hr: -0.7\n");
  diagnostics.error({file, 3, 9, 4}, "hr must be above 0, found -0.7",
                    "give treated / control, e.g. 0.7", "strategies > lrrt > effects > 1");
  EXPECT_EQ(diagnostics.text("nothing was run"),
            "lrrt.yaml:3:9: error: hr must be above 0, found -0.7\n"
            "    3 |     hr: -0.7\n"
            "      |         ^~~~\n"
            "   in strategies > lrrt > effects > 1\n"
            "   hint: give treated / control, e.g. 0.7\n"
            "1 error, nothing was run\n");
}

TEST(Diagnostics, TheFirstErrorIsNoWarning) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "odd");
  diagnostics.error({}, "wrong");
  diagnostics.error({}, "wrong, too");
  EXPECT_EQ(first_error(diagnostics).message, "wrong");
}

TEST(Diagnostics, ReportsInTheOrderOfFilesAndLines) {
  Diagnostics diagnostics;
  const auto first = diagnostics.add_source("a.yaml", "x: 1\ny: 2\n");
  const auto second = diagnostics.add_source("b.yaml", "z: 3\n");
  diagnostics.error({second, 1, 1, 1}, "third");
  diagnostics.error({first, 2, 1, 1}, "second");
  diagnostics.warning({first, 1, 1, 1}, "first");
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.error_count(), 2U);
  EXPECT_EQ(diagnostics.warning_count(), 1U);
  EXPECT_EQ(diagnostics.text("nothing was run"),
            "a.yaml:1:1: warning: first\n"
            "    1 | x: 1\n"
            "      | ^\n"
            "a.yaml:2:1: error: second\n"
            "    2 | y: 2\n"
            "      | ^\n"
            "b.yaml:1:1: error: third\n"
            "    1 | z: 3\n"
            "      | ^\n"
            "2 errors, nothing was run\n");
}

TEST(Diagnostics, WarningsAloneHaveNoClosingLine) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "an old key");
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.text("nothing was run"), "warning: an old key\n");
  EXPECT_EQ(Diagnostics{}.text("nothing was run"), "");
}

TEST(Diagnostics, ShowsAtMostTheLimitAndCountsTheRest) {
  Diagnostics diagnostics;
  for (int i = 0; i < 5; ++i) diagnostics.error({}, "problem " + std::to_string(i));
  EXPECT_EQ(diagnostics.text("", false, 2),
            "error: problem 0\nerror: problem 1\n... and 3 more\n5 errors\n");
}

TEST(Diagnostics, TheCaretStandsBelowTheCharacterNotTheByte) {
  Diagnostics diagnostics;
  const auto file = diagnostics.add_source("a.yaml", "größe: München\n");
  // "größe: " is 7 characters in 9 bytes, "München" 7 in 8.
  diagnostics.error({file, 1, 10, 8}, "not a number");
  EXPECT_EQ(diagnostics.text(""),
            "a.yaml:1:8: error: not a number\n"
            "    1 | größe: München\n"
            "      |        ^~~~~~~\n"
            "1 error\n");
}

TEST(Diagnostics, TabsAndCarriageReturnsDoNotMoveTheCaret) {
  Diagnostics diagnostics;
  const auto file = diagnostics.add_source("a.csv", "a\tb\r\nc\td\r\n");
  diagnostics.error({file, 2, 3, 9}, "wrong");
  EXPECT_EQ(diagnostics.text(""),
            "a.csv:2:3: error: wrong\n"
            "    2 | c d\n"
            "      |   ^\n"
            "1 error\n");
}

TEST(Diagnostics, AVeryLongLineIsCutAroundTheCaret) {
  Diagnostics diagnostics;
  const auto file =
      diagnostics.add_source("a.yaml", std::string(300, 'x') + "!" + std::string(300, 'y'));
  diagnostics.error({file, 1, 301, 1}, "here");
  EXPECT_EQ(diagnostics.text(""), "a.yaml:1:301: error: here\n    1 | " + std::string(55, 'x') +
                                      "!" + std::string(54, 'y') + "\n      | " +
                                      std::string(55, ' ') + "^\n1 error\n");
}

TEST(Diagnostics, APlaceBehindTheEndOfALineIsStillShown) {
  Diagnostics diagnostics;
  const auto file = diagnostics.add_source("a.yaml", "key:\n");
  diagnostics.error({file, 1, 6, 3}, "no value");
  diagnostics.error({file, 7, 1, 1}, "no such line");
  EXPECT_EQ(diagnostics.text(""),
            "a.yaml:1:5: error: no value\n"
            "    1 | key:\n"
            "      |     ^\n"
            "a.yaml:7:1: error: no such line\n"
            "2 errors\n");
}

TEST(Diagnostics, AFileThatWasReadTwiceHasItsMistakesOnce) {
  Diagnostics diagnostics;
  for (const char* const name : {"configs/a.yaml", "./configs/../configs/a.yaml"})
    diagnostics.error({diagnostics.add_source(name, "key: 1\n"), 1, 6, 1}, "wrong");
  diagnostics.error({diagnostics.add_source("b.yaml", "key: 1\n"), 1, 6, 1}, "wrong");
  EXPECT_EQ(diagnostics.text(""),
            "configs/a.yaml:1:6: error: wrong\n"
            "    1 | key: 1\n"
            "      |      ^\n"
            "b.yaml:1:6: error: wrong\n"
            "    1 | key: 1\n"
            "      |      ^\n"
            "2 errors\n");
}

TEST(Diagnostics, ColourMarksPlaceAndSeverity) {
  Diagnostics diagnostics;
  const auto file = diagnostics.add_source("a.yaml", "");
  diagnostics.error({file, 0, 0, 1}, "empty");
  EXPECT_EQ(diagnostics.text("", true),
            "\033[1ma.yaml: \033[0m\033[1;31merror: \033[0mempty\n1 error\n");
}

TEST(Suggestion, NamesTheClosestOrAllOfFew) {
  EXPECT_EQ(suggestion("maintainance", {"induction", "maintenance"}),
            "did you mean 'maintenance'?");
  EXPECT_EQ(suggestion("zzz", {"a", "b", "c"}), "one of a, b, c");
  EXPECT_EQ(suggestion("zzz", {}), "");
  EXPECT_EQ(closest("hr", {"hrs", "x"}), "hrs");
  EXPECT_EQ(closest("hr", {"abc"}), "");
}

}  // namespace
}  // namespace npcsim
