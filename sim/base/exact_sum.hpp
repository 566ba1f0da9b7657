// Sums of integers that never lose a digit: addition is associative, so any split of the work gives
// the same bytes.
#pragma once

#include <cstdint>

namespace npcsim {

/// A signed 128-bit sum in two words. Overflow needs more than 2^63 terms of 2^63 and is impossible
/// in a run.
class ExactSum {
 public:
  constexpr ExactSum() = default;
  constexpr ExactSum(std::int64_t high, std::uint64_t low) : high_(high), low_(low) {}

  constexpr void add(std::int64_t value) {
    const auto word = static_cast<std::uint64_t>(value);
    low_ += word;
    high_ += (value < 0 ? -1 : 0) + (low_ < word ? 1 : 0);
  }
  constexpr void add(const ExactSum& other) {
    const std::uint64_t low = other.low_;  // `other` may be this very sum
    low_ += low;
    high_ += other.high_ + (low_ < low ? 1 : 0);
  }
  /// Exact product. \pre it fits into 128 bits.
  constexpr ExactSum times(std::int32_t factor) const {
    if (factor < 0)
      return ExactSum{}.minus(times_positive(0U - static_cast<std::uint32_t>(factor)));
    return times_positive(static_cast<std::uint32_t>(factor));
  }
  constexpr ExactSum minus(const ExactSum& other) const {
    ExactSum out = *this;
    out.add(other.negated());
    return out;
  }
  /// As a double, with a relative error below 2^-52.
  constexpr double value() const {
    if (high_ < 0) {
      const ExactSum positive = negated();
      return -(static_cast<double>(positive.high_) * 0x1p64 + static_cast<double>(positive.low_));
    }
    return static_cast<double>(high_) * 0x1p64 + static_cast<double>(low_);
  }
  constexpr std::int64_t high() const { return high_; }
  constexpr std::uint64_t low() const { return low_; }
  friend constexpr bool operator==(const ExactSum&, const ExactSum&) = default;

 private:
  // School multiplication in 32-bit digits, modulo 2^128; two's complement takes care of the sign.
  constexpr ExactSum times_positive(std::uint64_t factor) const {
    const std::uint64_t lowest = (low_ & 0xFFFFFFFFU) * factor;
    const std::uint64_t middle = (low_ >> 32) * factor + (lowest >> 32);
    const std::uint64_t high = static_cast<std::uint64_t>(high_) * factor + (middle >> 32);
    return {static_cast<std::int64_t>(high), (middle << 32) | (lowest & 0xFFFFFFFFU)};
  }
  constexpr ExactSum negated() const {
    return {static_cast<std::int64_t>(~static_cast<std::uint64_t>(high_) + (low_ == 0 ? 1U : 0U)),
            ~low_ + 1U};
  }
  std::int64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// Number, sum and sum of squares of integers, all exact. \pre |value| < 2^31, fewer than 2^62
/// values.
struct ExactMoments {
  std::uint64_t count = 0;
  ExactSum sum;
  ExactSum squares;

  constexpr void add(std::int64_t value) {
    ++count;
    sum.add(value);
    squares.add(value * value);
  }
  constexpr void add(const ExactMoments& other) {
    count += other.count;
    sum.add(other.sum);
    squares.add(other.squares);
  }
  constexpr double mean() const {
    return count == 0 ? 0.0 : sum.value() / static_cast<double>(count);
  }
  /// Unbiased variance; 0 for fewer than two values.
  ///
  /// Sum and squares are first moved, exactly, to the whole number next to the mean: what is
  /// subtracted afterwards is small, so a large mean costs no digits.
  constexpr double variance() const {
    if (count < 2) return 0.0;
    const double m = mean();
    const auto centre = static_cast<std::int32_t>(m < 0 ? m - 0.5 : m + 0.5);
    const ExactSum n(0, count);
    // sum (x - c) = S - n c;  sum (x - c)^2 = Q - c (2 S - n c)
    const ExactSum shift = n.times(centre);
    ExactSum twice = sum;
    twice.add(sum);
    const double s = sum.minus(shift).value();
    const double q = squares.minus(twice.minus(shift).times(centre)).value();
    const double v = (q - s * s / static_cast<double>(count)) / (static_cast<double>(count) - 1.0);
    return v > 0.0 ? v : 0.0;
  }
  friend constexpr bool operator==(const ExactMoments&, const ExactMoments&) = default;
};

}  // namespace npcsim
