// Probabilities whose odds are multiplied.
#pragma once

#include <npcsim/base/portable_math.hpp>

namespace npcsim::detail {

/// -log(1 - p) of a probability whose odds are e^log_more times those of the one given so.
inline double with_odds(double log_survival, double log_more) {
  // p / (1 - p) = e^(-log(1 - p)) - 1.
  return log_more == 0 ? log_survival
                       : portable::log1p(portable::expm1(log_survival) * portable::exp(log_more));
}

}  // namespace npcsim::detail
