// npcsim check: reads and compiles documents, reports every mistake, runs nothing.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/calibration_documents.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/named_document.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/engine/strategy.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>
#include <npcsim/strategies/idle_steps.hpp>
#include <npcsim/strategies/plugin_loader.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace npcsim {
namespace {

// Lives end at the horizon: follow-up that is longer ends with them.
std::string words_on_horizon(const EmulationSet& set) {
  for (const EmulatedStudy& study : set.studies()) {
    const EmulationDoc& doc = study.document();
    if (doc.follow_most_days > doc.horizon_days)
      return "; nobody is followed beyond the horizon of " +
             shortest(std::round(100 * doc.horizon_days / days_per_month) / 100) + " months";
  }
  return {};
}

bool is_evidence_file(const Context& context, const std::string& path) {
  try {
    Diagnostics reported_later;
    const auto tree = read_document(library_near(context, path), path, reported_later);
    return tree && tree->is_map() && tree->find("evidence") != nullptr;
  } catch (const FileError&) {
    return false;
  }
}

// Evidence documents refer to each other, so that all that are given are checked at once. Says what
// those without a mistake are, by path.
std::map<std::string, std::string> check_evidence_files(const Context& context,
                                                        const std::vector<std::string>& paths,
                                                        Diagnostics& diagnostics) {
  Library library;
  std::vector<EvidenceFile> files;
  std::vector<std::size_t> file_of;  // [path]
  for (const std::string& path : paths) {
    const Library near = library_near(context, path);
    for (const std::string& root : near.roots) {
      if (std::find(library.roots.begin(), library.roots.end(), root) == library.roots.end())
        library.roots.push_back(root);
    }
    const auto same = std::find_if(files.begin(), files.end(), [&path](const EvidenceFile& file) {
      return same_file(file.path, path);
    });
    file_of.push_back(static_cast<std::size_t>(same - files.begin()));
    if (same == files.end())
      files.push_back({path, *read_document(near, path, diagnostics)});  // it was read before
  }
  check_evidence_documents(library, files, diagnostics);
  std::map<std::string, std::string> out;
  for (std::size_t p = 0; p < paths.size(); ++p) {
    const EvidenceFile& file = files[file_of[p]];
    const std::int32_t index = file.document.place().file;
    const bool wrong = std::any_of(
        diagnostics.items().begin(), diagnostics.items().end(), [index](const Diagnostic& item) {
          return item.severity == Severity::error && item.place.file == index;
        });
    if (!wrong)
      out[paths[p]] = "evidence " + file.document.find("evidence")->text() + ": " +
                      std::to_string(file.figures) + (file.figures == 1 ? " figure" : " figures");
  }
  return out;
}

// Compiles one document of any kind; says what it is.
std::string check_one(const Context& context, const std::string& path, Diagnostics& diagnostics) {
  const Library library = library_near(context, path);
  auto tree = read_document(library, path, diagnostics);
  if (!tree) return {};
  if (!tree->is_map()) {
    diagnostics.error(tree->place(), "a document must be a map of keys, found " + in_words(*tree));
    return {};
  }
  if (is_emulation(*tree)) {
    const Evidence evidence = read_all_evidence(library, diagnostics);
    const EmulationSet set(library, {path}, evidence, {}, diagnostics);
    std::size_t simulated = 0;
    for (std::size_t f = 0; f < set.figures(); ++f)
      if (set.figure(f).not_simulated.empty()) ++simulated;
    const Tree* const name = tree->find("study");
    return "emulation " + (name == nullptr ? std::string() : name->text()) + ": " +
           std::to_string(set.figures()) + " figures, " + std::to_string(simulated) +
           " of them simulated" + words_on_horizon(set);
  }
  if (lacks_kind(*tree, diagnostics)) return {};
  if (is_calibration(*tree)) {
    const CalibrationDocuments documents =
        compile_calibration(library, std::move(*tree), {}, false, diagnostics);
    return calibration_line(documents);
  }
  if (is_scenario_study(*tree)) return check_scenarios(library, std::move(*tree), diagnostics);
  if (tree->find("study") != nullptr || tree->find("strategies") != nullptr) {
    const std::size_t before = diagnostics.error_count();
    inline_documents(library, *tree, diagnostics);
    const auto study = compile_study(library, *tree, diagnostics);
    if (study == nullptr || diagnostics.error_count() > before) return {};
    check_draws(*study, diagnostics);
    return "study " + study->study.name + ": " + std::to_string(study->strategies.size()) +
           " strategies, " + std::to_string(study->study.patients) + " patients, model " +
           study->model.name +
           (study->draws ? ", " + std::to_string(study->draws->count) + " draws of " +
                               std::to_string(study->draws->varying.size()) + " parameters"
                         : std::string());
  }
  if (tree->find("strategy") != nullptr) {
    const Tree* named = tree->find("model");
    if (named == nullptr) {
      diagnostics.error(tree->place(), "missing key 'model'",
                        "the model whose agents the strategy names");
      return {};
    }
    // The smallest study around it, so that it is compiled against its model.
    Tree study = Tree::map(tree->place());
    study.set("model", *named);
    inline_documents(library, study, diagnostics);
    const Tree* model_tree = study.find("model");
    if (!model_tree->is_map()) return {};  // which has been reported
    CompiledModel model = compile_model(library, *model_tree, 3652.5, diagnostics);
    StrategyDoc doc = read_strategy(*tree, &model.model.parameters, diagnostics);
    doc.folder = folder_of(path);
    const std::string by = doc.plugin.empty() ? std::to_string(doc.steps.size()) + " steps"
                                              : "decided by the plugin " + doc.plugin.text;
    const std::vector<double> values = model.model.parameters.values();
    if (model.program != nullptr && doc.plugin.empty()) {
      compile_strategy(doc, *model.program, values, diagnostics);
      if (!diagnostics.has_errors()) warn_of_idle_steps(doc, *model.program, diagnostics);
    } else if (model.program != nullptr) {
      load_plugin(doc, *model.program, values, diagnostics);
    }
    return "strategy " + doc.name + ": " + by + ", model " + model.model.name;
  }
  if (tree->find("population") != nullptr) {
    const Tree* named = tree->find("model");
    Tree study = Tree::map(tree->place());
    if (named != nullptr) study.set("model", *named);
    Tree population = *tree;
    study.set("population", population);
    inline_documents(library, study, diagnostics);
    const Tree* model_tree = study.find("model");
    if (model_tree != nullptr && model_tree->is_map())
      compile_model(library, *model_tree, 3652.5, diagnostics);
    return "population " + tree->find("population")->text();
  }
  if (tree->find("model") != nullptr || tree->find("processes") != nullptr) {
    const CompiledModel model = compile_model(library, *tree, 3652.5, diagnostics);
    return "model " + model.model.name + ": " + std::to_string(model.model.states.size()) +
           " states, " + std::to_string(model.model.processes.size()) + " processes, " +
           std::to_string(model.model.parameters.rows().size()) + " parameters";
  }
  diagnostics.error(tree->place(),
                    "this document says neither study, strategy, population, model, evidence nor "
                    "calibration");
  return {};
}

}  // namespace

