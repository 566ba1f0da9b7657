// Text of unknown origin on its way to a terminal.
#include <npcsim/base/utf8.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(Printable, LeavesTextAsItIs) {
  for (const char* const text :
       {"", "patient 7 at 70 Gy", "caf\xc3\xa9 \xe2\x89\xa5 5 \xf0\x9f\x99\x82", "C:\\x1b"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ShowsControlCharacters) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), R"(\x1b[31mred\x1b[0m)");
  EXPECT_EQ(printable("a\nb\r\n\tc\x7f"), R"(a\x0ab\x0d\x0a\x09c\x7f)");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), R"(a\x00b)");
}

// U+0080 to U+009F: ECMA-48, section 5.3; U+00A0 is a letter again.
TEST(Printable, ShowsControlCharactersOfTwoBytes) {
  EXPECT_EQ(printable("\xc2\x80 \xc2\x9b \xc2\x9f"), R"(\xc2\x80 \xc2\x9b \xc2\x9f)");
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");
}

// RFC 3629, section 10: a lone byte, a cut sequence, an overlong form, a surrogate, beyond
// U+10FFFF.
TEST(Printable, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("a\xff z"), R"(a\xff z)");
  EXPECT_EQ(printable("\xe2\x89"), R"(\xe2\x89)");
  EXPECT_EQ(printable("\xc0\xaf"), R"(\xc0\xaf)");
  EXPECT_EQ(printable("\xed\xa0\x80"), R"(\xed\xa0\x80)");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");
}

}  // namespace
}  // namespace npcsim
