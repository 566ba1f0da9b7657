// The folder of a study of scenarios.
#pragma once

#include <npcsim/results/results.hpp>
#include <npcsim/scenarios/conclusions.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// Writes the figures of a finished scenario where --resume finds them. Throws FileError.
void keep_scenario(const ScenarioSet& set, std::size_t scenario,
                   const std::vector<SummaryRow>& rows, const std::string& folder);

/// The figures that keep_scenario() wrote, bit for bit, if it did. Throws FileError.
std::optional<std::vector<SummaryRow>> kept_scenario(std::size_t scenario,
                                                     const std::string& folder);

/// Writes scenarios.csv, study.yaml with inputs/, provenance.json, which has the warnings about
/// documents, and report.html. Throws FileError.
void write_scenarios(const ScenarioSet& set, const ScenarioRows& rows, const Provenance& provenance,
                     const std::vector<std::string>& of_documents, const std::string& folder);

/// The rows of scenarios.csv in a finished folder, by scenario. Problems go to `diagnostics`.
/// Throws FileError.
ScenarioRows read_scenarios(const ScenarioSet& set, const std::string& folder,
                            Diagnostics& diagnostics);

/// Writes report.html alone. Throws FileError.
void write_scenario_report(const ScenarioSet& set, const ScenarioRows& rows,
                           const Provenance& provenance, const std::string& folder);

}  // namespace npcsim
