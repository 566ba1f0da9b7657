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

/// Figures of the base case and of all draws.
struct DrawValues {
  std::vector<SummaryRow> keys;
  std::vector<std::vector<double>> values;  ///< [draw][figure]; draw 0 is the base case
};
DrawValues draw_values(const CompiledStudy& study, const RunResult& run);

/// One row for each draw and figure, written draw by draw.
void write_draws_csv(const std::string& path, const DrawValues& draws);
/// The same as /draws; texts are codes with levels.
void write_draw_columns(Hdf5File& file, const DrawValues& draws);

/// /draws_parameters: one row for each draw, one column for each parameter, as written.
Table draw_parameters_table(const CompiledStudy& study);

std::vector<DrawSummaryRow> summarised(const DrawValues& draws);
/// Back from draw_summary_table().
std::vector<DrawSummaryRow> draw_summary_rows_of(const Table& table);

}  // namespace npcsim::detail
