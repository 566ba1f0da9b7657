#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/switching_checks.hpp>
#include <npcsim/survival/detail/weighted_rows.hpp>
#include <npcsim/survival/treatment_switching.hpp>

#include <algorithm>

namespace npcsim {

SwitchingIpcw switching_ipcw(const SwitchingTrial& trial, std::span<const double> switch_time,
                             const Covariates& covariates, bool stabilised) {
  SwitchingIpcw result;
  const std::size_t n = trial.patients();
  result.warnings = detail::broken_promises(trial);
  if (switch_time.size() != n) result.warnings.emplace_back("switching times are missing");
  if (result.warnings.empty()) {
    result.warnings = detail::broken_promises({trial.time, trial.event}, covariates);
  }
  if (!result.warnings.empty()) return result;

  // Time to switching of control patients.
  std::vector<double> time;
  std::vector<std::int32_t> left;
  std::vector<std::vector<double>> columns(covariates.count());
  const auto switched = [&](std::size_t i) {
    return trial.arm[i] == 0 && switch_time[i] < trial.time[i];
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (trial.arm[i] != 0) continue;
    if (switched(i) && !(switch_time[i] > 0)) {
      result.warnings.push_back("row " + std::to_string(i + 1) +
                                ": the switching time is not above 0");
      return result;
    }
    time.push_back(switched(i) ? switch_time[i] : trial.time[i]);
    left.push_back(switched(i) ? 1 : 0);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      columns[j].push_back(covariates.columns[j][i]);
    }
  }
  Covariates of_control;
  of_control.names = covariates.names;
  for (const auto& column : columns) of_control.columns.emplace_back(column);
  detail::StayingCurve curve;
  if (std::find(left.begin(), left.end(), 1) == left.end()) {
    result.warnings.emplace_back("nobody switched: weights are 1");
  } else {
    const TimeToEvent leaving{time, left};
    result.switching = cox_regression(leaving, of_control);
    if (!result.switching.converged()) {
      result.warnings = result.switching.warnings;
      return result;
    }
    curve = detail::staying_curve(leaving, of_control, result.switching, stabilised);
  }
  const detail::StayingCurve nobody_leaves;
  for (std::size_t i = 0; i < n; ++i) {
    const bool weighted = trial.arm[i] == 0 && !curve.time.empty();
    const double relative = weighted ? detail::relative_hazard(result.switching, covariates, i) : 1;
    detail::add_weighted_rows(weighted ? curve : nobody_leaves, relative, i,
                              switched(i) ? switch_time[i] : trial.time[i],
                              switched(i) ? 0 : trial.event[i], result.records);
    if (!trial.stratum.empty()) {
      result.records.stratum.resize(result.records.time.size(), trial.stratum[i]);
    }
    result.arm.resize(result.records.time.size(), static_cast<double>(trial.arm[i]));
  }
  CoxOptions robust;
  robust.sandwich = Sandwich::always;
  result.outcome = cox_regression(result.records.view(), {{"arm"}, {result.arm}}, robust);
  result.converged = result.outcome.converged();
  for (const std::string& warning : result.outcome.warnings) result.warnings.push_back(warning);
  return result;
}

}  // namespace npcsim
