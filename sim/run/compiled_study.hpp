// A study ready to run: documents read, checked and compiled.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/engine/outcome_row.hpp>
#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/model_doc.hpp>
#include <npcsim/model/program.hpp>
#include <npcsim/run/library.hpp>
#include <npcsim/run/parameter_draws.hpp>
#include <npcsim/run/population_doc.hpp>
#include <npcsim/run/study_doc.hpp>
#include <npcsim/strategies/step_doc.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// What is needed to compile a study again with other values of its parameters.
struct CompileSources {
  PopulationDoc population;
  std::map<std::string, Table> data;  ///< contents of the data files by name as written
};

struct CompiledStudy {
  StudyDoc study;
  ModelDoc model;
  std::vector<StrategyDoc> strategy_docs;
  std::unique_ptr<Program> program;  ///< never moves: strategies and lives point into it
  std::vector<std::unique_ptr<Strategy>> strategies;
  OutcomeShape shape;
  std::vector<std::int32_t> endpoints;  ///< index in the program of each endpoint of the shape
  std::vector<Measure> measures;
  std::vector<bool> agents_in_use;  ///< [agent] given by a strategy
  std::vector<std::int32_t> subgroup_columns;
  std::vector<bool> needed;                   ///< rules that have to be run
  Tree document;                              ///< everything inlined, defaults filled in
  std::map<std::string, std::string> inputs;  ///< data, plugins: name in `inputs/` -> bytes
  /// Files that say how inputs came about and change no result: name in `inputs/` -> bytes.
  std::map<std::string, std::string> remarks;
  CompileSources sources;
  std::optional<ParameterDraws> draws;  ///< if the study has draws of its parameters
  std::vector<ValueUse> uses;           ///< of parameters in model and strategies, with a range
  std::uint64_t digest = 0;             ///< of document and inputs: equal digests, equal results
};

/// Compiles an inlined study tree. Problems go to `diagnostics`; the result is usable only if there
/// are no errors. Throws FileError when a data file or a plugin cannot be read, and Stopped while
/// it checks draws of parameters.
std::unique_ptr<CompiledStudy> compile_study(const Library& library, const Tree& document,
                                             Diagnostics& diagnostics, const StopSign& stop = {});

/// The same study at other values of its parameters (inner units, order of the model's table): a
/// study that can be simulated, without documents, inputs and digest. Nothing is read again.
/// Problems, such as a value outside the range of what it is used for, go to `diagnostics`.
std::unique_ptr<CompiledStudy> with_parameters(const CompiledStudy& study,
                                               const std::vector<double>& parameters,
                                               Diagnostics& diagnostics);

/// The study of one draw of its parameters; with fresh patients, draw d has replicate + d.
/// \pre study.draws, 0 <= draw <= study.draws->count.
std::unique_ptr<CompiledStudy> with_draw(const CompiledStudy& study, std::int64_t draw,
                                         Diagnostics& diagnostics);

/// Compiles every draw and reports the first that cannot be simulated, so that a long run does not
/// end in its middle. Ranges have been checked by compile_study(); this finds what only the parts
/// of a model together show, e.g. cuts that do not decrease. Throws Stopped.
void check_draws(const CompiledStudy& study, Diagnostics& diagnostics, const StopSign& stop = {});

/// Compiles a model alone, for `check` and `describe`.
struct CompiledModel {
  ModelDoc model;
  std::unique_ptr<Program> program;
};
CompiledModel compile_model(const Library& library, const Tree& document, double horizon_days,
                            Diagnostics& diagnostics);

}  // namespace npcsim
