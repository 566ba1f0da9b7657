// YAML text into a tree that knows where everything stood.
//
// Stricter than YAML: what is legal but means something else than it seems (equal keys, merges,
// tags, a second document, tabs, .nan) is refused with its place. Scalars stay text; the room that
// owns a key decides what it is.
#pragma once

#include <npcsim/base/tree.hpp>

#include <optional>
#include <string>

namespace npcsim {

/// Reads a text under a name for messages, which is added to the sources of `diagnostics`. Null if
/// nothing could be built; otherwise the tree without the refused parts, so that the rest can be
/// checked too.
Tree read_yaml_text(std::string name, std::string text, Diagnostics& diagnostics);

/// The same of a file. Nothing if no tree could be built. Throws FileError (cannot_read).
std::optional<Tree> read_yaml_file(const std::string& path, Diagnostics& diagnostics);

}  // namespace npcsim
