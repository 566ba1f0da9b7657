// Named columns with units: everything that leaves an analysis is one of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npcsim {

/// One column; all columns of a table have the same length.
struct Column {
  using Numbers = std::vector<double>;  ///< NaN is an empty cell
  using Integers = std::vector<std::int64_t>;
  using Texts = std::vector<std::string>;

  std::string name;  ///< lower_snake_case, with the unit in it unless `unit` says it
  std::string unit;
  std::string meaning;
  std::variant<Numbers, Integers, Texts> cells;

  std::size_t size() const;
  /// The cell as text: shortest decimals that read back to the same number; "" for an empty cell.
  std::string cell_text(std::size_t row) const;
};

struct Table {
  std::string name;
  std::vector<Column> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  Column& add_numbers(std::string column, std::string unit, std::string meaning = {});
  Column& add_integers(std::string column, std::string unit, std::string meaning = {});
  Column& add_texts(std::string column, std::string meaning = {});
  const Column* find(std::string_view column) const;
};

/// RFC 4180 text with a header line.
std::string to_csv(const Table& table);

/// Aligned columns for a terminal: texts left, everything that looks like a number right.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace npcsim
