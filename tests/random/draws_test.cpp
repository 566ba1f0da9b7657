#include "support/statistical.hpp"
#include <npcsim/base/special_functions.hpp>
#include <npcsim/random/draws.hpp>

#include <algorithm>
#include <cmath>
#include <set>

#include <Random123/philox.h>
#include <boost/math/special_functions/erf.hpp>
#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr DrawKey key{0x0123456789abcdefU, 7};

TEST(PatientDraws, CounterIsPatientReplicateStreamOccurrenceAttempt) {
  const StreamName stream = "frailty"_stream;
  const r123::Philox4x32_R<10> library;
  const auto block =
      library({{42, 7, stream.hash(), (1000U << 8) | 3U}}, {{0x89abcdefU, 0x01234567U}});
  const std::uint64_t first = (std::uint64_t{block[1]} << 32 | block[0]) >> 12;
  const std::uint64_t second = (std::uint64_t{block[3]} << 32 | block[2]) >> 12;
  const UniformPair pair = PatientDraws(key, 42).uniform_pair(stream, 1000, 3);
  EXPECT_EQ(pair.first, (static_cast<double>(first) + 0.5) * 0x1p-52);
  EXPECT_EQ(pair.second, (static_cast<double>(second) + 0.5) * 0x1p-52);
  EXPECT_EQ(PatientDraws(key, 42).uniform(stream, 1000, 3), pair.first);
}

TEST(PatientDraws, UniformNeverReachesItsEnds) {
  EXPECT_EQ(uniform_from_words(0, 0), 0x1p-53);
  EXPECT_EQ(uniform_from_words(0xffffffffU, 0xffffffffU), 1.0 - 0x1p-53);
  EXPECT_EQ(1.0 - uniform_from_words(0xffffffffU, 0xffffffffU), 0x1p-53);
}

TEST(PatientDraws, EveryPartOfTheKeyChangesTheDraw) {
  const StreamName stream = "frailty"_stream;
  const std::set<double> draws{
      PatientDraws({1, 0}, 0).uniform(stream),
      PatientDraws({1ULL << 32, 0}, 0).uniform(stream),
      PatientDraws({1, 1}, 0).uniform(stream),
      PatientDraws({1, 0}, 1).uniform(stream),
      PatientDraws({1, 0}, 0).uniform("burden"_stream),
      PatientDraws({1, 0}, 0).uniform(stream, 1),
      PatientDraws({1, 0}, 0).uniform(stream, max_occurrences - 1),
      PatientDraws({1, 0}, 0).uniform(stream, 0, 1),
      PatientDraws({1, 0}, 0).uniform(stream, 0, max_attempts - 1),
  };
  EXPECT_EQ(draws.size(), 9U);
}

TEST(PatientDraws, SameQuestionHasTheSameAnswerInAnyOrder) {
  const PatientDraws draws(key, 5);
  const double early = draws.unit_exponential("death"_stream, 2);
  static_cast<void>(draws.normal("burden"_stream));
  EXPECT_EQ(draws.unit_exponential("death"_stream, 2), early);
}

TEST(PatientDraws, UnitExponentialIsMinusLogOfTheUniform) {
  for (std::uint32_t patient = 0; patient < 1000; ++patient) {
    const PatientDraws draws(key, patient);
    const double u = draws.uniform("death"_stream, 1);
    const double expected = -std::log(u);
    EXPECT_NEAR(draws.unit_exponential("death"_stream, 1), expected, 4e-16 * (1 + expected));
  }
}

TEST(NormalFromUniform, AgreesWithBoostMathInAllThreeRegions) {
  // Boost.Math as independent program: z = sqrt(2) erfc_inv(2 (1 - u)).
  double u = 0x1p-53;
  for (int i = 0; i < 4000; ++i, u = std::min(u * 1.02, u + 0.0005)) {
    if (u >= 0.5) break;
    const double expected = -std::sqrt(2.0) * boost::math::erfc_inv(2.0 * u);
    ASSERT_NEAR(normal_from_uniform(u), expected, 2e-15 * std::fabs(expected) + 1e-16) << u;
  }
}

TEST(NormalFromUniform, AgreesWithTheRoomBelow) {
  for (int i = 1; i < 2000; ++i) {
    const double u = (i + 0.5) / 2001.0;
    const double expected = portable::normal_quantile(u);
    ASSERT_NEAR(normal_from_uniform(u), expected, 3e-15 * std::fabs(expected) + 1e-16) << u;
  }
}

TEST(NormalFromUniform, IsExactlyAntisymmetric) {
  for (const double u : {0x1p-53, 1e-12, 3e-9, 0.01, 0.07, 0.2, 0.4999}) {
    const double grid = (std::floor(u * 0x1p52) + 0.5) * 0x1p-52;
    EXPECT_EQ(normal_from_uniform(1.0 - grid), -normal_from_uniform(grid));
  }
}

TEST(NormalFromUniform, DoesNotStepBackWhereItsRegionsMeet) {
  // Regions meet at |u - 1/2| = 0.425 and at a tail of e^-25; a step of 1e-9 is 1e6 times the
  // rounding error and must not be visible as a decrease.
  for (const double seam : {0.075, 0.925, std::exp(-25.0)}) {
    const double step = seam < 1e-6 ? 1e-12 * seam : 1e-12;
    double before = normal_from_uniform(seam - 200 * step);
    for (int i = -199; i <= 200; ++i) {
      const double now = normal_from_uniform(seam + i * step);
      ASSERT_GE(now, before) << seam << ' ' << i;
      before = now;
    }
  }
}

TEST(NormalFromUniform, StaysBelowTheReachOfTables) {
  // Phi^-1(2^-53) = -8.2095... (scipy.stats.norm.ppf).
  EXPECT_NEAR(normal_from_uniform(0x1p-53), -8.209536151601387, 1e-14);
}

TEST(PatientDraws, UniformsOfNeighbouringCountersAreUniformAndUncorrelated) {
  // n = 2^18 draws of neighbouring patients. Mean 1/2, variance 1/12; lag-1 product mean 1/4 with
  // variance of u v = 1/9 - 1/16. |z| < z_limit: one false alarm in a million, seed fixed.
  constexpr std::uint32_t n = 1U << 18;
  for (const StreamName stream : {"frailty"_stream, "burden"_stream}) {
    double sum = 0.0;
    double squares = 0.0;
    double products = 0.0;
    double before = 0.5;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double u = PatientDraws(key, i).uniform(stream);
      sum += u;
      squares += (u - 0.5) * (u - 0.5);
      products += (u - 0.5) * (before - 0.5);
      before = u;
    }
    const double root = std::sqrt(static_cast<double>(n));
    EXPECT_LT(std::fabs(sum / n - 0.5) * root / std::sqrt(1.0 / 12), testing::z_limit);
    EXPECT_LT(std::fabs(squares / n - 1.0 / 12) * root / std::sqrt(1.0 / 180), testing::z_limit);
    EXPECT_LT(std::fabs(products / n) * root * 12.0, testing::z_limit);
  }
}

}  // namespace
}  // namespace npcsim
