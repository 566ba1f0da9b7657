#include "reference.hpp"
#include <npcsim/base/portable_math.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using test::Spread;
using test::Worst;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr int n = 300000;

// References: 80-bit libm (errors below 1e-3 ulp of double). Bounds are the documented worst
// errors.

TEST(PortableMath, LogIsWithinOneUlp) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double x = i % 3 == 0   ? spread.uniform(0.0, 2.0)
                     : i % 3 == 1 ? spread.log_uniform(1e-320, 1e308)
                                  : spread.uniform(0.5, 100.0);
    worst.ulp(portable::log(x), std::log(static_cast<long double>(x)), x);
  }
  EXPECT_LT(worst.error(), 0.95) << worst.where();
}

TEST(PortableMath, ExpIsWithinOneUlp) {
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double x = i % 2 == 0 ? spread.uniform(-708.0, 709.7) : spread.uniform(-2.0, 2.0);
    worst.ulp(portable::exp(x), std::exp(static_cast<long double>(x)), x);
  }
  EXPECT_LT(worst.error(), 1.01) << worst.where();
}

TEST(PortableMath, PowStaysAccurateForLargeExponents) {
  Spread spread;
  Worst moderate;
  Worst extreme;
  for (int i = 0; i < n; ++i) {
    const double x = i % 2 == 0 ? spread.uniform(0.0, 3.0) : spread.log_uniform(1e-22, 1e22);
    const double y_log_x = spread.uniform(-1.0, 1.0) * (i % 3 == 0 ? 700.0 : 50.0);
    const double y = y_log_x / std::log(x);
    const long double want = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    (i % 3 == 0 ? extreme : moderate).ulp(portable::pow(x, y), want, x, y);
  }
  EXPECT_LT(moderate.error(), 1.2) << moderate.where();
  EXPECT_LT(extreme.error(), 1.6) << extreme.where();
}

TEST(PortableMath, FastPowLosesOnlyWhatItsExponentSays) {
  Spread spread;
  for (int i = 0; i < 20000; ++i) {
    const double x = spread.log_uniform(1e-20, 1e20);
    const double y = spread.uniform(-3.0, 3.0);
    const long double want = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    const double error = static_cast<double>(std::fabs((portable::fast_pow(x, y) - want) / want));
    EXPECT_LT(error, (2.0 + 2.0 * std::fabs(y * std::log(x))) * 0x1p-53) << x << ' ' << y;
  }
}

TEST(PortableMath, Log1pAndExpm1KeepTheirDigitsNearZero) {
  Spread spread;
  Worst log1p;
  Worst expm1;
  for (int i = 0; i < n; ++i) {
    const double size = spread.log_uniform(1e-300, 0.99);
    const double x = i % 3 == 0 ? size : i % 3 == 1 ? -size : spread.log_uniform(0.5, 1e300);
    log1p.ulp(portable::log1p(x), std::log1p(static_cast<long double>(x)), x);
    const double y = i % 3 == 0 ? size : i % 3 == 1 ? -size : spread.uniform(-50.0, 709.0);
    expm1.ulp(portable::expm1(y), std::expm1(static_cast<long double>(y)), y);
  }
  EXPECT_LT(log1p.error(), 0.95) << log1p.where();
  EXPECT_LT(expm1.error(), 1.75) << expm1.where();
}

TEST(PortableMath, Log10IsExactAtPowersOfTen) {
  for (int power = -300; power <= 300; ++power) {
    const double x = std::strtod(("1e" + std::to_string(power)).c_str(), nullptr);
    EXPECT_EQ(portable::log10(x), power);
  }
  Spread spread;
  Worst worst;
  for (int i = 0; i < n; ++i) {
    const double x = spread.log_uniform(1e-320, 1e308);
    worst.ulp(portable::log10(x), std::log10(static_cast<long double>(x)), x);
  }
  EXPECT_LT(worst.error(), 0.51) << worst.where();
}

TEST(PortableMath, RemaindersKeepTheirDigitsNearZero) {
  Spread spread;
  Worst log_rest;
  Worst exp_rest;
  Worst complement;
  for (int i = 0; i < n; ++i) {
    const double x = spread.uniform(-0.9, 3.0) * (i % 2 == 0 ? 1.0 : spread.log_uniform(1e-6, 1.0));
    // log(1 + x) - x and e^x - 1 - x as series in 80 bits where the difference would cancel.
    const long double t = x;
    long double log_want = std::log1p(t) - t;
    long double exp_want = std::expm1(t) - t;
    if (std::fabs(x) < 0.1) {
      log_want = 0.0L;
      exp_want = 0.0L;
      long double factorial = 1.0L;
      long double power = t;
      for (int k = 2; k < 30; ++k) {
        power *= t;
        factorial *= k;
        log_want += (k % 2 == 0 ? -power : power) / k;
        exp_want += power / factorial;
      }
    }
    log_rest.relative(portable::log1p_minus(x), log_want, x);
    exp_rest.relative(portable::expm1_minus(x), exp_want, x);
    const double y = -spread.log_uniform(1e-18, 700.0);
    const long double minus = y;
    complement.relative(portable::log1m_exp(y),
                        y < -1.0 ? std::log1p(-std::exp(minus)) : std::log(-std::expm1(minus)), y);
  }
  EXPECT_LT(log_rest.error(), 2e-15) << log_rest.where();
  EXPECT_LT(exp_rest.error(), 2e-15) << exp_rest.where();
  EXPECT_LT(complement.error(), 1e-15) << complement.where();
}

