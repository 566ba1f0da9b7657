// CSV text into a table: life tables, patients to resample, published curves.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// A table with the places of its cells, so that whoever checks a value can point at it.
class CsvTable {
 public:
  const Table& table() const { return table_; }
  std::size_t rows() const { return lines_.size(); }

  /// Place of a cell. \pre row < rows(), column < number of columns.
  SourcePlace place(std::size_t row, std::size_t column) const;
  /// Place of a column's name in the header.
  SourcePlace header_place(std::size_t column) const;
  /// The file itself.
  SourcePlace place() const { return {file_, 0, 0, 1}; }

  /// Index of a column, or nothing.
  std::optional<std::size_t> find(std::string_view column) const;

  /// Cells of a column that has to hold numbers; a missing column and every cell with text is an
  /// error with its place. nullptr if there is one. NaN is a missing cell.
  const Column::Numbers* numbers(std::string_view column, Diagnostics& diagnostics) const;
  /// Cells of a column as they were written ("" is a missing cell); nothing and an error if the
  /// column is missing.
  std::optional<Column::Texts> texts(std::string_view column, Diagnostics& diagnostics) const;
  /// The same where nothing is missing and NA is a name like any other.
  std::optional<Column::Texts> names(std::string_view column, Diagnostics& diagnostics) const;

 private:
  friend std::optional<CsvTable> read_csv_text(std::string, std::string, Diagnostics&);

  SourcePlace cell_place(std::size_t start, std::int32_t line, std::size_t column) const;
  std::optional<std::size_t> require(std::string_view column, Diagnostics& diagnostics) const;

  Table table_;
  std::int32_t file_ = -1;
  std::string text_;
  std::size_t header_start_ = 0;
  std::int32_t header_line_ = 1;
  std::vector<std::size_t> starts_;  // of the rows in text_
  std::vector<std::int32_t> lines_;
};

/// Whether a cell says that its value is missing: empty, NA or NaN.
inline bool is_missing(std::string_view cell) {
  return cell.empty() || cell == "NA" || cell == "NaN";
}

/// RFC 4180 with a header; a comma separates. Lines that begin with '#' may stand above the header
/// (say where the numbers come from); empty lines are skipped. Empty cells, NA and NaN are missing.
/// A column in which every other cell is a decimal number is a column of numbers, all others are
/// text. Nothing if a row has the wrong number of cells, a quotation mark is not closed, a name is
/// missing or appears twice, or this is no UTF-8 text.
std::optional<CsvTable> read_csv_text(std::string name, std::string text, Diagnostics& diagnostics);

/// The same of a file. Throws FileError (cannot_read).
std::optional<CsvTable> read_csv_file(const std::string& path, Diagnostics& diagnostics);

}  // namespace npcsim
