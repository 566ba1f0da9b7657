// A whole study: the base case, then the draws of its parameters with the figures of a summary.
#pragma once

#include <npcsim/run/draw_runner.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// run_blocks(), and if the study has draws, run_draws() with the figures of DrawFigures. Complete
/// if both are; progress counts the patients of both. Throws FileError.
RunResult run_study(const CompiledStudy& study, const RunOptions& options);

/// merge_blocks(), and merge_draws() if the study has draws. Throws FileError.
RunResult merge_study(const CompiledStudy& study, const RunOptions& options,
                      const std::vector<std::string>& folders);

}  // namespace npcsim
