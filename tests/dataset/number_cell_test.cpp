#include <npcsim/dataset/number_cell.hpp>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

double quick(const std::string& text) {
  double value = -1;
  const char* end = quick_number(text.data(), text.data() + text.size(), value);
  return end == text.data() + text.size() ? value : std::nan("");
}

TEST(QuickNumber, RoundsAsTheCLibraryDoes) {
  // strtod of glibc rounds correctly; 100,000 decimals with up to 15 digits.
  std::mt19937_64 numbers(20240917);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t digits = numbers() % 1'000'000'000'000'000U;
    std::string text = std::to_string(digits);
    text.insert(numbers() % (text.size() + 1), 1, '.');
    if (text.size() > 2 && text[0] == '0' && text[1] != '.') continue;
    if (numbers() % 2 == 0) text.insert(0, 1, '-');
    ASSERT_EQ(quick(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(QuickNumber, LeavesTheDifficultOnesToOthers) {
  for (const char* text : {"", "-", ".", "007", "1e5", "1234567890123456", "+1", "NA", " 1"}) {
    EXPECT_TRUE(std::isnan(quick(text))) << text;
  }
}

TEST(QuickNumber, StopsBehindTheNumber) {
  const std::string text = "12.5,7";
  double value = 0;
  EXPECT_EQ(quick_number(text.data(), text.data() + text.size(), value), text.data() + 4);
  EXPECT_EQ(value, 12.5);
}

TEST(WholeNumberCell, TakesWhatSpreadsheetsAndRWrite) {
  double value = 0;
  EXPECT_TRUE(whole_number_cell("1e-5", value));
  EXPECT_EQ(value, 1e-5);
  EXPECT_TRUE(whole_number_cell("+3", value));
  EXPECT_EQ(value, 3.0);
  EXPECT_TRUE(whole_number_cell("0.12345678901234567", value));
  EXPECT_EQ(value, 0.12345678901234567);
  EXPECT_TRUE(whole_number_cell("-Inf", value));
  EXPECT_EQ(value, -HUGE_VAL);
}

TEST(NumberCell, MinusZeroIsZero) {
  EXPECT_FALSE(std::signbit(quick("-0")));
  EXPECT_FALSE(std::signbit(quick("-0.00")));
  double value = -1;
  EXPECT_TRUE(whole_number_cell("-0", value));
  EXPECT_FALSE(std::signbit(value));
  EXPECT_TRUE(whole_number_cell("-0e5", value));
  EXPECT_FALSE(std::signbit(value));
}

TEST(WholeNumberCell, RefusesCodesAndWords) {
  double value = 0;
  for (const char* text : {"", "007", "1,5", "0x10", "+-1", "1 2", "nan", "twelve", "1e", "-"}) {
    EXPECT_FALSE(whole_number_cell(text, value)) << text;
  }
}

}  // namespace
}  // namespace npcsim
