// How well a marker separates those with an event by time t from those without.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <span>
#include <string>
#include <vector>

namespace npcsim {

struct TimeDependentAuc {
  double time = 0;
  double value = 0;          ///< area under the cumulative / dynamic ROC curve
  double se = 0;             ///< from influence functions, censoring curve estimated
  std::size_t cases = 0;     ///< events of cause 1 before `time`
  std::size_t controls = 0;  ///< followed beyond `time` without event
  std::size_t censored = 0;  ///< up to `time`
  bool defined = false;      ///< false: no case or no control
  std::vector<double>
      influence;  ///< [row] the standard error is their standard deviation / sqrt(n)
};

/// Cumulative / dynamic AUC with inverse probability of censoring weights from the marginal
/// Kaplan-Meier estimate: timeROC's estimator. Cases: event 1 before t; controls: without any event
/// beyond t (definition "i" of timeROC for competing risks).
///
/// `marker` [row]: higher means more risk. Source: Blanche, Dartigues & Jacqmin-Gadda, Stat Med
/// 2013;32:5381 (estimator and asymptotic variance). Entry times and weights are not supported.
std::vector<TimeDependentAuc> time_dependent_auc(const TimeToEvent& records,
                                                 std::span<const double> marker,
                                                 std::span<const double> times);

}  // namespace npcsim
