#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/run/set_value.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>

namespace npcsim {

bool names_scenario_study(const Context& context, const std::string& study) {
  Diagnostics reported_later;
  const auto tree = read_study_document(library_near(context, study), study, reported_later);
  return tree && is_scenario_study(*tree);
}

ScenarioSet load_scenarios(const Context& context, const SimulationOptions& options,
                           Diagnostics& diagnostics) {
  if (options.slices > 1)
    throw UsageError(
        "a study of scenarios is not split by --blocks; give each scenario's share "
        "as a study of its own");
  if (options.output && *options.output != "summary")
    throw UsageError(
        "a study of scenarios keeps summaries only; --output patients and journal "
        "are for comparisons");
  if (options.draws)
    throw UsageError(
        "a study of scenarios has no draws of the parameters; --draws is for comparisons, such as "
        "its base");
  const Library library = library_near(context, options.study);
  auto tree = read_study_document(library, options.study, diagnostics);
  if (!tree) return {};
  if (options.patients)
    tree->set("patients", option_value("patients", *options.patients, diagnostics));
  // These two keys of the document go into the base.
  SimulationOptions others = options;
  others.set.clear();
  for (const auto& [path, text] : options.set) {
    if (path == "patients" || path == "strategies") {
      set_value(*tree, path, text, diagnostics);
    } else {
      others.set.emplace_back(path, text);
    }
  }
  name_base(library, *tree, diagnostics);
  if (Tree* base = tree->find("base"); base != nullptr && base->is_map()) {
    if (options.seed) base->set("seed", option_value("seed", *options.seed, diagnostics));
  }
  put_together(library, *tree, "base", others, diagnostics);
  return compile_scenarios(library, *tree, diagnostics);
}

std::string check_scenarios(const Library& library, Tree document, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  inline_base(library, document, diagnostics);
  const ScenarioSet set = compile_scenarios(library, document, diagnostics);
  if (diagnostics.error_count() > before) return {};
  const std::size_t count = set.scenarios.size() - 1;
  return "study " + set.name + ": " + std::to_string(count) +
         (count == 1 ? " scenario" : " scenarios") + " beside the base case " +
         set.base().study.name + ", " + std::to_string(set.shape().strategies.size()) +
         " strategies, " + std::to_string(set.base().study.patients) + " patients";
}

std::string scenarios_in_words(const ScenarioSet& set) {
  std::string out = wrapped(set.title, 0, 100) + "\n";
  if (!set.description.empty()) out += wrapped(set.description, 2, 100) + "\n";
  const std::size_t count = set.scenarios.size() - 1;
  out += wrapped("The same " + std::to_string(set.base().study.patients) +
                     " virtual patients live through the study " + set.base().study.name +
                     " and through " + std::to_string(count) +
                     (count == 1 ? " scenario" : " scenarios") +
                     ", each with every strategy and the same random numbers.",
                 2, 100);
  for (std::size_t s = 1; s < set.scenarios.size(); ++s) {
    const Scenario& scenario = set.scenarios[s];
    out += "\n" + wrapped(scenario.name + ": " + scenario.title, 2, 100);
    for (const ScenarioChange& change : scenario.changes) {
      out += wrapped(change.what + ": " + change.after +
                         (change.before.empty() ? "" : " instead of " + change.before),
                     4, 100);
    }
    if (!scenario.description.empty()) out += wrapped(scenario.description, 4, 100);
    out += wrapped("Source: " + scenario.source, 4, 100);
  }
  return out + "\n" + std::string(100, '-') + "\nThe base case:\n";
}

}  // namespace npcsim
