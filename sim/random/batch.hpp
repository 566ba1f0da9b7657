// The same draw for many patients at once, in vector code.
#pragma once

#include <npcsim/random/draws.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace npcsim {

/// out[i] = PatientDraws(key, first_patient + i).uniform(stream, occurrence) for i < n, bit for
/// bit, whatever vector unit runs it. Patient numbers wrap at 2^32. \pre out holds n numbers;
/// occurrence < max_occurrences.
void fill_uniform(DrawKey key, std::uint32_t first_patient, std::size_t n, StreamName stream,
                  std::uint32_t occurrence, double* out) noexcept;

/// The same for unit_exponential().
void fill_unit_exponential(DrawKey key, std::uint32_t first_patient, std::size_t n,
                           StreamName stream, std::uint32_t occurrence, double* out) noexcept;

/// The same for normal().
void fill_normal(DrawKey key, std::uint32_t first_patient, std::size_t n, StreamName stream,
                 std::uint32_t occurrence, double* out) noexcept;

/// out[i] = PatientDraws(key, patients[i]).uniform(stream, occurrence), bit for bit; patients in
/// any order, also repeated. \pre out holds patients.size() numbers and does not overlap the list.
void fill_uniform(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                  std::uint32_t occurrence, double* out) noexcept;

/// The same for unit_exponential().
void fill_unit_exponential(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                           std::uint32_t occurrence, double* out) noexcept;

/// The same for normal().
void fill_normal(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                 std::uint32_t occurrence, double* out) noexcept;

}  // namespace npcsim
