// Survival curves and the forest of hazard ratios.
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>

#include <algorithm>
#include <iterator>

namespace npcsim::detail {

namespace {

template <class List, class Get>
void put_list(JsonWriter& json, std::string_view key, const List& list, const Get& get) {
  json.key(key).begin_array();
  for (const auto& item : list) json.number(get(item));
  json.end_array();
}

// Months of the columns of numbers at risk, and so of the ticks of the axis: whole steps of the
// same list as in figures/format.ts, ten at most. Every step lies on the grid of the curves. Of
// less than a step, the two ends; 0 alone where there is no follow-up.
std::vector<double> risk_months(double horizon) {
  constexpr double steps[] = {0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120};
  constexpr double most_steps = 10;
  if (!(horizon > 0)) return {0};
  const double* found = std::find_if(std::begin(steps), std::end(steps),
                                     [&](double step) { return horizon / step <= most_steps; });
  double step = found == std::end(steps) ? steps[std::size(steps) - 1] : *found;
  while (horizon / step > most_steps) step *= 2;
  if (horizon < step) return {0, horizon};
  std::vector<double> months;
  // A horizon of so many months is a whole number of ticks and may lie a little below.
  for (int k = 0; k * step <= horizon * (1 + 1e-4); ++k)
    months.push_back(std::min(k * step, horizon));
  return months;
}

void add_curve(JsonWriter& json, const ReportInput& in, const Curve& curve) {
  json.begin_object();
  json.key("strategy").text(in.shape().strategies[curve.strategy]);
  put_list(json, "months", curve.months, six_decimals);
  put_list(json, "survival", curve.survival, six_decimals);
  put_list(json, "lo", curve.lo95, six_decimals);
  put_list(json, "hi", curve.hi95, six_decimals);
  json.end_object();
}

// Number under observation at a month: that of the first point of the curve's grid at or after it.
std::uint64_t at_risk(const Curve& curve, double month) {
  const auto found = std::lower_bound(curve.months.begin(), curve.months.end(), month - 1e-9);
  const auto index = static_cast<std::size_t>(found - curve.months.begin());
  return index < curve.at_risk.size() ? curve.at_risk[index] : 0;
}

void add_at_risk(JsonWriter& json, const ReportInput& in, const std::vector<const Curve*>& curves) {
  const std::vector<double> months = risk_months(Ticks{in.shape().horizon_ticks}.months());
  json.key("at_risk").begin_object();
  put_list(json, "months", months, six_decimals);
  json.key("rows").begin_array();
  for (const Curve* curve : curves) {
    json.begin_object();
    json.key("strategy").text(in.shape().strategies[curve->strategy]);
    json.key("n").begin_array();
    for (const double month : months) {
      json.integer(static_cast<std::int64_t>(at_risk(*curve, month)));
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

const ColumnInfo& column_of(const ReportInput& in, std::size_t subgroup) {
  const auto column = static_cast<std::size_t>(in.study.subgroup_columns[subgroup]);
  return in.study.program->columns[column];
}

void add_forest_row(JsonWriter& json, const ReportInput& in, std::size_t strategy,
                    const std::string& label, const std::string& heading, const SummaryRow* ratio,
                    const SummaryRow* patients) {
  json.begin_object();
  json.key("label").text(label);
  json.key("strategy").text(in.shape().strategies[strategy]);
  json.key("subgroup").text(heading);
  put_number(json, "hr", ratio == nullptr ? std::nullopt : ratio->value);
  put_number(json, "lo", ratio == nullptr ? std::nullopt : ratio->lo95);
  put_number(json, "hi", ratio == nullptr ? std::nullopt : ratio->hi95);
  put_number(json, "n", patients == nullptr ? std::nullopt : patients->value);
  json.end_object();
}

}  // namespace

void add_survival(JsonWriter& json, const ReportInput& in) {
  json.key("survival").begin_array();
  for (std::size_t e = 0; e < in.shape().endpoints.size(); ++e) {
    const EndpointShape& endpoint = in.shape().endpoints[e];
    std::vector<const Curve*> curves;
    for (const Curve& curve : in.curves) {
      if (curve.endpoint == e) curves.push_back(&curve);
    }
    if (curves.empty()) continue;
    json.begin_object();
    json.key("endpoint").text(endpoint.name);
    json.key("title").text(titled(endpoint));
    json.key("curves").begin_array();
    for (const Curve* curve : curves) add_curve(json, in, *curve);
    json.end_array();
    add_at_risk(json, in, curves);
    json.key("medians").begin_array();
    for (const Curve* curve : curves) {
      const std::string& strategy = in.shape().strategies[curve->strategy];
      json.begin_object();
      json.key("strategy").text(strategy);
      put_estimate(json, in.index.find(strategy, endpoint.name, "median"));
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void add_forest(JsonWriter& json, const ReportInput& in) {
  const OutcomeShape& shape = in.shape();
  if (shape.reference < 0 || in.others().empty()) return;
  const auto reference = static_cast<std::size_t>(shape.reference);
  json.key("forest").begin_array();
  for (const EndpointShape& endpoint : shape.endpoints) {
    json.begin_object();
    json.key("endpoint").text(endpoint.name);
    json.key("title").text(titled(endpoint) + ": hazard ratio" +
                           (shape.subgroups.empty() ? "" : " by subgroup"));
    json.key("versus").text(shape.strategies[reference]);
    json.key("rows").begin_array();
    for (const std::size_t s : in.others()) {
      add_forest_row(json, in, s, "All patients", "",
                     in.index.find(shape.strategies[s], endpoint.name, "hazard_ratio"),
                     in.index.find(shape.strategies[s], endpoint.name, "patients"));
    }
    for (std::size_t g = 0; g < shape.subgroups.size(); ++g) {
      const ColumnInfo& column = column_of(in, g);
      const std::string heading = sentence(column.label.empty() ? column.name : column.label);
      for (const std::string& level : shape.subgroups[g].levels) {
        const std::string subgroup = shape.subgroups[g].name + "=" + level;
        for (const std::size_t s : in.others()) {
          add_forest_row(
              json, in, s, level, heading,
              in.index.find(shape.strategies[s], endpoint.name, "hazard_ratio", subgroup),
              in.index.find(shape.strategies[s], endpoint.name, "patients", subgroup));
        }
      }
    }
    json.end_array();
    json.key("note").text(
        "Cox's model on the simulated patients: marginal hazard ratios. Intervals are Monte Carlo "
        "errors; those of subgroups take twins for strangers and are too wide.");
    json.end_object();
  }
  json.end_array();
}

}  // namespace npcsim::detail
