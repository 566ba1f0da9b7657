#include <npcsim/base/utf8.hpp>
#include <npcsim/io/text_check.hpp>

#include <algorithm>

namespace npcsim {
namespace {

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

std::string hexadecimal(unsigned char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("0x") + digits[c >> 4] + digits[c & 15];
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return text;
}

bool looks_binary(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 65'536);
  if (bytes.find('\0') != std::string_view::npos) return true;
  const auto controls = std::count_if(
      head.begin(), head.end(), [](char c) { return is_control(static_cast<unsigned char>(c)); });
  return controls > 8 && static_cast<std::size_t>(controls) * 50 > head.size();
}

bool check_text(std::string_view text, std::int32_t file, Diagnostics& diagnostics) {
  const std::string_view start = text.substr(0, 2);
  if (looks_binary(text) || start == "\xFF\xFE" || start == "\xFE\xFF") {
    const bool wide = start == "\xFF\xFE" || start == "\xFE\xFF";
    diagnostics.error({file, 0, 0, 1}, wide ? "this text is UTF-16" : "this is not a text file",
                      wide ? "save it as UTF-8" : "expected UTF-8 text");
    return false;
  }
  std::int32_t line = 1;
  std::size_t line_start = 0;
  constexpr int enough = 10;
  int found = 0;
  const auto report = [&](std::size_t at, std::string message, std::string hint) {
    ++found;
    diagnostics.error({file, line, static_cast<std::int32_t>(at - line_start) + 1, 1},
                      std::move(message), std::move(hint));
  };
  for (std::size_t i = 0; i < text.size() && found < enough;) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') {
      ++line;
      line_start = i + 1;
    } else if (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) {
      report(i, "a carriage return that ends no line",
             "save the file with the line ends of Unix or Windows");
    } else if (is_control(c)) {
      report(i, "control character " + hexadecimal(c), "remove it");
    } else if (c >= 0x80) {
      const std::size_t length = utf8_length(text.substr(i));
      if (length == 0) {
        report(i, "byte " + hexadecimal(c) + " is not valid UTF-8", "save the file as UTF-8");
      }
      i += length == 0 ? 1 : length;
      continue;
    }
    ++i;
  }
  return found == 0;
}

}  // namespace npcsim
