// Positive stable distribution: the frailty under which proportional hazards stay proportional.
#pragma once

#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/portable_sine.hpp>
#include <npcsim/random/uniform.hpp>

namespace npcsim {

/// w > 0 with E exp(-s w) = exp(-s^index). The mean is infinite unless index = 1, where w = 1.
///
/// Sources: Kanter (1975), Ann. Probab. 3, 697-707, corollary 4.1; Chambers, Mallows & Stuck
/// (1976), J. Am. Stat. Assoc. 71, 340-344. As a frailty: Hougaard (1986), Biometrika 73, 387-396.
/// \pre 0 < index <= 1.
struct PositiveStableDistribution {
  double index;

  /// log w from two independent uniforms; finite for every draw, however heavy the tail.
  [[nodiscard]] double log_value(UniformPair u) const noexcept {
    // With theta = pi u1 and E = -log u2, of mean 1:
    // w = sin(index theta) / sin(theta)^(1/index) * (sin((1 - index) theta) / E)^((1 -
    // index)/index)
    if (index >= 1.0) return 0.0;
    const double rest = 1.0 - index;
    const double log_exponential = portable::log(-portable::log(u.second));
    const double log_sine = portable::log(portable::sin_pi(u.first));
    const double log_index_sine = portable::log(portable::sin_pi(index * u.first));
    const double log_rest_sine = portable::log(portable::sin_pi(rest * u.first));
    return log_index_sine + (rest * (log_rest_sine - log_exponential) - log_sine) / index;
  }

  /// w; infinite or 0 where it leaves the range of doubles, as it may below an index of 0.1.
  [[nodiscard]] double value(UniformPair u) const noexcept { return portable::exp(log_value(u)); }
};

}  // namespace npcsim
