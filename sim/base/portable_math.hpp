// Elementary functions whose every bit is the same on every machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#if defined(__FAST_MATH__)
#error "portable_math.hpp needs IEEE arithmetic: no -ffast-math, and -ffp-contract=off"
#endif

/// log, exp, pow and relatives from IEEE additions, multiplications and divisions alone: with
/// -ffp-contract=off every compiler, optimisation level, vector width, processor and WebAssembly
/// gives the same bits. The C library does not: glibc picks code with or without FMA by processor.
///
/// log, exp and pow have no tables and no branches, so plain loops over arrays vectorise; their
/// special cases are blends. Everything takes any double: infinities, zeros, subnormals and NaN
/// give what IEEE 754 (section 9.2) says, except that pow treats every negative base as an error.
/// Worst errors, found by comparing with long double over wide grids, are given in units in the
/// last place (ulp); tests/base_math holds them there.
namespace npcsim::portable {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

namespace detail {

inline std::uint64_t to_bits(double x) noexcept {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline double from_bits(std::uint64_t bits) noexcept {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline constexpr double ln2_head = 0x1.62e42fefa38p-1;    // 42 bits: k * ln2_head exact, |k| < 2^11
inline constexpr double ln2_tail = 0x1.ef35793c7673p-45;  // ln 2 - ln2_head
inline constexpr double log2_e = 0x1.71547652b82fep+0;
inline constexpr double round_shift = 0x1.8p52;  // x + round_shift - round_shift = nearest integer

/// The leading 26 bits: a product of two heads is exact.
inline double head(double x) noexcept { return from_bits(to_bits(x) & 0xfffffffff8000000U); }

/// x = 2^exponent * significand, significand in [sqrt(1/2), sqrt(2)).
struct Scaled {
  double exponent;
  double significand;
};

inline Scaled split_scale(double x) noexcept {
  const bool tiny = x < 0x1p-1022;
  const double normal = x * (tiny ? 0x1p54 : 1.0);
  // The bias keeps the 64-bit value positive, so that shift and conversion are the unsigned ones,
  // which every vector unit has.
  const std::uint64_t bits = to_bits(normal);
  const std::uint64_t shifted = bits - 0x3fe6a09e667f3bcdU + (std::uint64_t{2048} << 52);
  const std::uint64_t biased = shifted >> 52;
  const double exponent = from_bits(biased | 0x4330000000000000U) - (0x1p52 + 2048.0);
  return {exponent - (tiny ? 54.0 : 0.0), from_bits(bits - ((biased - 2048) << 52))};
}

/// R in log(1 + f) = f - s (f - R), s = f / (2 + f), z = s^2: R = 2 (z/3 + z^2/5 + ...), the
/// series of the inverse hyperbolic tangent (Abramowitz & Stegun 4.1.27).
inline double log_remainder(double z) noexcept {
  const double w = z * z;
  const double odd = 2.0 / 3 + w * (2.0 / 7 + w * (2.0 / 11 + w * (2.0 / 15 + w * (2.0 / 19))));
  const double even = 2.0 / 5 + w * (2.0 / 9 + w * (2.0 / 13 + w * (2.0 / 17 + w * (2.0 / 21))));
  return z * (odd + z * even);
}

/// e^r - 1 - r for |r| <= (ln 2) / 2, by its Taylor series split into even and odd powers.
inline double exp_remainder(double r) noexcept {
  const double q = r * r;
  const double even =
      1.0 / 2 +
      q * (1.0 / 24 +
           q * (1.0 / 720 + q * (1.0 / 40320 + q * (1.0 / 3628800 + q * (1.0 / 479001600)))));
  const double odd =
      1.0 / 6 +
      q * (1.0 / 120 +
           q * (1.0 / 5040 + q * (1.0 / 362880 + q * (1.0 / 39916800 + q * (1.0 / 6227020800.0)))));
  return q * (even + r * odd);
}

/// significand * 2^k, k given as round_shift + k; two steps, so that the result may be subnormal.
inline double scale(double significand, double shifted_k) noexcept {
  const std::uint64_t k = to_bits(shifted_k) + 2046;
  const std::uint64_t low = (k & 0xfff) >> 1;
  const std::uint64_t high = (k & 0xfff) - low;
  return significand * from_bits(low << 52) * from_bits(high << 52);
}

/// log x = head + tail to about 2^-65 relative, head of 26 bits. x > 0 and finite.
///
/// With s = f / (2 + f): log(1 + f) = (2/3) s (3 + s^2 + s^4 (3/5 + 3/7 s^2 + ...)), the leading
/// terms carried in two parts; the scheme of FreeBSD's e_pow.c (Sun Microsystems, 1993) in base e.
struct TwoParts {
  double head;
  double tail;
};

inline TwoParts log_two_parts(double x) noexcept {
  const Scaled part = split_scale(x);
  const double k = part.exponent;
  const double f = part.significand - 1.0;
  const double divisor = 2.0 + f;
  const double reciprocal = 1.0 / divisor;
  const double s = f * reciprocal;
  const double s_head = detail::head(s);
  const double divisor_head = detail::head(divisor);
  const double divisor_tail = f - (divisor_head - 2.0);
  const double s_tail = ((f - s_head * divisor_head) - s_head * divisor_tail) * reciprocal;
  const double square = s_head * s_head;
  const double z = square + s_tail * (s_head + s);
  const double w = z * z;
  // 3/5 + 3/7 z + 3/9 z^2 + ... through its values at the seven Chebyshev nodes of [0, 0.0295].
  const double even =
      0x1.3333333333337p-1 +
      w * (0x1.55555561ec593p-2 + w * (0x1.d8a514cd4f427p-3 + w * 0x1.8cb3ddc8bf74ap-3));
  const double odd = 0x1.b6db6db6d57d9p-2 + w * (0x1.1745c7755de3cp-2 + w * 0x1.9825191b613cbp-3);
  const double rest = w * (even + z * odd) + s_tail * (s_head + s);
  const double sum_head = detail::head(3.0 + square + rest);
  const double sum_tail = rest - ((sum_head - 3.0) - square);
  const double product = s_head * sum_head;
  const double product_rest = s_tail * sum_head + sum_tail * s;
  const double p_head = detail::head(product + product_rest);
  const double p_tail = product_rest - (p_head - product);
  constexpr double two_thirds_head = 0x1.555555p-1;
  constexpr double two_thirds_tail = 0x1.5555555555555p-27;
  const double log_head = two_thirds_head * p_head;
  const double log_tail = two_thirds_tail * p_head + p_tail * (2.0 / 3) + k * ln2_tail;
  const double scaled = k * ln2_head;
  const double head_part = detail::head(scaled + log_head + log_tail);
  return {head_part, log_tail - ((head_part - scaled) - log_head)};
}

}  // namespace detail

/// Natural logarithm; 0.9 ulp. log(0) = -infinity, log(x < 0) = NaN.
inline double log(double x) noexcept {
  const detail::Scaled part = detail::split_scale(x);
  const double k = part.exponent;
  const double f = part.significand - 1.0;
  const double s = f / (2.0 + f);
  const double r = detail::log_remainder(s * s);
  double y = k * detail::ln2_head + (f - (s * (f - r) - k * detail::ln2_tail));
  y = x < infinity ? y : x;
  y = x == 0.0 ? -infinity : y;
  return x < 0.0 ? not_a_number : y;
}

/// Exponential; 1.0 ulp. 0 below -745.2, infinity above 709.8, gradual in between.
inline double exp(double x) noexcept {
  x = x < -746.0 ? -746.0 : x;
  x = x > 710.0 ? 710.0 : x;
  const double shifted = x * detail::log2_e + detail::round_shift;
  const double k = shifted - detail::round_shift;
  const double r = (x - k * detail::ln2_head) - k * detail::ln2_tail;
  return detail::scale(1.0 + (r + detail::exp_remainder(r)), shifted);
}

/// x^y for x >= 0; 1.2 ulp for |y log x| <= 50, 1.5 ulp beyond. pow(x, 0) = pow(1, y) = 1, pow(0, y
/// < 0) = infinity, pow(x < 0, y) = NaN even for whole y (no quantity of the model has a negative
/// base).
inline double pow(double x, double y) noexcept {
  // A finite stand-in for 0 and infinity keeps the arithmetic clean; blends put them right below.
  const bool regular = x > 0.0;
  double base = regular ? x : 1.0;
  base = base < infinity ? base : 1.0;
  double power = y < -0x1p80 ? -0x1p80 : y;
  power = power > 0x1p80 ? 0x1p80 : power;
  const detail::TwoParts log_base = detail::log_two_parts(base);
  const double power_head = detail::head(power);
  double high = power_head * log_base.head;
  double low = (power - power_head) * log_base.head + power * log_base.tail;
  const bool moderate = high > -800.0;
  low = moderate ? low : 0.0;
  high = moderate ? high : -800.0;
  const bool small = high < 800.0;
  low = small ? low : 0.0;
  high = small ? high : 800.0;
  const double shifted = (high + low) * detail::log2_e + detail::round_shift;
  const double k = shifted - detail::round_shift;
  const double r = ((high - k * detail::ln2_head) + low) - k * detail::ln2_tail;
  double z = detail::scale(1.0 + (r + detail::exp_remainder(r)), shifted);
  const double at_zero = y > 0.0 ? 0.0 : infinity;
  const double at_infinity = y > 0.0 ? infinity : 0.0;
  z = x == 0.0 ? at_zero : z;
  z = x == infinity ? at_infinity : z;
  z = x >= 0.0 ? z : not_a_number;
  z = y == y ? z : y;
  z = x == 1.0 ? 1.0 : z;
  return y == 0.0 ? 1.0 : z;
}

/// x^y for x > 0 as e^(y log x): half the cost of pow, relative error up to |y log x| / 2^53.
/// For sampled times, whose exponents are small.
inline double fast_pow(double x, double y) noexcept { return exp(y * log(x)); }

namespace detail {

/// log(u), where u = 1 + x but for `lost`, which is relative to u. 0 < u < 2^54.
inline double log1p_of(double u, double lost) noexcept {
  const Scaled part = split_scale(u);
  const double k = part.exponent;
  const double f = part.significand - 1.0;
  const double s = f / (2.0 + f);
  const double r = log_remainder(s * s);
  return k * ln2_head + (f - (s * (f - r) - (k * ln2_tail + lost)));
}

}  // namespace detail

/// log(1 + x) as log1p() gives it, for 0 <= x <= 1, without a branch.
inline double log1p_of_share(double x) noexcept {
  const double u = 1.0 + x;
  return detail::log1p_of(u, (x - (u - 1.0)) / u);
}

/// log(1 + x) without loss near 0; 0.9 ulp. log1p(-1) = -infinity, log1p(x < -1) = NaN.
inline double log1p(double x) noexcept {
  if (!(x > -1.0)) return x == -1.0 ? -infinity : not_a_number;
  if (!(x < 0x1p54)) return log(x);
  const double u = 1.0 + x;
  // What the rounding of 1 + x lost, to first order (Kahan; FreeBSD's s_log1p.c).
  return detail::log1p_of(u, (u > 2.0 ? 1.0 - (u - x) : x - (u - 1.0)) / u);
}

/// e^x - 1 without loss near 0; 1.7 ulp. expm1(-infinity) = -1.
inline double expm1(double x) noexcept {
  if (x > 40.0) return exp(x);
  if (x < -40.0) return -1.0;
  const double shifted = x * detail::log2_e + detail::round_shift;
  const double k = shifted - detail::round_shift;
  const double high = x - k * detail::ln2_head;
  const double low = k * detail::ln2_tail;
  const double r = high - low;
  const double lost = (high - r) - low;
  const double p = r + (detail::exp_remainder(r) + lost);
  if (k == 0.0) return p;
  const double two_k = detail::scale(1.0, shifted);
  return k == 1.0 ? 2.0 * (p + 0.5) : two_k * p + (two_k - 1.0);
}

/// log(1 + x) - x without loss near 0. \pre x > -1.
inline double log1p_minus(double x) noexcept {
  if (x < -0.29 || x > 0.41) return log1p(x) - x;
  const double s = x / (2.0 + x);
  return -s * (x - detail::log_remainder(s * s));
}

/// e^x - 1 - x without loss near 0.
inline double expm1_minus(double x) noexcept {
  return x < -0.34 || x > 0.34 ? expm1(x) - x : detail::exp_remainder(x);
}

/// log(1 - e^x) without loss for x <= 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))").
inline double log1m_exp(double x) noexcept {
  return x > -0.6931471805599453 ? log(-expm1(x)) : log1p(-exp(x));
}

/// Decimal logarithm; 0.51 ulp, exact at powers of ten. Special values as log.
inline double log10(double x) noexcept {
  if (!(x > 0.0 && x < infinity)) return log(x);
  constexpr double log10_e_head = 0x1.bcb7b1p-2;  // 26 bits
  constexpr double log10_e_tail = 0x1.49b9438ca9aaep-28;
  const detail::TwoParts y = detail::log_two_parts(x);
  return log10_e_head * y.head + (log10_e_tail * y.head + (log10_e_head + log10_e_tail) * y.tail);
}

}  // namespace npcsim::portable
