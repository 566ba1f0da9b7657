#include <npcsim/report/html_text.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(HtmlText, MarkupIsShownAsText) {
  EXPECT_EQ(html_text("<b>1 & 2</b>"), "&lt;b&gt;1 &amp; 2&lt;/b&gt;");
}

TEST(HtmlText, QuotesCannotEndAnAttribute) {
  EXPECT_EQ(html_text("\"a' onload=\""), "&quot;a&#39; onload=&quot;");
}

TEST(HtmlText, OtherTextIsKept) { EXPECT_EQ(html_text("β = −0.87 µg"), "β = −0.87 µg"); }

TEST(ScriptJson, NothingInTheDataCanEndTheScriptElement) {
  const std::string safe =
      script_json(R"({"a":"</script><script>x()</script>","b":"<!-- <SCRIPT"})");
  EXPECT_EQ(safe,
            R"({"a":"\u003c/script>\u003cscript>x()\u003c/script>","b":"\u003c!-- \u003cSCRIPT"})");
}

TEST(ScriptJson, DataWithoutAngleBracketsAreKeptByteForByte) {
  const std::string data = R"({"a":[1,-2.5e3,null,"µ\n"]})";
  EXPECT_EQ(script_json(data), data);
}

}  // namespace
}  // namespace npcsim
