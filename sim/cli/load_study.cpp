#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/commands/calibration_documents.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/set_value.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// A document that is looked at and is of another kind, in words.
const char* other_kind(const Tree& tree) {
  if (is_calibration(tree)) return "a calibration";
  return tree.find("evidence") != nullptr ? "evidence" : nullptr;
}

}  // namespace

std::optional<Tree> read_study_document(const Library& library, const std::string& study,
                                        Diagnostics& diagnostics) {
  std::string path = study;
  if (!file_exists(path) && path.find('/') == std::string::npos) {
    if (const auto found = find_document(library, DocumentKind::study, path, ".")) {
      path = *found;
    } else if (const auto emulation = find_emulation(library, path)) {
      path = *emulation;
    } else if (!path.ends_with(".yaml") && !path.ends_with(".yml")) {
      std::vector<std::string> names = document_names(library, DocumentKind::study);
      for (const std::string& name : document_names(library, DocumentKind::emulation))
        names.push_back(name);
      const std::string near = closest(path, names);
      throw FileError(FileError::Kind::cannot_read, "find the study", path,
                      (near.empty() ? "" : "did you mean '" + near + "'? ") +
                          std::string("npcsim list studies shows all"));
    }
  }
  auto tree = read_document(library, path, diagnostics);
  if (!tree || !tree->is_map()) {
    if (tree)
      diagnostics.error(tree->place(),
                        "a study document must be a map of keys, found " + in_words(*tree));
    return std::nullopt;
  }
  if (const char* kind = other_kind(*tree)) {
    diagnostics.error(tree->place(), "this command needs a study, found " + std::string(kind),
                      "npcsim check reads it; npcsim " +
                          std::string(is_calibration(*tree) ? "calibrate fits it"
                                                            : "list studies shows the studies"));
    return std::nullopt;
  }
  if (lacks_kind(*tree, diagnostics)) return std::nullopt;
  if (tree->find("study") == nullptr &&
      (tree->find("model") != nullptr || tree->find("strategy") != nullptr) &&
      tree->find("strategies") == nullptr) {
    diagnostics.error(tree->place(), "this is no study document: it has no key 'study'",
                      "npcsim check reads models and strategies; npcsim run needs a study");
    return std::nullopt;
  }
  return tree;
}

Tree option_value(const std::string& option, const std::string& text, Diagnostics& diagnostics) {
  const std::int32_t file = diagnostics.add_source("--" + option, text);
  return Tree::scalar(text, {file, 1, 1, static_cast<std::int32_t>(text.size())});
}

namespace {

// Keeps the strategies of --strategies, in their order; all if there are none. `prefix` is what
// stands before paths in the study.
void choose_strategies(Tree& study, const SimulationOptions& options, const std::string& prefix,
                       Diagnostics& diagnostics) {
  const std::vector<std::string>& names = options.strategies;
  if (names.empty()) return;
  Tree* list = study.find("strategies");
  Tree chosen = Tree::list(list == nullptr ? SourcePlace{} : list->place());
  for (const std::string& name : names) {
    const Tree* found = nullptr;
    std::vector<std::string> known;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const Tree* own = list->items()[i].is_map() ? list->items()[i].find("strategy") : nullptr;
      if (own == nullptr) continue;
      known.push_back(own->text());
      if (own->text() == name) found = &list->items()[i];
    }
    if (found == nullptr) {
      diagnostics.error(option_value("strategies", name, diagnostics).place(),
                        "the study has no strategy '" + name + "'", suggestion(name, known));
    } else {
      chosen.append(*found);
    }
  }
  if (chosen.items().empty()) return;
  // The reference stays if it was chosen; otherwise the first chosen strategy is compared with.
  const Tree* reference = study.find("reference");
  if (reference != nullptr &&
      std::find(names.begin(), names.end(), reference->text()) == names.end()) {
    const auto other = std::any_of(options.set.begin(), options.set.end(), [&](const auto& set) {
      return set.first == prefix + "reference";
    });
    if (!other && names.size() > 1)
      diagnostics.warning(reference->place(), "the study's reference '" + reference->text() +
                                                  "' is not among --strategies: compared with '" +
                                                  names.front() + "'");
    study.erase("reference");
  }
  study.set("strategies", std::move(chosen));
}

}  // namespace

