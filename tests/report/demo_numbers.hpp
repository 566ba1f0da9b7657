// Reproducible made-up numbers for demo pages.
#pragma once

#include <cmath>
#include <cstdint>

namespace npcsim {

/// Numbers that look like chance and are always the same.
class DemoNumbers {
 public:
  explicit DemoNumbers(std::uint32_t start) : state_(start) {}

  /// Above 0, below 1.
  double uniform() {
    state_ = state_ * 1664525U + 1013904223U;
    return (static_cast<double>(state_ >> 8U) + 0.5) / 16777216.0;
  }

  /// Standard normal (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  std::uint32_t state_;
};

}  // namespace npcsim
