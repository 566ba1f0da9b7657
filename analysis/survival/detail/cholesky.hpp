// Small symmetric systems: factor, solve, invert.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim::detail {

/// A = L L' of a symmetric matrix [i * size + j] of which the lower triangle is read. A column
/// whose pivot is below tolerance * its diagonal element depends on the columns before it; it is
/// left out, as if its row and column were not there.
class Cholesky {
 public:
  Cholesky(std::span<const double> matrix, std::size_t size, double tolerance = 1e-11);

  const std::vector<std::size_t>& dependent() const { return dependent_; }
  bool full_rank() const { return dependent_.empty(); }
  /// x with A x = b; 0 for dependent columns.
  std::vector<double> solve(std::span<const double> b) const;
  /// b' A^-1 b.
  double quadratic_form(std::span<const double> b) const;
  std::vector<double> inverse() const;

 private:
  std::size_t size_;
  std::vector<double> factor_;
  std::vector<std::size_t> dependent_;
};

/// Smallest eigenvalue of a symmetric matrix scaled to unit diagonal (cyclic Jacobi rotations;
/// Golub & Van Loan (2013), section 8.5). \pre the diagonal is above 0.
double smallest_scaled_eigenvalue(std::span<const double> matrix, std::size_t size);

}  // namespace npcsim::detail
