// A study ready to run: documents read, checked and compiled.
#pragma once

#include <npcsim/engine/outcome_row.hpp>
#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/model_doc.hpp>
#include <npcsim/model/program.hpp>
#include <npcsim/run/library.hpp>
#include <npcsim/run/study_doc.hpp>
#include <npcsim/strategies/step_doc.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

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
  std::map<std::string, std::string> inputs;  ///< data files: name in `inputs/` -> bytes
  std::uint64_t digest = 0;  ///< of document and inputs: equal digests, equal results
};

/// Compiles an inlined study tree. Problems go to `diagnostics`; the result is usable only if there
/// are no errors. Throws FileError when a data file cannot be read.
std::unique_ptr<CompiledStudy> compile_study(const Library& library, const Tree& document,
                                             Diagnostics& diagnostics);

/// Compiles a model alone, for `check` and `describe`.
struct CompiledModel {
  ModelDoc model;
  std::unique_ptr<Program> program;
};
CompiledModel compile_model(const Library& library, const Tree& document, double horizon_days,
                            Diagnostics& diagnostics);

}  // namespace npcsim
