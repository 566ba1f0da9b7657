#include <npcsim/survival/log_rank.hpp>

#include <cmath>

namespace npcsim {

LogRank log_rank(const std::vector<RiskRow>& rows) {
  LogRank test;
  for (const RiskRow& row : rows) {
    const double events = row.events_treated + row.events_control;
    const double at_risk = row.at_risk_treated + row.at_risk_control;
    const double share = row.at_risk_treated / at_risk;
    test.observed += row.events_treated;
    test.expected += events * share;
    if (at_risk > 1) {
      test.variance += events * share * (1 - share) * ((at_risk - events) / (at_risk - 1));
    }
  }
  if (test.variance > 0) test.z = (test.observed - test.expected) / std::sqrt(test.variance);
  return test;
}

}  // namespace npcsim
