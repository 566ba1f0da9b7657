// Chunks of rows, and a quantity of each row with its first and second derivatives.
#pragma once

#include <cstddef>
#include <vector>

namespace npcsim::detail {

/// Rows that are worked on together: their columns stay in the nearest cache.
inline constexpr std::size_t chunk_rows = 256;

/// One value per row and its derivatives with respect to the predictors, column by column.
class Block {
 public:
  explicit Block(std::size_t predictors)
      : predictors_(predictors),
        storage_((1 + predictors + predictors * (predictors + 1) / 2) * chunk_rows, 0.0) {}

  std::size_t predictors() const { return predictors_; }
  /// Value, gradient and upper triangle in this order.
  std::size_t columns() const { return storage_.size() / chunk_rows; }
  double* column(std::size_t i) { return storage_.data() + i * chunk_rows; }
  double* value() { return column(0); }
  double* gradient(std::size_t i) { return column(1 + i); }
  /// \pre i <= j.
  double* hessian(std::size_t i, std::size_t j) {
    return column(1 + predictors_ + i * predictors_ - i * (i + 1) / 2 + j);
  }

 private:
  std::size_t predictors_;
  std::vector<double> storage_;
};

/// What a family sees of a chunk. `rows` is a multiple of 8; the last rows may be copies of the
/// first that carry no weight.
struct Chunk {
  std::size_t rows = 0;
  const double* time = nullptr;
  const double* log_time = nullptr;
  const double* const* predictor = nullptr;  ///< [predictor][row], transformed scale
};

}  // namespace npcsim::detail
