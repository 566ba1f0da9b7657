#include <npcsim/base/quantile.hpp>
#include <npcsim/comparison/draw_summary.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {

namespace {

// Values without number are infinite and last.
std::optional<double> finite_quantile(const std::vector<double>& sorted, double p) {
  const double value = quantile(sorted, p);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<DrawSummaryRow> summarise_draws(const std::vector<SummaryRow>& keys,
                                            const std::vector<double>& base,
                                            const std::vector<std::vector<double>>& draws) {
  std::vector<DrawSummaryRow> rows;
  std::vector<double> values(draws.size());
  for (std::size_t k = 0; k < keys.size(); ++k) {
    DrawSummaryRow row;
    row.figure = keys[k];
    if (std::isfinite(base[k])) row.figure.value = base[k];
    double sum = 0;
    for (std::size_t d = 0; d < draws.size(); ++d) {
      const bool there = std::isfinite(draws[d][k]);
      values[d] = there ? draws[d][k] : std::numeric_limits<double>::infinity();
      if (there) {
        ++row.draws;
        sum += draws[d][k];
      }
    }
    const bool all = row.draws == draws.size();
    if (all && !draws.empty()) {
      const auto n = static_cast<double>(draws.size());
      const double mean = sum / n;
      double squares = 0;
      for (const double value : values) squares += (value - mean) * (value - mean);
      row.mean = mean;
      if (draws.size() > 1) row.sd = std::sqrt(squares / (n - 1));
    }
    if (!draws.empty() && (all || keys[k].statistic == "median")) {
      std::sort(values.begin(), values.end());
      row.low = finite_quantile(values, 0.025);
      row.median = finite_quantile(values, 0.5);
      row.high = finite_quantile(values, 0.975);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Table draw_summary_table(const std::vector<DrawSummaryRow>& rows, const std::string& study) {
  std::vector<SummaryRow> figures;
  Column::Integers draws;
  Column::Numbers base, mean, sd, low, median, high;
  const auto cell = [](const std::optional<double>& number) {
    return number.value_or(std::numeric_limits<double>::quiet_NaN());
  };
  for (const DrawSummaryRow& row : rows) {
    figures.push_back(row.figure);
    base.push_back(cell(row.figure.value));
    draws.push_back(static_cast<std::int64_t>(row.draws));
    mean.push_back(cell(row.mean));
    sd.push_back(cell(row.sd));
    low.push_back(cell(row.low));
    median.push_back(cell(row.median));
    high.push_back(cell(row.high));
  }
  // The columns that say which figure it is are those of summary.csv.
  Table table;
  table.name = "draws_summary";
  Table named = summary_table(figures, study);
  for (Column& column : named.columns) {
    if (column.name == "value") break;
    table.columns.push_back(std::move(column));
  }
  table.add_numbers("base", "see unit", "the figure at the values of the documents").cells =
      std::move(base);
  table.add_integers("draws", "count", "draws that have the figure").cells = std::move(draws);
  table.add_numbers("mean", "see unit", "over the draws").cells = std::move(mean);
  table.add_numbers("sd", "see unit", "over the draws").cells = std::move(sd);
  table.add_numbers("p2_5", "see unit", "2.5 % quantile over the draws").cells = std::move(low);
  table.add_numbers("p50", "see unit", "50 % quantile over the draws").cells = std::move(median);
  table.add_numbers("p97_5", "see unit", "97.5 % quantile over the draws").cells = std::move(high);
  table.columns.push_back(std::move(named.columns.back()));
  return table;
}

}  // namespace npcsim
