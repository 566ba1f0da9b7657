// Logistic regression of shares that are known exactly, as a large study would estimate it.
#pragma once

#include <vector>

namespace npcsim::detail {

/// P(success | x) = 1 / (1 + exp(-(b0 + b1 x1 + ...))).
struct ShareRegression {
  std::vector<double> coefficients;  ///< intercept first; 0 of a column that the others give

  /// `columns` [variable][row], those of the fit.
  double at(const std::vector<std::vector<double>>& columns, std::size_t row) const;
};

/// Maximises sum of s log P + f log(1 - P) over the rows by Newton's method with step halving; s
/// and f are the weights of success and failure of a row, neither of them whole numbers. Without
/// any draw, so that the coefficients move smoothly with them. Where a share is 0 or 1, the
/// coefficients stop far out. Source: McCullagh & Nelder (1989), chapter 4. \pre columns,
/// `successes` and `failures` are equally long.
ShareRegression fit_shares(const std::vector<std::vector<double>>& columns,
                           const std::vector<double>& successes,
                           const std::vector<double>& failures);

}  // namespace npcsim::detail
