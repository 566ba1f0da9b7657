// Sine and cosine of a fraction of a half turn, the same bits on every machine.
#pragma once

namespace npcsim::portable {

/// sin(pi x) for 0 <= x <= 1; 2 ulp, exact at 0, 1/2 and 1. Symmetric: sin_pi(1 - x) = sin_pi(x)
/// whenever 1 - x is exact.
[[nodiscard]] inline double sin_pi(double x) noexcept {
  constexpr double pi = 0x1.921fb54442d18p+1;
  const double y = pi * (x <= 0.5 ? x : 1.0 - x);
  const double q = y * y;
  // Taylor series to y^23: the first term left out is below 1e-18 at pi / 2.
  double sum = -1.0 / 25852016738884976640000.0;  // 23!
  sum = sum * q + 1.0 / 51090942171709440000.0;   // 21!
  sum = sum * q - 1.0 / 121645100408832000.0;     // 19!
  sum = sum * q + 1.0 / 355687428096000.0;        // 17!
  sum = sum * q - 1.0 / 1307674368000.0;          // 15!
  sum = sum * q + 1.0 / 6227020800.0;             // 13!
  sum = sum * q - 1.0 / 39916800.0;               // 11!
  sum = sum * q + 1.0 / 362880.0;                 // 9!
  sum = sum * q - 1.0 / 5040.0;                   // 7!
  sum = sum * q + 1.0 / 120.0;                    // 5!
  sum = sum * q - 1.0 / 6.0;                      // 3!
  return y + y * (q * sum);
}

/// cos(pi x) for 0 <= x <= 1; absolute error 3e-16, exact at 0, 1/2 and 1.
[[nodiscard]] inline double cos_pi(double x) noexcept {
  return x <= 0.5 ? sin_pi(0.5 - x) : -sin_pi(x - 0.5);
}

}  // namespace npcsim::portable
