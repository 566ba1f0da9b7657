// What is stored of the draws of the parameters: draws.csv, draws_summary.csv and their tables in
// results.h5.
#pragma once

#include <npcsim/comparison/draw_figures.hpp>
#include <npcsim/comparison/draw_summary.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/results/results.hpp>

#include <string>
#include <vector>

namespace npcsim::detail {

/// Figures of the base case, and those of all draws where the run holds them: there can be
/// gigabytes.
struct DrawValues {
  std::vector<SummaryRow> keys;
  std::vector<double> base;                       ///< [figure]
  const std::vector<std::vector<double>>& draws;  ///< [draw - 1][figure]

  std::size_t count() const { return 1 + draws.size(); }
  /// \pre draw < count(); draw 0 is the base case.
  const std::vector<double>& of(std::size_t draw) const {
    return draw == 0 ? base : draws[draw - 1];
  }
};
/// \pre the run outlives the result.
DrawValues draw_values(const CompiledStudy& study, const RunResult& run);

/// One row for each draw and figure, written draw by draw. Throws Stopped.
void write_draws_csv(const std::string& path, const DrawValues& draws, const StopSign& stop);
/// The same as /draws; texts are codes with levels. Throws Stopped.
void write_draw_columns(Hdf5File& file, const DrawValues& draws, const StopSign& stop);

/// /draws_parameters: one row for each draw, one column for each parameter, as written.
Table draw_parameters_table(const CompiledStudy& study);

std::vector<DrawSummaryRow> summarised(const DrawValues& draws);
/// Back from draw_summary_table().
std::vector<DrawSummaryRow> draw_summary_rows_of(const Table& table);

}  // namespace npcsim::detail
