#include <npcsim/io/csv.hpp>
#include <npcsim/io/csv_scanner.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/text_check.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_set>
#include <utility>

namespace npcsim {
namespace {

constexpr int enough_errors = 10;
// More columns than any table here has; the next one is most likely turned on its side.
constexpr std::size_t most_columns = 65'536;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Decimal numbers as in documents: no leading zeros (they are codes), no hexadecimal, no "inf".
bool read_number(std::string_view text, double& out) {
  const bool plus = text.front() == '+';
  if (plus) text.remove_prefix(1);
  const std::size_t from = !plus && !text.empty() && text.front() == '-' ? 1 : 0;
  if (from >= text.size() || !(digit(text[from]) || text[from] == '.')) return false;
  if (text[from] == '0' && from + 1 < text.size() && digit(text[from + 1])) return false;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

std::string cells_in_words(std::size_t n) {
  return std::to_string(n) + (n == 1 ? " cell" : " cells");
}

// First pass: rows, structure, and numbers as long as a column holds nothing else.
struct FirstPass {
  std::vector<std::size_t> starts;
  std::vector<std::int32_t> lines;
  std::vector<Column::Numbers> numbers;
  std::vector<char> is_text;
  int errors = 0;
};

class CsvParser {
 public:
  CsvParser(std::string_view text, std::int32_t file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  void skip_remarks(CsvScanner& scan) const {
    while (!scan.at_end() && (scan.at_empty_line() || text_[scan.position()] == '#')) {
      scan.skip_line();
    }
  }

  std::optional<std::vector<std::string>> header(CsvScanner& scan) {
    if (scan.at_end()) {
      diagnostics_.error({file_, 0, 0, 1}, "the file is empty", "expected a header line");
      return std::nullopt;
    }
    std::vector<std::string> names;
    std::unordered_set<std::string> known;
    const std::size_t start = scan.position();
    const std::int32_t line = scan.line();
    int errors = 0;
    for (bool more = true; more && errors < enough_errors;) {
      const CsvCell cell = scan.next(more);
      if (!cell.sound) {
        report_quotes(place_of(cell, start, line));
        return std::nullopt;
      }
      if (names.size() == most_columns) {
        diagnostics_.error({file_, line, 1, 1},
                           "more than " + std::to_string(most_columns) + " columns",
                           "is this table turned on its side?");
        return std::nullopt;
      }
      std::string name = csv_content(cell.raw);
      if (name.empty()) {
        diagnostics_.error(place_of(cell, start, line), "a column without a name");
        ++errors;
      } else if (!known.insert(name).second) {
        diagnostics_.error(place_of(cell, start, line), "duplicate column '" + name + "'");
        ++errors;
      }
      names.push_back(std::move(name));
    }
    bool fine = errors == 0;
    if (names.size() == 1 && names[0].find_first_of(";\t") != std::string::npos) {
      diagnostics_.error({file_, line, 1, 1}, "the columns must be separated by commas",
                         "save the table with ',' between cells and '.' in decimals");
      fine = false;
    }
    if (!fine) return std::nullopt;
    return names;
  }

  FirstPass rows(CsvScanner scan, std::size_t columns) {
    FirstPass pass;
    pass.numbers.resize(columns);
    pass.is_text.assign(columns, 0);
    while (!scan.at_end() && pass.errors < enough_errors) {
      if (scan.at_empty_line()) {
        scan.skip_line();
        continue;
      }
      row(scan, columns, pass);
    }
    return pass;
  }

 private:
  void row(CsvScanner& scan, std::size_t columns, FirstPass& pass) {
    const std::size_t start = scan.position();
    const std::int32_t line = scan.line();
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
      const CsvCell cell = scan.next(more);
      if (!cell.sound) {
        report_quotes(place_of(cell, start, line));
        pass.errors = enough_errors;  // what follows cannot be told apart any more
        return;
      }
      if (count >= columns || pass.is_text[count] != 0) continue;
      const std::string_view text = csv_inner(cell.raw);
      double value = std::numeric_limits<double>::quiet_NaN();
      if (!is_missing(text) && !read_number(text, value)) {
        pass.is_text[count] = 1;
      } else {
        pass.numbers[count].push_back(value);
      }
    }
    if (count != columns) {
      ++pass.errors;
      diagnostics_.error({file_, line, 1, 1}, "this row has " + cells_in_words(count) +
                                                  ", the header has " + std::to_string(columns));
    }
    pass.starts.push_back(start);
    pass.lines.push_back(line);
  }

  SourcePlace place_of(const CsvCell& cell, std::size_t row_start, std::int32_t line) const {
    return csv_place(text_, row_start, line, cell, file_);
  }

  void report_quotes(const SourcePlace& place) {
    diagnostics_.error(place, "the quotation marks of this cell are wrong",
                       "\" begins and ends the cell; inside it is written twice");
  }

  std::string_view text_;
  std::int32_t file_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<CsvTable> read_csv_text(std::string name, std::string text,
                                      Diagnostics& diagnostics) {
  CsvTable out;
  out.text_ = without_byte_order_mark(text);
  out.table_.name = name;
  const bool shown = !looks_binary(out.text_);
  out.file_ = diagnostics.add_source(std::move(name), shown ? out.text_ : std::string());
  if (!check_text(out.text_, out.file_, diagnostics)) return std::nullopt;

  CsvParser parser(out.text_, out.file_, diagnostics);
  CsvScanner scan(out.text_, 0, 1);
  parser.skip_remarks(scan);
  out.header_start_ = scan.position();
  out.header_line_ = scan.line();
  const auto names = parser.header(scan);
  if (!names) return std::nullopt;
  FirstPass pass = parser.rows(scan, names->size());
  if (pass.errors > 0) return std::nullopt;

  std::vector<Column::Texts> texts(names->size());
  if (std::find(pass.is_text.begin(), pass.is_text.end(), 1) != pass.is_text.end()) {
    for (std::size_t row = 0; row < pass.starts.size(); ++row) {
      CsvScanner again(out.text_, pass.starts[row], pass.lines[row]);
      bool more = true;
      for (std::size_t c = 0; c < names->size(); ++c) {
        const CsvCell cell = again.next(more);
        if (pass.is_text[c] == 0) continue;
        std::string cell_text = csv_content(cell.raw);
        texts[c].push_back(is_missing(cell_text) ? std::string() : std::move(cell_text));
      }
    }
  }
  for (std::size_t c = 0; c < names->size(); ++c) {
    if (pass.is_text[c] != 0) {
      out.table_.add_texts((*names)[c]).cells = std::move(texts[c]);
    } else {
      out.table_.add_numbers((*names)[c], "").cells = std::move(pass.numbers[c]);
    }
  }
  out.starts_ = std::move(pass.starts);
  out.lines_ = std::move(pass.lines);
  return out;
}

SourcePlace CsvTable::cell_place(std::size_t start, std::int32_t line, std::size_t column) const {
  CsvScanner scan(text_, start, line);
  bool more = true;
  CsvCell cell = scan.next(more);
  for (std::size_t c = 0; c < column && more; ++c) cell = scan.next(more);
  return csv_place(text_, start, line, cell, file_);
}

SourcePlace CsvTable::place(std::size_t row, std::size_t column) const {
  return cell_place(starts_[row], lines_[row], column);
}

SourcePlace CsvTable::header_place(std::size_t column) const {
  return cell_place(header_start_, header_line_, column);
}

std::optional<std::size_t> CsvTable::find(std::string_view column) const {
  for (std::size_t c = 0; c < table_.columns.size(); ++c) {
    if (table_.columns[c].name == column) return c;
  }
  return std::nullopt;
}

std::optional<std::size_t> CsvTable::require(std::string_view column,
                                             Diagnostics& diagnostics) const {
  const auto index = find(column);
  if (!index) {
    std::vector<std::string> names;
    for (const Column& candidate : table_.columns) names.push_back(candidate.name);
    diagnostics.error({file_, header_line_, 1, 1}, "missing column '" + std::string(column) + "'",
                      suggestion(column, names));
  }
  return index;
}

const Column::Numbers* CsvTable::numbers(std::string_view column, Diagnostics& diagnostics) const {
  const auto index = require(column, diagnostics);
  if (!index) return nullptr;
  const auto& cells = table_.columns[*index].cells;
  if (const auto* numbers = std::get_if<Column::Numbers>(&cells)) return numbers;
  const auto& texts = std::get<Column::Texts>(cells);
  int errors = 0;
  for (std::size_t row = 0; row < texts.size() && errors < enough_errors; ++row) {
    double value = 0;
    if (texts[row].empty() || read_number(texts[row], value)) continue;
    ++errors;
    diagnostics.error(
        place(row, *index),
        "column '" + std::string(column) + "' needs a number, found '" + texts[row] + "'",
        "leave the cell empty if the value is missing");
  }
  return nullptr;
}

std::optional<Column::Texts> CsvTable::texts(std::string_view column,
                                             Diagnostics& diagnostics) const {
  const auto index = require(column, diagnostics);
  if (!index) return std::nullopt;
  const auto& cells = table_.columns[*index].cells;
  if (const auto* texts = std::get_if<Column::Texts>(&cells)) return *texts;
  auto out = names(column, diagnostics);
  for (std::string& text : *out) {
    if (is_missing(text)) text.clear();
  }
  return out;
}

std::optional<Column::Texts> CsvTable::names(std::string_view column,
                                             Diagnostics& diagnostics) const {
  const auto index = require(column, diagnostics);
  if (!index) return std::nullopt;
  Column::Texts out;
  for (std::size_t row = 0; row < rows(); ++row) {
    CsvScanner scan(text_, starts_[row], lines_[row]);
    bool more = true;
    CsvCell cell = scan.next(more);
    for (std::size_t c = 0; c < *index; ++c) cell = scan.next(more);
    out.push_back(csv_content(cell.raw));
  }
  return out;
}

std::optional<CsvTable> read_csv_file(const std::string& path, Diagnostics& diagnostics) {
  return read_csv_text(path, read_file(path), diagnostics);
}

}  // namespace npcsim
