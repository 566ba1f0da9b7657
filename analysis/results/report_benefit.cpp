// Who gains: differences between twins by attribute.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace npcsim::detail {

namespace {

constexpr std::size_t most_shown_patients = 1000;
constexpr std::size_t most_strategies = 3;
constexpr std::size_t most_distinct = 6;

// Numbers of a patient that are told apart as levels rather than cut into thirds.
enum class FactorKind { flag, level, numeric };

struct Factor {
  const ColumnInfo* info = nullptr;
  const std::vector<double>* values = nullptr;
  FactorKind kind = FactorKind::numeric;
};

Factor factor_of(const ReportInput& in, std::size_t index) {
  Factor factor;
  const auto column = static_cast<std::size_t>(in.lives.factors[index]);
  factor.info = &in.study.program->columns[column];
  factor.values = &in.lives.attributes[index];
  if (factor.info->levels == std::vector<std::string>{"no", "yes"}) {
    factor.kind = FactorKind::flag;
  } else if (!factor.info->levels.empty()) {
    factor.kind = FactorKind::level;
  }
  return factor;
}

// Gain of one contrast: ticks, and whether both twins belong to the endpoint's set.
struct Gains {
  std::vector<double> months;
  std::vector<bool> valid;
};

Gains gains_of(const ReportInput& in, std::size_t strategy, std::size_t endpoint) {
  const auto reference = static_cast<std::size_t>(in.shape().reference);
  Gains gains;
  for (std::uint32_t p = 0; p < in.lives.patients; ++p) {
    const std::int32_t difference =
        in.lives.ticks[strategy][endpoint][p] - in.lives.ticks[reference][endpoint][p];
    gains.months.push_back(difference / static_cast<double>(ticks_per_month));
    gains.valid.push_back(in.lives.events[strategy][endpoint][p] >= 0 &&
                          in.lives.events[reference][endpoint][p] >= 0);
  }
  return gains;
}

struct Group {
  std::string label;
  double low;   // values above this, unless it is the first group,
  double high;  // and up to this
};

// Levels of a factor, or thirds of its distribution; a third that holds nobody is left out.
std::vector<Group> groups_of(const Factor& factor) {
  std::vector<Group> groups;
  const std::vector<std::string>& levels = factor.info->levels;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    const auto code = static_cast<double>(l);
    groups.push_back({levels[l], code - 0.5, code + 0.5});
  }
  if (!levels.empty()) return groups;
  const std::set<double> distinct(factor.values->begin(), factor.values->end());
  if (distinct.size() <= most_distinct) {
    double before = -std::numeric_limits<double>::infinity();
    for (const double value : distinct) {
      groups.push_back({rounded(value, 4), before, value});
      before = value;
    }
    return groups;
  }
  std::vector<double> sorted = *factor.values;
  std::sort(sorted.begin(), sorted.end());
  const std::string unit = factor.info->unit.empty() ? "" : " " + factor.info->unit;
  const double first = sorted[sorted.size() / 3];
  const double second = sorted[2 * sorted.size() / 3];
  const double infinity = std::numeric_limits<double>::infinity();
  groups.push_back({"up to " + rounded(first, 3) + unit, -infinity, first});
  if (second > first) {
    groups.push_back(
        {"above " + rounded(first, 3) + " to " + rounded(second, 3) + unit, first, second});
  }
  if (sorted.back() > second) {
    groups.push_back({"above " + rounded(second, 3) + unit, second, infinity});
  }
  return groups;
}

void add_factor_groups(JsonWriter& json, const Factor& factor, const Gains& gains) {
  for (const Group& group : groups_of(factor)) {
    double n = 0;
    double sum = 0;
    double squares = 0;
    for (std::size_t p = 0; p < gains.months.size(); ++p) {
      const double value = (*factor.values)[p];
      if (!gains.valid[p] || !(value > group.low && value <= group.high)) continue;
      n += 1;
      sum += gains.months[p];
      squares += gains.months[p] * gains.months[p];
    }
    if (n < 2) continue;
    const double mean = sum / n;
    const double variance = std::max(0.0, (squares - n * mean * mean) / (n - 1));
    const double half_width = 1.96 * std::sqrt(variance / n);
    json.begin_object();
    json.key("factor").text(factor.info->name);
    json.key("level").text(group.label);
    json.key("mean_gain").number(six_decimals(mean));
    json.key("lo").number(six_decimals(mean - half_width));
    json.key("hi").number(six_decimals(mean + half_width));
    json.key("n").number(n);
    json.end_object();
  }
}

