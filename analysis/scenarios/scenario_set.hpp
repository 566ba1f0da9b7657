// A study of scenarios ready to run: the base case and, beside it, each scenario as a study of its
// own.
#pragma once

#include <npcsim/run/compiled_study.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace npcsim {

/// One difference of a scenario from the base case, as the documents write it.
struct ScenarioChange {
  std::string what;  ///< a parameter, or a path
  std::string before;
  std::string after;
};

struct Scenario {
  std::string name;   ///< "base" for the base case
  std::string title;  ///< never empty
  std::string description;
  std::string source;  ///< citation keys separated by spaces, or assumed
  std::vector<ScenarioChange> changes;
  std::unique_ptr<CompiledStudy> study;
};

struct ScenarioSet {
  std::string name;
  std::string title;
  std::string description;
  /// The base case first. All have the same strategies, endpoints, landmarks, horizon, patients and
  /// seed, so that a patient of one is the twin of that patient in every other.
  std::vector<Scenario> scenarios;
  Tree document;  ///< everything inlined, defaults filled in: it compiles to an equal set
  std::map<std::string, std::string> inputs;  ///< data files: name in `inputs/` -> bytes
  std::uint64_t digest = 0;                   ///< of document and inputs

  const CompiledStudy& base() const { return *scenarios.front().study; }
  const OutcomeShape& shape() const { return base().shape; }
};

/// Puts the base study as it is written into the document, with what the document says instead of
/// it. Problems go to `diagnostics`. Throws FileError.
void name_base(const Library& library, Tree& document, Diagnostics& diagnostics);

/// Puts the base study and the documents that it names, with what the document says instead of it
/// (`patients`, `strategies`), into the document. Problems go to `diagnostics`. Throws FileError.
void inline_base(const Library& library, Tree& document, Diagnostics& diagnostics);

/// Compiles a document whose base is inlined. Problems go to `diagnostics`; the result is usable
/// only if there are no errors. Throws FileError.
ScenarioSet compile_scenarios(const Library& library, const Tree& document,
                              Diagnostics& diagnostics);

}  // namespace npcsim
