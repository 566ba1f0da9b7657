#include <npcsim/base/quantity_text.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/library.hpp>

#include <algorithm>
#include <filesystem>

namespace npcsim {
namespace {

std::string folder_of_kind(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::model:
      return "configs/models";
    case DocumentKind::population:
      return "configs/populations";
    case DocumentKind::strategy:
      return "strategies";
    case DocumentKind::study:
      return "configs/studies";
    case DocumentKind::evidence:
      return "configs/evidence";
    case DocumentKind::emulation:
      return "configs/emulations";
    case DocumentKind::running_trial:
      return "configs/emulations/trials";
    case DocumentKind::calibration:
      return "configs/calibrations";
  }
  return {};
}

std::string word(DocumentKind kind) {
  return kind == DocumentKind::model         ? "model"
         : kind == DocumentKind::population  ? "population"
         : kind == DocumentKind::strategy    ? "strategy"
         : kind == DocumentKind::evidence    ? "evidence"
         : kind == DocumentKind::calibration ? "calibration"
                                             : "study";
}

// Adds what `extra` has and `main` lacks; maps down to this depth are joined entry by entry.
void merge(Tree& main, const Tree& extra, int depth) {
  for (std::size_t i = 0; i < extra.keys().size(); ++i) {
    const Tree::Key& key = extra.keys()[i];
    Tree* mine = main.find(key.text);
    if (mine == nullptr) {
      main.set(key, extra.items()[i]);
    } else if (depth > 1 && mine->is_map() && extra.items()[i].is_map()) {
      merge(*mine, extra.items()[i], depth - 1);
    }
  }
}

constexpr int any_depth = 1000;

// Where the files that a part of a document names are looked for. What the command line names is
// looked for as if the study, in the folder `home`, named it, and then where the user is.
std::vector<std::string> folders_for(const SourcePlace& place, const std::string& home,
                                     const Diagnostics& diagnostics) {
  if (!on_command_line(place, diagnostics)) return {folder_of(diagnostics.source_name(place.file))};
  return {home, "."};
}

std::optional<Tree> read_with_includes(const Library& library, const std::string& path,
                                       Diagnostics& diagnostics, int depth);

// Adds the files that a document includes, be it a file or a part of another document.
void add_included(const Library& library, const std::string& home, Tree& tree,
                  Diagnostics& diagnostics, int depth) {
  const Tree* include = tree.is_map() ? tree.find("include") : nullptr;
  if (include == nullptr) return;
  std::vector<Tree> files;
  if (include->is_list()) {
    files = include->items();
  } else {
    files.push_back(*include);
  }
  tree.erase("include");
  for (const Tree& file : files) {
    if (!file.is_scalar()) {
      diagnostics.error(file.place(),
                        "'include' is a path or a list of paths, found " + in_words(file));
      continue;
    }
    std::optional<std::string> found;
    for (const std::string& folder : folders_for(file.place(), home, diagnostics)) {
      if (!found) found = find_data(library, file.text(), folder);
    }
    if (!found) {
      diagnostics.error(file.place(), "cannot find the included file '" + file.text() + "'",
                        "it is looked for beside this document, then in configs/");
      continue;
    }
    if (depth > 16) {
      diagnostics.error(file.place(), "documents include each other in a circle");
      continue;
    }
    const auto other = read_with_includes(library, *found, diagnostics, depth + 1);
    if (other && other->is_map()) merge(tree, *other, any_depth);
  }
}

std::optional<Tree> read_with_includes(const Library& library, const std::string& path,
                                       Diagnostics& diagnostics, int depth) {
  auto tree = read_yaml_file(path, diagnostics);
  if (tree) add_included(library, folder_of(path), *tree, diagnostics, depth);
  return tree;
}

// Reads the document that `node` names and puts it in the node's place.
void replace_by_document(const Library& library, const std::string& home, Tree& node,
                         DocumentKind kind, Diagnostics& diagnostics) {
  if (node.is_map() || diagnostics.has_error_at(node.place())) return;
  if (!node.is_scalar()) {
    diagnostics.error(node.place(),
                      "a " + word(kind) + " is a name, a path or a map, found " + in_words(node));
    return;
  }
  std::optional<std::string> path;
  for (const std::string& folder : folders_for(node.place(), home, diagnostics)) {
    if (!path) path = find_document(library, kind, node.text(), folder);
  }
  if (!path) {
    diagnostics.error(node.place(), "cannot find the " + word(kind) + " '" + node.text() + "'",
                      suggestion(node.text(), document_names(library, kind)));
    return;
  }
  if (auto tree = read_document(library, *path, diagnostics)) {
    if (tree->is_map() && tree->find(word(kind)) == nullptr) {
      diagnostics.error(node.place(), "'" + *path + "' is not a " + word(kind) +
                                          " document: it has no key '" + word(kind) + "'");
      return;
    }
    node = std::move(*tree);
  }
}

// Another value has the unit of the parameter's own, or it would be reported at the places that use
// the parameter, where nobody has to mend anything.
void check_unit(const Tree& entry, const Tree::Key& name, const Tree& value,
                Diagnostics& diagnostics) {
  const Tree* old = entry.find("value");
  if (old == nullptr || !old->is_scalar() || !value.is_scalar()) return;
  const auto before = parse_quantity(old->text());
  const auto after = parse_quantity(value.text());
  if (!before || !after || before->dimension == after->dimension) return;
  const std::string expected = std::string(dimension_in_words(before->dimension));
  diagnostics.error(
      value.place(),
      after->unit.empty()
          ? "'" + name.text + "' needs a unit: expected " + expected + ", found " + value.text()
          : "wrong unit '" + after->unit + "' for '" + name.text + "': expected " + expected,
      "the model has " + old->text());
}

}  // namespace