void add_factor(JsonWriter& json, const Factor& factor) {
  json.begin_object();
  json.key("name").text(factor.info->name);
  json.key("label").text(
      sentence(factor.info->label.empty() ? factor.info->name : factor.info->label));
  switch (factor.kind) {
    case FactorKind::flag:
      json.key("type").text("flag");
      break;
    case FactorKind::level:
      json.key("type").text("level");
      json.key("levels").begin_array();
      for (const std::string& level : factor.info->levels) json.text(level);
      json.end_array();
      break;
    case FactorKind::numeric:
      json.key("type").text("numeric");
      json.key("unit").text(factor.info->unit);
      break;
  }
  json.end_object();
}

void add_patient(JsonWriter& json, const std::vector<Factor>& factors, const Gains& gains,
                 std::size_t patient) {
  json.begin_object();
  json.key("gain").number(std::round(gains.months[patient] * 1e3) / 1e3);
  json.key("factors").begin_object();
  for (const Factor& factor : factors) {
    const double value = (*factor.values)[patient];
    json.key(factor.info->name);
    if (factor.kind == FactorKind::level) {
      json.text(factor.info->levels[static_cast<std::size_t>(value)]);
    } else {
      json.number(std::round(value * 1e3) / 1e3);
    }
  }
  json.end_object();
  json.end_object();
}

void add_contrast(JsonWriter& json, const ReportInput& in, const std::vector<Factor>& factors,
                  std::size_t strategy, std::size_t endpoint, std::size_t shown) {
  const OutcomeShape& shape = in.shape();
  const auto reference = static_cast<std::size_t>(shape.reference);
  const EndpointShape& named = shape.endpoints[endpoint];
  const Gains gains = gains_of(in, strategy, endpoint);
  json.begin_object();
  json.key("endpoint").text(named.name);
  json.key("title").text(named.name + " gained with: " + in.strategy_title(strategy));
  json.key("versus").begin_array();
  json.text(shape.strategies[strategy]).text(shape.strategies[reference]);
  json.end_array();
  json.key("unit").text("months");
  json.key("factors").begin_array();
  for (const Factor& factor : factors) add_factor(json, factor);
  json.end_array();
  json.key("patients").begin_array();
  std::size_t written = 0;
  for (std::size_t p = 0; p < gains.months.size() && written < shown; ++p) {
    if (!gains.valid[p]) continue;
    add_patient(json, factors, gains, p);
    ++written;
  }
  json.end_array();
  if (const SummaryRow* row =
          in.index.find(shape.strategies[strategy], named.name, "difference_rmst")) {
    json.key("overall").begin_object();
    put_number(json, "mean_gain", row->value);
    put_number(json, "lo", row->lo95);
    put_number(json, "hi", row->hi95);
    json.key("n").integer(in.study.study.patients);
    json.end_object();
  }
  json.key("by_factor").begin_array();
  for (const Factor& factor : factors) add_factor_groups(json, factor, gains);
  json.end_array();
  json.key("note").text(
      "Time under one strategy minus time under the other for the same patient, both ending at the "
      "end of follow-up. The overall mean rests on all " +
      grouped(static_cast<std::uint64_t>(in.study.study.patients)) +
      " patients, means by factor on the first " + grouped(in.lives.patients) +
      ", single gains and the shares of those who gain or lose on the first " +
      std::to_string(written) + ", which are drawn. Intervals are Monte Carlo errors.");
  json.end_object();
}

}  // namespace

void add_benefit(JsonWriter& json, const ReportInput& in) {
  const OutcomeShape& shape = in.shape();
  std::vector<std::size_t> others = in.others();
  if (shape.reference < 0 || others.empty() || shape.endpoints.empty()) return;
  // The last strategies of the list, as in the plot of single lives.
  if (others.size() > most_strategies) {
    others.erase(others.begin(), others.end() - static_cast<std::ptrdiff_t>(most_strategies));
  }
  std::vector<Factor> factors;
  for (std::size_t f = 0; f < in.lives.factors.size(); ++f) {
    const Factor factor = factor_of(in, f);
    const auto [low, high] = std::minmax_element(factor.values->begin(), factor.values->end());
    if (*low < *high) factors.push_back(factor);
  }
  json.key("benefit").begin_array();
  for (const std::size_t strategy : others) {
    add_contrast(json, in, factors, strategy, 0, most_shown_patients / others.size());
  }
  json.end_array();
}

}  // namespace npcsim::detail
