// Compiled for x86-64-v3, so nothing but the function below may leave this file.
#include <npcsim/random/detail/philox_lanes.hpp>

#if NPCSIM_HAS_UNIFORM_LANES

#include <immintrin.h>

namespace npcsim::detail {
namespace {

struct Lanes {
  using Words = std::uint64_t __attribute__((vector_size(32)));
  using Reals = double __attribute__((vector_size(32)));
  using Patients = std::uint32_t __attribute__((vector_size(16)));
  static constexpr std::size_t size = 4;
  static Words product(Words a, Words b) { return Words(_mm256_mul_epu32(__m256i(a), __m256i(b))); }
};

}  // namespace

void uniforms_by_four(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                      double* out) noexcept {
  uniforms_in_lanes<Lanes>(of, patients, n, out);
}

}  // namespace npcsim::detail

#endif
