// Decimal numbers at the front of a text.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>

namespace npcsim {

/// Most cells are short: up to 15 digits make an integer below 2^53 and a power of ten that are
/// both exact, so that one division rounds correctly (Clinger, PLDI 1990). Returns the end of the
/// number, or nullptr when it is not of this kind.
inline const char* quick_number(const char* from, const char* end, double& out) {
  constexpr std::array<double, 16> power{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const auto digit = [end](const char* at) {
    return at < end ? static_cast<unsigned>(*at) - static_cast<unsigned>('0') : 10U;
  };
  const char* at = from;
  const bool negative = at < end && *at == '-';
  if (negative) ++at;
  const char* const first = at;
  std::uint64_t digits = 0;
  for (unsigned d = digit(at); d < 10; d = digit(++at)) digits = digits * 10 + d;
  std::ptrdiff_t count = at - first;
  if (count > 1 && *first == '0') return nullptr;
  std::ptrdiff_t decimals = 0;
  if (at < end && *at == '.') {
    const char* const point = ++at;
    for (unsigned d = digit(at); d < 10; d = digit(++at)) digits = digits * 10 + d;
    decimals = at - point;
    count += decimals;
  }
  if (count == 0 || count > 15) return nullptr;
  const double value = static_cast<double>(static_cast<std::int64_t>(digits)) /
                       power[static_cast<std::size_t>(decimals)];
  out = (negative ? -value : value) + 0.0;  // 0 for -0
  return at;
}

/// Whether the whole text is a number: decimal, no leading zeros (they make a code), no
/// hexadecimal; Inf, inf and Infinity with or without a sign are infinite.
inline bool whole_number_cell(std::string_view text, double& out) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return false;
  }
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view size = text.substr(negative ? 1 : 0);
  if (size == "Inf" || size == "inf" || size == "Infinity") {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    out = negative ? -infinite : infinite;
    return true;
  }
  const auto digit = [size](std::size_t i) {
    return i < size.size() && size[i] >= '0' && size[i] <= '9';
  };
  if (size.empty() || !(digit(0) || size[0] == '.')) return false;
  if (size[0] == '0' && digit(1)) return false;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  out += 0.0;  // 0 for -0
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

}  // namespace npcsim