bool on_command_line(const SourcePlace& place, const Diagnostics& diagnostics) {
  return diagnostics.source_name(place.file).compare(0, 2, "--") == 0;
}

std::string tidy_path(const std::string& path) {
  const std::filesystem::path tidy = std::filesystem::path(path).lexically_normal();
  std::error_code none;
  return std::filesystem::equivalent(tidy, path, none) ? tidy.string() : path;
}

void set_parameters(Tree& model, const Tree& values, Diagnostics& diagnostics) {
  if (!values.is_map()) {
    diagnostics.error(values.place(), "'parameters' must be a map of values by name");
    return;
  }
  Tree* parameters = model.find("parameters");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Tree::Key& key = values.keys()[i];
    Tree* entry = parameters == nullptr ? nullptr : parameters->find(key.text);
    if (entry == nullptr || !entry->is_map()) {
      std::vector<std::string> names;
      if (parameters != nullptr) {
        for (const Tree::Key& known : parameters->keys()) names.push_back(known.text);
      }
      diagnostics.error(key.place, "the model has no parameter '" + key.text + "'",
                        suggestion(key.text, names));
      continue;
    }
    const Tree& value = values.items()[i];
    if (value.is_map()) {
      for (std::size_t k = 0; k < value.size(); ++k) entry->set(value.keys()[k], value.items()[k]);
    } else {
      check_unit(*entry, key, value, diagnostics);
      entry->set("value", value);
    }
  }
}

std::optional<std::string> find_document(const Library& library, DocumentKind kind,
                                         const std::string& name, const std::string& folder) {
  const bool is_path =
      name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
  if (is_path) return find_data(library, name, folder);
  const std::string file = name + ".yaml";
  const auto fits = [](const std::string& path) {
    std::error_code none;
    return std::filesystem::is_regular_file(path, none);
  };
  // A study may lie beside a model of the same name: the file must say that it is of this kind.
  const auto is_of_kind = [&](const std::string& path) {
    const std::string text = "\n" + read_file(path);
    const auto says = [&text](const std::string& key) {
      return text.find("\n" + key + ":") != std::string::npos;
    };
    // Other kinds name their model, and a study names its population.
    if (kind == DocumentKind::model && (says("strategy") || says("population"))) return false;
    return says(word(kind)) && (kind == DocumentKind::study || !says("study"));
  };
  if (fits(beside(folder, file)) && is_of_kind(beside(folder, file))) return beside(folder, file);
  // Kinds are siblings: configs/studies/x.yaml finds ../models/y.yaml.
  const std::string siblings =
      beside(folder, "../" + word(kind) + (kind == DocumentKind::strategy ? "" : "s") + "/" + file);
  if (fits(siblings)) return tidy_path(siblings);
  for (const std::string& root : library.roots) {
    const std::string path = beside(beside(root, folder_of_kind(kind)), file);
    if (fits(path)) return path;
  }
  return std::nullopt;
}

