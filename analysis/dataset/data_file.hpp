// A CSV file of patients, open for analysis: its header, and the places of its cells.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/io/mapped_file.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// The file stays on the disk and is looked at through a memory map; nothing but the header is
/// kept. RFC 4180 with a header line: a comma separates, quoted cells may hold commas and line
/// breaks, lines may end as on Windows, a byte order mark and '#' lines above the header are
/// skipped, and so are empty lines. A column without a name (the row numbers of R's write.csv) is
/// there but cannot be used.
class DataFile {
 public:
  /// Opens a file and reads its header. Nothing after an error: empty, no text, no header, too many
  /// columns, wrong quotation marks. Throws FileError (cannot_read).
  static std::optional<DataFile> open(const std::string& path, Diagnostics& diagnostics);
  /// The same of a text, as if it were the content of the file `name`.
  static std::optional<DataFile> of_text(std::string name, std::string text,
                                         Diagnostics& diagnostics);

  const std::string& name() const { return name_; }
  /// All bytes of the file, e.g. for its digest.
  std::string_view bytes() const { return file_.bytes(); }
  /// Names in the order of the file.
  const std::vector<std::string>& columns() const { return columns_; }

  /// Index of a column. Nothing, and an error (with `asked_by`, e.g. "--time"), when it is missing
  /// or when two columns have this name.
  std::optional<std::size_t> find(const std::string& column, std::string_view asked_by,
                                  Diagnostics& diagnostics) const;
  bool has(std::string_view column) const;

  /// An error at a cell. \pre row is below the number of rows that read_columns found.
  void error(std::size_t row, std::size_t column, std::string message, std::string hint,
             Diagnostics& diagnostics) const;
  /// An error at a column's name, or at the whole header.
  void header_error(std::size_t column, std::string message, std::string hint,
                    Diagnostics& diagnostics) const;
  void header_error(std::string message, std::string hint, Diagnostics& diagnostics) const;
  /// Line of the file on which a row begins, from 1.
  std::int32_t line(std::size_t row) const;

 private:
  friend class ColumnReader;

  /// Where every so-manieth row begins.
  struct Anchor {
    std::size_t at;
    std::int32_t line;
  };
  static constexpr std::size_t rows_per_anchor = 4096;

  DataFile(std::string name, MappedFile file) : name_(std::move(name)), file_(std::move(file)) {}
  static std::optional<DataFile> read_header(DataFile file, Diagnostics& diagnostics);
  std::string_view text() const { return file_.bytes().substr(text_start_); }
  Anchor row_start(std::size_t row) const;
  SourcePlace cell_place(const Anchor& row, std::size_t column, Diagnostics& diagnostics) const;
  std::int32_t source(Diagnostics& diagnostics) const;

  std::string name_;
  MappedFile file_;
  std::size_t text_start_ = 0;  // after a byte order mark
  std::vector<std::string> columns_;
  Anchor header_{0, 1};
  Anchor first_row_{0, 1};
  std::vector<Anchor> anchors_;
  // Index of this text in the diagnostics, which get a copy of it with the first problem only: the
  // file may be large, and nearly always there is none.
  mutable std::int32_t source_ = -1;
};

}  // namespace npcsim