void put_together(const Library& library, Tree& document, const std::string& key,
                  const SimulationOptions& options, Diagnostics& diagnostics) {
  const std::string prefix = key.empty() ? key : key + ".";
  const auto change = [&](ChangeOf what) {
    std::vector<std::pair<std::string, std::string>> done;  // place in the document, as written
    for (const auto& [path, text] : options.set) {
      const bool inside = path.compare(0, prefix.size(), prefix) == 0;
      if ((inside ? change_of(path.substr(prefix.size())) : ChangeOf::whole) != what) continue;
      // A strategy has a name and a number, a parameter is its value.
      const std::string meant = path_by_numbers(document, path);
      for (const auto& [other, written] : done) {
        if (other == meant)
          diagnostics.error(option_value("set " + path + "=" + text, text, diagnostics).place(),
                            "--set " + written + " sets the same");
      }
      done.emplace_back(meant, path);
      set_value(document, path, text, diagnostics);
    }
  };
  // Changes may move what lies in the document.
  const auto study = [&] {
    Tree* found = key.empty() ? &document : document.find(key);
    return found != nullptr && found->is_map() ? found : nullptr;
  };
  change(ChangeOf::names);
  if (study() != nullptr) inline_names(library, *study(), diagnostics);
  change(ChangeOf::written);
  if (study() != nullptr) {
    inline_documents(library, *study(), diagnostics);
    choose_strategies(*study(), options, prefix, diagnostics);
  }
  change(ChangeOf::whole);
}

namespace {

// --draws of a study that does not say from where: what a calibration has found for the model, or
// else its priors.
void say_where_draws_come_from(const Library& library, Tree& study) {
  Tree* draws = study.find("draws");
  if (draws == nullptr || !draws->is_map() || draws->find("from") != nullptr) return;
  const Tree* model = study.find("model");
  const Tree* name = model != nullptr && model->is_map() ? model->find("model") : nullptr;
  const std::string posterior = name != nullptr && name->is_scalar()
                                    ? calibrated_file(library, name->text(), "")
                                    : std::string();
  draws->set("from", Tree::scalar(posterior.empty() ? "prior" : posterior));
}

}  // namespace

std::unique_ptr<CompiledStudy> load_study(const Context& context, const SimulationOptions& options,
                                          Diagnostics& diagnostics) {
  const Library library = library_near(context, options.study);
  auto tree = read_study_document(library, options.study, diagnostics);
  if (!tree) return nullptr;
  if (is_emulation(*tree)) {
    diagnostics.error(tree->find("kind")->place(),
                      "this command needs one comparison, found an emulation of a published study",
                      "npcsim run simulates it; a comparison of its strategies can be replayed");
    return nullptr;
  }
  if (is_scenario_study(*tree)) {
    diagnostics.error(tree->find("kind")->place(),
                      "this command needs one comparison, found a study of scenarios",
                      "give the study that it names under 'base'");
    return nullptr;
  }
  // What the command line says goes into the document, so that the compiled study says it too.
  const auto set = [&](const char* key, const std::optional<std::string>& text) {
    if (text) tree->set(key, option_value(key, *text, diagnostics));
  };
  set("patients", options.patients);
  set("seed", options.seed);
  set("output", options.output);
  set("sample", options.sample);
  if (options.draws) {
    Tree* known = tree->find("draws");
    if (known == nullptr) {
      tree->set("draws", Tree::map());
      known = tree->find("draws");
    }
    if (known->is_map()) known->set("count", option_value("draws", *options.draws, diagnostics));
  }
  put_together(library, *tree, {}, options, diagnostics);
  if (options.draws) say_where_draws_come_from(library, *tree);
  return compile_study(library, *tree, diagnostics, stop_sign(context));
}

}  // namespace npcsim
