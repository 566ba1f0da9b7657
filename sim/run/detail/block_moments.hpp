// Moments and pairs of one block, before they join the exact sums of a tally.
#pragma once

#include <npcsim/base/exact_sum.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// Moments in machine words. A square has up to 64 bits; its halves are summed apart, so that no
/// block of fewer than 2^31 patients overflows.
struct BlockMoments {
  std::uint64_t count = 0;
  std::int64_t sum = 0;
  std::uint64_t squares_low = 0;
  std::uint64_t squares_high = 0;

  void add(std::int64_t value, std::uint64_t weight) {
    const auto magnitude = static_cast<std::uint32_t>(value < 0 ? -value : value);
    const std::uint64_t square = std::uint64_t{magnitude} * magnitude;
    count += weight;
    sum += value;
    squares_low += square & 0xffffffffU;
    squares_high += square >> 32;
  }
  ExactMoments exact() const;
};

/// Of the patients to whom a measure applies.
BlockMoments measure_moments(const std::int32_t* values, std::size_t n);
/// Of differences between twins to both of whom it applies.
BlockMoments paired_moments(const std::int32_t* values, const std::int32_t* reference,
                            std::size_t n);

/// One endpoint of one strategy in a block.
struct EndpointColumn {
  const std::int32_t* ticks;
  const std::int8_t* events;
};

struct BlockPairs {
  BlockMoments difference;                    ///< of twins of whom both belong to the set
  std::vector<std::uint64_t> only_strategy;   ///< [landmark] event-free under the strategy only
  std::vector<std::uint64_t> only_reference;  ///< [landmark] event-free under the reference only
};

BlockPairs compare_twins(const EndpointColumn& strategy, const EndpointColumn& reference,
                         std::size_t n, const std::vector<std::int32_t>& landmarks);

}  // namespace npcsim::detail
