// Squared error of predicted risks.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <span>
#include <vector>

namespace npcsim {

struct BrierScore {
  double time = 0;
  double value = 0;
  double se = 0;    ///< from influence functions
  double null = 0;  ///< of the Kaplan-Meier estimate of all subjects as everyone's prediction
  double index_of_prediction_accuracy = 0;  ///< 1 - value / null; NaN if null is 0 (no event)
  /// False: nobody is followed beyond `time`, or the records have entries or weights.
  bool defined = false;
};

/// Events 1 are predicted; other causes compete. Brier scores with inverse probability of censoring
/// weights (marginal Kaplan-Meier).
///
/// `risk` [time][row]: predicted probability of an event by that time. Source: Graf et al., Stat
/// Med 1999;18:2529; Gerds & Schumacher, Biom J 2006;48:1029; index: Kattan & Gerds, Diagn Progn
/// Res 2018;2:7.
std::vector<BrierScore> brier_scores(const TimeToEvent& records, std::span<const double> times,
                                     const std::vector<std::vector<double>>& risk);

/// Area under the score as a step function of time (it holds its value until the next time) from
/// the first time to the last, divided by that span (begin at 0 for the usual definition); the null
/// model the same. NaN with fewer than two times.
struct IntegratedBrierScore {
  double value = 0;
  double null = 0;
};
IntegratedBrierScore integrated_brier_score(const std::vector<BrierScore>& scores);

}  // namespace npcsim
