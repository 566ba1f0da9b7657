#include <npcsim/base/portable_math.hpp>
#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/survival/cox_two_groups.hpp>

#include <cmath>

namespace npcsim::detail {

namespace {

// A level of a subgroup under one strategy, endpoint by endpoint.
struct Place {
  std::size_t strategy;
  std::size_t endpoint;
  std::size_t subgroup;
  std::size_t level;
};

SummaryRow row_at(const OutcomeShape& shape, const Place& at, std::string statistic,
                  std::string unit) {
  SummaryRow row = row_of(shape.strategies[at.strategy], shape.endpoints[at.endpoint].name,
                          std::move(statistic), std::move(unit));
  const SubgroupShape& subgroup = shape.subgroups[at.subgroup];
  row.subgroup = subgroup.name + "=" + subgroup.levels[at.level];
  return row;
}

GroupedTimes view(const SubgroupTally& tally) {
  return {tally.events, tally.censored, months_per_day_bin, 0.5};
}

void add_own_rows(const Tally& tally, const Place& at, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  const SubgroupTally& members = tally.subgroup(at.strategy, at.endpoint, at.subgroup, at.level);
  SummaryRow patients = row_at(shape, at, "patients", "count");
  patients.value = static_cast<double>(members.in_set);
  rows.push_back(patients);
  if (members.in_set == 0) return;
  const KaplanMeier curve(view(members));

  SummaryRow median = row_at(shape, at, "median", "months");
  median.value = curve.median();
  if (median.value) {
    const KaplanMeier::QuantileLimits limits = curve.quantile_limits(0.5);
    median.lo95 = limits.low;
    median.hi95 = limits.high;
  }
  rows.push_back(median);
  for (const std::int32_t tick : shape.landmark_ticks) {
    SummaryRow survival = row_at(shape, at, "survival", "share");
    survival.at_months = tick * months_per_tick;
    // The last bin whose middle is not after the landmark.
    const std::int64_t half_day = ticks_per_day / 2;
    double value = 1;
    double se = 0;
    if (tick >= half_day) {
      const auto bin = static_cast<std::size_t>((tick - half_day) / ticks_per_day);
      value = curve.survival(bin);
      se = curve.survival_se(bin);
    }
    set(survival, value, se, Limits::log_log);
    rows.push_back(survival);
  }
  SummaryRow mean = row_at(shape, at, "rmst", "months");
  const double horizon = shape.horizon_ticks * months_per_tick;
  mean.at_months = horizon;
  set(mean, curve.restricted_mean(horizon), curve.restricted_mean_se(horizon), Limits::normal);
  rows.push_back(mean);
}

void add_hazard_ratio(const Tally& tally, const Place& at, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  const auto reference = static_cast<std::size_t>(shape.reference);
  const SubgroupTally& own = tally.subgroup(at.strategy, at.endpoint, at.subgroup, at.level);
  const SubgroupTally& other = tally.subgroup(reference, at.endpoint, at.subgroup, at.level);
  if (own.in_set == 0 || other.in_set == 0) return;
  SummaryRow row = row_at(shape, at, "hazard_ratio", "ratio");
  row.versus = shape.strategies[reference];
  const CoxFit fit = cox_two_groups(risk_table(view(own), view(other)));
  if (fit.converged) {
    const double ratio = portable::exp(fit.value);
    set(row, ratio, ratio * fit.se, Limits::log);
  }
  rows.push_back(row);
}

}  // namespace

void add_subgroup_rows(const Tally& tally, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  Place at{};
  for (at.subgroup = 0; at.subgroup < shape.subgroups.size(); ++at.subgroup) {
    for (at.level = 0; at.level < shape.subgroups[at.subgroup].levels.size(); ++at.level) {
      for (at.strategy = 0; at.strategy < shape.strategies.size(); ++at.strategy) {
        for (at.endpoint = 0; at.endpoint < shape.endpoints.size(); ++at.endpoint) {
          add_own_rows(tally, at, rows);
          if (shape.reference >= 0 && at.strategy != static_cast<std::size_t>(shape.reference)) {
            add_hazard_ratio(tally, at, rows);
          }
        }
      }
    }
  }
}

}  // namespace npcsim::detail
