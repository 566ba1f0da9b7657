// Lives in which a plugin failed.
#pragma once

#include <npcsim/run/compiled_study.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::detail {

struct FailedLife {
  std::uint32_t patient = 0;
  std::string message;  ///< with the command that replays the life
};

/// Of each plugin the lowest patient, whichever thread met it. `draw`: options that choose the draw
/// of the parameters in the command, e.g. " --draw 7"; may be empty.
std::vector<FailedLife> failed_lives(const CompiledStudy& study, const std::string& draw);

}  // namespace npcsim::detail
