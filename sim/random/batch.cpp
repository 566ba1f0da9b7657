#include <npcsim/base/vectorise.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/random/detail/batch_kernels.hpp>
#include <npcsim/random/detail/uniform_lanes.hpp>

#include <algorithm>

namespace npcsim {
namespace {

using detail::BatchStream;

// Patients handled at a time: their draws wait in the first-level cache for the transformation.
constexpr std::size_t chunk = 512;

NPCSIM_VECTOR_CLONES void minus_log(std::size_t n, double* u) noexcept {
  detail::minus_log_kernel(n, u);
}

NPCSIM_VECTOR_CLONES void normal_quantiles(const double* u, std::size_t n, double* out) noexcept {
  detail::normal_from_uniform_kernel(u, n, out);
}

// visit(patients, count, where the first of them stands)
template <class Visit>
void in_chunks(std::span<const std::uint32_t> patients, Visit visit) {
  for (std::size_t begin = 0; begin < patients.size(); begin += chunk) {
    visit(patients.data() + begin, std::min(chunk, patients.size() - begin), begin);
  }
}

struct Consecutive {
  std::uint32_t first;
  std::size_t n;
};

template <class Visit>
void in_chunks(const Consecutive& patients, Visit visit) {
  std::uint32_t list[chunk];
  for (std::size_t begin = 0; begin < patients.n; begin += chunk) {
    const std::size_t count = std::min(chunk, patients.n - begin);
    const std::uint32_t first = patients.first + static_cast<std::uint32_t>(begin);
    for (std::uint32_t i = 0; i < count; ++i) list[i] = first + i;
    visit(list, count, begin);
  }
}

template <class Patients>
void uniform(const BatchStream& of, const Patients& patients, double* out) {
  in_chunks(patients, [&](const std::uint32_t* list, std::size_t n, std::size_t at) {
    detail::uniforms(of, list, n, out + at);
  });
}

template <class Patients>
void unit_exponential(const BatchStream& of, const Patients& patients, double* out) {
  in_chunks(patients, [&](const std::uint32_t* list, std::size_t n, std::size_t at) {
    detail::uniforms(of, list, n, out + at);
    minus_log(n, out + at);
  });
}

template <class Patients>
void normal(const BatchStream& of, const Patients& patients, double* out) {
  double u[chunk];
  in_chunks(patients, [&](const std::uint32_t* list, std::size_t n, std::size_t at) {
    detail::uniforms(of, list, n, u);
    normal_quantiles(u, n, out + at);
  });
}

}  // namespace

void fill_uniform(DrawKey key, std::uint32_t first_patient, std::size_t n, StreamName stream,
                  std::uint32_t occurrence, double* out) noexcept {
  uniform({key, stream, occurrence}, Consecutive{first_patient, n}, out);
}

void fill_unit_exponential(DrawKey key, std::uint32_t first_patient, std::size_t n,
                           StreamName stream, std::uint32_t occurrence, double* out) noexcept {
  unit_exponential({key, stream, occurrence}, Consecutive{first_patient, n}, out);
}

void fill_normal(DrawKey key, std::uint32_t first_patient, std::size_t n, StreamName stream,
                 std::uint32_t occurrence, double* out) noexcept {
  normal({key, stream, occurrence}, Consecutive{first_patient, n}, out);
}

void fill_uniform(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                  std::uint32_t occurrence, double* out) noexcept {
  uniform({key, stream, occurrence}, patients, out);
}

void fill_unit_exponential(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                           std::uint32_t occurrence, double* out) noexcept {
  unit_exponential({key, stream, occurrence}, patients, out);
}

void fill_normal(DrawKey key, std::span<const std::uint32_t> patients, StreamName stream,
                 std::uint32_t occurrence, double* out) noexcept {
  normal({key, stream, occurrence}, patients, out);
}

}  // namespace npcsim
