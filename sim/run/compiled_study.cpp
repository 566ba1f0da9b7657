#include <npcsim/base/first_error.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/model/compile.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/detail/kept_files.hpp>
#include <npcsim/run/population_doc.hpp>
#include <npcsim/strategies/idle_steps.hpp>
#include <npcsim/strategies/plugin_loader.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

namespace npcsim {
namespace {

// What compile() needs of a study that was compiled before, but for the parameters.
CompileInput input_again(const CompiledStudy& study) {
  const CompileSources& sources = study.sources;
  CompileInput input;
  input.model = &study.model;
  input.horizon_days = study.study.horizon_days;
  input.diagnosed_on = study.study.diagnosed_on;
  if (!sources.population.eligible.empty()) input.eligible = &sources.population.eligible;
  input.resample_file = sources.population.resample.text;
  input.data = sources.data;
  return input;
}

// The checks of a posterior that lie beside it; kept, so that a report that is made again knows
// them.
PosteriorChecks read_checks_beside(const Library& library, const Name& draws,
                                   const std::string& kept, CompiledStudy& study,
                                   Diagnostics& diagnostics) {
  const std::string folder = on_command_line(draws.place, diagnostics)
                                 ? "."
                                 : folder_of(diagnostics.source_name(draws.place.file));
  const std::filesystem::path file(draws.text);
  std::vector<std::string> names{file.stem().string() + "_gates.csv"};
  if (file.filename() == "posterior.csv") names.emplace_back("gates.csv");
  for (const std::string& name : names) {
    const auto path = find_data(library, (file.parent_path() / name).string(), folder);
    if (!path) continue;
    std::string bytes = read_file(*path);
    // A file that only looks like one must not stop a run that does not need it.
    Diagnostics about_checks;
    const auto table = read_csv_text(*path, bytes, about_checks);
    if (!table) return {};
    PosteriorChecks checks = read_checks(*table, about_checks);
    if (checks.tested > 0) {
      study.remarks.emplace(std::filesystem::path(kept).stem().string() + "_gates.csv",
                            std::move(bytes));
    }
    return checks;
  }
  return {};
}

std::optional<ParameterDraws> read_draws(const Library& library, CompiledStudy& study,
                                         const std::vector<ValueUse>& uses, detail::KeptFiles& data,
                                         Diagnostics& diagnostics, const StopSign& stop) {
  const DrawsDoc& doc = study.study.draws;
  const ParameterTable& parameters = study.model.parameters;
  if (!doc.given || doc.from.empty()) return std::nullopt;
  CompileInput input = input_again(study);
  const auto problem = [&input](const std::vector<double>& values) {
    Diagnostics found;
    input.parameters = values;
    compile(input, found);
    return found.has_errors() ? first_error(found).message : std::string();
  };
  const auto seed = static_cast<std::uint64_t>(study.study.seed);
  if (doc.from_prior()) {
    if (doc.count == 0) return std::nullopt;  // reported
    return draws_from_prior(doc, seed, parameters, uses, problem, diagnostics, stop);
  }
  const auto file = data.read_cells(doc.from);
  if (!file) return std::nullopt;
  ParameterDraws draws = draws_from_file(doc, seed, *file, data.bytes_of(doc.from.text), parameters,
                                         uses, problem, diagnostics, stop);
  draws.checks =
      read_checks_beside(library, doc.from, data.renamed.at(doc.from.text), study, diagnostics);
  return draws;
}

// `input` holds what is not in the documents of model and population.
void compile_into(CompileInput input, const ModelDoc& model, const PopulationDoc* population,
                  detail::KeptFiles& data, std::unique_ptr<Program>& program,
                  Diagnostics& diagnostics) {
  for (const NamedTable& file : named_tables(model)) data.read(file.file);
  input.model = &model;
  input.parameters = model.parameters.values();
  if (population != nullptr) {
    if (!population->eligible.empty()) input.eligible = &population->eligible;
    if (!population->resample.empty()) {
      data.read(population->resample);
      input.resample_file = population->resample.text;
    }
  }
  input.data = data.tables;
  program = std::make_unique<Program>(compile(input, diagnostics));
}

// Rows of the results are told apart by these names.
bool is_listed_before(const std::vector<Name>& list, const Name& name, const char* what,
                      Diagnostics& diagnostics) {
  for (const Name& before : list) {
    if (&before == &name) return false;
    if (before.text != name.text) continue;
    diagnostics.error(name.place, "'" + name.text + "' stands twice among the " + std::string(what),
                      {}, "report > " + std::string(what));
    return true;
  }
  return false;
}

void shape_endpoints(CompiledStudy& out, Diagnostics& diagnostics) {
  const Program& program = *out.program;
  std::vector<std::string> names;
  for (const Endpoint& endpoint : program.endpoints) names.push_back(endpoint.name);
  if (out.study.endpoints.empty()) {
    for (std::size_t e = 0; e < names.size(); ++e)
      out.endpoints.push_back(static_cast<std::int32_t>(e));
  }
  for (const Name& name : out.study.endpoints) {
    if (is_listed_before(out.study.endpoints, name, "endpoints", diagnostics)) continue;
    const std::int32_t index = program.find_endpoint(name.text);
    if (index < 0) {
      diagnostics.error(name.place, "unknown endpoint '" + name.text + "'",
                        suggestion(name.text, names), "report > endpoints");
    } else {
      out.endpoints.push_back(index);
    }
  }
  for (const std::int32_t index : out.endpoints) {
    const Endpoint& endpoint = program.endpoints[static_cast<std::size_t>(index)];
    out.shape.endpoints.push_back({endpoint.name, endpoint.title, endpoint.causes});
  }
}

void shape_subgroups(CompiledStudy& out, Diagnostics& diagnostics) {
  const Program& program = *out.program;
  for (const Name& name : out.study.subgroups) {
    if (is_listed_before(out.study.subgroups, name, "subgroups", diagnostics)) continue;
    const std::int32_t index = program.find_column(name.text);
    if (index < 0 || program.columns[static_cast<std::size_t>(index)].hidden) {
      bool wrong = false;  // an attribute that could not be read has been reported
      for (const auto& [known, attribute] : out.model.attributes)
        wrong = wrong || (known.text == name.text && attribute.kind.empty());
      if (wrong) continue;
      diagnostics.error(name.place, "unknown attribute '" + name.text + "'",
                        suggestion(name.text, variable_names(program, true)), "report > subgroups");
      continue;
    }
    const ColumnInfo& column = program.columns[static_cast<std::size_t>(index)];
    if (column.levels.empty()) {
      diagnostics.error(name.place, "'" + name.text + "' is a number and has no levels",
                        "derive a flag from it: {condition: {" + name.text + ": {min: ...}}}",
                        "report > subgroups");
      continue;
    }
    out.subgroup_columns.push_back(index);
    out.shape.subgroups.push_back({column.name, column.levels});
  }
}

}  // namespace

CompiledModel compile_model(const Library& library, const Tree& document, double horizon_days,
                            Diagnostics& diagnostics) {
  CompiledModel out;
  out.model = read_model(document, diagnostics);
  if (!document.is_map()) return out;
  detail::KeptFiles data(library, diagnostics);
  CompileInput input;
  input.horizon_days = horizon_days;
  input.model_alone = true;
  compile_into(std::move(input), out.model, nullptr, data, out.program, diagnostics);
  return out;
}

std::unique_ptr<CompiledStudy> compile_study(const Library& library, const Tree& document,
                                             Diagnostics& diagnostics, const StopSign& stop) {
  auto out = std::make_unique<CompiledStudy>();
  if (!document.is_map()) return out;
  std::vector<FilledDefault> defaults;
  BindContext context{&diagnostics, nullptr, nullptr, &defaults};
  {
    Binder binder(context, document, {});
    bind(binder, out->study);
    binder.finish();
  }
  const Tree* model_tree = document.find("model");
  if (model_tree == nullptr || !model_tree->is_map()) {
    // Usually reported while it was looked for.
    if (!diagnostics.has_errors())
      diagnostics.error(document.place(), "the study has no model that is a map of keys");
    return out;
  }
  std::vector<FilledDefault> model_defaults;
  std::vector<ValueUse> uses;
  out->model = read_model(*model_tree, diagnostics, &model_defaults, &uses);
  for (FilledDefault& row : model_defaults) {
    row.path.insert(row.path.begin(), "model");
    defaults.push_back(std::move(row));
  }

  if (out->model.first_dose_days > out->study.horizon_days && out->study.horizon_days > 0) {
    diagnostics.warning(model_tree->find("first_dose")->place(),
                        "the first dose comes after the horizon: nobody is treated", {},
                        "model > first_dose");
  }

  detail::KeptFiles data(library, diagnostics);
  PopulationDoc population;
  const Tree* population_tree = document.find("population");
  if (population_tree != nullptr) {
    population = read_population(*population_tree, out->model.parameters, diagnostics);
    const Tree* meant = population_tree->is_map() ? population_tree->find("model") : nullptr;
    if (meant != nullptr && meant->is_scalar() && meant->text() != out->model.name &&
        !out->model.name.empty()) {
      diagnostics.contradiction(meant->place(), "the population is written for model '" +
                                                    meant->text() + "', the study uses '" +
                                                    out->model.name + "'");
    }
  }
  CompileInput input;
  input.horizon_days = out->study.horizon_days;
  input.diagnosed_on = out->study.diagnosed_on;
  compile_into(std::move(input), out->model, population_tree == nullptr ? nullptr : &population,
               data, out->program, diagnostics);
  const std::vector<double> parameters = out->model.parameters.values();

  std::vector<bool> agents_in_use(out->program->agents.size(), false);
  std::map<std::size_t, std::string> plugins;  // [strategy] name in the run's folder
  const Tree* strategy_list = document.find("strategies");
  for (std::size_t i = 0;
       strategy_list != nullptr && strategy_list->is_list() && i < strategy_list->size(); ++i) {
    const Tree& tree = strategy_list->items()[i];
    if (!tree.is_map()) continue;
    std::vector<FilledDefault> strategy_defaults;
    out->strategy_docs.push_back(
        read_strategy(tree, &out->model.parameters, diagnostics, &strategy_defaults, &uses));
    for (FilledDefault& row : strategy_defaults) {
      row.path.insert(row.path.begin(), {"strategies", std::to_string(i + 1)});
      defaults.push_back(std::move(row));
    }
    StrategyDoc& doc = out->strategy_docs.back();
    doc.folder = on_command_line(tree.place(), diagnostics)
                     ? "."
                     : folder_of(diagnostics.source_name(tree.place().file));
    if (!doc.model.empty() && doc.model != out->model.name) {
      diagnostics.contradiction(tree.find("model")->place(),
                                "strategy '" + doc.name + "' is written for model '" + doc.model +
                                    "', the study uses '" + out->model.name + "'");
      continue;  // its agents and markers are those of another model
    }
    const auto keep = [&](auto strategy) {
      if (strategy == nullptr) return;  // reported
      for (const std::int32_t agent : strategy->agents())
        agents_in_use[static_cast<std::size_t>(agent)] = true;
      out->strategies.push_back(std::move(strategy));
    };
    if (doc.plugin.empty()) {
      keep(compile_strategy(doc, *out->program, parameters, diagnostics));
      if (!diagnostics.has_errors()) warn_of_idle_steps(doc, *out->program, diagnostics);
    } else {
      auto plugin = load_plugin(doc, *out->program, parameters, diagnostics);
      // What it decides is its code's doing, so the code is an input like any data.
      if (plugin != nullptr) plugins.emplace(i, data.keep_plugin(plugin_file(doc)));
      keep(std::move(plugin));
    }
    out->shape.strategies.push_back(doc.name);
  }

  shape_endpoints(*out, diagnostics);
  shape_subgroups(*out, diagnostics);
  out->measures = measures_of(*out->program, agents_in_use);
  out->program->keep_agents(agents_in_use);
  out->agents_in_use = std::move(agents_in_use);
  for (const Measure& measure : out->measures)
    out->shape.measures.push_back(shape_of(measure, *out->program));
  out->shape.reference = 0;
  if (!out->study.reference.empty()) {
    const auto place_of = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), out->study.reference.text) - names.begin();
    };
    const std::vector<std::string>& compiled = out->shape.strategies;
    std::vector<std::string> read;
    for (const StrategyDoc& doc : out->strategy_docs) read.push_back(doc.name);
    const std::set<std::string> different(read.begin(), read.end());
    const bool all_read = strategy_list != nullptr && strategy_list->is_list() &&
                          different.size() == strategy_list->size() && !different.contains("");
    if (place_of(compiled) < std::ssize(compiled)) {
      out->shape.reference = static_cast<std::int32_t>(place_of(compiled));
    } else if (all_read && place_of(read) == std::ssize(read)) {
      diagnostics.error(
          out->study.reference.place,
          "the reference '" + out->study.reference.text + "' is not a strategy of the study",
          suggestion(out->study.reference.text, read));
    }  // else the strategy itself has mistakes, or one whose name is missing or wrong is meant
  }
  out->sources.population = std::move(population);
  out->sources.data = std::move(data.tables);
  out->draws = read_draws(library, *out, uses, data, diagnostics, stop);
  out->uses = std::move(uses);
  if (diagnostics.has_errors()) return out;
  out->shape.horizon_ticks = Ticks::from_days(out->study.horizon_days).count();
  for (const double days : out->study.landmark_days) {
    if (days <= out->study.horizon_days)
      out->shape.landmark_ticks.push_back(Ticks::from_days(days).count());
  }
  std::sort(out->shape.landmark_ticks.begin(), out->shape.landmark_ticks.end());
  out->needed = out->program->needed_rules(out->subgroup_columns);

  out->document = with_defaults(document, defaults);
  detail::rename_files(out->document, data.renamed);
  detail::rename_plugins(out->document, plugins);
  if (out->draws && out->draws->rows > 0) {
    out->document.find("draws")->set("from",
                                     Tree::scalar(data.renamed.at(out->study.draws.from.text)));
  }
  out->inputs = std::move(data.files);
  Digest digest;
  digest.add_text("npcsim run 1");
  digest.add_text(to_yaml(out->document));
  for (const auto& [name, bytes] : out->inputs) {
    digest.add_text(name);
    digest.add_text(bytes);
  }
  out->digest = digest.value();
  return out;
}

