// The figures of a run at one draw of the parameters, as plain numbers in an order that does not
// depend on the draw.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/comparison/summary.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// What the figures are: the rows of a summary in which every set has patients, without values.
/// They follow from the shape alone.
class DrawFigures {
 public:
  explicit DrawFigures(const OutcomeShape& shape);

  const std::vector<SummaryRow>& keys() const { return keys_; }
  /// Values [key]; NaN: not reached, not estimable, or a set without patients. The same numbers as
  /// in summary_rows(). \pre the tally has the shape.
  std::vector<double> of(const Tally& tally) const;

 private:
  std::vector<SummaryRow> keys_;
};

/// Rows of draws.csv of one draw: draw, strategy, versus, subgroup, endpoint, statistic, at_months,
/// value, unit.
Table draw_table(const std::vector<SummaryRow>& keys, const std::vector<double>& values,
                 std::int64_t draw);

}  // namespace npcsim
