#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/comparison/summary.hpp>
#include <npcsim/survival/intervals.hpp>

#include <limits>

namespace npcsim {

namespace detail {

SummaryRow row_of(std::string strategy, std::string endpoint, std::string statistic,
                  std::string unit) {
  SummaryRow row;
  row.strategy = std::move(strategy);
  row.endpoint = std::move(endpoint);
  row.statistic = std::move(statistic);
  row.unit = std::move(unit);
  return row;
}

void set(SummaryRow& row, double value, std::optional<double> se, Limits limits) {
  row.value = value;
  row.se = se;
  if (!se) return;
  std::optional<Interval> interval;
  switch (limits) {
    case Limits::normal:
      interval = normal_interval(value, *se);
      break;
    case Limits::log:
      interval = log_interval(value, *se);
      break;
    case Limits::log_log:
      interval = log_log_interval(value, *se);
      break;
  }
  if (!interval) return;
  row.lo95 = interval->low;
  row.hi95 = interval->high;
}

void set(SummaryRow& row, const MedianEstimate& median) {
  row.value = median.value;
  row.se = median.se();
  row.lo95 = median.low;
  row.hi95 = median.high;
}

}  // namespace detail

std::vector<SummaryRow> summary_rows(const Tally& tally, Errors errors) {
  const OutcomeShape& shape = tally.shape();
  const std::size_t endpoints = shape.endpoints.size();
  const auto statistics_of = [&](std::size_t strategy) {
    std::vector<detail::EndpointStatistics> statistics;
    statistics.reserve(endpoints);
    for (std::size_t endpoint = 0; endpoint < endpoints; ++endpoint) {
      statistics.emplace_back(tally, strategy, endpoint, errors);
    }
    return statistics;
  };
  const bool contrasted = shape.reference >= 0;
  const std::size_t reference = contrasted ? static_cast<std::size_t>(shape.reference) : 0;
  std::vector<detail::EndpointStatistics> of_reference;
  if (contrasted) of_reference = statistics_of(reference);

  // One strategy at a time beside the reference: a curve by tick takes megabytes.
  std::vector<SummaryRow> rows;
  std::vector<SummaryRow> contrasts;
  for (std::size_t strategy = 0; strategy < shape.strategies.size(); ++strategy) {
    const bool other = contrasted && strategy != reference;
    const std::vector<detail::EndpointStatistics> own =
        contrasted && !other ? of_reference : statistics_of(strategy);
    for (std::size_t endpoint = 0; endpoint < endpoints; ++endpoint) {
      detail::add_endpoint_rows(tally, strategy, endpoint, own[endpoint], rows);
      if (other) {
        detail::add_contrast_rows(tally, strategy, endpoint, own[endpoint], of_reference[endpoint],
                                  errors, contrasts);
      }
    }
    detail::add_measure_rows(tally, strategy, rows);
    if (other) detail::add_measure_contrast_rows(tally, strategy, contrasts);
  }
  rows.insert(rows.end(), contrasts.begin(), contrasts.end());
  detail::add_subgroup_rows(tally, errors, rows);
  return rows;
}

Table summary_table(const std::vector<SummaryRow>& rows, const std::string& study) {
  Column::Texts studies(rows.size(), study), strategy, versus, subgroup, endpoint, statistic, unit;
  Column::Numbers at_months, value, se, lo95, hi95;
  const auto cell = [](const std::optional<double>& number) {
    return number.value_or(std::numeric_limits<double>::quiet_NaN());
  };
  for (const SummaryRow& row : rows) {
    strategy.push_back(row.strategy);
    versus.push_back(row.versus);
    subgroup.push_back(row.subgroup);
    endpoint.push_back(row.endpoint);
    statistic.push_back(row.statistic);
    at_months.push_back(cell(row.at_months));
    value.push_back(cell(row.value));
    se.push_back(cell(row.se));
    lo95.push_back(cell(row.lo95));
    hi95.push_back(cell(row.hi95));
    unit.push_back(row.unit);
  }
  Table table;
  table.name = "summary";
  table.add_texts("study", "name of the study").cells = std::move(studies);
  table.add_texts("strategy", "the strategy that the figure belongs to").cells =
      std::move(strategy);
  table.add_texts("versus", "the reference strategy of a contrast; empty for one strategy alone")
      .cells = std::move(versus);
  table.add_texts("subgroup", "name=level; empty for all patients").cells = std::move(subgroup);
  table.add_texts("endpoint", "endpoint, endpoint:cause or measure").cells = std::move(endpoint);
  table.add_texts("statistic", "what the figure is").cells = std::move(statistic);
  table.add_numbers("at_months", "months", "the time that the figure refers to; empty if none")
      .cells = std::move(at_months);
  table.add_numbers("value", "see unit", "the estimate; empty: not reached").cells =
      std::move(value);
  table.add_numbers("se", "see unit", "its Monte Carlo standard error").cells = std::move(se);
  table.add_numbers("lo95", "see unit", "lower limit of the 95 % interval").cells = std::move(lo95);
  table.add_numbers("hi95", "see unit", "upper limit of the 95 % interval").cells = std::move(hi95);
  table.add_texts("unit", "unit of value, se, lo95 and hi95").cells = std::move(unit);
  return table;
}

Table summarise(const Tally& tally, const std::string& study) {
  return summary_table(summary_rows(tally), study);
}

}  // namespace npcsim