std::unique_ptr<CompiledStudy> with_parameters(const CompiledStudy& study,
                                               const std::vector<double>& parameters,
                                               Diagnostics& diagnostics) {
  auto out = std::make_unique<CompiledStudy>();
  out->study = study.study;
  CompileInput input = input_again(study);
  input.parameters = parameters;
  out->program = std::make_unique<Program>(compile(input, diagnostics));
  for (const StrategyDoc& doc : study.strategy_docs) {
    std::unique_ptr<Strategy> strategy;
    if (doc.plugin.empty()) {
      strategy = compile_strategy(doc, *out->program, parameters, diagnostics);
    } else {
      strategy = load_plugin(doc, *out->program, parameters, diagnostics);
    }
    if (strategy != nullptr) out->strategies.push_back(std::move(strategy));
  }
  out->program->keep_agents(study.agents_in_use);
  out->shape = study.shape;
  out->endpoints = study.endpoints;
  out->measures = study.measures;
  out->agents_in_use = study.agents_in_use;
  out->subgroup_columns = study.subgroup_columns;
  out->needed = out->program->needed_rules(study.subgroup_columns);
  return out;
}

std::unique_ptr<CompiledStudy> with_draw(const CompiledStudy& study, std::int64_t draw,
                                         Diagnostics& diagnostics) {
  auto out = with_parameters(study, study.draws->values(draw, study.model.parameters), diagnostics);
  if (study.draws->fresh) {
    out->study.replicate = static_cast<std::uint32_t>(study.study.replicate + draw);
  }
  return out;
}

void check_draws(const CompiledStudy& study, Diagnostics& diagnostics, const StopSign& stop) {
  for (std::int64_t draw = 1; study.draws && draw <= study.draws->count; ++draw) {
    go_on_unless(stop);
    Diagnostics found;
    with_draw(study, draw, found);
    if (!found.has_errors()) continue;
    const Diagnostic& first = first_error(found);
    diagnostics.error(first.place, "in draw " + std::to_string(draw) + ": " + first.message,
                      first.hint, first.path);
    return;
  }
}

}  // namespace npcsim
