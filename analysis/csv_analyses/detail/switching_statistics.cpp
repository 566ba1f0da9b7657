// Trials in which patients of the control arm took the experimental treatment.
#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/survival/treatment_switching.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

// What the options ask for beyond what the model takes.
std::vector<std::string> not_taken(const SurvivalRun& run, const RunRecords& all) {
  std::vector<std::string> out;
  if (!all.records.weight.empty()) out.emplace_back("does not take --weights");
  if (!all.records.entry.empty()) {
    out.emplace_back("does not take --entry: time counts from randomisation");
  }
  if (run.request.landmark > 0) {
    out.emplace_back(
        "does not take --landmark: shares of time on treatment and times of administrative "
        "censoring count from randomisation");
  }
  return out;
}

}  // namespace

bool write_rpsft(SurvivalRun& run, const StatisticRequest& statistic) {
  const SurvivalRequest& request = run.request;
  FrameParts parts;
  parts.group = true;
  parts.strata = true;
  parts.others = {request.switched_share};
  if (!request.censoring_time.empty()) parts.others.push_back(request.censoring_time);
  const auto all = run.records_with(parts);
  if (all == nullptr) return false;
  if (all->groups() != 2) {
    run.fail(statistic, "needs two groups, the second of them (" +
                            group_label(*all, all->groups() - 1) + ") the experimental arm");
    return true;
  }
  const std::vector<std::string> refused = not_taken(run, *all);
  if (!refused.empty()) {
    run.begin(statistic, *all);
    run.end();
    for (const std::string& why : refused) run.fail(statistic, why);
    return true;
  }
  SwitchingTrial trial;
  trial.time = all->records.time;
  trial.event = all->records.event;
  trial.arm = all->group;
  trial.treated_share = all->others[0];
  if (!request.censoring_time.empty()) trial.censoring_time = all->others[1];
  trial.stratum = all->records.stratum;
  const Rpsft found = rpsft(trial);
  JsonWriter& out = run.begin(statistic, *all);
  put(out, "contrast", group_label(*all, 1) + " - " + group_label(*all, 0));
  put_count(out, "n", all->rows());
  put_flag(out, "converged", found.converged);
  run.warn(statistic, found.warnings);
  if (!found.converged) {
    run.end();
    if (found.warnings.empty()) run.warn(statistic, "no root of the test statistic was found");
    run.failed = true;
    return true;
  }
  put(out, "estimate", found.psi);
  put(out, "lo95", found.psi_low);
  put(out, "hi95", found.psi_high);
  put(out, "acceleration_factor", std::exp(-found.psi));
  put(out, "roots", found.roots);
  put_flag(out, "recensored", !request.censoring_time.empty());
  if (found.adjusted.converged()) {
    put(out, "adjusted_coef", found.adjusted.coefficients[0]);
    put(out, "adjusted_se", found.adjusted_se);
    put(out, "adjusted_hr", std::exp(found.adjusted.coefficients[0]));
  }
  run.end();
  std::vector<std::vector<std::string>> rows{{"psi (95 % CI)", "life extended by"}};
  rows.push_back(
      {with_limits(found.psi, found.psi_low, found.psi_high), figure(std::exp(-found.psi))});
  run.table("Rank preserving structural failure time model", rows);
  return true;
}

}  // namespace npcsim::detail
