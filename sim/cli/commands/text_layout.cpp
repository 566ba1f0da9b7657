#include <npcsim/cli/commands/text_layout.hpp>

namespace npcsim {

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0U : 1U;
  return width;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  std::string out;
  std::string line;
  while (!text.empty()) {
    const auto blank = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, blank);
    if (!word.empty()) {
      if (!line.empty() && indent + text_width(line) + 1 + text_width(word) > width) {
        out += margin + line + "\n";
        line.clear();
      }
      if (!line.empty()) line += ' ';
      line += word;
    }
    if (blank == std::string_view::npos) break;
    text.remove_prefix(blank + 1);
  }
  if (!line.empty()) out += margin + line + "\n";
  return out;
}

std::string cut(std::string_view text, std::size_t width) {
  if (text_width(text) <= width) return std::string(text);
  std::size_t end = text.find_last_of(' ', width - 3);
  if (end == std::string_view::npos) end = width - 3;
  return std::string(text.substr(0, end)) + "...";
}

std::string plain_markdown(std::string_view text) {
  std::string out;
  std::string paragraph;
  const auto flush = [&] {
    if (!paragraph.empty()) out += wrapped(paragraph, 2, 100);
    paragraph.clear();
  };
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.substr(0, 4) == "    ") {
      flush();
      out += std::string(line) + "\n";
      continue;
    }
    if (line.empty()) {
      flush();
      if (!out.empty()) out += "\n";
      continue;
    }
    if (line.substr(0, 2) == "* ") flush();
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '`') continue;
      if (line[i] == '*' && i + 1 < line.size() && line[i + 1] == '*') {
        ++i;
        continue;
      }
      paragraph += line[i];
    }
    paragraph += ' ';
  }
  flush();
  return out;
}

}  // namespace npcsim
