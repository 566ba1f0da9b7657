// Uniform draws of many patients with the vector unit that the machine has.
#pragma once

#include <npcsim/random/draws.hpp>

#include <cstddef>
#include <cstdint>

namespace npcsim::detail {

/// What is equal for all patients of a batch.
struct BatchStream {
  DrawKey key;
  StreamName stream;
  std::uint32_t occurrence;
};

/// out[i] = PatientDraws(of.key, patients[i]).uniform(of.stream, of.occurrence), bit for bit.
/// \pre out does not overlap the list.
void uniforms(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
              double* out) noexcept;

// One version for each width. Where compilers turn a loop over 64-bit lanes into vectors by
// themselves, they take a 64-bit product for Philox's 32 x 32 bit one, which is three times as
// slow.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    __GNUC__ >= 12
#define NPCSIM_HAS_UNIFORM_LANES 1
/// x86-64-v3: four lanes. \pre the machine has it.
void uniforms_by_four(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                      double* out) noexcept;
/// x86-64-v4: eight lanes. \pre the machine has it.
void uniforms_by_eight(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                       double* out) noexcept;
#else
#define NPCSIM_HAS_UNIFORM_LANES 0
#endif

}  // namespace npcsim::detail
