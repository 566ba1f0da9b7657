#include <npcsim/io/csv_scanner.hpp>

namespace npcsim {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_quoted(std::string_view raw) { return raw.size() >= 2 && raw.front() == '"'; }

}  // namespace

std::string_view csv_inner(std::string_view raw) {
  if (is_quoted(raw)) return raw.substr(1, raw.size() - 2);
  while (!raw.empty() && is_blank(raw.front())) raw.remove_prefix(1);
  while (!raw.empty() && is_blank(raw.back())) raw.remove_suffix(1);
  return raw;
}

std::string csv_content(std::string_view raw) {
  const std::string_view text = csv_inner(raw);
  if (!is_quoted(raw)) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"') ++i;
  }
  return out;
}

SourcePlace csv_place(std::string_view text, std::size_t row_start, std::int32_t line,
                      const CsvCell& cell, std::int32_t file) {
  // A quoted cell before this one may hold line breaks.
  const std::string_view before = text.substr(row_start, cell.at - row_start);
  const auto breaks = std::count(before.begin(), before.end(), '\n');
  const std::size_t from = breaks == 0 ? row_start : row_start + before.rfind('\n') + 1;
  const std::size_t length = std::min(cell.raw.size(), cell.raw.find('\n'));
  return {file, line + static_cast<std::int32_t>(breaks),
          static_cast<std::int32_t>(cell.at - from) + 1,
          static_cast<std::int32_t>(std::max<std::size_t>(length, 1))};
}

}  // namespace npcsim