TEST(PortableMath, LogDefinesTheEdges) {
  EXPECT_EQ(portable::log(0.0), -inf);
  EXPECT_EQ(portable::log(-0.0), -inf);
  EXPECT_EQ(portable::log(inf), inf);
  EXPECT_EQ(portable::log(1.0), 0.0);
  EXPECT_TRUE(std::isnan(portable::log(-1.0)));
  EXPECT_TRUE(std::isnan(portable::log(-inf)));
  EXPECT_TRUE(std::isnan(portable::log(nan_value)));
  EXPECT_DOUBLE_EQ(portable::log(smallest), -1074 * 0.69314718055994530942);
}

TEST(PortableMath, ExpDefinesTheEdgesAndUnderflowsGradually) {
  EXPECT_EQ(portable::exp(-inf), 0.0);
  EXPECT_EQ(portable::exp(-1e300), 0.0);
  EXPECT_EQ(portable::exp(-746.0), 0.0);
  EXPECT_EQ(portable::exp(inf), inf);
  EXPECT_EQ(portable::exp(1e300), inf);
  EXPECT_EQ(portable::exp(709.79), inf);
  EXPECT_EQ(portable::exp(0.0), 1.0);
  EXPECT_TRUE(std::isnan(portable::exp(nan_value)));
  for (double x = -745.0; x < -700.0; x += 0.37) {
    const double want = std::exp(x);
    EXPECT_NEAR(portable::exp(x), want, want * 3e-16 + smallest) << x;
  }
}

TEST(PortableMath, PowFollowsIeeeForBasesFromZero) {
  const std::vector<double> bases{0.0, smallest, 1e-310, 0.5, 1.0, 1.0 + 0x1p-52, 2.0, 1e308, inf};
  const std::vector<double> powers{-inf, -1e300, -1e10, -1.0, -1e-300, 0.0, 1e-300,
                                   0.5,  1.0,    3.0,   1e10, 1e300,   inf};
  for (const double x : bases) {
    for (const double y : powers) {
      const double want = std::pow(x, y);
      if (want == 0.0 || std::isinf(want)) {
        EXPECT_EQ(portable::pow(x, y), want) << x << ' ' << y;
      } else {
        EXPECT_NEAR(portable::pow(x, y), want, 3e-16 * want + smallest) << x << ' ' << y;
      }
    }
  }
  EXPECT_EQ(portable::pow(nan_value, 0.0), 1.0);
  EXPECT_EQ(portable::pow(1.0, nan_value), 1.0);
  EXPECT_TRUE(std::isnan(portable::pow(2.0, nan_value)));
  EXPECT_TRUE(std::isnan(portable::pow(nan_value, 2.0)));
  EXPECT_TRUE(std::isnan(portable::pow(-1.0, 2.0)));
}

TEST(PortableMath, Log1pAndExpm1DefineTheEdges) {
  EXPECT_EQ(portable::log1p(-1.0), -inf);
  EXPECT_EQ(portable::log1p(inf), inf);
  EXPECT_TRUE(std::isnan(portable::log1p(-1.5)));
  EXPECT_TRUE(std::isnan(portable::log1p(nan_value)));
  EXPECT_EQ(portable::log1p(smallest), smallest);
  EXPECT_EQ(portable::expm1(-inf), -1.0);
  EXPECT_EQ(portable::expm1(inf), inf);
  EXPECT_EQ(portable::expm1(smallest), smallest);
  EXPECT_TRUE(std::isnan(portable::expm1(nan_value)));
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define NPCSIM_TEST_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define NPCSIM_TEST_CLONES
#endif

NPCSIM_TEST_CLONES void powers(const double* x, double y, double* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = portable::log(x[i]) + portable::exp(-x[i]) + portable::pow(x[i], y);
  }
}

TEST(PortableMath, WideVectorsGiveTheSameBitsAsOneByOne) {
  Spread spread;
  std::vector<double> x(4099);
  for (double& value : x) value = spread.log_uniform(1e-320, 1e300);
  x[17] = 0.0;
  x[18] = inf;
  std::vector<double> out(x.size());
  powers(x.data(), 0.37, out.data(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const volatile double one = x[i];
    const double alone = portable::log(one) + portable::exp(-one) + portable::pow(one, 0.37);
    EXPECT_EQ(portable::detail::to_bits(out[i]), portable::detail::to_bits(alone)) << x[i];
  }
}

}  // namespace
}  // namespace npcsim
