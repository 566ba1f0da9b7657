#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>

#include <algorithm>

namespace npcsim {

std::size_t Column::size() const {
  return std::visit([](const auto& list) { return list.size(); }, cells);
}

std::string Column::cell_text(std::size_t row) const {
  if (const auto* numbers = std::get_if<Numbers>(&cells)) {
    const double value = (*numbers)[row];
    return value != value ? std::string() : shortest(value);
  }
  if (const auto* integers = std::get_if<Integers>(&cells)) return std::to_string((*integers)[row]);
  return std::get<Texts>(cells)[row];
}

Column& Table::add_numbers(std::string column, std::string unit, std::string meaning) {
  columns.push_back({std::move(column), std::move(unit), std::move(meaning), Column::Numbers{}});
  return columns.back();
}

Column& Table::add_integers(std::string column, std::string unit, std::string meaning) {
  columns.push_back({std::move(column), std::move(unit), std::move(meaning), Column::Integers{}});
  return columns.back();
}

Column& Table::add_texts(std::string column, std::string meaning) {
  columns.push_back({std::move(column), "", std::move(meaning), Column::Texts{}});
  return columns.back();
}

const Column* Table::find(std::string_view column) const {
  for (const Column& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

std::string to_csv(const Table& table) {
  const auto quoted = [](const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    return out + "\"";
  };
  std::string out;
  const auto separate = [&out](std::size_t column) {
    if (column > 0) out += ',';
  };
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    separate(c);
    out += quoted(table.columns[c].name);
  }
  out += '\n';
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      separate(c);
      out += quoted(table.columns[c].cell_text(row));
    }
    out += '\n';
  }
  return out;
}

namespace {

// Width on a terminal: continuation bytes of UTF-8 take no room.
std::size_t width(const std::string& text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  return n;
}

bool number_like(const std::string& text) {
  return text.empty() || text == "-" || (text[0] >= '0' && text[0] <= '9') ||
         ((text[0] == '-' || text[0] == '+' || text[0] == '<' || text[0] == '>') &&
          text.size() > 1);
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      if (c == widths.size()) {
        widths.push_back(0);
        right.push_back(true);
      }
      widths[c] = std::max(widths[c], width(rows[r][c]));
      if (r > 0 && !number_like(rows[r][c])) right[c] = false;
    }
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string gap(widths[c] - width(row[c]), ' ');
      if (c > 0) line += "  ";
      line += right[c] ? gap + row[c] : row[c] + gap;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + "\n";
  }
  return out;
}

}  // namespace npcsim
