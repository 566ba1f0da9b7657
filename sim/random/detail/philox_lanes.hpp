// Philox4x32-10 on vectors. Only for files that are compiled for one kind of machine.
#pragma once

#include <npcsim/random/detail/uniform_lanes.hpp>
#include <npcsim/random/philox.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace npcsim::detail {
namespace {

/// What all patients of a batch share, in every lane.
template <class Words>
struct SharedWords {
  explicit SharedWords(const BatchStream& of) {
    auto low = static_cast<std::uint32_t>(of.key.seed);
    auto high = static_cast<std::uint32_t>(of.key.seed >> 32);
    for (int round = 0; round < philox_rounds; ++round) {
      key_0[round] = Words{} + low;
      key_1[round] = Words{} + high;
      low += philox_weyl_0;
      high += philox_weyl_1;
    }
    c1 = Words{} + of.key.replicate;
    c2 = Words{} + of.stream.hash();
    c3 = Words{} + (of.occurrence << 8);
  }
  Words key_0[philox_rounds];
  Words key_1[philox_rounds];
  Words c1;
  Words c2;
  Words c3;
};

/// Lanes has Words, Reals and Patients (vectors of 64-bit words, of doubles, of 32-bit words), all
/// of `size` elements, and product(), of the low halves of two words. Each 32-bit word of Philox
/// stands in a 64-bit lane; upper halves hold leftovers, which no product sees.
template <class Lanes>
typename Lanes::Reals uniforms_of(const SharedWords<typename Lanes::Words>& shared,
                                  typename Lanes::Patients patients) noexcept {
  using Words = typename Lanes::Words;
  Words c0 = __builtin_convertvector(patients, Words);
  Words c1 = shared.c1;
  Words c2 = shared.c2;
  Words c3 = shared.c3;
#pragma GCC unroll 10
  for (int round = 0; round < philox_rounds; ++round) {
    const Words product_0 = Lanes::product(c0, Words{} + philox_multiplier_0);
    const Words product_1 = Lanes::product(c2, Words{} + philox_multiplier_1);
    c0 = (product_1 >> 32) ^ c1 ^ shared.key_0[round];
    c1 = product_1;
    c2 = (product_0 >> 32) ^ c3 ^ shared.key_1[round];
    c3 = product_0;
  }
  const Words bits = (c1 << 32) | (c0 & 0xffffffffU);
  // The upper 52 bits as a number: as the mantissa of 2^52 + k, which is exact, as is k + 0.5.
  const Words shifted = (bits >> 12) | 0x4330000000000000U;
  typename Lanes::Reals number;
  std::memcpy(&number, &shifted, sizeof(number));
  return (number - 0x1p52 + 0.5) * 0x1p-52;
}

template <class Lanes>
void uniforms_in_lanes(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                       double* out) noexcept {
  const SharedWords<typename Lanes::Words> shared(of);
  typename Lanes::Patients few{};
  std::size_t i = 0;
  for (; i + Lanes::size <= n; i += Lanes::size) {
    std::memcpy(&few, patients + i, sizeof(few));
    const typename Lanes::Reals u = uniforms_of<Lanes>(shared, few);
    std::memcpy(out + i, &u, sizeof(u));
  }
  if (i == n) return;
  std::memcpy(&few, patients + i, (n - i) * sizeof(std::uint32_t));
  const typename Lanes::Reals u = uniforms_of<Lanes>(shared, few);
  std::memcpy(out + i, &u, (n - i) * sizeof(double));
}

}  // namespace
}  // namespace npcsim::detail
