// Cumulative incidence of competing causes from individual records.
#pragma once

#include <npcsim/survival/sorted_records.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <cstddef>
#include <vector>

namespace npcsim {

/// One cause's cumulative incidence F(t) and cumulative hazard, at the times of its group.
struct CauseCurve {
  std::vector<double> events;     ///< [point] sum of weights
  std::vector<double> incidence;  ///< [point] just after
  /// [point] infinitesimal jackknife over clusters, as std.err of survfit in R: without weights and
  /// clusters it equals the delta method (Marubini & Valsecchi 1995, chapter 10).
  std::vector<double> se;
  /// [point] Aalen's variance, as cuminc of R's package cmprsk; NaN with weights or entries.
  std::vector<double> se_aalen;
  std::vector<double> lower;                 ///< [point] limits from se
  std::vector<double> upper;                 ///< [point]
  std::vector<double> cumulative_hazard;     ///< [point] cause-specific Nelson-Aalen
  std::vector<double> cumulative_hazard_se;  ///< [point] sqrt(sum of d / n^2)
};

/// Incidence curves of one group. The causes' incidences and `event_free` add up to 1.
struct IncidenceCurves {
  std::size_t records = 0;
  std::vector<double> time;           ///< [point] every distinct time
  std::vector<double> at_risk;        ///< [point] sum of weights just before
  std::vector<double> censored;       ///< [point]
  std::vector<double> event_free;     ///< [point] Kaplan-Meier of any cause
  std::vector<double> event_free_se;  ///< [point]
  std::vector<CauseCurve> causes;     ///< [cause - 1]
  CurveOptions options;
};

/// Curves of each group, strata taken together; `causes` 0: as many as the largest code. Limits on
/// the scale of options.scale (survfit's default for these is log). Source: Aalen & Johansen, Scand
/// J Stat 1978;5:141.
std::vector<IncidenceCurves> incidence_curves(const SortedRecords& records,
                                              const CurveOptions& options = {},
                                              std::size_t causes = 0);

struct IncidenceEstimate {
  double value = 0;
  double se = 0;
  double lower = 0;
  double upper = 0;
};
/// F(t) of cause `cause` (1..): 0 before the first time, the last value after the last.
IncidenceEstimate incidence_at(const IncidenceCurves& curves, std::size_t cause, double t);

/// Mean time lost to a cause up to a horizon: the area under F.
double time_lost(const IncidenceCurves& curves, std::size_t cause, double horizon);

}  // namespace npcsim
