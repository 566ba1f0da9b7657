#include <npcsim/base/vectorise.hpp>
#include <npcsim/engine/outcome.hpp>
#include <npcsim/run/detail/block_moments.hpp>

#include <algorithm>
#include <array>

namespace npcsim::detail {
namespace {

// Twins that are compared at a time: their columns fit into the first-level cache.
constexpr std::size_t tile_size = 4096;

}  // namespace

ExactMoments BlockMoments::exact() const {
  ExactMoments moments;
  moments.count = count;
  moments.sum.add(sum);
  moments.squares = ExactSum(static_cast<std::int64_t>(squares_high >> 32), squares_high << 32);
  moments.squares.add(ExactSum(0, squares_low));
  return moments;
}

NPCSIM_VECTOR_CLONES BlockMoments measure_moments(const std::int32_t* values, std::size_t n) {
  BlockMoments moments;
  for (std::size_t i = 0; i < n; ++i) {
    const bool applies = values[i] != measure_missing;
    moments.add(applies ? values[i] : 0, applies ? 1U : 0U);
  }
  return moments;
}

NPCSIM_VECTOR_CLONES BlockMoments paired_moments(const std::int32_t* values,
                                                 const std::int32_t* reference, std::size_t n) {
  BlockMoments moments;
  for (std::size_t i = 0; i < n; ++i) {
    const bool applies = values[i] != measure_missing && reference[i] != measure_missing;
    const std::int64_t difference = std::int64_t{values[i]} - reference[i];
    moments.add(applies ? difference : 0, applies ? 1U : 0U);
  }
  return moments;
}

NPCSIM_VECTOR_CLONES BlockPairs compare_twins(const EndpointColumn& strategy,
                                              const EndpointColumn& reference, std::size_t n,
                                              const std::vector<std::int32_t>& landmarks) {
  BlockPairs pairs{{},
                   std::vector<std::uint64_t>(landmarks.size()),
                   std::vector<std::uint64_t>(landmarks.size())};
  // Time of the event; INT32_MAX for twins without one and for twins who are not compared.
  std::array<std::int32_t, tile_size> event_strategy;
  std::array<std::int32_t, tile_size> event_reference;
  std::array<std::int32_t, tile_size> difference;
  for (std::size_t start = 0; start < n; start += tile_size) {
    const std::size_t size = std::min(tile_size, n - start);
    const std::int32_t* const ticks_s = strategy.ticks + start;
    const std::int32_t* const ticks_r = reference.ticks + start;
    const std::int8_t* const code_s = strategy.events + start;
    const std::int8_t* const code_r = reference.events + start;
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < size; ++i) {
      // Masks instead of conditions, so that the loop vectorises; -1 is all ones.
      const std::int32_t s = code_s[i];
      const std::int32_t r = code_r[i];
      const std::int32_t both = ~((s | r) >> 31);
      const std::int32_t had_s = both & -static_cast<std::int32_t>(s > 0);
      const std::int32_t had_r = both & -static_cast<std::int32_t>(r > 0);
      difference[i] = both & (ticks_s[i] - ticks_r[i]);
      event_strategy[i] = (had_s & ticks_s[i]) | (~had_s & INT32_MAX);
      event_reference[i] = (had_r & ticks_r[i]) | (~had_r & INT32_MAX);
      count -= static_cast<std::uint32_t>(both);
    }
    pairs.difference.count += count;
    for (std::size_t i = 0; i < size; ++i) pairs.difference.add(difference[i], 0);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      const std::int32_t landmark = landmarks[k];
      std::uint32_t only_s = 0;
      std::uint32_t only_r = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t free_s = event_strategy[i] > landmark ? 1U : 0U;
        const std::uint32_t free_r = event_reference[i] > landmark ? 1U : 0U;
        only_s += free_s & ~free_r;
        only_r += free_r & ~free_s;
      }
      pairs.only_strategy[k] += only_s;
      pairs.only_reference[k] += only_r;
    }
  }
  return pairs;
}

}  // namespace npcsim::detail
