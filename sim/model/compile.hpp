// From a model document to a Program: names become indices, units are settled, every reference is
// checked.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/model/model_doc.hpp>
#include <npcsim/model/program.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// A table that a document names, such as a life table.
struct NamedTable {
  Name file;
  std::string folder;  ///< of the document
};

struct CompileInput {
  const ModelDoc* model = nullptr;
  std::vector<double> parameters;  ///< values, inner units, order of the model's table
  double horizon_days = 0;
  const ConditionDoc* eligible = nullptr;  ///< who belongs to the population; may be nullptr
  std::map<std::string, Table> data;       ///< contents of the data files by name as written
  std::string resample_file;               ///< key of `data` with real patients, or empty
  std::optional<double> diagnosed_on;      ///< by the study, for everybody: a decimal year
  bool model_alone = false;                ///< there may be a study that says so
};

/// Data files that the model needs, to be read before compile().
std::vector<NamedTable> named_tables(const ModelDoc& model);

/// Problems go to `diagnostics`; the program is usable only if there are none.
Program compile(const CompileInput& input, Diagnostics& diagnostics);

/// Compiles a condition of a strategy or a study against a program that is being extended.
/// `baseline_only`: variables that change during treatment are refused.
std::int32_t compile_condition(const ConditionDoc& condition, Program& program,
                               const std::vector<double>& parameters, bool baseline_only,
                               Diagnostics& diagnostics);

/// Names that conditions may use, for messages.
std::vector<std::string> variable_names(const Program& program, bool baseline_only);

}  // namespace npcsim
