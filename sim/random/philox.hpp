// Philox4x32-10: a keyed bijection of 128-bit counters that serves as the only source of random
// bits.
#pragma once

#include <array>
#include <cstdint>

namespace npcsim {

/// Counter or output of the generator: four 32-bit words, word 0 first.
using PhiloxBlock = std::array<std::uint32_t, 4>;

/// Key of the generator: word 0 is the low half of a 64-bit seed, word 1 the high half.
using PhiloxKey = std::array<std::uint32_t, 2>;

namespace detail {

// Multipliers and Weyl increments: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as
// easy as 1, 2, 3", SC'11, section 4.3 and table 2.
inline constexpr std::uint32_t philox_multiplier_0 = 0xD2511F53U;
inline constexpr std::uint32_t philox_multiplier_1 = 0xCD9E8D57U;
inline constexpr std::uint32_t philox_weyl_0 = 0x9E3779B9U;
inline constexpr std::uint32_t philox_weyl_1 = 0xBB67AE85U;
inline constexpr int philox_rounds = 10;

}  // namespace detail

/// 128 random bits for one counter under one key.
///
/// Counters that differ in any bit give blocks that behave as independent; there is no state, so
/// any block can be computed alone, in any order, on any thread. Passes BigCrush (Salmon et al.
/// 2011). The Random123 library defines the same function; we write it out because its headers do
/// not compile for WebAssembly.
[[nodiscard]] constexpr PhiloxBlock philox4x32_10(PhiloxBlock counter, PhiloxKey key) noexcept {
  for (int round = 0; round < detail::philox_rounds; ++round) {
    const std::uint64_t product_0 = std::uint64_t{detail::philox_multiplier_0} * counter[0];
    const std::uint64_t product_1 = std::uint64_t{detail::philox_multiplier_1} * counter[2];
    counter = {static_cast<std::uint32_t>(product_1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product_1),
               static_cast<std::uint32_t>(product_0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product_0)};
    key[0] += detail::philox_weyl_0;
    key[1] += detail::philox_weyl_1;
  }
  return counter;
}

}  // namespace npcsim
