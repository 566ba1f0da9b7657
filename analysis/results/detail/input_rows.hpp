// Every number that a study rests on, with where it comes from.
#pragma once

#include <npcsim/io/json.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

/// A named parameter, or a part of a document that has a source.
struct InputRow {
  std::string name;              ///< of the parameter, or the path "agents > x > effects > 1"
  std::optional<double> number;  ///< of a parameter, in `unit`
  std::string text;              ///< of anything else, as it is written
  std::string unit;
  std::string prior;
  std::string source;  ///< citation keys, separated by spaces
  bool assumed = false;
  std::string identified;
  std::string meaning;
};

/// Parameters in order of declaration, then the parts of model and strategies that hold numbers of
/// their own and name a source for them.
std::vector<InputRow> input_rows(const CompiledStudy& study);

/// Parts of model and population that hold numbers of their own for which nothing names a source,
/// neither they nor what they stand in. What a strategy does is a choice and needs none, and cuts
/// of conditions and the like are definitions.
std::vector<InputRow> rows_without_source(const CompiledStudy& study);

/// Name, value, unit and meaning, into an object that is open.
void put_input(JsonWriter& json, const InputRow& row);

}  // namespace npcsim::detail
