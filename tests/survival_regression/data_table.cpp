#include "survival_regression/data_table.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim {

DataTable DataTable::load(const std::string& name) {
  const std::string path = std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + name + ".csv";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  DataTable table;
  std::vector<std::string> names;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream cells(line + ",");
    std::string cell;
    std::size_t j = 0;
    const bool header = names.empty();
    while (std::getline(cells, cell, ',')) {
      if (header) {
        names.push_back(cell);
      } else {
        char* end = nullptr;
        const double number = std::strtod(cell.c_str(), &end);
        const bool is_number = !cell.empty() && *end == '\0';
        table.columns_[names.at(j)].push_back(is_number ? number
                                                        : std::numeric_limits<double>::quiet_NaN());
        table.texts_[names.at(j)].push_back(cell);
      }
      ++j;
    }
    if (!header) ++table.rows_;
  }
  return table;
}

std::vector<double>& DataTable::add(const std::string& name, std::vector<double> column) {
  rows_ = column.size();
  return columns_[name] = std::move(column);
}

DataTable DataTable::keep(const std::vector<bool>& kept) const {
  DataTable result;
  for (const bool k : kept) result.rows_ += k ? 1 : 0;
  for (const auto& [name, column] : columns_) {
    std::vector<double>& out = result.columns_[name];
    for (std::size_t i = 0; i < rows_; ++i) {
      if (kept[i]) out.push_back(column[i]);
    }
  }
  for (const auto& [name, column] : texts_) {
    std::vector<std::string>& out = result.texts_[name];
    for (std::size_t i = 0; i < rows_; ++i) {
      if (kept[i]) out.push_back(column[i]);
    }
  }
  return result;
}

std::vector<double> DataTable::is(const std::string& name, const std::string& text) const {
  std::vector<double> result;
  for (const std::string& cell : texts_.at(name)) result.push_back(cell == text ? 1 : 0);
  return result;
}

DataTable DataTable::complete(const std::vector<std::string>& names) const {
  std::vector<bool> kept(rows_, true);
  for (const std::string& name : names) {
    const std::vector<double>& column = columns_.at(name);
    for (std::size_t i = 0; i < rows_; ++i) kept[i] = kept[i] && !std::isnan(column[i]);
  }
  return keep(kept);
}

DataTable DataTable::where(const std::string& name, double value) const {
  const std::vector<double>& column = columns_.at(name);
  std::vector<bool> kept(rows_);
  for (std::size_t i = 0; i < rows_; ++i) kept[i] = column[i] == value;
  return keep(kept);
}

std::vector<std::int32_t> DataTable::integers(const std::string& name) const {
  std::vector<std::int32_t> result;
  for (const double x : columns_.at(name)) result.push_back(static_cast<std::int32_t>(x));
  return result;
}

std::vector<std::int32_t> DataTable::equals(const std::string& name, double value) const {
  std::vector<std::int32_t> result;
  for (const double x : columns_.at(name)) result.push_back(x == value ? 1 : 0);
  return result;
}

Covariates DataTable::covariates(const std::vector<std::string>& names) const {
  Covariates result;
  result.names = names;
  for (const std::string& name : names) result.columns.emplace_back(columns_.at(name));
  return result;
}

}  // namespace npcsim
