// Draws of one patient: each is a pure function of seed, replicate, patient, stream and occurrence.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/normal_inverse.hpp>
#include <npcsim/random/philox.hpp>
#include <npcsim/random/stream.hpp>
#include <npcsim/random/uniform.hpp>

#include <cstdint>

namespace npcsim {

/// What all patients of a run share: the seed of the study and the number of the replicate.
struct DrawKey {
  std::uint64_t seed;
  std::uint32_t replicate;

  friend constexpr bool operator==(const DrawKey&, const DrawKey&) noexcept = default;
};

/// Occurrences of a stream within one patient run from 0 to max_occurrences - 1.
inline constexpr std::uint32_t max_occurrences = 1U << 24;

/// Attempts of a rejection sampler within one occurrence run from 0 to max_attempts - 1.
inline constexpr std::uint32_t max_attempts = 1U << 8;

/// The 128 random bits behind a draw.
///
/// Key: seed (low word first). Counter: patient, replicate, hash of the stream's name, and
/// occurrence (24 bits) above attempt (8 bits).
/// \pre occurrence < max_occurrences, attempt < max_attempts; higher bits would repeat other draws.
[[nodiscard]] constexpr PhiloxBlock draw_block(DrawKey key, std::uint32_t patient,
                                               StreamName stream, std::uint32_t occurrence,
                                               std::uint32_t attempt) noexcept {
  return philox4x32_10(
      {patient, key.replicate, stream.hash(), (occurrence << 8) | attempt},
      {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)});
}

/// All draws of one patient. Sixteen bytes of plain data: copy it freely.
///
/// Two calls with equal arguments return equal numbers; that is the point. Ask for a new draw with
/// another stream or the next occurrence.
class PatientDraws {
 public:
  constexpr PatientDraws(DrawKey key, std::uint32_t patient) noexcept
      : key_(key), patient_(patient) {}

  [[nodiscard]] constexpr DrawKey key() const noexcept { return key_; }
  [[nodiscard]] constexpr std::uint32_t patient() const noexcept { return patient_; }

  /// Uniform, strictly between 0 and 1.
  [[nodiscard]] constexpr double uniform(StreamName stream, std::uint32_t occurrence = 0,
                                         std::uint32_t attempt = 0) const noexcept {
    return first_uniform(draw_block(key_, patient_, stream, occurrence, attempt));
  }

  /// Two independent uniforms from one block; `first` equals uniform() of the same arguments.
  [[nodiscard]] constexpr UniformPair uniform_pair(StreamName stream, std::uint32_t occurrence = 0,
                                                   std::uint32_t attempt = 0) const noexcept {
    const PhiloxBlock block = draw_block(key_, patient_, stream, occurrence, attempt);
    return {first_uniform(block), second_uniform(block)};
  }

  /// Exponential with mean 1, positive and below 37: -log(uniform()).
  ///
  /// The threshold that a cumulative hazard must reach for an event to happen.
  [[nodiscard]] double unit_exponential(StreamName stream,
                                        std::uint32_t occurrence = 0) const noexcept {
    return -portable::log(uniform(stream, occurrence));
  }

  /// Standard normal by inversion of uniform(); |z| < 8.3.
  [[nodiscard]] double normal(StreamName stream, std::uint32_t occurrence = 0) const noexcept {
    return normal_from_uniform(uniform(stream, occurrence));
  }

 private:
  DrawKey key_;
  std::uint32_t patient_;
};

}  // namespace npcsim
