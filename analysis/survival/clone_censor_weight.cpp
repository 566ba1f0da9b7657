#include <npcsim/survival/clone_censor_weight.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/truncate_weights.hpp>
#include <npcsim/survival/detail/weighted_rows.hpp>

#include <cmath>

namespace npcsim {

namespace {

// The clones of one arm: one per subject, censored where they depart from the arm's strategy.
struct Clones {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> censored;  // artificially
};

Clones clones_of(const TimeToEvent& records, std::span<const double> start, double grace,
                 std::size_t arm) {
  Clones clones;
  for (std::size_t i = 0; i < records.rows(); ++i) {
    const double end = records.time[i];
    const bool started = start[i] <= grace && start[i] <= end;  // false for NaN
    double departure = end;
    if (arm == 1 && !started && end > grace) departure = grace;
    if (arm == 0 && started) departure = start[i];
    // An event at the very time of the departure is kept: it came under the strategy.
    const bool censored = departure < end;
    clones.time.push_back(departure);
    clones.event.push_back(censored ? 0 : records.event[i]);
    clones.censored.push_back(censored ? 1 : 0);
  }
  return clones;
}

}  // namespace

CloneCensorWeight clone_censor_weight(const TimeToEvent& records, const Covariates& covariates,
                                      std::span<const double> treatment_start,
                                      const CloneCensorWeightOptions& options) {
  CloneCensorWeight result;
  result.warnings = detail::broken_promises(records, covariates);
  if (treatment_start.size() != records.rows()) {
    result.warnings.emplace_back("treatment starts have another length than the times");
  }
  if (!(options.grace > 0)) result.warnings.emplace_back("the grace period has to be above 0");
  if (!records.entry.empty() || !records.weight.empty()) {
    result.warnings.emplace_back("entry times and case weights are not supported");
  }
  for (std::size_t i = 0; i < records.rows() && result.warnings.empty(); ++i) {
    if (records.time[i] > 0 && !(treatment_start[i] <= 0)) continue;
    result.warnings.push_back("row " + std::to_string(i + 1) +
                              ": follow-up and treatment have to begin after time 0");
  }
  if (!result.warnings.empty()) return result;

  for (std::size_t arm = 0; arm < 2; ++arm) {
    const Clones clones = clones_of(records, treatment_start, options.grace, arm);
    for (const std::int32_t c : clones.censored) {
      result.censored[arm] += static_cast<std::size_t>(c);
    }
    detail::StayingCurve curve;
    CoxRegression& model = result.censoring[arm];
    if (result.censored[arm] > 0) {
      const TimeToEvent leaving{clones.time, clones.censored};
      model = cox_regression(leaving, covariates);
      if (!model.converged()) {
        result.warnings.push_back("no model of the artificial censoring in arm " +
                                  std::to_string(arm));
        for (const std::string& warning : model.warnings) result.warnings.push_back(warning);
        return result;
      }
      curve = detail::staying_curve(leaving, covariates, model, false);
    }
    for (std::size_t i = 0; i < records.rows(); ++i) {
      const double relative =
          curve.time.empty() ? 1 : detail::relative_hazard(model, covariates, i);
      detail::add_weighted_rows(curve, relative, i, clones.time[i], clones.event[i],
                                result.records);
    }
    result.arm.resize(result.records.time.size(), static_cast<double>(arm));
  }
  detail::truncate_weights(result.records.weight, options.truncate);

  CoxOptions robust;
  robust.sandwich = Sandwich::always;
  result.outcome = cox_regression(result.records.view(), {{"arm"}, {result.arm}}, robust);
  result.converged = result.outcome.converged();
  for (const std::string& warning : result.outcome.warnings) result.warnings.push_back(warning);
  return result;
}

}  // namespace npcsim
