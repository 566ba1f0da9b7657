// Loops over patients, written so that a compiler turns them into vector code at any width.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace npcsim::detail {

/// What is equal for all patients of a batch.
struct BatchStream {
  DrawKey key;
  StreamName stream;
  std::uint32_t occurrence;
};

/// Patients first, first + 1, ...; uniform_in_lane() takes the low 32 bits.
struct ConsecutivePatients {
  std::uint32_t first;
  std::uint64_t operator[](std::size_t i) const noexcept { return first + std::uint64_t{i}; }
};

/// Patients from a list.
struct ListedPatients {
  const std::uint32_t* __restrict list;
  std::uint64_t operator[](std::size_t i) const noexcept { return list[i]; }
};

/// Philox4x32-10 with each 32-bit word in a 64-bit lane, so that the 32 x 32 -> 64 bit products
/// need no packing: twice as fast on AVX-512 as the loop over 32-bit words. Upper halves of c1 and
/// c3 hold leftovers, which the masks remove before they matter.
[[gnu::always_inline]] inline double uniform_in_lane(const BatchStream& of,
                                                     std::uint64_t patient) noexcept {
  constexpr std::uint64_t low_word = 0xffffffffU;
  std::uint64_t c0 = patient;
  std::uint64_t c1 = of.key.replicate;
  std::uint64_t c2 = of.stream.hash();
  std::uint64_t c3 = std::uint64_t{of.occurrence << 8};
  auto key_0 = static_cast<std::uint32_t>(of.key.seed);
  auto key_1 = static_cast<std::uint32_t>(of.key.seed >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t product_0 = philox_multiplier_0 * (c0 & low_word);
    const std::uint64_t product_1 = philox_multiplier_1 * (c2 & low_word);
    c0 = (product_1 >> 32) ^ c1 ^ key_0;
    c1 = product_1;
    c2 = (product_0 >> 32) ^ c3 ^ key_1;
    c3 = product_0;
    key_0 += philox_weyl_0;
    key_1 += philox_weyl_1;
  }
  const std::uint64_t bits = (c1 << 32) | (c0 & low_word);
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 12)) + 0.5) * 0x1p-52;
}

template <class Patients>
[[gnu::always_inline]] inline void uniform_kernel(const BatchStream& of, Patients patients,
                                                  std::size_t n, double* __restrict out) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = uniform_in_lane(of, patients[i]);
}

/// Normal quantiles of u. The far tail (u or 1 - u below e^-25, once in 4e10 draws) is left to the
/// scalar function; both other regions are computed for every element and one is kept.
[[gnu::always_inline]] inline void normal_from_uniform_kernel(const double* __restrict u,
                                                              std::size_t n,
                                                              double* __restrict out) noexcept {
  // A little below e^-25, so that rounding in the square root cannot hide an element.
  constexpr double far_limit = 0.99 * normal_inverse_far_split * normal_inverse_far_split;
  std::uint64_t far_away = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double q = u[i] - 0.5;
    const double minus_log = -portable::log(q < 0.0 ? u[i] : 1.0 - u[i]);
    const double size = normal_inverse_ratio(normal_inverse_tail, std::sqrt(minus_log) - 1.6);
    const double tail = q < 0.0 ? -size : size;
    out[i] = std::fabs(q) <= normal_inverse_split ? normal_inverse_centre_value(q) : tail;
    far_away |= minus_log > far_limit ? 1U : 0U;
  }
  if (far_away == 0) return;
  for (std::size_t i = 0; i < n; ++i) out[i] = normal_from_uniform(u[i]);
}

/// Elements handled at a time: uniforms wait in the first-level cache for their transformation, and
/// neither loop needs more registers than there are.
inline constexpr std::size_t batch_chunk = 512;

template <class Patients>
[[gnu::always_inline]] inline void unit_exponential_kernel(const BatchStream& of, Patients patients,
                                                           std::size_t n,
                                                           double* __restrict out) noexcept {
  for (std::size_t begin = 0; begin < n; begin += batch_chunk) {
    const std::size_t end = n - begin < batch_chunk ? n : begin + batch_chunk;
    for (std::size_t i = begin; i < end; ++i) out[i] = uniform_in_lane(of, patients[i]);
    for (std::size_t i = begin; i < end; ++i) out[i] = -portable::log(out[i]);
  }
}

template <class Patients>
[[gnu::always_inline]] inline void normal_kernel(const BatchStream& of, Patients patients,
                                                 std::size_t n, double* __restrict out) noexcept {
  double u[batch_chunk];
  for (std::size_t begin = 0; begin < n; begin += batch_chunk) {
    const std::size_t length = n - begin < batch_chunk ? n - begin : batch_chunk;
    for (std::size_t i = 0; i < length; ++i) u[i] = uniform_in_lane(of, patients[begin + i]);
    normal_from_uniform_kernel(u, length, out + begin);
  }
}

}  // namespace npcsim::detail
