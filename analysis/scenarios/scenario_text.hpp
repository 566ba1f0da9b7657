// What a person and a program read after a study of scenarios.
#pragma once

#include <npcsim/results/results.hpp>
#include <npcsim/scenarios/conclusions.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// A block for the reference, then one for each strategy against it: scenarios as rows, the base
/// case first; headlines as columns, with their Monte Carlo standard errors. "!" marks a sign that
/// differs from the base case, "~" a difference that is no longer clear of Monte Carlo error, "+"
/// one that is clear in the scenario only.
std::string scenario_tables(const ScenarioSet& set, const ScenarioRows& rows);

/// What changes, in one line for each scenario; or that nothing does.
std::string changes_in_words(const ScenarioSet& set, const ScenarioRows& rows);

/// What the terminal shows. `folder` is where the results lie by now.
std::string scenario_text(const ScenarioSet& set, const ScenarioRows& rows,
                          const std::string& folder);

/// The same as one JSON object, with every figure of every scenario. `of_documents` are warnings
/// that stand before those of the run.
std::string scenario_json(const ScenarioSet& set, const ScenarioRows& rows,
                          const Provenance& provenance, const std::string& folder,
                          const std::vector<std::string>& of_documents = {});

/// Adverb for people: "reversed", "lost", "gained".
std::string_view in_words(Changed how);

}  // namespace npcsim
