// Emulations for the commands that simulate published studies.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Paths of the emulations with these names (or paths); all of the library if there are none. An
/// unknown name, or one emulation named twice, throws UsageError.
std::vector<std::string> emulation_paths(const Library& library,
                                         const std::vector<std::string>& names);

/// Whether a document says `kind: emulation`.
bool is_emulation(const Tree& document);

}  // namespace npcsim
