// Numbers and rows for the tables of the terminal.
#pragma once

#include <npcsim/comparison/summary.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

/// Endpoints that a table of the terminal has room for.
inline constexpr std::size_t most_endpoints = 3;

std::string fixed(double value, int decimals);
/// Months as people say them: 36, 7.5.
std::string short_months(double months);
/// Decimals that show two digits of a distance, at least `least` and at most `most`.
int decimals_for(double distance, int least, int most);

/// Whether a row is the figure of all patients that the arguments name.
bool is_figure(const SummaryRow& row, const std::string& strategy, const std::string& endpoint,
               const std::string& statistic, bool contrast, std::optional<double> at_months = {});

}  // namespace npcsim::detail
