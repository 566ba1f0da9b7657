#include <npcsim/base/vectorise.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/random/detail/batch_kernels.hpp>

namespace npcsim {

NPCSIM_VECTOR_CLONES void fill_uniform(DrawKey key, std::uint32_t first_patient, std::size_t n,
                                       StreamName stream, std::uint32_t occurrence,
                                       double* out) noexcept {
  detail::uniform_kernel({key, stream, occurrence}, detail::ConsecutivePatients{first_patient}, n,
                         out);
}

NPCSIM_VECTOR_CLONES void fill_unit_exponential(DrawKey key, std::uint32_t first_patient,
                                                std::size_t n, StreamName stream,
                                                std::uint32_t occurrence, double* out) noexcept {
  detail::unit_exponential_kernel({key, stream, occurrence},
                                  detail::ConsecutivePatients{first_patient}, n, out);
}

NPCSIM_VECTOR_CLONES void fill_normal(DrawKey key, std::uint32_t first_patient, std::size_t n,
                                      StreamName stream, std::uint32_t occurrence,
                                      double* out) noexcept {
  detail::normal_kernel({key, stream, occurrence}, detail::ConsecutivePatients{first_patient}, n,
                        out);
}

NPCSIM_VECTOR_CLONES void fill_uniform(DrawKey key, std::span<const std::uint32_t> patients,
                                       StreamName stream, std::uint32_t occurrence,
                                       double* out) noexcept {
  detail::uniform_kernel({key, stream, occurrence}, detail::ListedPatients{patients.data()},
                         patients.size(), out);
}

NPCSIM_VECTOR_CLONES void fill_unit_exponential(DrawKey key,
                                                std::span<const std::uint32_t> patients,
                                                StreamName stream, std::uint32_t occurrence,
                                                double* out) noexcept {
  detail::unit_exponential_kernel({key, stream, occurrence},
                                  detail::ListedPatients{patients.data()}, patients.size(), out);
}

NPCSIM_VECTOR_CLONES void fill_normal(DrawKey key, std::span<const std::uint32_t> patients,
                                      StreamName stream, std::uint32_t occurrence,
                                      double* out) noexcept {
  detail::normal_kernel({key, stream, occurrence}, detail::ListedPatients{patients.data()},
                        patients.size(), out);
}

}  // namespace npcsim
