#include <npcsim/base/utf8.hpp>

namespace npcsim {

std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto within = [](unsigned char c, int low, int high) { return c >= low && c <= high; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (within(first, 0xC2, 0xDF)) return within(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (within(first, 0xE0, 0xEF)) {
    // No overlong forms, no surrogates.
    const int low = first == 0xE0 ? 0xA0 : 0x80;
    const int high = first == 0xED ? 0x9F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (within(first, 0xF0, 0xF4)) {
    const int low = first == 0xF0 ? 0x90 : 0x80;
    const int high = first == 0xF4 ? 0x8F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) && within(byte(3), 0x80, 0xBF)
               ? 4
               : 0;
  }
  return 0;
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8_length(text.substr(i));
    // U+0080 to U+009F, which some terminals take for the two bytes ESC and a letter.
    const bool c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool shown = length > 1 ? !c1 : length == 1 && first >= 0x20 && first != 0x7F;
    const std::size_t bytes = length == 0 ? 1 : length;
    for (const char byte : text.substr(i, bytes)) {
      const auto code = static_cast<unsigned char>(byte);
      if (shown) {
        out += byte;
      } else {
        out += {'\\', 'x', digits[code >> 4], digits[code & 15]};
      }
    }
    i += bytes;
  }
  return out;
}

}  // namespace npcsim
