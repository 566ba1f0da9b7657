#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/comparison/terminal_table.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/results/parameter_use.hpp>
#include <npcsim/scenarios/scenario_text.hpp>

#include <cmath>

namespace npcsim {
namespace {

constexpr const char* disclaimer =
    "Model projections for research and teaching, not medical advice. ± is the Monte Carlo "
    "standard\n"
    "error; it does not cover the uncertainty of the model's parameters.\n";

char mark_of(Changed how) {
  switch (how) {
    case Changed::reversed:
      return '!';
    case Changed::lost:
      return '~';
    case Changed::gained:
      return '+';
    case Changed::no:
      break;
  }
  return ' ';
}

std::string cell(const SummaryRow* row, const Headline& headline, Changed how) {
  if (row == nullptr || !row->value) return "-";
  std::string out = with_error(*row->value, row->se, headline.scale);
  if (how != Changed::no) out += std::string(" ") + mark_of(how);
  return out;
}

// What the strategies are compared with: its medians, and its overall survival at the landmark.
std::string reference_table(const ScenarioSet& set, const ScenarioRows& rows) {
  const OutcomeShape& shape = set.shape();
  if (shape.reference < 0) return {};
  const std::string& name = shape.strategies[static_cast<std::size_t>(shape.reference)];
  std::vector<std::vector<std::string>> cells{{"  scenario"}};
  std::vector<Headline> shown;
  for (const Headline& headline : headlines(shape)) {
    if (headline.ratio) {
      shown.push_back({headline.endpoint, "median", {}, false, 1, {}});
      cells.front().push_back("median " + headline.endpoint + ", mo");
    } else if (headline.scale == 100) {
      shown.push_back({headline.endpoint, "survival", headline.at_months, false, 100, {}});
      cells.front().push_back(headline.title.substr(0, headline.title.find(',')) + ", %");
    }
  }
  for (std::size_t s = 0; s < rows.size(); ++s) {
    cells.push_back({"  " + (s == 0 ? "base case" : set.scenarios[s].name)});
    for (const Headline& headline : shown)
      cells.back().push_back(cell(find_row(rows[s], name, headline), headline, Changed::no));
  }
  return name + ", the reference\n" + aligned(cells) + "\n";
}

std::string warnings_of(const ScenarioSet& set) {
  return set.base().study.patients < 64 * 16
             ? "warning: with fewer than 1024 patients the standard errors of hazard ratios are "
               "rough\n"
             : "";
}

double horizon_months(const ScenarioSet& set) {
  return std::round(Months::from_days(set.base().study.horizon_days).count() * 100) / 100;
}

}  // namespace

std::string_view in_words(Changed how) {
  switch (how) {
    case Changed::reversed:
      return "reversed";
    case Changed::lost:
      return "lost";
    case Changed::gained:
      return "gained";
    case Changed::no:
      break;
  }
  return "no";
}

std::string scenario_tables(const ScenarioSet& set, const ScenarioRows& rows) {
  const OutcomeShape& shape = set.shape();
  const std::vector<Headline> shown = headlines(shape);
  const std::string reference =
      shape.reference < 0 ? "" : shape.strategies[static_cast<std::size_t>(shape.reference)];
  std::string out = reference_table(set, rows);
  for (const std::size_t strategy : contrasted_strategies(shape)) {
    const std::string& name = shape.strategies[strategy];
    std::vector<std::vector<std::string>> cells{{"  scenario"}};
    for (const Headline& headline : shown) cells.front().push_back(headline.title);
    for (std::size_t s = 0; s < rows.size(); ++s) {
      cells.push_back({"  " + (s == 0 ? "base case" : set.scenarios[s].name)});
      for (const Headline& headline : shown) {
        const SummaryRow* row = find_row(rows[s], name, headline);
        const Changed how = changed(favours(find_row(rows.front(), name, headline), headline),
                                    favours(row, headline));
        cells.back().push_back(cell(row, headline, how));
      }
    }
    out += name + " against " + reference + "\n" + aligned(cells) + "\n";
  }
  return out;
}

std::string changes_in_words(const ScenarioSet& set, const ScenarioRows& rows) {
  const std::vector<ChangedConclusion> all = changed_conclusions(set, rows);
  if (all.empty()) return "No conclusion of the base case changes in any scenario.\n";
  std::string out;
  for (const auto& [how, text] :
       {std::pair{Changed::reversed, "!  the sign differs from the base case"},
        std::pair{Changed::lost, "~  clear of Monte Carlo error in the base case only"},
        std::pair{Changed::gained, "+  clear of Monte Carlo error in the scenario only"}}) {
    std::size_t count = 0;
    for (const ChangedConclusion& one : all) count += one.how == how ? 1 : 0;
    if (count > 0) out += text + std::string(": ") + std::to_string(count) + "\n";
  }
  return out;
}

std::string scenario_text(const ScenarioSet& set, const ScenarioRows& rows,
                          const std::string& folder) {
  const std::size_t count = set.scenarios.size() - 1;
  std::string out = set.title + "\n" + std::to_string(set.base().study.patients) +
                    " patients under each strategy in the base case and in " +
                    std::to_string(count) + (count == 1 ? " scenario" : " scenarios") +
                    ", followed for " + shortest(horizon_months(set)) + " months, seed " +
                    std::to_string(set.base().study.seed) + "\n\n";
  out += scenario_tables(set, rows) + changes_in_words(set, rows) + warnings_of(set);
  const WeakParameters weak = weak_parameters(set.base());
  if (!weak.weak.empty()) out += weak_parameters_in_words(weak) + ", see report\n";
  out += "report   " + folder + "/report.html\nfigures  " + folder + "/scenarios.csv\n\n";
  return out + disclaimer;
}

std::string scenario_json(const ScenarioSet& set, const ScenarioRows& rows,
                          const Provenance& provenance, const std::string& folder,
                          const std::vector<std::string>& of_documents) {
  JsonWriter json;
  json.begin_object();
  json.key("command").text("run");
  json.key("version").text(provenance.version);
  json.key("input").begin_object();
  json.key("study").text(set.name);
  json.key("kind").text("scenarios");
  json.key("base").text(set.base().study.name);
  json.key("digest").text(digest_text(set.digest));
  json.key("seed").integer(set.base().study.seed);
  json.key("patients").integer(set.base().study.patients);
  json.key("horizon_months").number(Months::from_days(set.base().study.horizon_days).count());
  json.end_object();
  json.key("folder").text(folder);
  json.key("scenarios").begin_array();
  for (const Scenario& scenario : set.scenarios) {
    json.begin_object();
    json.key("name").text(scenario.name);
    json.key("title").text(scenario.title);
    json.key("source").text(scenario.source);
    json.key("changes").begin_array();
    for (const ScenarioChange& change : scenario.changes) {
      json.begin_object();
      json.key("what").text(change.what);
      json.key("base").text(change.before);
      json.key("scenario").text(change.after);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("results").begin_array();
  for (std::size_t s = 0; s < rows.size(); ++s) {
    for (const SummaryRow& row : rows[s]) {
      json.begin_object();
      json.key("scenario").text(set.scenarios[s].name);
      put_summary_row(json, row);
      json.end_object();
    }
  }
  json.end_array();
  const std::vector<Headline> shown = headlines(set.shape());
  json.key("changed_conclusions").begin_array();
  for (const ChangedConclusion& one : changed_conclusions(set, rows)) {
    json.begin_object();
    json.key("scenario").text(set.scenarios[one.scenario].name);
    json.key("strategy").text(set.shape().strategies[one.strategy]);
    json.key("endpoint").text(shown[one.headline].endpoint);
    json.key("statistic").text(shown[one.headline].statistic);
    json.key("change").text(in_words(one.how));
    json.end_object();
  }
  json.end_array();
  json.key("warnings").begin_array();
  for (const std::string& warning : of_documents) json.text(warning);
  if (std::string warning = warnings_of(set); !warning.empty())
    json.text(warning.substr(9, warning.size() - 10));
  json.end_array();
  put_weak_parameters(json, set.base());
  json.end_object();
  return json.str() + "\n";
}

}  // namespace npcsim
