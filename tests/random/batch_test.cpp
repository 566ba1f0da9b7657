#include <npcsim/random/batch.hpp>
#include <npcsim/random/detail/batch_kernels.hpp>
#include <npcsim/random/detail/uniform_lanes.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr DrawKey key{0xfedcba9876543210U, 3};
constexpr StreamName stream = "batch test"_stream;
constexpr std::uint32_t occurrence = 12345;

// Awkward lengths: empty, one, below and above a vector, across the buffer of 512.
constexpr std::size_t lengths[] = {0, 1, 7, 8, 9, 511, 512, 513, 1500};

std::vector<std::uint32_t> scattered_patients(std::size_t n) {
  std::vector<std::uint32_t> patients;
  for (std::uint32_t i = 0; i < n; ++i) patients.push_back(i * 2654435761U);
  if (n > 2) patients[2] = patients[1];
  return patients;
}

TEST(Batch, ConsecutivePatientsGetTheirOwnDrawsBitForBit) {
  for (const std::size_t n : lengths) {
    // The second start wraps around 2^32 and the third has its top bit set.
    for (const std::uint32_t first : {0U, 0xfffffff0U, 0x80000001U}) {
      std::vector<double> uniform(n), exponential(n), normal(n);
      fill_uniform(key, first, n, stream, occurrence, uniform.data());
      fill_unit_exponential(key, first, n, stream, occurrence, exponential.data());
      fill_normal(key, first, n, stream, occurrence, normal.data());
      for (std::uint32_t i = 0; i < n; ++i) {
        const PatientDraws draws(key, first + i);
        ASSERT_EQ(uniform[i], draws.uniform(stream, occurrence)) << n << ' ' << i;
        ASSERT_EQ(exponential[i], draws.unit_exponential(stream, occurrence)) << n << ' ' << i;
        ASSERT_EQ(normal[i], draws.normal(stream, occurrence)) << n << ' ' << i;
      }
    }
  }
}

TEST(Batch, ListedPatientsGetTheirOwnDrawsBitForBit) {
  for (const std::size_t n : lengths) {
    const std::vector<std::uint32_t> patients = scattered_patients(n);
    std::vector<double> uniform(n), exponential(n), normal(n);
    fill_uniform(key, patients, stream, occurrence, uniform.data());
    fill_unit_exponential(key, patients, stream, occurrence, exponential.data());
    fill_normal(key, patients, stream, occurrence, normal.data());
    for (std::size_t i = 0; i < n; ++i) {
      const PatientDraws draws(key, patients[i]);
      ASSERT_EQ(uniform[i], draws.uniform(stream, occurrence));
      ASSERT_EQ(exponential[i], draws.unit_exponential(stream, occurrence));
      ASSERT_EQ(normal[i], draws.normal(stream, occurrence));
    }
  }
}

TEST(Batch, FarTailOfTheNormalIsNotMissedInAVectorLoop) {
  // One element in the far tail among ordinary ones, at every place of a vector of eight.
  const double far[] = {0x1p-53, 1e-12, 1.3e-11, 1.0 - 0x1p-53};
  for (const double u_far : far) {
    for (std::size_t place = 0; place < 16; ++place) {
      std::vector<double> u(16, 0.3), z(16);
      u[place] = u_far;
      detail::normal_from_uniform_kernel(u.data(), u.size(), z.data());
      EXPECT_EQ(z[place], normal_from_uniform(u_far));
      EXPECT_EQ(z[(place + 1) % 16], normal_from_uniform(0.3));
    }
  }
}

