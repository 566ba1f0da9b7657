#include <npcsim/random/detail/uniform_lanes.hpp>

namespace npcsim::detail {
namespace {

void uniforms_one_by_one(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
                         double* out) noexcept {
  for (std::size_t i = 0; i < n; ++i)
    out[i] = PatientDraws(of.key, patients[i]).uniform(of.stream, of.occurrence);
}

using Uniforms = decltype(&uniforms);

Uniforms widest() noexcept {
#if NPCSIM_HAS_UNIFORM_LANES
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return uniforms_by_eight;
  if (__builtin_cpu_supports("x86-64-v3")) return uniforms_by_four;
#endif
  return uniforms_one_by_one;
}

}  // namespace

void uniforms(const BatchStream& of, const std::uint32_t* patients, std::size_t n,
              double* out) noexcept {
  static const Uniforms chosen = widest();
  chosen(of, patients, n, out);
}

}  // namespace npcsim::detail
