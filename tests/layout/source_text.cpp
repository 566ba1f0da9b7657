#include "layout/source_text.hpp"

#include <algorithm>
#include <cctype>

namespace npcsim::layout {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// Blanks [begin, end) but keeps line ends.
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end && i < text.size(); ++i) {
    if (text[i] != '\n') {
      text[i] = ' ';
    }
  }
}

// The end of the literal that starts with the quote at `start`; a line end closes a broken one.
std::size_t literal_end(std::string_view code, std::size_t start) {
  const char quote = code[start];
  std::size_t i = start + 1;
  while (i < code.size() && code[i] != quote && code[i] != '\n') {
    i += code[i] == '\\' ? 2U : 1U;
  }
  return std::min(i + 1, code.size());
}

// The end of the raw literal R"delimiter( ... )delimiter" whose quote stands at `start`.
std::size_t raw_literal_end(std::string_view code, std::size_t start) {
  const std::size_t open = code.find('(', start);
  if (open == std::string_view::npos) {
    return code.size();
  }
  const std::string close = ")" + std::string(code.substr(start + 1, open - start - 1)) + "\"";
  const std::size_t end = code.find(close, open);
  return end == std::string_view::npos ? code.size() : end + close.size();
}

}  // namespace

std::string without_comments(std::string_view code, Literals literals) {
  std::string result(code);
  std::size_t i = 0;
  while (i < code.size()) {
    const std::string_view rest = code.substr(i);
    std::size_t end = i + 1;
    if (rest.substr(0, 2) == "//") {
      end = std::min(code.find('\n', i), code.size());
      blank(result, i, end);
    } else if (rest.substr(0, 2) == "/*") {
      const std::size_t close = code.find("*/", i + 2);
      end = close == std::string_view::npos ? code.size() : close + 2;
      blank(result, i, end);
    } else if (code[i] == '"' || (code[i] == '\'' && (i == 0 || !is_word(code[i - 1])))) {
      // A quote after a word character is a digit separator, as in 65'536.
      const bool raw = code[i] == '"' && i > 0 && code[i - 1] == 'R';
      end = raw ? raw_literal_end(code, i) : literal_end(code, i);
      if (literals == Literals::blank) {
        blank(result, i, end);
      }
    }
    i = end;
  }
  return result;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::vector<Include> includes_of(std::string_view code) {
  std::vector<Include> includes;
  const std::vector<std::string> lines = lines_of(without_comments(code, Literals::keep));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    const auto skip_spaces = [&line] {
      while (!line.empty() && is_space(line.front())) {
        line.remove_prefix(1);
      }
    };
    skip_spaces();
    if (line.empty() || line.front() != '#') {
      continue;
    }
    line.remove_prefix(1);
    skip_spaces();
    if (line.substr(0, 7) != "include") {
      continue;
    }
    line.remove_prefix(7);
    skip_spaces();
    if (line.empty() || (line.front() != '<' && line.front() != '"')) {
      continue;
    }
    const bool quoted = line.front() == '"';
    const std::size_t end = line.find(quoted ? '"' : '>', 1);
    if (end != std::string_view::npos) {
      includes.push_back({i + 1, std::string(line.substr(1, end - 1)), quoted});
    }
  }
  return includes;
}

std::vector<std::size_t> find_word(std::string_view code, std::string_view word) {
  std::vector<std::size_t> places;
  for (std::size_t at = code.find(word); at != std::string_view::npos;
       at = code.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word(code[at - 1]) || !is_word(word.front());
    const bool ends = end == code.size() || !is_word(code[end]) || !is_word(word.back());
    if (starts && ends) {
      places.push_back(at);
    }
  }
  return places;
}

std::size_t line_number(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

char next_visible(std::string_view text, std::size_t position) {
  while (position < text.size() && is_space(text[position])) {
    ++position;
  }
  return position < text.size() ? text[position] : '\0';
}

char previous_visible(std::string_view text, std::size_t position) {
  while (position > 0 && is_space(text[position - 1])) {
    --position;
  }
  return position > 0 ? text[position - 1] : '\0';
}

}  // namespace npcsim::layout
