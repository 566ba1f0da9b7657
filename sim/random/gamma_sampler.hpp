// Gamma variates for shapes that differ from patient to patient.
#pragma once

#include <npcsim/random/draws.hpp>

#include <cstdint>

namespace npcsim {

/// log of a gamma variate with given shape and mean 1, by Marsaglia and Tsang's rejection.
///
/// About ten times quicker than inversion when the shape is new in every call. The price: the
/// value is not a smooth function of the shape, so runs with common random numbers and different
/// shapes are less alike than with GammaDistribution::quantile or a QuantileTable.
///
/// Safe with counters: each proposal has its own attempt number within (stream, occurrence), so how
/// many are needed disturbs no other draw. Uses the whole block of attempts 0, 1, ... and, below
/// shape 1, of the last attempt. Give it a stream of its own.
///
/// Source: Marsaglia & Tsang (2000), ACM Trans. Math. Softw. 26, 363-372; section 6 for shape < 1.
/// \pre shape > 0, finite.
[[nodiscard]] double log_gamma_by_rejection(const PatientDraws& draws, StreamName stream,
                                            std::uint32_t occurrence, double shape) noexcept;

}  // namespace npcsim
