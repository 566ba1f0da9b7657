#include "support/statistical.hpp"
#include <npcsim/random/batch.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim {
namespace {

constexpr double promised_error = 1e-11;

TEST(QuantileTable, HoldsItsAccuracyAgainstFiftyDigits) {
  // Values by mpmath, see the head of the file: 18 shapes from 0.02 to 1e8, |z| up to 8.3.
  std::ifstream file(NPCSIM_SOURCE_DIR "/tests/random/gamma_log_quantiles.txt");
  ASSERT_TRUE(file);
  std::map<double, QuantileTable> tables;
  std::string line;
  int places = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream numbers(line);
    double shape = 0.0;
    double z = 0.0;
    double expected = 0.0;
    ASSERT_TRUE(numbers >> shape >> z >> expected) << line;
    const auto at = tables.try_emplace(shape, QuantileTable::gamma_of_shape(shape)).first;
    EXPECT_NEAR(at->second.log_value(z), expected, promised_error) << line;
    ++places;
  }
  EXPECT_EQ(places, 396);
}

TEST(QuantileTable, HoldsItsAccuracyInEveryCellAgainstBoostMath) {
  // Boost.Math cannot follow small shapes to the left, where the quantile underflows.
  for (const double shape : {0.3, 0.8, 1.7, 12.0, 400.0}) {
    const QuantileTable table = QuantileTable::gamma_of_shape(shape);
    const boost::math::gamma_distribution<long double> oracle(shape, 1.0L / shape);
    for (int i = 0; i < 1660; ++i) {
      const double z = -8.3 + 0.01 * (i + 0.43);
      const long double tail =
          0.5L * std::erfc(std::fabs(static_cast<long double>(z)) / std::sqrt(2.0L));
      const long double w = z < 0.0 ? boost::math::quantile(oracle, tail)
                                    : boost::math::quantile(boost::math::complement(oracle, tail));
      ASSERT_NEAR(table.value(z) / static_cast<double>(w), 1.0, promised_error)
          << shape << ' ' << z;
    }
  }
}

TEST(QuantileTable, VarianceZeroIsExactlyOne) {
  const QuantileTable table = QuantileTable::gamma_of_variance(0.0);
  for (const double z : {-20.0, -8.2, -1.0, 0.0, 0.3, 8.2, 20.0}) {
    EXPECT_EQ(table.log_value(z), 0.0);
    EXPECT_EQ(table.value(z), 1.0);
  }
}

TEST(QuantileTable, VarianceIsOneOverShape) {
  const QuantileTable by_variance = QuantileTable::gamma_of_variance(0.5);
  const QuantileTable by_shape = QuantileTable::gamma_of_shape(2.0);
  for (const double z : {-3.0, 0.1, 4.0}) {
    EXPECT_EQ(by_variance.log_value(z), by_shape.log_value(z));
  }
}

TEST(QuantileTable, ShapeOneIsTheExponentialDistribution) {
  // Closed form: w = -log(1 - Phi(z)).
  const QuantileTable table = QuantileTable::gamma_of_shape(1.0);
  for (double z = -8.0; z < 8.0; z += 0.37) {
    const double w = z < 0.0 ? -std::log1p(-0.5 * std::erfc(-z / std::sqrt(2.0)))
                             : -std::log(0.5 * std::erfc(z / std::sqrt(2.0)));
    EXPECT_NEAR(table.value(z) / w, 1.0, promised_error);
  }
}

TEST(QuantileTable, NeverFalls) {
  // Steps of 1e-4 are far coarser than rounding and fine enough to meet every seam of cells.
  for (const double shape : {0.02, 0.3, 2.0, 1e4, 1e7}) {
    const QuantileTable table = QuantileTable::gamma_of_shape(shape);
    double before = table.log_value(-8.6);
    for (int i = -86000; i <= 86000; ++i) {
      const double now = table.log_value(i * 1e-4);
      ASSERT_GE(now, before) << shape << ' ' << i * 1e-4;
      before = now;
    }
  }
}

TEST(QuantileTable, SmallShapesStayFiniteOnTheLogScale) {
  const QuantileTable table = QuantileTable::gamma_of_shape(0.02);
  EXPECT_LT(table.log_value(-8.2), -1800.0);
  EXPECT_EQ(table.value(-8.2), 0.0);
  EXPECT_GT(table.value(8.2), 100.0);
}

