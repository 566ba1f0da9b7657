#include <npcsim/io/csv.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/report/report_page.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/scenarios/detail/page.hpp>
#include <npcsim/scenarios/scenario_files.hpp>

#include <algorithm>

namespace npcsim {
namespace {

std::string kept_path(std::size_t scenario, const std::string& folder) {
  return beside(beside(folder, "finished"), std::to_string(scenario) + ".csv");
}

// The rows of some scenarios, in the order of the table of a run, with the scenario in front.
Table scenario_table(const ScenarioSet& set, const ScenarioRows& rows) {
  std::vector<SummaryRow> all;
  Column::Texts names;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    all.insert(all.end(), rows[s].begin(), rows[s].end());
    names.insert(names.end(), rows[s].size(), set.scenarios[s].name);
  }
  Table table = summary_table(all, set.base().study.name);
  table.name = "scenarios";
  Column column{"scenario", {}, "name of the scenario; base: the base case", std::move(names)};
  table.columns.insert(table.columns.begin(), std::move(column));
  return table;
}

std::optional<double> number(const Column::Numbers& cells, std::size_t row) {
  return cells[row] == cells[row] ? std::optional<double>(cells[row]) : std::nullopt;
}

// Rows of a table that was written from rows; nothing and an error if a column is missing. A
// strategy may be called NA.
std::vector<SummaryRow> rows_of(const CsvTable& table, Diagnostics& diagnostics) {
  const auto strategy = table.names("strategy", diagnostics);
  const auto versus = table.names("versus", diagnostics);
  const auto subgroup = table.names("subgroup", diagnostics);
  const auto endpoint = table.names("endpoint", diagnostics);
  const auto statistic = table.names("statistic", diagnostics);
  const auto unit = table.names("unit", diagnostics);
  const auto* at_months = table.numbers("at_months", diagnostics);
  const auto* value = table.numbers("value", diagnostics);
  const auto* se = table.numbers("se", diagnostics);
  const auto* lo95 = table.numbers("lo95", diagnostics);
  const auto* hi95 = table.numbers("hi95", diagnostics);
  if (diagnostics.has_errors()) return {};
  std::vector<SummaryRow> rows(table.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = {(*strategy)[i],   (*versus)[i],          (*subgroup)[i],    (*endpoint)[i],
               (*statistic)[i],  number(*at_months, i), number(*value, i), number(*se, i),
               number(*lo95, i), number(*hi95, i),      (*unit)[i]};
  }
  return rows;
}

std::string provenance_json(const ScenarioSet& set, const Provenance& provenance,
                            const std::vector<std::string>& of_documents) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("study").text(set.name);
  json.key("kind").text("scenarios");
  json.key("digest").text(digest_text(set.digest));
  json.key("seed").integer(set.base().study.seed);
  json.key("replicate").integer(set.base().study.replicate);
  json.key("patients").integer(set.base().study.patients);
  json.key("scenarios").integer(static_cast<std::int64_t>(set.scenarios.size()) - 1);
  put_program(json, provenance, to_yaml(set.document), set.inputs);
  json.key("warnings").begin_array();
  for (const std::string& warning : of_documents) json.text(warning);
  json.end_array();
  put_weak_parameters(json, set.base());
  put_host(json, provenance);
  json.end_object();
  return json.str() + "\n";
}

}  // namespace

void keep_scenario(const ScenarioSet& set, std::size_t scenario,
                   const std::vector<SummaryRow>& rows, const std::string& folder) {
  make_folders(beside(folder, "finished"));
  write_table_csv(kept_path(scenario, folder), summary_table(rows, set.base().study.name));
}

std::optional<std::vector<SummaryRow>> kept_scenario(std::size_t scenario,
                                                     const std::string& folder) {
  const std::string path = kept_path(scenario, folder);
  if (!file_exists(path)) return std::nullopt;
  Diagnostics diagnostics;
  const auto table = read_csv_file(path, diagnostics);
  if (!table) return std::nullopt;
  std::vector<SummaryRow> rows = rows_of(*table, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return rows;
}

void write_scenarios(const ScenarioSet& set, const ScenarioRows& rows, const Provenance& provenance,
                     const std::vector<std::string>& of_documents, const std::string& folder) {
  write_table_csv(beside(folder, "scenarios.csv"), scenario_table(set, rows));
  write_file_atomically(beside(folder, "study.yaml"), to_yaml(set.document));
  const std::string inputs = beside(folder, "inputs");
  if (!set.inputs.empty()) make_folders(inputs);
  for (const auto& [name, bytes] : set.inputs) write_file_atomically(beside(inputs, name), bytes);
  write_file_atomically(beside(folder, "provenance.json"),
                        provenance_json(set, provenance, of_documents));
  write_scenario_report(set, rows, provenance, folder);
}

ScenarioRows read_scenarios(const ScenarioSet& set, const std::string& folder,
                            Diagnostics& diagnostics) {
  ScenarioRows out(set.scenarios.size());
  const auto table = read_csv_file(beside(folder, "scenarios.csv"), diagnostics);
  if (!table) return out;
  const auto names = table->names("scenario", diagnostics);
  const std::vector<SummaryRow> rows = rows_of(*table, diagnostics);
  for (std::size_t i = 0; names && i < rows.size(); ++i) {
    const auto scenario =
        std::find_if(set.scenarios.begin(), set.scenarios.end(),
                     [&](const Scenario& known) { return known.name == (*names)[i]; });
    if (scenario != set.scenarios.end())
      out[static_cast<std::size_t>(scenario - set.scenarios.begin())].push_back(rows[i]);
  }
  return out;
}

void write_scenario_report(const ScenarioSet& set, const ScenarioRows& rows,
                           const Provenance& provenance, const std::string& folder) {
  write_file_atomically(beside(folder, "report.html"),
                        report_page(detail::scenario_page_data(set, rows, provenance)));
}

}  // namespace npcsim
