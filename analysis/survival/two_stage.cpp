#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/switching_checks.hpp>
#include <npcsim/survival/detail/weibull_aft.hpp>
#include <npcsim/survival/treatment_switching.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

TwoStage two_stage(const SwitchingTrial& trial, std::span<const double> secondary_baseline,
                   std::span<const double> switch_time, const Covariates& covariates) {
  TwoStage result;
  const std::size_t n = trial.patients();
  result.warnings = detail::broken_promises(trial);
  if (secondary_baseline.size() != n || switch_time.size() != n) {
    result.warnings.emplace_back("secondary baselines or switching times are missing");
  }
  if (!result.warnings.empty()) return result;

  // Control patients from their secondary baseline on.
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::vector<double>> columns(covariates.count() + 1);
  const auto switched = [&](std::size_t i) { return switch_time[i] < trial.time[i]; };
  for (std::size_t i = 0; i < n; ++i) {
    if (trial.arm[i] != 0) continue;
    if (switched(i) && !(secondary_baseline[i] <= switch_time[i])) {
      result.warnings.push_back("row " + std::to_string(i + 1) +
                                ": switched without or before the secondary baseline");
      return result;
    }
    if (!(secondary_baseline[i] < trial.time[i])) continue;
    time.push_back(trial.time[i] - secondary_baseline[i]);
    event.push_back(trial.event[i]);
    columns[0].push_back(switched(i) ? 1 : 0);
    for (std::size_t j = 0; j < covariates.count(); ++j) {
      columns[j + 1].push_back(covariates.columns[j][i]);
    }
  }
  Covariates model;
  model.names = {"switched"};
  model.names.insert(model.names.end(), covariates.names.begin(), covariates.names.end());
  for (const auto& column : columns) model.columns.emplace_back(column);
  result.warnings = detail::broken_promises({time, event}, model);
  if (!result.warnings.empty()) return result;
  const detail::WeibullAft aft = detail::weibull_aft({time, event}, model);
  result.warnings = aft.warnings;
  if (!aft.converged) return result;
  result.log_factor = aft.coefficients[1];
  result.log_factor_se = std::sqrt(aft.covariance[aft.size() + 1]);

  const double shrink = portable::exp(-result.log_factor);
  std::vector<double> arm;
  for (std::size_t i = 0; i < n; ++i) {
    double end = trial.time[i];
    std::int32_t what = trial.event[i];
    arm.push_back(trial.arm[i]);
    if (trial.arm[i] == 0 && secondary_baseline[i] < trial.time[i]) {
      if (switched(i)) end = switch_time[i] + (trial.time[i] - switch_time[i]) * shrink;
      if (!trial.censoring_time.empty()) {
        const double recensored =
            secondary_baseline[i] +
            (trial.censoring_time[i] - secondary_baseline[i]) * std::min(1.0, shrink);
        if (recensored < end) {
          end = recensored;
          what = 0;
        }
      }
    }
    result.untreated.time.push_back(end);
    result.untreated.event.push_back(what);
  }
  TimeToEvent records{result.untreated.time, result.untreated.event};
  records.stratum = trial.stratum;
  result.adjusted = cox_regression(records, {{"arm"}, {arm}});
  result.converged = result.adjusted.converged();
  for (const std::string& warning : result.adjusted.warnings) result.warnings.push_back(warning);
  return result;
}

}  // namespace npcsim
