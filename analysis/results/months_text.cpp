#include <npcsim/base/quantity_text.hpp>
#include <npcsim/results/months_text.hpp>

#include <cmath>

namespace npcsim {

std::string months_text(double months) { return shortest(std::round(months * 100) / 100); }

}  // namespace npcsim
