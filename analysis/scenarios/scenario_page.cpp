#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/scenarios/detail/page.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

// Rows of a tornado: scenarios by how far they lie from the base case, the farthest first.
std::vector<std::size_t> by_distance(const ScenarioRows& rows, const std::string& strategy,
                                     const Headline& headline) {
  const auto value = [&](std::size_t scenario) {
    const SummaryRow* row = find_row(rows[scenario], strategy, headline);
    if (row == nullptr || !row->value) return std::optional<double>();
    return std::optional<double>(headline.ratio ? portable::log(*row->value) : *row->value);
  };
  const auto base = value(0);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t s = 1; s < rows.size(); ++s) {
    const auto own = value(s);
    if (own && base) order.emplace_back(std::fabs(*own - *base), s);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::size_t> out;
  if (base) out.push_back(0);
  for (const auto& [distance, scenario] : order) out.push_back(scenario);
  return out;
}

void put_bound(JsonWriter& json, const char* key, const std::optional<double>& number,
               double scale) {
  if (number) json.key(key).number(*number * scale);
}

void put_tornado(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows,
                 std::size_t strategy, const Headline& headline, std::size_t number) {
  const OutcomeShape& shape = set.shape();
  const std::string& name = shape.strategies[strategy];
  const std::vector<std::size_t> order = by_distance(rows, name, headline);
  if (order.empty()) return;
  const auto reference = static_cast<std::size_t>(shape.reference);
  json.begin_object();
  json.key("endpoint").text(name + "-" + std::to_string(number + 1));
  json.key("title").text(headline.title + ": " + strategy_title(set, strategy) + " against " +
                         strategy_title(set, reference));
  json.key("versus").text(shape.strategies[reference]);
  json.key("measure").text(headline.title);
  json.key("scale").text(headline.ratio ? "log" : "linear");
  json.key("reference").number(headline.ratio ? 1 : 0);
  json.key("base").number(*find_row(rows.front(), name, headline)->value * headline.scale);
  json.key("favours").begin_array();
  const std::string own = "favours " + strategy_title(set, strategy);
  const std::string other = "favours " + strategy_title(set, reference);
  json.text(headline.ratio ? own : other).text(headline.ratio ? other : own);
  json.end_array();
  json.key("rows").begin_array();
  for (const std::size_t s : order) {
    const SummaryRow& row = *find_row(rows[s], name, headline);
    json.begin_object();
    json.key("label").text(set.scenarios[s].title);
    json.key("strategy").text(name);
    json.key("hr").number(*row.value * headline.scale);
    put_bound(json, "lo", row.lo95, headline.scale);
    put_bound(json, "hi", row.hi95, headline.scale);
    json.end_object();
  }
  json.end_array();
  json.key("note").text(
      "Bars lead from the base case (dashed line) to each scenario, the longest first; whiskers "
      "are "
      "95 % Monte Carlo intervals.");
  json.end_object();
}

void put_head(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows,
              const Provenance& provenance) {
  const StudyDoc& study = set.base().study;
  json.key("title").text(set.title);
  json.key("study").text(set.name);
  json.key("subtitle").text(set.description.empty() ? study.title : set.description);
  json.key("generated").begin_object();
  json.key("version").text(provenance.version);
  json.key("commit").text(provenance.commit);
  json.key("seed").integer(study.seed);
  json.key("patients").integer(study.patients);
  json.key("horizon_months").number(Ticks{set.shape().horizon_ticks}.months());
  json.end_object();
  json.key("strategies").begin_array();
  for (std::size_t s = 0; s < set.shape().strategies.size(); ++s) {
    json.begin_object();
    json.key("name").text(set.shape().strategies[s]);
    json.key("title").text(strategy_title(set, s));
    json.key("reference").boolean(static_cast<std::int32_t>(s) == set.shape().reference);
    json.end_object();
  }
  json.end_array();
  const std::vector<ChangedConclusion> all = changed_conclusions(set, rows);
  const auto reversed = std::count_if(all.begin(), all.end(), [](const ChangedConclusion& one) {
    return one.how == Changed::reversed;
  });
  json.key("key_figures").begin_array();
  const auto figure = [&json](const char* label, double value, const char* note) {
    json.begin_object();
    json.key("label").text(label);
    json.key("value").number(value);
    json.key("unit").text("");
    json.key("note").text(note);
    json.end_object();
  };
  figure("Scenarios", static_cast<double>(set.scenarios.size() - 1), "beside the base case");
  figure("Conclusions reversed", static_cast<double>(reversed), "the sign changes");
  figure("Conclusions lost or gained",
         static_cast<double>(static_cast<std::ptrdiff_t>(all.size()) - reversed),
         "clear of Monte Carlo error on one side only");
  json.end_array();
}

void put_notes(JsonWriter& json) {
  json.key("notes").begin_array();
  json.text("All figures are projections of a model, not observations. Nobody was treated.");
  json.text(
      "Each scenario is lived by the same virtual patients with the same random numbers, under "
      "every strategy: differences between scenarios are much more exact than the intervals of "
      "single figures suggest.");
  json.text(
      "A scenario says what would follow from another assumption, not how likely that assumption "
      "is. Scenarios change one thing at a time; together they do not span the uncertainty.");
  json.end_array();
}

}  // namespace

const std::string& strategy_title(const ScenarioSet& set, std::size_t strategy) {
  const StrategyDoc& doc = set.base().strategy_docs[strategy];
  return doc.title.empty() ? doc.name : doc.title;
}

void put_tornados(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows) {
  json.key("scenarios").begin_array();
  const std::vector<Headline> shown = headlines(set.shape());
  for (const std::size_t strategy : contrasted_strategies(set.shape())) {
    for (std::size_t h = 0; h < shown.size(); ++h)
      put_tornado(json, set, rows, strategy, shown[h], h);
  }
  json.end_array();
}

std::string scenario_page_data(const ScenarioSet& set, const ScenarioRows& rows,
                               const Provenance& provenance) {
  JsonWriter json;
  json.begin_object();
  put_head(json, set, rows, provenance);
  put_tornados(json, set, rows);
  json.key("tables").begin_array();
  put_scenario_tables(json, set, rows);
  put_weak_parameters_table(json, set.base());
  json.end_array();
  put_inputs(json, set.base());
  put_notes(json);
  json.end_object();
  return json.str();
}

}  // namespace npcsim::detail
