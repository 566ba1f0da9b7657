// Numbers and quantities as text: "21 d", "24 months", "70 Gy", "0.05 per year", "5 % within 12
// months".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace npcsim {

/// What a quantity measures. Inside the program there is one unit for each:
/// time in days, rate per day, dose in Gy, length in cm; the others as written.
enum class Dimension : std::uint8_t { none, time, rate, dose, length };

struct Quantity {
  double value = 0;  ///< in the inner unit of its dimension
  Dimension dimension = Dimension::none;
  std::string unit;   ///< as written, "" if bare; an unknown unit is kept here with dimension none
  double number = 0;  ///< as written, before the unit
};

/// Reads a plain decimal number; nothing for hex, octal-looking "010", "nan", "inf", overflow, or
/// trailing text.
std::optional<double> parse_number(std::string_view text);

/// Reads a whole number; nothing if there is a point, an exponent, or an overflow.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// Reads number and unit. A unit that is not of a known dimension is kept as text (e.g. "years of
/// age", "copies/mL").
std::optional<Quantity> parse_quantity(std::string_view text);

/// "a duration such as 21 d or 6 months", for messages.
std::string_view dimension_in_words(Dimension dimension);

/// Shortest decimal text that reads back as the same double; "inf", "-inf", "nan" for those.
std::string shortest(double value);

/// About `digits` significant digits, no exponent for ordinary sizes; for people.
std::string rounded(double value, int digits);

}  // namespace npcsim
