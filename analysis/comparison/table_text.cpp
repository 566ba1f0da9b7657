#include <npcsim/base/portable_math.hpp>
#include <npcsim/comparison/detail/table_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim::detail {

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string short_months(double months) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.4g", months);
  return text.data();
}

int decimals_for(double distance, int least, int most) {
  if (!(distance > 0)) return least;
  return std::clamp(1 - static_cast<int>(std::floor(portable::log10(distance))), least, most);
}

bool is_figure(const SummaryRow& row, const std::string& strategy, const std::string& endpoint,
               const std::string& statistic, bool contrast, std::optional<double> at_months) {
  return row.strategy == strategy && row.endpoint == endpoint && row.statistic == statistic &&
         row.subgroup.empty() && row.versus.empty() != contrast &&
         (!at_months || row.at_months == at_months);
}

}  // namespace npcsim::detail