TEST(QuantileTable, BeyondItsReachTheEndCounts) {
  const QuantileTable table = QuantileTable::gamma_of_shape(0.8);
  EXPECT_EQ(table.log_value(50.0), table.log_value(QuantileTable::reach));
  EXPECT_EQ(table.log_value(-50.0), table.log_value(-QuantileTable::reach));
  EXPECT_NEAR(table.log_value(8.5), table.log_value(8.5 - 1e-9), 1e-8);
}

TEST(QuantileTable, VectorVersionsEqualScalarOnesBitForBit) {
  for (const double shape : {0.02, 0.8, 50.0}) {
    const QuantileTable table = QuantileTable::gamma_of_shape(shape);
    for (const std::size_t n : {0U, 1U, 7U, 255U, 256U, 257U, 3000U}) {
      std::vector<double> z(n), log_w(n), w(n);
      fill_normal({5, 0}, 0, n, "z"_stream, 0, z.data());
      if (n > 3) z[2] = 9.0, z[3] = -9.0;
      table.log_values(z.data(), n, log_w.data());
      table.values(z.data(), n, w.data());
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(log_w[i], table.log_value(z[i]));
        ASSERT_EQ(w[i], table.value(z[i]));
      }
      table.values(z.data(), n, z.data());
      EXPECT_EQ(z, w);
    }
  }
}

TEST(QuantileTable, FrailtiesHaveMeanOneTheirVarianceAndTheirLaplaceTransform) {
  // n = 2^20 patients, seed fixed, |z| < z_limit (one false alarm in a million). The standard
  // errors come from the gamma distribution: var w = v, kurtosis 3 + 6 v, E exp(-s w) = (1 + s
  // v)^(-1/v).
  constexpr std::size_t n = 1U << 20;
  std::vector<double> z(n), w(n);
  fill_normal({2024, 0}, 0, n, "frailty"_stream, 0, z.data());
  for (const double v : {0.2, 1.25, 3.0}) {
    QuantileTable::gamma_of_variance(v).values(z.data(), n, w.data());
    double sum = 0.0;
    double squares = 0.0;
    double laplace = 0.0;
    for (const double x : w) {
      sum += x - 1.0;
      squares += (x - 1.0) * (x - 1.0);
      laplace += std::exp(-x);
    }
    const double root = std::sqrt(static_cast<double>(n));
    const auto transform = [&](double s) { return std::pow(1.0 + s * v, -1.0 / v); };
    const double laplace_sd = std::sqrt(transform(2.0) - transform(1.0) * transform(1.0));
    EXPECT_LT(std::fabs(sum / n) * root / std::sqrt(v), testing::z_limit) << v;
    EXPECT_LT(std::fabs(squares / n - v) * root / (v * std::sqrt(2.0 + 6.0 * v)), testing::z_limit)
        << v;
    EXPECT_LT(std::fabs(laplace / n - transform(1.0)) * root / laplace_sd, testing::z_limit) << v;
  }
}

TEST(QuantileTable, RefusesShapesItCannotHold) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(static_cast<void>(QuantileTable::gamma_of_shape(0.019)), std::domain_error);
  EXPECT_THROW(
      static_cast<void>(QuantileTable::gamma_of_shape(std::numeric_limits<double>::infinity())),
      std::domain_error);
  EXPECT_THROW(static_cast<void>(QuantileTable::gamma_of_shape(nan)), std::domain_error);
  EXPECT_THROW(static_cast<void>(QuantileTable::gamma_of_variance(-0.1)), std::domain_error);
  EXPECT_THROW(static_cast<void>(QuantileTable::gamma_of_variance(50.1)), std::domain_error);
  EXPECT_THROW(static_cast<void>(QuantileTable::gamma_of_variance(nan)), std::domain_error);
}

TEST(QuantileTable, TinyVariancesLeadContinuouslyToTheConstant) {
  // w = 1 + z sqrt(v) + (z^2 - 1) v / 3 + O(v^1.5), Cornish & Fisher (1938).
  for (const double v : {1e-6, 1e-9, 1e-12}) {
    const QuantileTable table = QuantileTable::gamma_of_variance(v);
    for (const double z : {-4.0, 0.0, 4.0}) {
      const double expected = 1.0 + z * std::sqrt(v) + (z * z - 1.0) * v / 3.0;
      EXPECT_NEAR(table.value(z), expected, 10.0 * v * std::sqrt(v) + 1e-15) << v << ' ' << z;
    }
  }
}

}  // namespace
}  // namespace npcsim
