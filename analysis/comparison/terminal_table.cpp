#include <npcsim/base/units.hpp>
#include <npcsim/comparison/detail/table_text.hpp>
#include <npcsim/comparison/terminal_table.hpp>

#include <cmath>

namespace npcsim {

namespace {

using detail::fixed;
using detail::most_endpoints;
using detail::short_months;

const SummaryRow* find(const std::vector<SummaryRow>& rows, const std::string& strategy,
                       const std::string& endpoint, const std::string& statistic, bool contrast,
                       std::optional<double> at_months = {}) {
  for (const SummaryRow& row : rows) {
    if (detail::is_figure(row, strategy, endpoint, statistic, contrast, at_months)) return &row;
  }
  return nullptr;
}

std::string ratio_text(const SummaryRow* row) {
  if (row == nullptr || !row->value) return "-";
  // Limits and ratio with the same decimals: two digits of the distance between the limits and the
  // ratio.
  if (!row->lo95 || !row->hi95) return fixed(*row->value, 2);
  const int decimals = detail::decimals_for((*row->hi95 - *row->lo95) / 2, 2, 4);
  return fixed(*row->value, decimals) + " (" + fixed(*row->lo95, decimals) + "–" +
         fixed(*row->hi95, decimals) + ")";
}

std::string value_text(const SummaryRow* row, double scale, const std::string& not_reached) {
  if (row == nullptr) return "-";
  return row->value ? with_error(*row->value, row->se, scale) : not_reached;
}

}  // namespace

std::optional<double> nearest_landmark(const OutcomeShape& shape, double months) {
  std::optional<double> best;
  for (const std::int32_t tick : shape.landmark_ticks) {
    const double landmark = Ticks{tick}.months();
    if (!best || std::fabs(landmark - months) < std::fabs(*best - months)) best = landmark;
  }
  return best;
}

std::string with_error(double value, const std::optional<double>& se, double scale, int decimals) {
  if (!se) return fixed(value * scale, decimals);
  const double error = *se * scale;
  if (error > 0) decimals = detail::decimals_for(error, 0, 6);
  return fixed(value * scale, decimals) + " ±" + fixed(error, decimals);
}

std::string terminal_table(const OutcomeShape& shape, const std::vector<SummaryRow>& rows,
                           double landmark_months) {
  if (shape.strategies.empty() || shape.endpoints.empty()) return "";
  std::vector<std::string> endpoints;
  std::string overall = shape.endpoints.back().name;
  for (const EndpointShape& endpoint : shape.endpoints) {
    if (endpoints.size() < most_endpoints) endpoints.push_back(endpoint.name);
    if (endpoint.name == "OS") overall = endpoint.name;
  }
  const double horizon = Ticks{shape.horizon_ticks}.months();
  const std::optional<double> landmark = nearest_landmark(shape, landmark_months);
  const bool contrasts = shape.reference >= 0 && shape.strategies.size() > 1;

  std::vector<std::vector<std::string>> cells;
  std::vector<std::string> header = {"strategy"};
  for (const std::string& endpoint : endpoints) header.push_back("median " + endpoint + ", mo");
  if (landmark) header.push_back(overall + " at " + short_months(*landmark) + " mo, %");
  header.push_back("RMST " + overall + " to " + short_months(horizon) + " mo");
  if (contrasts) {
    for (const std::string& endpoint : endpoints) header.push_back("HR " + endpoint + " (95 %)");
  }
  cells.push_back(header);
  for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
    const std::string& strategy = shape.strategies[s];
    std::vector<std::string> line = {strategy};
    for (const std::string& endpoint : endpoints) {
      line.push_back(value_text(find(rows, strategy, endpoint, "median", false), 1,
                                ">" + short_months(horizon)));
    }
    if (landmark) {
      line.push_back(
          value_text(find(rows, strategy, overall, "survival", false, landmark), 100, "-"));
    }
    line.push_back(value_text(find(rows, strategy, overall, "rmst", false), 1, "-"));
    if (contrasts) {
      for (const std::string& endpoint : endpoints) {
        const bool reference = s == static_cast<std::size_t>(shape.reference);
        line.push_back(
            reference ? "1" : ratio_text(find(rows, strategy, endpoint, "hazard_ratio", true)));
      }
    }
    cells.push_back(line);
  }
  return aligned(cells);
}

}  // namespace npcsim