ExitCode check_command(const Context& context) {
  if (context.arguments.empty())
    throw UsageError("which documents? e.g. npcsim check configs/studies/lrrt.yaml");
  // Options before documents, which may take a while.
  for (const std::string& path : context.arguments) {
    if (path == "--help" || path == "-h") {
      print(
          "npcsim check FILE|NAME...\n  reads and compiles documents, reports every mistake, runs "
          "nothing\n\n"
          "Example:\n  npcsim check configs/studies/lrrt.yaml strategies/gp_pd1.yaml\n");
      return ExitCode::done;
    }
    if (!path.empty() && path.front() == '-') throw UsageError("unknown option '" + path + "'");
  }
  Diagnostics diagnostics;
  // A file that cannot be read takes nothing away from the others.
  bool unreadable = false;
  const auto try_to = [&unreadable](const auto& work) {
    try {
      work();
    } catch (const FileError& error) {
      print_error(std::string("npcsim: error: ") + error.what() + "\n");
      unreadable = true;
    }
  };
  std::vector<std::string> paths;
  std::vector<std::string> evidence;
  for (const std::string& name : context.arguments) {
    try_to([&] { paths.push_back(path_of_document(library_near(context, name), name)); });
  }
  for (const std::string& path : paths) {
    if (is_evidence_file(context, path)) evidence.push_back(path);
  }
  std::optional<std::map<std::string, std::string>> words_on_evidence;
  for (const std::string& path : paths) {
    if (std::find(evidence.begin(), evidence.end(), path) != evidence.end()) {
      if (!words_on_evidence) {
        words_on_evidence.emplace();
        try_to([&] { words_on_evidence = check_evidence_files(context, evidence, diagnostics); });
      }
      const auto words = words_on_evidence->find(path);
      if (words != words_on_evidence->end()) print(path + ": " + words->second + "\n");
      continue;
    }
    const std::size_t before = diagnostics.error_count();
    try_to([&] {
      const std::string what = check_one(context, path, diagnostics);
      if (diagnostics.error_count() == before) print(path + ": " + what + "\n");
    });
  }
  const ExitCode found = report(context, diagnostics, "nothing was run");
  // Mistakes of a document may come from a file that it names and that could not be read.
  return unreadable ? ExitCode::cannot_read : found;
}

}  // namespace npcsim
