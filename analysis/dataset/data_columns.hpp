// Columns of a data file in memory: numbers, or texts as codes.
#pragma once

#include <npcsim/dataset/data_file.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// One column; empty cells, NA and NaN are missing.
struct DataColumn {
  std::string name;
  std::size_t index = 0;  ///< in the file
  /// Whether some cell is neither missing nor a decimal number (leading zeros make a code, "Inf" is
  /// a number).
  bool is_text = false;
  std::vector<double> numbers;      ///< [row], NaN is missing; empty when is_text
  std::vector<std::int32_t> codes;  ///< [row], index into levels, -1 missing; only when is_text
  std::vector<std::string> levels;  ///< in the order of the bytes (as R's factor() in the C locale)

  std::size_t rows() const { return is_text ? codes.size() : numbers.size(); }
  bool missing(std::size_t row) const {
    return is_text ? codes[row] < 0 : numbers[row] != numbers[row];
  }
};

/// The values of a column as groups.
struct Factor {
  std::vector<std::int32_t> codes;  ///< [row], index into levels, -1 missing
  std::vector<std::string> levels;  ///< numbers in their own order, texts in that of their bytes
};

/// Any column as a factor. A column of numbers with more than `most` distinct values gives nothing.
std::optional<Factor> as_factor(const DataColumn& column, std::size_t most = 1U << 20);

/// Reads columns in one pass over the file (a second one only for the rows before the first text of
/// a column). Nothing after an error: no rows, a row with another number of cells than the header,
/// wrong quotation marks. \pre the indices are those of columns of `file`, each once.
std::optional<std::vector<DataColumn>> read_columns(DataFile& file,
                                                    const std::vector<std::size_t>& indices,
                                                    Diagnostics& diagnostics);

}  // namespace npcsim
