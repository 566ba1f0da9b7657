// Compiled for x86-64-v4, so nothing but the function below may leave this file.
#include <npcsim/random/detail/philox_lanes.hpp>

#if NPCSIM_HAS_UNIFORM_LANES

#include <immintrin.h>

namespace npcsim::detail {
namespace {

struct Lanes {
  using Words = std::uint64_t __attribute__((vector_size(64)));
  using Reals = double __attribute__((vector_size(64)));
  using Patients = std::uint32_t __attribute__((vector_size(32)));
  static constexpr std::size_t size = 8;
  static Words product(Words a, Words b) { return Words(_mm512_mul_epu32(__m512i(a), __m512i(b))); }
};

}  // namespace

void uniforms_by_eight(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                       double* out) noexcept {
  uniforms_in_lanes<Lanes>(of, patients, n, out);
}

}  // namespace npcsim::detail

#endif