TEST(Batch, RegionsOfTheNormalMeetAtTheSameElementInBothVersions) {
  std::vector<double> u;
  for (int i = -200; i <= 200; ++i) {
    u.push_back(0.075 + i * 0x1p-52);
    u.push_back(0.925 + i * 0x1p-52);
    u.push_back(0x1.e8p-37 * (1.0 + i * 1e-4));  // around e^-25
  }
  std::vector<double> z(u.size());
  detail::normal_from_uniform_kernel(u.data(), u.size(), z.data());
  for (std::size_t i = 0; i < u.size(); ++i) ASSERT_EQ(z[i], normal_from_uniform(u[i])) << u[i];
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
// The kernels compiled for each width, whichever this machine would choose by itself.
#define NPCSIM_TEST_LEVEL(name, attribute)                                                         \
  attribute void name(std::size_t n, const double* uniform, double* exponential, double* normal) { \
    std::copy_n(uniform, n, exponential);                                                          \
    detail::minus_log_kernel(n, exponential);                                                      \
    detail::normal_from_uniform_kernel(uniform, n, normal);                                        \
  }
NPCSIM_TEST_LEVEL(baseline, __attribute__((optimize("O0"))))
NPCSIM_TEST_LEVEL(sse2, __attribute__((target("arch=x86-64"))))
NPCSIM_TEST_LEVEL(avx2, __attribute__((target("arch=x86-64-v3"))))
NPCSIM_TEST_LEVEL(avx512, __attribute__((target("arch=x86-64-v4"))))

TEST(Batch, EveryVectorWidthGivesTheSameBits) {
  constexpr std::size_t n = 5000;
  using Level = void (*)(std::size_t, const double*, double*, double*);
  std::vector<Level> levels{baseline, sse2};
  if (__builtin_cpu_supports("avx2")) levels.push_back(avx2);
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    levels.push_back(avx512);
  }
  for (const Level level : levels) {
    std::vector<double> uniform(n), exponential(n), normal(n);
    for (std::uint32_t i = 0; i < n; ++i)
      uniform[i] = PatientDraws(key, 17 + i).uniform(stream, occurrence);
    level(n, uniform.data(), exponential.data(), normal.data());
    for (std::uint32_t i = 0; i < n; ++i) {
      const PatientDraws draws(key, 17 + i);
      ASSERT_EQ(exponential[i], draws.unit_exponential(stream, occurrence));
      ASSERT_EQ(normal[i], draws.normal(stream, occurrence));
    }
  }
}
#endif

#if NPCSIM_HAS_UNIFORM_LANES
TEST(Batch, EveryNumberOfLanesGivesTheSameBits) {
  const detail::BatchStream of{key, stream, occurrence};
  std::vector<decltype(&detail::uniforms)> widths{detail::uniforms};
  if (__builtin_cpu_supports("x86-64-v3")) widths.push_back(detail::uniforms_by_four);
  if (__builtin_cpu_supports("x86-64-v4")) widths.push_back(detail::uniforms_by_eight);
  for (const auto uniforms : widths) {
    for (const std::size_t n : lengths) {
      const std::vector<std::uint32_t> patients = scattered_patients(n);
      std::vector<double> out(n + 1, -1.0);
      uniforms(of, patients.data(), n, out.data());
      for (std::size_t i = 0; i < n; ++i)
        ASSERT_EQ(out[i], PatientDraws(key, patients[i]).uniform(stream, occurrence));
      EXPECT_EQ(out[n], -1.0);  // nothing is written past the end
    }
  }
}
#endif

std::uint64_t checksum(const std::vector<double>& values) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a, 64 bits, over words
  for (const double value : values) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 1099511628211U;
  }
  return hash;
}

// Golden values: they hold the promise of equal bits against other compilers, optimisation levels,
// processors and WebAssembly. The uniform one was also computed by an independent Python Philox;
// the others were equal for g++ 12 and clang 14 at -O0 and -O3.
TEST(Batch, BitsAreTheSameOnEveryMachine) {
  constexpr std::size_t n = 100'000;
  std::vector<double> draws(n);
  fill_uniform(key, 0, n, stream, occurrence, draws.data());
  EXPECT_EQ(checksum(draws), 0xefa06a9db59aa248U);
  fill_unit_exponential(key, 0, n, stream, occurrence, draws.data());
  EXPECT_EQ(checksum(draws), 0xf60afa22dbce680dU);
  fill_normal(key, 0, n, stream, occurrence, draws.data());
  EXPECT_EQ(checksum(draws), 0x8e2234a15f42c03fU);
}

}  // namespace
}  // namespace npcsim
