// The two-group log-rank test.
#pragma once

#include <npcsim/survival/risk_table.hpp>

#include <vector>

namespace npcsim {

struct LogRank {
  double observed = 0;  ///< events of the treated
  double expected = 0;  ///< events of the treated if both groups had one hazard
  double variance = 0;  ///< hypergeometric variance of observed - expected
  double z = 0;  ///< (observed - expected) / sqrt(variance); 0 without variance. Below 0 favours
                 ///< the treated.
  double chi_square() const { return z * z; }
};

/// Source: Mantel, Cancer Chemother Rep 1966;50:163; Peto & Peto, J R Stat Soc A 1972;135:185.
LogRank log_rank(const std::vector<RiskRow>& rows);

}  // namespace npcsim
