#include <npcsim/base/quantity_text.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(ParseNumber, ReadsDecimalNumbersAndNothingElse) {
  EXPECT_EQ(parse_number("12"), 12.0);
  EXPECT_EQ(parse_number("-0.5"), -0.5);
  EXPECT_EQ(parse_number("+3."), 3.0);
  EXPECT_EQ(parse_number(".25"), 0.25);
  EXPECT_EQ(parse_number("1.5e-3"), 0.0015);
  EXPECT_EQ(parse_number("0"), 0.0);
  for (const char* wrong : {"", "-", ".", "e5", "1e", "1e+", "12 ", " 12", "1,5", "0x10", "nan",
                            "inf", "-inf", "1_000", "1e999", "-1e999", "12abc", "--1", "1.2.3"}) {
    EXPECT_FALSE(parse_number(wrong)) << wrong;
  }
}

TEST(ParseNumber, RefusesLeadingZerosThatSomeReadAsOctal) {
  EXPECT_FALSE(parse_number("010"));
  EXPECT_FALSE(parse_number("-007.5"));
  EXPECT_EQ(parse_number("0.7"), 0.7);
  // Too small for a double is 0, too large is no number.
  EXPECT_EQ(parse_number("1e-400"), 0.0);
  EXPECT_EQ(parse_number("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_FALSE(parse_number("-1e400"));
  EXPECT_FALSE(parse_number("1" + std::string(400, '0')));
  EXPECT_FALSE(parse_number("1" + std::string(400, '0') + ".5"));
  EXPECT_EQ(parse_number("-0.7"), -0.7);
}

TEST(ParseInteger, ReadsTheWholeRangeAndNothingBeyond) {
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("-17"), -17);
  EXPECT_EQ(parse_integer("+17"), 17);
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const char* wrong : {"9223372036854775808", "9999999999999999999", "-9223372036854775809",
                            "1.0", "1e3", "010", "", "-", "+-1", "12 "}) {
    EXPECT_FALSE(parse_integer(wrong)) << wrong;
  }
}

TEST(ParseQuantity, TimesAreInDays) {
  for (const auto& [text, days] : {std::pair{"21 d", 21.0},
                                   {"21d", 21.0},
                                   {"1 day", 1.0},
                                   {"3 weeks", 21.0},
                                   {"2 months", 60.875},
                                   {"1 mo", 30.4375},
                                   {"1 year", 365.25},
                                   {"-2 d", -2.0},
                                   {"  5  days ", 5.0}}) {
    const auto quantity = parse_quantity(text);
    ASSERT_TRUE(quantity) << text;
    EXPECT_EQ(quantity->dimension, Dimension::time) << text;
    EXPECT_EQ(quantity->value, days) << text;
  }
}

TEST(ParseQuantity, RatesArePerDay) {
  for (const char* text :
       {"0.365250 per year", "0.36525/year", "0.0070 per week", "0.001 / d", "0.001 per day"}) {
    const auto quantity = parse_quantity(text);
    ASSERT_TRUE(quantity) << text;
    EXPECT_EQ(quantity->dimension, Dimension::rate) << text;
    EXPECT_DOUBLE_EQ(quantity->value, 0.001) << text;
  }
}

TEST(ParseQuantity, DosesLengthsAndShares) {
  EXPECT_EQ(parse_quantity("70 Gy")->dimension, Dimension::dose);
  EXPECT_EQ(parse_quantity("70 Gy")->value, 70.0);
  EXPECT_EQ(parse_quantity("25 mm")->dimension, Dimension::length);
  EXPECT_DOUBLE_EQ(parse_quantity("25 mm")->value, 2.5);
  EXPECT_EQ(parse_quantity("5 %")->dimension, Dimension::none);
  EXPECT_DOUBLE_EQ(parse_quantity("5 %")->value, 0.05);
  EXPECT_EQ(parse_quantity("0.7")->unit, "");
}

TEST(ParseQuantity, AnUnknownUnitIsKeptAsText) {
  const auto quantity = parse_quantity("4000 copies/mL");
  ASSERT_TRUE(quantity);
  EXPECT_EQ(quantity->value, 4000.0);
  EXPECT_EQ(quantity->dimension, Dimension::none);
  EXPECT_EQ(quantity->unit, "copies/mL");
  EXPECT_FALSE(parse_quantity("days"));
  EXPECT_FALSE(parse_quantity(""));
}

TEST(Shortest, ReadsBackToTheSameDouble) {
  std::uint64_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    double value = 0;
    std::memcpy(&value, &state, sizeof value);  // all bit patterns, so all sizes
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(std::strtod(shortest(value).c_str(), nullptr), value) << shortest(value);
  }
}

TEST(Shortest, IsShort) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(-0.7), "-0.7");
  EXPECT_EQ(shortest(30.4375), "30.4375");
  EXPECT_EQ(shortest(100), "100");
  EXPECT_EQ(shortest(1.0 / 3.0), "0.3333333333333333");
  EXPECT_EQ(shortest(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(shortest(std::nan("")), "nan");
  EXPECT_EQ(shortest(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(shortest(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(Rounded, KeepsAboutTheSignificantDigits) {
  EXPECT_EQ(rounded(123.456, 3), "123");
  EXPECT_EQ(rounded(12.3456, 3), "12.3");
  EXPECT_EQ(rounded(-1.23456, 3), "-1.23");
  EXPECT_EQ(rounded(0.5, 3), "0.500");
  EXPECT_EQ(rounded(123456, 3), "123456");
  EXPECT_EQ(rounded(std::nan(""), 3), "-");
  EXPECT_EQ(rounded(123456789012345.0, 3), "123456789012345");
  EXPECT_EQ(rounded(1.7709354511667e149, 4), "1.771e+149");
  EXPECT_EQ(rounded(-1.7709354511667e149, 4), "-1.771e+149");
}

}  // namespace
}  // namespace npcsim
