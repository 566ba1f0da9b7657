// Changes to a study that is a tree already, at paths such as "model.parameters.pd1_log_hr.value".
//
// A dot separates keys. Items of a list are counted from 1; a strategy is also found by its name.
#pragma once

#include <npcsim/base/tree.hpp>

#include <cstdint>
#include <string>

namespace npcsim {

/// What a change is about; changes are made in this order while a study is put together.
enum class ChangeOf : std::uint8_t {
  names,    ///< which documents it names: before they are put in
  written,  ///< what study and population say of the model, what a model includes: before these are
            ///< put into the model
  whole     ///< everything else: the study with all its documents
};
ChangeOf change_of(const std::string& path);

/// The part of a tree at a path, or nullptr.
const Tree* find_at(const Tree& study, const std::string& path);

/// The same; the first key of the path that is not there goes to `diagnostics`. `shown` is how
/// messages call the change.
const Tree* require_at(const Tree& study, const Tree::Key& path, const std::string& shown,
                       Diagnostics& diagnostics);

/// The path with numbers for the items of lists, down to the value of a parameter: equal for paths
/// that change the same. What is not there stays as it is written.
std::string path_by_numbers(const Tree& study, const std::string& path);

/// Puts `value` at a path. A parameter is a map with its value inside: one value for it replaces
/// that value; every other part is replaced as a whole. The last key of the path may be new to its
/// map. Problems go to `diagnostics` at the path's place.
void set_at(Tree& study, const Tree::Key& path, const Tree& value, const std::string& shown,
            Diagnostics& diagnostics);

/// The same for a change on the command line, where one value cannot replace a map: the text is
/// read as YAML would be. `parameters` of a study or a population need not be there before.
void set_value(Tree& study, const std::string& path, const std::string& text,
               Diagnostics& diagnostics);

}  // namespace npcsim
