#include <npcsim/base/units.hpp>
#include <npcsim/comparison/detail/table_text.hpp>
#include <npcsim/comparison/draw_summary.hpp>

namespace npcsim {

namespace {

using detail::fixed;
using detail::short_months;

const DrawSummaryRow* find(const std::vector<DrawSummaryRow>& rows, const std::string& strategy,
                           const std::string& endpoint, const std::string& statistic,
                           bool contrast) {
  for (const DrawSummaryRow& row : rows) {
    if (detail::is_figure(row.figure, strategy, endpoint, statistic, contrast)) return &row;
  }
  return nullptr;
}

// "9.6 (8.1–11.4)": the base case and where the middle 95 % of the draws lie. `beyond` is what a
// time that is not reached reads; a figure that is no time has none, and no interval if draws lack
// it.
std::string interval_text(const DrawSummaryRow* row, int least_decimals,
                          const std::string& beyond = {}) {
  if (row == nullptr) return "-";
  const double wide = row->low && row->high ? (*row->high - *row->low) / 2 : 0;
  const int decimals = detail::decimals_for(wide, least_decimals, 4);
  const auto end = [&](const std::optional<double>& value) {
    return value ? fixed(*value, decimals) : beyond.empty() ? "-" : beyond;
  };
  const bool known = !beyond.empty() || row->low || row->high;
  return end(row->figure.value) + (known ? " (" + end(row->low) + "–" + end(row->high) + ")" : "");
}

}  // namespace

std::string draw_terminal_table(const OutcomeShape& shape, const std::vector<DrawSummaryRow>& rows,
                                std::size_t draws) {
  if (shape.strategies.empty() || shape.endpoints.empty()) return "";
  std::vector<std::string> endpoints;
  for (const EndpointShape& endpoint : shape.endpoints) {
    if (endpoints.size() < detail::most_endpoints) endpoints.push_back(endpoint.name);
  }
  const std::string horizon = ">" + short_months(Ticks{shape.horizon_ticks}.months());
  const bool contrasts = shape.reference >= 0 && shape.strategies.size() > 1;
  std::vector<std::vector<std::string>> cells(1, {"strategy"});
  for (const std::string& endpoint : endpoints) {
    cells[0].push_back("median " + endpoint + ", mo (95 %)");
  }
  for (const std::string& endpoint : endpoints) {
    if (contrasts) cells[0].push_back("HR " + endpoint + " (95 %)");
  }
  for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
    const std::string& strategy = shape.strategies[s];
    std::vector<std::string> line = {strategy};
    for (const std::string& endpoint : endpoints) {
      line.push_back(interval_text(find(rows, strategy, endpoint, "median", false), 1, horizon));
    }
    for (const std::string& endpoint : endpoints) {
      if (!contrasts) break;
      const bool reference = s == static_cast<std::size_t>(shape.reference);
      line.push_back(
          reference ? "1" : interval_text(find(rows, strategy, endpoint, "hazard_ratio", true), 2));
    }
    cells.push_back(std::move(line));
  }
  return "over " + std::to_string(draws) + (draws == 1 ? " draw" : " draws") +
         " of the parameters: base case (95 % interval)\n" + aligned(cells);
}

}  // namespace npcsim
