// Emulations for the commands that simulate published studies.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// Path of an emulation, or of one of a running trial, by name or path; nothing if there is none.
std::optional<std::string> find_emulation(const Library& library, const std::string& name);

/// Paths of the emulations with these names (or paths), each once; without names those of all
/// published studies of the library. An unknown name throws UsageError.
std::vector<std::string> emulation_paths(const Library& library,
                                         const std::vector<std::string>& names);

}  // namespace npcsim
