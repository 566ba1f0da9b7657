// Times of tables in words.
#pragma once

#include <string>

namespace npcsim {

/// "12", "7.5": months to the nearest hundredth.
std::string months_text(double months);

/// "12 months", "1 month".
std::string in_months(double months);

}  // namespace npcsim
