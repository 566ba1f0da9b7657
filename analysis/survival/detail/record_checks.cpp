#include <npcsim/survival/detail/record_checks.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace npcsim::detail {

namespace {

bool all_finite(std::span<const double> column) {
  return std::all_of(column.begin(), column.end(), [](double x) { return std::isfinite(x); });
}

bool not_negative(std::span<const std::int32_t> column) {
  return std::all_of(column.begin(), column.end(), [](std::int32_t x) { return x >= 0; });
}

}  // namespace

std::vector<std::string> broken_promises(const TimeToEvent& records, const Covariates& covariates,
                                         std::span<const double> offset) {
  std::vector<std::string> broken;
  const std::size_t n = records.rows();
  const auto fits = [n](std::size_t size) { return size == 0 || size == n; };
  if (records.event.size() != n || !fits(records.entry.size()) || !fits(records.weight.size()) ||
      !fits(records.stratum.size()) || !fits(records.cluster.size()) || !fits(offset.size())) {
    broken.emplace_back("columns of the records differ in length");
    return broken;
  }
  for (std::size_t j = 0; j < covariates.count(); ++j) {
    const std::string name = j < covariates.names.size() ? covariates.names[j] : "";
    if (covariates.columns[j].size() != n) {
      broken.push_back("column '" + name + "' has another length than the times");
    } else if (!all_finite(covariates.columns[j])) {
      broken.push_back("column '" + name + "' has values that are missing or not finite");
    }
  }
  if (n == 0) broken.emplace_back("there are no records");
  if (!all_finite(records.time)) broken.emplace_back("times are missing or not finite");
  if (!all_finite(records.entry)) broken.emplace_back("entry times are missing or not finite");
  if (!all_finite(offset)) broken.emplace_back("offsets are missing or not finite");
  if (!not_negative(records.event)) broken.emplace_back("events have negative codes");
  if (!not_negative(records.stratum)) broken.emplace_back("strata have negative numbers");
  for (std::size_t i = 0; i < records.entry.size(); ++i) {
    if (records.entry[i] < records.time[i]) continue;
    broken.push_back("row " + std::to_string(i + 1) + ": the entry is not before the time");
    break;
  }
  for (std::size_t i = 0; i < records.weight.size(); ++i) {
    if (records.weight[i] > 0 && std::isfinite(records.weight[i])) continue;
    broken.push_back("row " + std::to_string(i + 1) + ": the weight is not above 0");
    break;
  }
  return broken;
}

}  // namespace npcsim::detail
