// Log-rank tests of any number of groups: weighted, stratified, for trend, and the best of several.
#pragma once

#include <npcsim/survival/event_weight.hpp>
#include <npcsim/survival/risk_sets.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim {

/// A test that all groups have one hazard within each stratum.
struct GroupLogRank {
  std::vector<double> observed;  ///< [group] weighted sum of events over strata
  std::vector<double> expected;  ///< [group] the same if all groups had one hazard
  std::vector<double> variance;  ///< [group][group] hypergeometric covariance of observed
  double chi_square = 0;
  /// Rank of the variance: groups that were ever at risk at an event, less 1; less still if strata
  /// keep some of them apart, so that a group alone in its strata counts for nothing.
  int degrees = 0;
  double p = 1;
  /// (observed - expected) / sqrt(variance) of the second group when there are two; below 0 the
  /// second group lives longer. 0 otherwise.
  double z = 0;
  /// False: nothing to compare (fewer than two groups at risk, or no variance); then p = 1.
  bool defined = false;

  std::size_t groups() const { return observed.size(); }
};

/// Agrees with survdiff(rho) for Fleming-Harrington weights with gamma = 0. Case weights count as
/// numbers of like subjects. Sources: Mantel, Cancer Chemother Rep 1966;50:163; Harrington &
/// Fleming, Biometrika 1982;69:553.
GroupLogRank log_rank_test(const RiskSets& sets, const EventWeight& weight = {});

struct TrendTest {
  double z = 0;
  double p = 1;  ///< two-sided
  bool defined = false;
};
/// Does the hazard rise with the score of the group? z > 0 if it does. Source: Tarone, Biometrika
/// 1975;62:679. \pre a score for each group.
TrendTest trend_test(const GroupLogRank& test, std::span<const double> scores);

/// The best of several weighted tests of two groups, its multiplicity accounted for.
struct MaxCombo {
  std::vector<double> z;            ///< [test] as GroupLogRank::z
  std::vector<double> correlation;  ///< [test][test] under one hazard
  double p = 1;                     ///< two-sided: P(max |Z| >= max |z|)
  double p_lower = 1;    ///< P(min Z <= min z): evidence that the second group does better
  double p_upper = 1;    ///< P(max Z >= max z)
  bool defined = false;  ///< false: not two groups, a test without variance
};

/// Covariance of two tests: sum over event times of w_a w_b v. Absolute error of the probabilities
/// below 1e-8. Sources: Karrison, Stata J 2016;16:678; Lin et al., Stat Biopharm Res 2020;12:187.
/// \pre at most 5 rules.
MaxCombo max_combo(const RiskSets& sets, std::span<const EventWeight> rules);
/// The usual four: Fleming-Harrington (0,0), (0,1), (1,0), (1,1).
std::vector<EventWeight> usual_combination();

}  // namespace npcsim
