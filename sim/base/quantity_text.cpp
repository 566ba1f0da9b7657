#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace npcsim {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Length of the decimal number at the start of the text; 0 if there is none.
std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const std::size_t whole_from = i;
  while (i < text.size() && digit(text[i])) ++i;
  const std::size_t whole = i - whole_from;
  // A leading zero that is followed by a digit is octal to some readers and decimal to others:
  // refuse it.
  if (whole > 1 && text[whole_from] == '0') return 0;
  std::size_t fraction = 0;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && digit(text[i])) {
      ++i;
      ++fraction;
    }
  }
  if (whole + fraction == 0) return 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < text.size() && (text[j] == '-' || text[j] == '+')) ++j;
    if (j < text.size() && digit(text[j])) {
      while (j < text.size() && digit(text[j])) ++j;
      i = j;
    }
  }
  return i;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

struct UnitRow {
  std::string_view name;
  Dimension dimension;
  double factor;
};

constexpr std::array<UnitRow, 13> time_units{{{"d", Dimension::time, 1.0},
                                              {"day", Dimension::time, 1.0},
                                              {"days", Dimension::time, 1.0},
                                              {"week", Dimension::time, days_per_week},
                                              {"weeks", Dimension::time, days_per_week},
                                              {"wk", Dimension::time, days_per_week},
                                              {"mo", Dimension::time, days_per_month},
                                              {"month", Dimension::time, days_per_month},
                                              {"months", Dimension::time, days_per_month},
                                              {"year", Dimension::time, days_per_year},
                                              {"years", Dimension::time, days_per_year},
                                              {"y", Dimension::time, days_per_year},
                                              {"yr", Dimension::time, days_per_year}}};

constexpr std::array<UnitRow, 4> other_units{{{"Gy", Dimension::dose, 1.0},
                                              {"cm", Dimension::length, 1.0},
                                              {"mm", Dimension::length, 0.1},
                                              {"%", Dimension::none, 0.01}}};

// Whether a number beyond the range of doubles is too near to 0, rather than too far from it.
bool is_tiny(std::string_view text) {
  const std::size_t exponent_at = text.find_first_of("eE");
  if (exponent_at != std::string_view::npos && text.substr(exponent_at + 1, 1) == "-") return true;
  const std::size_t first = text.find_first_of("123456789");
  return text.find('.') < first && exponent_at == std::string_view::npos;
}

// As printf would write it in the C locale.
std::string in_format(double value, std::chars_format format, int digits) {
  std::array<char, 400> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, digits);
  return {buffer.data(), written.ptr};
}

bool reads_as(const std::string& text, double value) {
  double back = 0;
  std::from_chars(text.data(), text.data() + text.size(), back);
  return back == value;
}

std::optional<double> time_factor(std::string_view unit) {
  for (const UnitRow& row : time_units) {
    if (row.name == unit) return row.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || length != text.size()) return std::nullopt;
  // Not strtod(): a program that embeds this one may have set a locale with a decimal comma.
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range) {
    if (!is_tiny(text)) return std::nullopt;
    value = 0;
  }
  return value + 0.0;  // 0 for -0: a quotient by it would be -infinity
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || length != text.size()) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  text = trimmed(text);
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  const auto number = parse_number(text.substr(0, length));
  if (!number) return std::nullopt;
  const std::string_view unit = trimmed(text.substr(length));
  Quantity quantity;
  quantity.value = *number;
  quantity.number = *number;
  quantity.unit = std::string(unit);
  if (unit.empty()) return quantity;
  // "5 % within 12 months": the constant rate with that probability, -log(1 - p) / time.
  const auto within = unit.find("within ");
  if (within != std::string_view::npos && (within == 0 || unit.substr(0, within) == "% ")) {
    const auto time = parse_quantity(unit.substr(within + 7));
    const double probability = within == 0 ? *number : *number * 0.01;
    if (time && time->dimension == Dimension::time && time->value > 0 && probability >= 0 &&
        probability < 1) {
      quantity.value = (0.0 - portable::log1p(-probability)) / time->value;  // 0 %: not -0
      quantity.dimension = Dimension::rate;
    }
    return quantity;
  }
  // A unit that touches the digits must still be a word: "12abc" is no quantity unless "abc" is
  // kept as a unit.
  if (const auto factor = time_factor(unit)) {
    quantity.value *= *factor;
    quantity.dimension = Dimension::time;
    return quantity;
  }
  std::string_view per = unit;
  bool rate = false;
  if (per.substr(0, 4) == "per ") {
    per = trimmed(per.substr(4));
    rate = true;
  } else if (per.substr(0, 1) == "/") {
    per = trimmed(per.substr(1));
    rate = true;
  }
  if (rate) {
    if (const auto factor = time_factor(per)) {
      quantity.value /= *factor;
      quantity.dimension = Dimension::rate;
      return quantity;
    }
  }
  for (const UnitRow& row : other_units) {
    if (row.name == unit) {
      quantity.value *= row.factor;
      quantity.dimension = row.dimension;
      return quantity;
    }
  }
  return quantity;
}

std::string_view dimension_in_words(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return "a number without unit";
    case Dimension::time:
      return "a duration such as 21 d or 6 months";
    case Dimension::rate:
      return "a rate such as 0.05 per month, or 5 % within 12 months";
    case Dimension::dose:
      return "a dose such as 70 Gy";
    case Dimension::length:
      return "a length such as 5 cm";
  }
  return {};
}

std::string shortest(double value) {
  if (value != value) return "nan";
  if (value > std::numeric_limits<double>::max()) return "inf";
  if (value < std::numeric_limits<double>::lowest()) return "-inf";
  // Whole numbers of ordinary size without an exponent: 100, not 1e+02.
  if (value > -1e15 && value < 1e15) {
    std::string whole = in_format(value, std::chars_format::fixed, 0);
    if (reads_as(whole, value)) return whole;
  }
  for (const int digits : {1, 3, 6, 9, 12, 15, 16}) {
    std::string text = in_format(value, std::chars_format::general, digits);
    if (reads_as(text, value)) return text;
  }
  return in_format(value, std::chars_format::general, 17);
}

std::string rounded(double value, int digits) {
  const double size = value < 0 ? -value : value;
  if (value != value) return "-";
  if (size >= 1e15)  // digits beyond those that a number holds mean nothing
    return in_format(value, std::chars_format::general, digits > 0 ? digits : 1);
  int decimals = digits;
  for (double bound = 1.0; bound <= size && decimals > 0; bound *= 10.0) --decimals;
  return in_format(value, std::chars_format::fixed, decimals);
}

}  // namespace npcsim
