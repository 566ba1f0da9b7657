// What is printed of a figure, on the scale on which it is compared.
#pragma once

#include <npcsim/emulation/figure.hpp>
#include <npcsim/evidence/evidence.hpp>

namespace npcsim::detail {

/// Value, bounds and standard error on the scale of the figure. A median that is not reached is
/// beyond the longest follow-up.
void read_numbers(const Target& target, double longest_days, Figure& out);

}  // namespace npcsim::detail
