#include <npcsim/report/detail/json_value.hpp>

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

std::string problem_of(std::string_view text) {
  try {
    parse_json(text);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "accepted";
}

TEST(JsonValue, KeepsMembersInTheOrderOfTheDocument) {
  const JsonValue value = parse_json(R"( {"b": 1, "a": [true, false, null]} )");
  ASSERT_EQ(value.members.size(), 2U);
  EXPECT_EQ(value.members[0].first, "b");
  ASSERT_EQ(value.members[1].second.items.size(), 3U);
  EXPECT_EQ(value.members[1].second.items[0].text, "true");
  EXPECT_EQ(value.members[1].second.items[2].kind, JsonValue::Kind::null);
}

TEST(JsonValue, KeepsNumbersAsWritten) {
  EXPECT_EQ(parse_json("-0.5e-03").text, "-0.5e-03");
  EXPECT_EQ(parse_json("20240217").text, "20240217");
}

// RFC 8259 section 7: U+1D11E is written as the pair D834 DD1E; its UTF-8 form is F0 9D 84 9E.
TEST(JsonValue, DecodesEscapesIncludingSurrogatePairs) {
  EXPECT_EQ(parse_json(R"("\u00e9\u20ac\uD834\uDD1E\"\\\/\n")").text,
            "\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E\"\\/\n");
}

TEST(JsonValue, TheLastOfRepeatedNamesCountsAsInBrowsers) {
  EXPECT_EQ(parse_json(R"({"a":"1","a":"2"})").text_of("a"), "2");
}

TEST(JsonValue, RefusesWhatIsNotJson) {
  for (const char* text :
       {"",        "{",           "[1,]",        "{\"a\" 1}",   "{a:1}", "01",
        "1.",      "+1",          "NaN",         "Infinity",    "\"a",   "\"\t\"",
        "\"\\x\"", "\"\\u12g4\"", "\"\\uD834\"", "\"\\uDD1E\"", "nul",   "1 2",
        "'a'",     "1e"}) {
    EXPECT_NE(problem_of(text), "accepted") << text;
  }
}

TEST(JsonValue, SaysLineAndColumnOfTheMistake) {
  EXPECT_EQ(problem_of("{\n  \"a\": nan}"), "report data, line 2, column 8: expected a JSON value");
}

TEST(JsonValue, RefusesDataThatNestTooDeeply) {
  EXPECT_EQ(problem_of(std::string(90, '[') + std::string(90, ']')), "accepted");
  EXPECT_NE(problem_of(std::string(5000, '[')), "accepted");
}

}  // namespace
}  // namespace npcsim::detail
