// The parts of the summary, and how a row is made.
#pragma once

#include <npcsim/comparison/detail/endpoint_statistics.hpp>
#include <npcsim/comparison/detail/median.hpp>
#include <npcsim/comparison/summary.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace npcsim::detail {

/// How limits are drawn about a value: normal on the value's own scale, for its logarithm, or for
/// log(-log).
enum class Limits { normal, log, log_log };

/// A row that names its figure; the value is filled in by set().
SummaryRow row_of(std::string strategy, std::string endpoint, std::string statistic,
                  std::string unit);
/// Fills value, error and limits.
void set(SummaryRow& row, double value, std::optional<double> se, Limits limits);
void set(SummaryRow& row, const MedianEstimate& median);

/// A standard error, unless it is that of one patient: nothing says how far another would lie.
inline std::optional<double> error_among(double subjects, std::optional<double> se) {
  return subjects > 1 ? se : std::nullopt;
}

void add_endpoint_rows(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                       const EndpointStatistics& statistics, std::vector<SummaryRow>& rows);
void add_contrast_rows(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                       const EndpointStatistics& statistics, const EndpointStatistics& reference,
                       Errors errors, std::vector<SummaryRow>& rows);
void add_measure_rows(const Tally& tally, std::size_t strategy, std::vector<SummaryRow>& rows);
void add_measure_contrast_rows(const Tally& tally, std::size_t strategy,
                               std::vector<SummaryRow>& rows);
void add_subgroup_rows(const Tally& tally, Errors errors, std::vector<SummaryRow>& rows);

}  // namespace npcsim::detail
