// Look-up in a quantile table, shared by the scalar and the vector versions.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/vectorise.hpp>

#include <cstddef>
#include <cstdint>

namespace npcsim::detail {

/// Plain view of a table: quarters of width 1/4 from -8.5 to 8.5, each cut into equal cells.
struct QuantileCells {
  static constexpr double reach = 8.5;
  static constexpr double quarters_per_unit = 4.0;
  static constexpr int quarters = 68;

  const double* __restrict cells_per_quarter;  // [quarter], powers of two
  const std::int32_t* __restrict first_cell;   // [quarter]
  const double* __restrict coefficients;       // [power][cell]: planes, so that gathers vectorise
  std::ptrdiff_t cells;
};

/// Position of z in quarters from the left end, held inside the table.
[[gnu::always_inline]] inline double place_in_table(double z) noexcept {
  constexpr double last_place = 0x1.0ffffffffffffp+6;  // the largest number below 68 quarters
  const double place = (z + QuantileCells::reach) * QuantileCells::quarters_per_unit;
  const double from_left = place > 0.0 ? place : 0.0;
  return from_left < last_place ? from_left : last_place;
}

/// The polynomial at a place. Nothing is lost on the way: every factor is a power of two.
[[gnu::always_inline]] inline double log_quantile_at(const QuantileCells& table,
                                                     double place) noexcept {
  const auto quarter = static_cast<std::int32_t>(place);
  const double within = (place - static_cast<double>(quarter)) * table.cells_per_quarter[quarter];
  const auto step = static_cast<std::int32_t>(within);
  const double t = within - static_cast<double>(step);
  const std::int32_t cell = table.first_cell[quarter] + step;
  const double* const plane_0 = table.coefficients;
  const double* const plane_1 = plane_0 + table.cells;
  const double* const plane_2 = plane_1 + table.cells;
  const double* const plane_3 = plane_2 + table.cells;
  const double* const plane_4 = plane_3 + table.cells;
  const double* const plane_5 = plane_4 + table.cells;
  const double* const plane_6 = plane_5 + table.cells;
  const double* const plane_7 = plane_6 + table.cells;
  // Estrin's scheme: short chains of dependent operations.
  const double t2 = t * t;
  const double low = (plane_0[cell] + plane_1[cell] * t) + t2 * (plane_2[cell] + plane_3[cell] * t);
  const double high =
      (plane_4[cell] + plane_5[cell] * t) + t2 * (plane_6[cell] + plane_7[cell] * t);
  return low + (t2 * t2) * high;
}

/// Calls use(i, log w(z[i])) for i < n. Places wait in a buffer: a compiler that sees clamps and
/// look-ups in one loop turns the clamps into branches and gives up vector code. z is read before
/// any use of its chunk, so the results may overwrite it.
template <class Use>
[[gnu::always_inline]] inline void for_each_log_quantile(const QuantileCells& table,
                                                         const double* z, std::size_t n,
                                                         const Use& use) noexcept {
  constexpr std::size_t chunk = 256;
  double place[chunk];
  for (std::size_t begin = 0; begin < n; begin += chunk) {
    const std::size_t length = n - begin < chunk ? n - begin : chunk;
    for (std::size_t i = 0; i < length; ++i) place[i] = place_in_table(z[begin + i]);
    // Results may overwrite z, never the table or the buffer.
    NPCSIM_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < length; ++i) use(begin + i, log_quantile_at(table, place[i]));
  }
}

}  // namespace npcsim::detail