std::optional<std::string> find_data(const Library& library, const std::string& name,
                                     const std::string& folder) {
  std::error_code none;
  const std::string near = beside(folder, name);
  if (std::filesystem::is_regular_file(near, none)) return near;
  if (!name.empty() && name.front() == '/') return std::nullopt;
  for (const std::string& root : library.roots) {
    for (const char* inside : {"configs", "."}) {
      const std::string path = beside(beside(root, inside), name);
      if (std::filesystem::is_regular_file(path, none)) return path;
    }
  }
  return std::nullopt;
}

std::string calibrated_file(const Library& library, const std::string& model,
                            const std::string& what) {
  const std::string name = "models/posterior/" + model + what + ".csv";
  return !model.empty() && find_data(library, name, ".") ? name : std::string();
}

std::vector<std::string> document_names(const Library& library, DocumentKind kind) {
  std::vector<std::string> names;
  for (const std::string& root : library.roots) {
    std::error_code none;
    for (const auto& entry :
         std::filesystem::directory_iterator(beside(root, folder_of_kind(kind)), none)) {
      if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<Tree> read_document(const Library& library, const std::string& path,
                                  Diagnostics& diagnostics) {
  return read_with_includes(library, path, diagnostics, 0);
}

void inline_names(const Library& library, Tree& study, Diagnostics& diagnostics) {
  if (!study.is_map()) return;
  const std::string home = folder_of(diagnostics.source_name(study.place().file));
  if (Tree* model = study.find("model"))
    replace_by_document(library, home, *model, DocumentKind::model, diagnostics);
  if (Tree* population = study.find("population"))
    replace_by_document(library, home, *population, DocumentKind::population, diagnostics);
}

void inline_documents(const Library& library, Tree& study, Diagnostics& diagnostics) {
  if (!study.is_map()) return;
  inline_names(library, study, diagnostics);
  const std::string home = folder_of(diagnostics.source_name(study.place().file));
  Tree* model = study.find("model");
  if (model != nullptr) add_included(library, home, *model, diagnostics, 0);

  if (Tree* population = study.find("population")) {
    add_included(library, home, *population, diagnostics, 0);
    // `preset` names another population whose entries this one overrides.
    for (int depth = 0; population->is_map() && population->find("preset") != nullptr && depth < 8;
         ++depth) {
      Tree preset = *population->find("preset");
      population->erase("preset");
      replace_by_document(library, home, preset, DocumentKind::population, diagnostics);
      // An attribute, a parameter or a test is replaced as a whole.
      if (preset.is_map()) merge(*population, preset, 2);
    }
    if (population->is_map() && model != nullptr && model->is_map()) {
      if (const Tree* values = population->find("parameters")) {
        set_parameters(*model, *values, diagnostics);
        population->erase("parameters");
      }
      if (const Tree* attributes = population->find("attributes")) {
        if (!attributes->is_map()) {
          diagnostics.error(attributes->place(), "'attributes' must be a map");
        } else {
          if (model->find("attributes") == nullptr)
            model->set("attributes", Tree::map(attributes->place()));
          Tree* mine = model->find("attributes");
          for (std::size_t i = 0; i < attributes->size(); ++i)
            mine->set(attributes->keys()[i], attributes->items()[i]);
        }
        population->erase("attributes");
      }
      if (const Tree* copulas = population->find("copulas")) {
        model->set("copulas", *copulas);
        population->erase("copulas");
      }
    }
  }
  if (const Tree* values = study.find("parameters")) {
    if (model != nullptr && model->is_map()) {
      set_parameters(*model, *values, diagnostics);
      study.erase("parameters");
      model = study.find("model");
    }
  }
  if (Tree* strategies = study.find("strategies")) {
    if (strategies->is_list()) {
      for (Tree& item : strategies->items()) {
        replace_by_document(library, home, item, DocumentKind::strategy, diagnostics);
        add_included(library, home, item, diagnostics, 0);
      }
    }
  }
}

std::optional<Tree> read_study(const Library& library, const std::string& path,
                               Diagnostics& diagnostics) {
  auto study = read_document(library, path, diagnostics);
  if (!study) return std::nullopt;
  if (!study->is_map()) {
    diagnostics.error(study->place(),
                      "a study document must be a map of keys, found " + in_words(*study));
    return study;
  }
  inline_documents(library, *study, diagnostics);
  return study;
}

}  // namespace npcsim
