#include <npcsim/scenarios/detail/page.hpp>
#include <npcsim/scenarios/scenario_text.hpp>

namespace npcsim::detail {
namespace {

void put_column(JsonWriter& json, const std::string& key, const std::string& label, bool right,
                const std::string& unit = {}) {
  json.begin_object();
  json.key("key").text(key);
  json.key("label").text(label);
  if (right) json.key("align").text("right");
  if (!unit.empty()) json.key("unit").text(unit);
  json.end_object();
}

void begin_table(JsonWriter& json, const std::string& id, const std::string& title,
                 const std::string& note) {
  json.begin_object();
  json.key("id").text(id);
  json.key("title").text(title);
  json.key("section").text("scenarios");
  json.key("note").text(note);
  json.key("columns").begin_array();
}

void begin_rows(JsonWriter& json) {
  json.end_array();
  json.key("rows").begin_array();
}

void end_table(JsonWriter& json) {
  json.end_array();
  json.end_object();
}

void put_estimate(JsonWriter& json, const std::string& key, const SummaryRow* row) {
  json.key(key);
  if (row == nullptr || !row->value) {
    json.null();
    return;
  }
  json.begin_object();
  json.key("value").number(*row->value);
  if (row->se) json.key("se").number(*row->se);
  json.end_object();
}

std::string changes_text(const Scenario& scenario) {
  std::string out;
  for (const ScenarioChange& change : scenario.changes) {
    out += (out.empty() ? "" : "; ") + change.what + ": " + change.after;
    if (!change.before.empty()) out += " instead of " + change.before;
  }
  return out;
}

void put_assumptions(JsonWriter& json, const ScenarioSet& set) {
  begin_table(json, "scenario-assumptions", "What each scenario assumes instead of the base case",
              "Everything else, patients and random numbers included, is that of the base case.");
  put_column(json, "scenario", "Scenario", false);
  put_column(json, "title", "Title", false);
  put_column(json, "changes", "Differs in", false);
  put_column(json, "description", "Remark", false);
  put_column(json, "source", "Source", false);
  begin_rows(json);
  for (std::size_t s = 1; s < set.scenarios.size(); ++s) {
    const Scenario& scenario = set.scenarios[s];
    json.begin_object();
    json.key("scenario").text(scenario.name);
    json.key("title").text(scenario.title);
    json.key("changes").text(changes_text(scenario));
    json.key("description").text(scenario.description);
    json.key("source").text(scenario.source);
    json.end_object();
  }
  end_table(json);
}

// Headlines whose conclusion is another one, e.g. "reversed: HR OS".
std::string marks_of(const std::vector<ChangedConclusion>& all, std::size_t scenario,
                     std::size_t strategy, const std::vector<Headline>& shown) {
  std::string out;
  for (const ChangedConclusion& one : all) {
    if (one.scenario != scenario || one.strategy != strategy) continue;
    out += (out.empty() ? "" : "; ") + std::string(in_words(one.how)) + ": " +
           shown[one.headline].title;
  }
  return out;
}

}  // namespace

void put_scenario_tables(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows) {
  put_assumptions(json, set);
  const std::vector<Headline> shown = headlines(set.shape());
  const std::vector<ChangedConclusion> all = changed_conclusions(set, rows);
  for (const std::size_t strategy : contrasted_strategies(set.shape())) {
    const std::string& name = set.shape().strategies[strategy];
    begin_table(json, "scenarios-" + name, strategy_title(set, strategy) + ", by scenario",
                "A conclusion is reversed if the 95 % Monte Carlo intervals of base case and "
                "scenario lie on different sides of no difference; lost or gained if only one of "
                "them leaves it out.");
    put_column(json, "scenario", "Scenario", false);
    for (std::size_t h = 0; h < shown.size(); ++h) {
      put_column(json, "h" + std::to_string(h), shown[h].title, true,
                 shown[h].scale == 100 ? "share" : "");
    }
    put_column(json, "changed", "Conclusion changed", false);
    begin_rows(json);
    for (std::size_t s = 0; s < rows.size(); ++s) {
      json.begin_object();
      json.key("scenario").text(set.scenarios[s].title);
      for (std::size_t h = 0; h < shown.size(); ++h)
        put_estimate(json, "h" + std::to_string(h), find_row(rows[s], name, shown[h]));
      json.key("changed").text(marks_of(all, s, strategy, shown));
      json.end_object();
    }
    end_table(json);
  }
}

}  // namespace npcsim::detail
