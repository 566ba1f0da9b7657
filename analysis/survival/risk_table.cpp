#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/risk_table.hpp>

#include <cstdint>

namespace npcsim {

std::vector<RiskRow> risk_table(const GroupedTimes& treated, const GroupedTimes& control) {
  NPCSIM_EXPECTS(treated.bins() == control.bins());
  std::uint64_t at_risk_treated = 0;
  std::uint64_t at_risk_control = 0;
  for (std::size_t b = 0; b < treated.bins(); ++b) {
    at_risk_treated += std::uint64_t{treated.events[b]} + treated.censored[b];
    at_risk_control += std::uint64_t{control.events[b]} + control.censored[b];
  }
  std::vector<RiskRow> rows;
  for (std::size_t b = 0; b < treated.bins(); ++b) {
    if (treated.events[b] > 0 || control.events[b] > 0) {
      rows.push_back({static_cast<double>(treated.events[b]),
                      static_cast<double>(control.events[b]), static_cast<double>(at_risk_treated),
                      static_cast<double>(at_risk_control)});
    }
    at_risk_treated -= std::uint64_t{treated.events[b]} + treated.censored[b];
    at_risk_control -= std::uint64_t{control.events[b]} + control.censored[b];
  }
  return rows;
}

}  // namespace npcsim
