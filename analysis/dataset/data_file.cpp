#include <npcsim/dataset/data_file.hpp>
#include <npcsim/io/csv_scanner.hpp>
#include <npcsim/io/text_check.hpp>

#include <algorithm>
#include <utility>

namespace npcsim {
namespace {

// More columns than any study has; a table with more is most likely turned on its side.
constexpr std::size_t most_columns = 65'536;

// Nothing but printing ASCII, tabs and plain line ends: then there is nothing to check. Written
// without branches so that the compiler takes many bytes at a time.
bool plain_ascii(std::string_view text) {
  unsigned odd = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const unsigned control = byte < 0x20 && byte != '\n' && byte != '\t' ? 1U : 0U;
    odd |= control | (byte >= 0x7f ? 1U : 0U);
  }
  return odd == 0;
}

bool all_plain_ascii(std::string_view text) {
  constexpr std::size_t piece = 1U << 20;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!plain_ascii(text.substr(at, piece))) return false;
  }
  return true;
}

void skip_remarks(CsvScanner& scan, std::string_view text) {
  while (!scan.at_end() && (scan.at_empty_line() || text[scan.position()] == '#')) {
    scan.skip_line();
  }
}

}  // namespace

std::optional<DataFile> DataFile::open(const std::string& path, Diagnostics& diagnostics) {
  return read_header(DataFile(path, MappedFile(path)), diagnostics);
}

std::optional<DataFile> DataFile::of_text(std::string name, std::string text,
                                          Diagnostics& diagnostics) {
  return read_header(DataFile(std::move(name), MappedFile::of_bytes(std::move(text))), diagnostics);
}

std::optional<DataFile> DataFile::read_header(DataFile file, Diagnostics& diagnostics) {
  const std::string_view all = file.file_.bytes();
  file.text_start_ = all.size() - without_byte_order_mark(all).size();
  const std::string_view text = file.text();
  if (!all_plain_ascii(text)) {
    Diagnostics trial;  // finds out whether there is a problem without a copy of the text
    if (!check_text(text, 0, trial)) {
      check_text(text, file.source(diagnostics), diagnostics);
      return std::nullopt;
    }
  }
  file.file_.release_front(all.size());
  CsvScanner scan(text, 0, 1);
  skip_remarks(scan, text);
  file.header_ = {scan.position(), scan.line()};
  if (scan.at_end()) {
    diagnostics.error({file.source(diagnostics), 0, 0, 1}, "the file is empty",
                      "expected a header line with the names of the columns");
    return std::nullopt;
  }
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    const CsvCell cell = scan.next(more);
    if (!cell.sound) {
      file.header_error(count, "the quotation marks of this cell are wrong",
                        "\" begins and ends the cell; inside it is written twice", diagnostics);
      return std::nullopt;
    }
    if (count < most_columns) file.columns_.push_back(csv_content(cell.raw));
  }
  file.first_row_ = {scan.position(), scan.line()};
  if (count > most_columns) {
    file.header_error("the header has " + std::to_string(count) + " columns; " +
                          std::to_string(most_columns) + " can be read",
                      "one row for each patient and one column for each quantity; is this table "
                      "turned on its side?",
                      diagnostics);
    return std::nullopt;
  }
  if (count == 1 && file.columns_[0].find_first_of(";\t") != std::string::npos) {
    file.header_error("the columns must be separated by commas",
                      "save the table with ',' between cells and '.' in decimals", diagnostics);
    return std::nullopt;
  }
  return file;
}

bool DataFile::has(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::optional<std::size_t> DataFile::find(const std::string& column, std::string_view asked_by,
                                          Diagnostics& diagnostics) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  const std::string of = asked_by.empty() ? "" : " (" + std::string(asked_by) + ")";
  if (found == columns_.end() || column.empty()) {
    constexpr std::size_t longest = 300;  // a name may be as long as the file
    std::string hint = suggestion(column, columns_);
    if (hint.size() > longest) hint.clear();
    header_error("missing column '" + column + "'" + of, std::move(hint), diagnostics);
    return std::nullopt;
  }
  const auto second = std::find(found + 1, columns_.end(), column);
  if (second != columns_.end()) {
    header_error(static_cast<std::size_t>(second - columns_.begin()),
                 "duplicate column '" + column + "'" + of, "give every column its own name",
                 diagnostics);
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

DataFile::Anchor DataFile::row_start(std::size_t row) const {
  const std::size_t index = row / rows_per_anchor;
  const Anchor from = index < anchors_.size() ? anchors_[index] : first_row_;
  CsvScanner scan(text(), from.at, from.line);
  for (std::size_t r = index < anchors_.size() ? index * rows_per_anchor : 0;; ++r) {
    while (scan.at_empty_line()) scan.skip_line();
    if (r == row || scan.at_end()) return {scan.position(), scan.line()};
    for (bool more = true; more;) scan.next(more);
  }
}

std::int32_t DataFile::line(std::size_t row) const { return row_start(row).line; }

std::int32_t DataFile::source(Diagnostics& diagnostics) const {
  if (source_ < 0) {
    const bool shown = !looks_binary(text());
    source_ = diagnostics.add_source(name_, shown ? std::string(text()) : std::string());
  }
  return source_;
}

SourcePlace DataFile::cell_place(const Anchor& row, std::size_t column,
                                 Diagnostics& diagnostics) const {
  CsvScanner scan(text(), row.at, row.line);
  bool more = true;
  CsvCell cell = scan.next(more);
  for (std::size_t c = 0; c < column && more; ++c) cell = scan.next(more);
  return csv_place(text(), row.at, row.line, cell, source(diagnostics));
}

void DataFile::error(std::size_t row, std::size_t column, std::string message, std::string hint,
                     Diagnostics& diagnostics) const {
  diagnostics.error(cell_place(row_start(row), column, diagnostics), std::move(message),
                    std::move(hint));
}

void DataFile::header_error(std::size_t column, std::string message, std::string hint,
                            Diagnostics& diagnostics) const {
  diagnostics.error(cell_place(header_, column, diagnostics), std::move(message), std::move(hint));
}

void DataFile::header_error(std::string message, std::string hint, Diagnostics& diagnostics) const {
  diagnostics.error({source(diagnostics), header_.line, 1, 1}, std::move(message), std::move(hint));
}

}  // namespace npcsim
