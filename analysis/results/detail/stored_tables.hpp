// The tables of results.h5 that every run has, and what the report needs back from them.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/comparison/curves.hpp>
#include <npcsim/comparison/summary.hpp>
#include <npcsim/results/results.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

/// Steps of a grid over the follow-up: the smallest of 1/4, 1/2, 1, 2, ... months with at most
/// `most_points` points.
double grid_step(const OutcomeShape& shape, std::size_t most_points);

/// Cells of a column of numbers, NaN as empty; all empty if the table does not have it.
std::vector<std::optional<double>> optional_numbers_of(const Table& table,
                                                       const std::string& column);

Table curves_table(const OutcomeShape& shape, const std::vector<Curve>& curves);
/// Back again. Rows of strategies or endpoints that the shape does not have are left out.
std::vector<Curve> curves_of(const OutcomeShape& shape, const Table& table);

std::vector<SummaryRow> summary_rows_of(const Table& table);

Table parameters_table(const CompiledStudy& study);

Table provenance_table(const Provenance& provenance);
Provenance provenance_of(const Table& table);

}  // namespace npcsim::detail
