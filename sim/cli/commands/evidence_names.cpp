#include <npcsim/cli/commands/evidence_names.hpp>
#include <npcsim/evidence/evidence_names.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/model/compile.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

namespace npcsim {
namespace {

using Answer = NamesOfKind::Answer;

// A model with the attributes of one population.
struct KnownModel {
  CompiledModel compiled;
  std::set<std::string> attributes;
  std::set<std::string> variables;  // of a strategy's conditions
  std::vector<std::string> agents;  // and regimens
  std::vector<std::string> parameters;
};

std::unique_ptr<KnownModel> known_model(CompiledModel compiled) {
  auto out = std::make_unique<KnownModel>();
  const Program& program = *compiled.program;
  for (std::string& name : variable_names(program, true)) out->attributes.insert(std::move(name));
  for (std::string& name : variable_names(program, false)) out->variables.insert(std::move(name));
  for (const auto& [name, agent] : compiled.model.agents) out->agents.push_back(name.text);
  for (const auto& [name, members] : compiled.model.regimens) out->agents.push_back(name.text);
  for (const Parameter& row : compiled.model.parameters.rows()) out->parameters.push_back(row.name);
  out->compiled = std::move(compiled);
  return out;
}

class NamesNear {
 public:
  NamesNear(const Library& library, const Evidence& evidence, const Diagnostics& diagnostics)
      : library_(library), diagnostics_(diagnostics) {
    for (const auto& [id, population] : evidence.populations) {
      const Name& preset = population.preset;
      if (preset.empty() || !find(DocumentKind::population, preset)) continue;
      first_.emplace(preset.place.file, preset);
      if (any_.empty()) any_ = preset;
    }
  }

  std::optional<std::string> find(DocumentKind kind, const Name& name) const {
    const std::string folder = folder_of(diagnostics_.source_name(name.place.file));
    return find_document(library_, kind, name.text, folder);
  }

  NamesOfKind documents(DocumentKind kind) const {
    NamesOfKind out;
    const std::vector<std::string> names = document_names(library_, kind);
    out.has = [this, kind, none = names.empty()](const Name& name) {
      if (find(kind, name)) return Answer::there;
      return none ? Answer::unknown : Answer::not_there;
    };
    out.all = [names](const Name&) { return names; };
    return out;
  }

  NamesOfKind of_model(const std::vector<std::string> KnownModel::*list) {
    NamesOfKind out;
    out.has = [this, list](const Name& name) {
      const KnownModel* model = model_at(name.place, {});
      if (model == nullptr) return Answer::unknown;
      const auto& names = model->*list;
      return std::find(names.begin(), names.end(), name.text) != names.end() ? Answer::there
                                                                             : Answer::not_there;
    };
    out.all = [this, list](const Name& name) {
      const KnownModel* model = model_at(name.place, {});
      return model == nullptr ? std::vector<std::string>() : model->*list;
    };
    return out;
  }

  // The model that what stands here is about; nullptr where none is at hand.
  KnownModel* model_at(const SourcePlace& place, const std::string& preset) {
    Name name{preset, place};
    if (name.empty() || !find(DocumentKind::population, name)) {
      const auto first = first_.find(place.file);
      name = first == first_.end() ? any_ : first->second;
    }
    if (name.empty()) return nullptr;
    const std::string path = *find(DocumentKind::population, name);
    const auto known = models_.find(path);
    if (known != models_.end()) return known->second.get();
    return models_.emplace(path, read_model_of(path)).first->second.get();
  }

 private:
  // Mistakes of models and populations are told by `check` of these.
  std::unique_ptr<KnownModel> read_model_of(const std::string& population) const {
    try {
      Diagnostics told_elsewhere;
      Tree study = Tree::map();
      study.set("population", Tree::scalar(std::filesystem::absolute(population).string()));
      const std::string model = model_named_by(population);
      if (model.empty()) return nullptr;
      study.set("model", Tree::scalar(model));
      inline_documents(library_, study, told_elsewhere);
      const Tree* tree = study.find("model");
      if (told_elsewhere.has_errors() || !tree->is_map()) return nullptr;
      // As many years as the program lists in `describe`.
      CompiledModel compiled = compile_model(library_, *tree, 3652.5, told_elsewhere);
      if (told_elsewhere.has_errors() || compiled.program == nullptr) return nullptr;
      return known_model(std::move(compiled));
    } catch (const FileError&) {
      return nullptr;
    }
  }

  // Path of the model that a population, or the one that it rests on, names.
  std::string model_named_by(std::string population) const {
    constexpr int deepest = 8;
    for (int depth = 0; depth < deepest; ++depth) {
      Diagnostics told_elsewhere;
      const auto tree = read_document(library_, population, told_elsewhere);
      if (!tree || !tree->is_map()) return {};
      const auto named = [&](const char* key, DocumentKind kind) -> std::string {
        const Tree* name = tree->find(key);
        if (name == nullptr || !name->is_scalar()) return {};
        const auto path = find_document(library_, kind, name->text(), folder_of(population));
        return path ? std::filesystem::absolute(*path).string() : std::string();
      };
      if (tree->find("model") != nullptr) return named("model", DocumentKind::model);
      population = named("preset", DocumentKind::population);
      if (population.empty()) return {};
    }
    return {};
  }

  const Library& library_;
  const Diagnostics& diagnostics_;
  std::map<std::int32_t, Name> first_;  // [file] its first preset
  Name any_;
  std::map<std::string, std::unique_ptr<KnownModel>> models_;  // [path of a population]
};

bool asks_for(const ConditionDoc& condition, const KnownModel& model) {
  if (condition.kind == ConditionDoc::Kind::test) {
    const std::string& name = condition.variable.text;
    return model.variables.count(name) > 0 && model.attributes.count(name) == 0;
  }
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const ConditionDoc& part) { return asks_for(part, model); });
}

void check_condition(const ConditionUse& use, KnownModel& model, Diagnostics& diagnostics) {
  diagnostics.enter(use.path);
  const ParameterTable& parameters = model.compiled.model.parameters;
  BindContext context{&diagnostics, &parameters, nullptr, nullptr};
  Binder binder(context, *use.condition, {});
  ConditionDoc condition;
  bind_condition(binder, *use.condition, condition);
  const bool diagnosis = use.knows == ConditionUse::Knows::diagnosis ||
                         (use.knows == ConditionUse::Knows::either && !asks_for(condition, model));
  compile_condition(condition, *model.compiled.program, parameters.values(), diagnosis,
                    diagnostics);
  diagnostics.enter({});
}

}  // namespace

void check_evidence_names(const Library& library, const Evidence& evidence,
                          Diagnostics& diagnostics) {
  NamesNear near(library, evidence, diagnostics);
  KnownNames known;
  known.strategies = near.documents(DocumentKind::strategy);
  known.populations = near.documents(DocumentKind::population);
  known.agents = near.of_model(&KnownModel::agents);
  known.parameters = near.of_model(&KnownModel::parameters);
  check_names(evidence, known, diagnostics);
  for (const ConditionUse& use : conditions_of(evidence)) {
    KnownModel* model = near.model_at(use.condition->place(), use.preset);
    if (model != nullptr) check_condition(use, *model, diagnostics);
  }
}

}  // namespace npcsim
