// Grids, and the worst disagreement with a reference over a grid.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>

#include <boost/math/policies/policy.hpp>

namespace npcsim::test {

/// Boost.Math in long double that returns instead of throwing.
using Quiet = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

/// Weyl sequence: evenly spread, the same on every machine.
class Spread {
 public:
  double uniform(double low, double high) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed ^= mixed >> 27;
    return low + (high - low) * (static_cast<double>(mixed >> 11) + 0.5) * 0x1p-53;
  }
  /// Uniform on the log scale.
  double log_uniform(double low, double high) {
    return std::exp(uniform(std::log(low), std::log(high)));
  }

 private:
  std::uint64_t state_ = 1;
};

/// The largest error seen and where.
class Worst {
 public:
  void relative(double got, long double want, double a, double b = 0.0, double c = 0.0) {
    keep(want == 0.0L ? std::fabs(got) : static_cast<double>(std::fabs((got - want) / want)), a, b,
         c, got, want);
  }
  /// Relative where |want| > 1, else absolute: for logarithms.
  void mixed(double got, long double want, double a, double b = 0.0, double c = 0.0) {
    const long double scale = std::fabs(want) > 1.0L ? std::fabs(want) : 1.0L;
    keep(static_cast<double>(std::fabs(got - want) / scale), a, b, c, got, want);
  }
  void ulp(double got, long double want, double a, double b = 0.0) {
    const double near = std::fabs(static_cast<double>(want));
    const double unit = std::nextafter(near, std::numeric_limits<double>::infinity()) - near;
    keep(static_cast<double>(std::fabs((got - want) / static_cast<long double>(unit))), a, b, 0.0,
         got, want);
  }
  double error() const { return error_; }
  std::string where() const { return where_; }

 private:
  void keep(double error, double a, double b, double c, double got, long double want) {
    if (error <= error_) return;  // NaN passes and sticks
    error_ = std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
    std::ostringstream text;
    text.precision(17);
    text << "error " << error << " at (" << a << ", " << b << ", " << c << "): got " << got
         << ", want " << want;
    where_ = text.str();
  }

  double error_ = 0.0;
  std::string where_;
};

}  // namespace npcsim::test
