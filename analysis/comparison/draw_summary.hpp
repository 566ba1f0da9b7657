// What the draws of the parameters do to each figure: mean, standard deviation, quantiles.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/comparison/summary.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

struct DrawSummaryRow {
  SummaryRow figure;      ///< which one; `value` is that of the base case, errors are empty
  std::size_t draws = 0;  ///< that have a value
  std::optional<double> mean;
  std::optional<double> sd;
  std::optional<double> low;     ///< 2.5 % quantile
  std::optional<double> median;  ///< 50 %
  std::optional<double> high;    ///< 97.5 %
};

/// One row for each figure, over all draws but the base case. If a draw has no value, mean and
/// standard deviation are empty. Quantiles are then empty too, but for medians: a median that is
/// not reached counts as later than all that are, and a quantile that falls on such a draw is
/// empty.
///
/// Quantile of probability p of n sorted values: at the place 1 + (n - 1) p, linear between
/// neighbours. Source: Hyndman & Fan, Am Stat 1996;50:361, definition 7.
///
/// `keys` and `base` [figure]; `draws` [draw][figure], NaN where there is no value.
std::vector<DrawSummaryRow> summarise_draws(const std::vector<SummaryRow>& keys,
                                            const std::vector<double>& base,
                                            const std::vector<std::vector<double>>& draws);

/// The table draws_summary.csv is written from, and back. NaN stands for an empty cell.
Table draw_summary_table(const std::vector<DrawSummaryRow>& rows, const std::string& study);

/// The table that the terminal shows: strategies as rows, the 95 % interval over the draws of the
/// medians and hazard ratios of up to three endpoints. `draws`: how many there are.
std::string draw_terminal_table(const OutcomeShape& shape, const std::vector<DrawSummaryRow>& rows,
                                std::size_t draws);

}  // namespace npcsim
