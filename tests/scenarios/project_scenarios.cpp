#include "project_scenarios.hpp"

#include <npcsim/run/library.hpp>

#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {

ScenarioSet project_scenarios(int patients) {
  const Library library{{NPCSIM_SOURCE_DIR}};
  Diagnostics diagnostics;
  auto tree =
      read_document(library, NPCSIM_SOURCE_DIR "/configs/studies/scenarios.yaml", diagnostics);
  if (!tree) throw std::runtime_error(diagnostics.text(""));
  tree->set("patients", Tree::scalar(std::to_string(patients)));
  inline_base(library, *tree, diagnostics);
  ScenarioSet set = compile_scenarios(library, *tree, diagnostics);
  if (diagnostics.has_errors()) throw std::runtime_error(diagnostics.text(""));
  return set;
}

const Scenario& scenario_named(const ScenarioSet& set, const std::string& name) {
  for (const Scenario& scenario : set.scenarios) {
    if (scenario.name == name) return scenario;
  }
  throw std::runtime_error("no scenario '" + name + "'");
}

}  // namespace npcsim::testing
