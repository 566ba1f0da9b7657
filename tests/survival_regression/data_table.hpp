// The data sets in tests/data as columns of numbers.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// Columns by name; an empty cell is NaN, and so is a text in the column of numbers.
class DataTable {
 public:
  /// tests/data/<name>.csv. Throws std::runtime_error if it cannot be read.
  static DataTable load(const std::string& name);

  std::size_t rows() const { return rows_; }
  const std::vector<double>& operator[](const std::string& name) const { return columns_.at(name); }
  /// Adds or replaces a column of as many rows as there are.
  std::vector<double>& add(const std::string& name, std::vector<double> column);
  /// Rows without a missing value in the named columns.
  DataTable complete(const std::vector<std::string>& names) const;
  /// Rows in which the column has the value.
  DataTable where(const std::string& name, double value) const;

  std::vector<std::int32_t> integers(const std::string& name) const;
  /// 1 where the column has the value, else 0.
  std::vector<std::int32_t> equals(const std::string& name, double value) const;
  /// 1 where the cell has this text, else 0.
  std::vector<double> is(const std::string& name, const std::string& text) const;
  Covariates covariates(const std::vector<std::string>& names) const;

 private:
  DataTable keep(const std::vector<bool>& kept) const;

  std::map<std::string, std::vector<double>> columns_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::size_t rows_ = 0;
};

}  // namespace npcsim
