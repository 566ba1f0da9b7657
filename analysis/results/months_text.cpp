#include <npcsim/base/quantity_text.hpp>
#include <npcsim/results/months_text.hpp>

#include <cmath>

namespace npcsim {

std::string months_text(double months) { return shortest(std::round(months * 100) / 100); }

std::string in_months(double months) {
  const std::string text = months_text(months);
  return text + (text == "1" ? " month" : " months");
}

}  // namespace npcsim
