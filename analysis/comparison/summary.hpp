// The rows of summary.csv.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/run/tally.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// One figure; outputs/README.md lists what each statistic means, in which unit, and where its
/// error comes from.
struct SummaryRow {
  std::string strategy;
  std::string versus;     ///< the reference strategy of a contrast, else empty
  std::string subgroup;   ///< "liver=yes", or empty for everybody
  std::string endpoint;   ///< "PFS"; "PFS:distant" for one cause; the name of a measure
  std::string statistic;  ///< "median", "hazard_ratio", ...
  std::optional<double> at_months;
  std::optional<double> value;  ///< empty: not reached, or not estimable
  std::optional<double> se;     ///< Monte Carlo standard error on the scale of `value`
  std::optional<double> lo95;
  std::optional<double> hi95;
  std::string unit;
};

/// Whether figures come with their errors, which take most of the time.
enum class Errors { monte_carlo, none };

/// All figures of a run: each strategy's endpoints and measures, then contrasts with the reference,
/// then subgroups. Serial and from integers alone: the same tally gives the same bits. With
/// Errors::none the values are the same; what stands in `se`, `lo95` and `hi95` means nothing.
std::vector<SummaryRow> summary_rows(const Tally& tally, Errors errors = Errors::monte_carlo);

/// The table summary.csv is written from. NaN stands for an empty cell.
Table summary_table(const std::vector<SummaryRow>& rows, const std::string& study);

/// Both in one.
Table summarise(const Tally& tally, const std::string& study);

}  // namespace npcsim
