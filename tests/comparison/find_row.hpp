#pragma once

#include <npcsim/comparison/summary.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace npcsim::testing {

struct Wanted {
  std::string strategy;
  std::string versus;
  std::string subgroup;
  std::string endpoint;
  std::string statistic;
  std::optional<double> at_months = {};
};

inline const SummaryRow& find_row(const std::vector<SummaryRow>& rows, const Wanted& wanted) {
  const SummaryRow* found = nullptr;
  for (const SummaryRow& row : rows) {
    if (row.strategy == wanted.strategy && row.versus == wanted.versus &&
        row.subgroup == wanted.subgroup && row.endpoint == wanted.endpoint &&
        row.statistic == wanted.statistic &&
        (!wanted.at_months || row.at_months == wanted.at_months)) {
      if (found != nullptr) throw std::runtime_error("two rows for " + wanted.statistic);
      found = &row;
    }
  }
  if (found == nullptr) throw std::runtime_error("no row for " + wanted.statistic);
  return *found;
}

}  // namespace npcsim::testing
