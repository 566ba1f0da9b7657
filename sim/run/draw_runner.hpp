// Runs a study at every draw of its parameters, and keeps a few numbers of each.
#pragma once

#include <npcsim/run/runner.hpp>

#include <functional>
#include <string>
#include <vector>

namespace npcsim {

/// What is kept of a draw. Called by several threads at once; the same tally gives the same
/// numbers, always equally many and at least one.
using Reduction = std::function<std::vector<double>(const Tally&)>;

struct DrawsResult {
  /// [draw - 1][figure]; empty where a draw is not finished or belongs to another slice.
  std::vector<std::vector<double>> figures;
  bool complete = false;  ///< all draws of the slice are finished
  std::string failure;    ///< of the lowest draw that failed; empty if all is well
  SourcePlace place;      ///< as in RunResult
};

/// Runs the draws of the slice that are not finished yet, each compiled anew without reading
/// anything. A task is a block of patients of one draw; memory holds one tally for each draw at
/// which a worker is. Finished draws are kept in the folder, so that `resume` goes on with the
/// others. Progress counts patients. Results depend on neither threads nor blocks nor slices.
/// \pre study.draws. Throws FileError when it cannot keep what it has.
DrawsResult run_draws(const CompiledStudy& study, const RunOptions& options,
                      const Reduction& reduce);

/// Joins the finished draws of all slices. Throws FileError.
DrawsResult merge_draws(const CompiledStudy& study, const std::vector<std::string>& folders);

/// Draws that the folder of a run in progress keeps. Throws FileError (cannot_read).
std::uint64_t finished_draws(const std::string& folder);

/// How many of `draws` draws a slice has.
std::uint64_t draws_of_slice(std::uint64_t draws, std::uint64_t slice, std::uint64_t slices);

}  // namespace npcsim
