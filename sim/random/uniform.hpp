// From 128 random bits to two uniform numbers.
#pragma once

#include <npcsim/random/philox.hpp>

#include <cstdint>

namespace npcsim {

/// Two independent uniform numbers, each strictly between 0 and 1.
struct UniformPair {
  double first;
  double second;
};

/// The uniform number (k + 1/2) 2^-52, where k is the upper 52 of the 64 bits (high, low).
///
/// Never 0 or 1: it lies in [2^-53, 1 - 2^-53]. Both u and 1 - u are exact, so that log(u) and
/// log(1 - u) are finite and tails are symmetric.
[[nodiscard]] constexpr double uniform_from_words(std::uint32_t high, std::uint32_t low) noexcept {
  const std::uint64_t bits = (std::uint64_t{high} << 32) | low;
  // The signed conversion is one instruction on every vector unit; the value is below 2^52.
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
}

/// Words 1 (high) and 0 (low) give the first number of a block.
[[nodiscard]] constexpr double first_uniform(const PhiloxBlock& block) noexcept {
  return uniform_from_words(block[1], block[0]);
}

/// Words 3 (high) and 2 (low) give the second number of a block.
[[nodiscard]] constexpr double second_uniform(const PhiloxBlock& block) noexcept {
  return uniform_from_words(block[3], block[2]);
}

}  // namespace npcsim
