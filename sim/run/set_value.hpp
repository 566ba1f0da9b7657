// Changes to a study that is a tree already, at paths such as "model.parameters.pd1_log_hr.value".
//
// A dot separates keys. Items of a list are counted from 1; a strategy is also found by its name.
#pragma once

#include <npcsim/base/tree.hpp>

#include <string>

namespace npcsim {

/// The part of a tree at a path, or nullptr.
const Tree* find_at(const Tree& study, const std::string& path);

/// The same; the first key of the path that is not there goes to `diagnostics`. `shown` is how
/// messages call the change.
const Tree* require_at(const Tree& study, const Tree::Key& path, const std::string& shown,
                       Diagnostics& diagnostics);

/// Puts `value` at a path. A parameter is a map with its value inside: one value for it replaces
/// that value; every other part is replaced as a whole. The last key of the path may be new to its
/// map. Problems go to `diagnostics` at the path's place.
void set_at(Tree& study, const Tree::Key& path, const Tree& value, const std::string& shown,
            Diagnostics& diagnostics);

/// The same for a change on the command line, where one value cannot replace a map: the text is
/// read as YAML would be.
void set_value(Tree& study, const std::string& path, const std::string& text,
               Diagnostics& diagnostics);

}  // namespace npcsim
