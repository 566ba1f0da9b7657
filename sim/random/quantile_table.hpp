// A positive distribution's quantile as a tabulated function of a standard normal deviate.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/detail/quantile_cell.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim {

/// log w = g(z) with F(w) = Phi(z): one normal draw z gives both the value w and the standardised
/// latent z, exactly coupled. F is a gamma distribution with mean 1 (frailty, lesion burden).
///
/// Within |z| <= reach, w has a relative error below 1e-11 (the table holds log w, which stays
/// finite where w itself is below the smallest double). Beyond, z counts as +-reach; uniform draws
/// never get there. Increasing up to rounding. Immutable, so threads share one table.
///
/// The table is piecewise polynomial of degree 7 and joins with three continuous derivatives. Cells
/// are powers of two of a quarter, each quarter as fine as its own error estimate asks for.
class QuantileTable {
 public:
  /// Largest |z| of the table; a uniform draw gives at most 8.21.
  static constexpr double reach = detail::QuantileCells::reach;

  /// Smallest shape of a gamma distribution; its variance is 50.
  static constexpr double smallest_shape = 0.02;

  /// Gamma with mean 1 and variance 1 / shape.
  /// \pre shape >= 0.02 and finite; otherwise throws std::domain_error.
  [[nodiscard]] static QuantileTable gamma_of_shape(double shape);

  /// Gamma with mean 1 and the given variance. Variance 0 gives w = 1 exactly, for every z.
  /// \pre 0 <= variance <= 50; otherwise throws std::domain_error.
  [[nodiscard]] static QuantileTable gamma_of_variance(double variance);

  /// log w. \pre z is not NaN.
  [[nodiscard]] double log_value(double z) const noexcept {
    return detail::log_quantile_at(view(), detail::place_in_table(z));
  }

  /// w; 0 if it is below the smallest double.
  [[nodiscard]] double value(double z) const noexcept { return portable::exp(log_value(z)); }

  /// out[i] = log_value(z[i]), bit for bit, in vector code. out and z may be the same array.
  void log_values(const double* z, std::size_t n, double* out) const noexcept;

  /// out[i] = value(z[i]), bit for bit, in vector code. out and z may be the same array.
  void values(const double* z, std::size_t n, double* out) const noexcept;

  /// Number of cells, for those who watch memory: 64 bytes each.
  [[nodiscard]] std::size_t cells() const noexcept { return cells_; }

 private:
  QuantileTable() = default;

  detail::QuantileCells view() const noexcept {
    return {cells_per_quarter_.data(), first_cell_.data(), coefficients_.data(),
            static_cast<std::ptrdiff_t>(cells_)};
  }

  std::size_t cells_ = 0;
  std::vector<double> cells_per_quarter_;  // [quarter], powers of two
  std::vector<std::int32_t> first_cell_;   // [quarter]
  std::vector<double> coefficients_;       // [power of the position within the cell][cell]
};

}  // namespace npcsim
