#include <npcsim/base/portable_math.hpp>
#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/comparison/detail/subgroup_statistics.hpp>
#include <npcsim/comparison/subgroup_figures.hpp>
#include <npcsim/survival/cox_two_groups.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

namespace {

SummaryRow row_at(const OutcomeShape& shape, const SubgroupPlace& at, std::string statistic,
                  std::string unit) {
  SummaryRow row = row_of(shape.strategies[at.strategy], shape.endpoints[at.endpoint].name,
                          std::move(statistic), std::move(unit));
  const SubgroupShape& subgroup = shape.subgroups[at.subgroup];
  row.subgroup = subgroup.name + "=" + subgroup.levels[at.level];
  return row;
}

SummaryRow median_row(const OutcomeShape& shape, const SubgroupPlace& at,
                      const SubgroupStatistics& own) {
  SummaryRow median = row_at(shape, at, "median", "months");
  set(median, own.median());
  return median;
}

SummaryRow survival_row(const OutcomeShape& shape, const SubgroupPlace& at,
                        const SubgroupStatistics& own, std::int32_t tick) {
  SummaryRow survival = row_at(shape, at, "survival", "share");
  survival.at_months = tick * months_per_tick;
  const SubgroupStatistics::AtTick found = own.at(tick);
  set(survival, found.survival, error_among(static_cast<double>(own.tally().in_set), found.se),
      Limits::log_log);
  return survival;
}

void add_own_rows(const OutcomeShape& shape, const SubgroupPlace& at, const SubgroupStatistics& own,
                  std::vector<SummaryRow>& rows) {
  SummaryRow patients = row_at(shape, at, "patients", "count");
  patients.value = static_cast<double>(own.tally().in_set);
  rows.push_back(patients);
  if (own.tally().in_set == 0) return;
  const auto n = static_cast<double>(own.tally().in_set);

  rows.push_back(median_row(shape, at, own));
  for (const std::int32_t tick : shape.landmark_ticks) {
    rows.push_back(survival_row(shape, at, own, tick));
  }
  SummaryRow mean = row_at(shape, at, "rmst", "months");
  const double horizon = own.horizon_months();
  mean.at_months = horizon;
  set(mean, own.curve().restricted_mean(horizon),
      error_among(n, own.curve().restricted_mean_se(horizon)), Limits::normal);
  rows.push_back(mean);
}

void set_hazard_ratio(SummaryRow& row, const SubgroupStatistics& own,
                      const SubgroupStatistics& other, Errors errors) {
  const CoxFit fit = cox_two_groups(risk_table(own.times(), other.times()));
  if (!fit.converged) return;
  const double ratio = portable::exp(fit.value);
  row.value = ratio;
  if (errors == Errors::none) return;
  Replicates log_ratios;
  log_ratios.filled = own.filled_groups() | other.filled_groups();
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (!log_ratios.filled[group]) continue;
    const DayHistograms treated = own.by_period_without(group);
    const DayHistograms control = other.by_period_without(group);
    const CoxFit rest = cox_two_groups(risk_table(treated.view(), control.view()), fit.value);
    if (!rest.converged) return;
    log_ratios.without[group] = rest.value;
  }
  const std::optional<double> se = jackknife_se(log_ratios);
  if (se) set(row, ratio, ratio * *se, Limits::log);
}

// Difference of two estimates whose errors are as correlated as their replicates.
void set_difference(SummaryRow& row, double subjects, double value, double se, double other,
                    double other_se, double correlation) {
  const double variance = se * se + other_se * other_se - 2 * correlation * se * other_se;
  set(row, value - other, error_among(subjects, std::sqrt(std::max(variance, 0.0))),
      Limits::normal);
}

void add_contrasts(const OutcomeShape& shape, const SubgroupPlace& at,
                   const SubgroupStatistics& own, const SubgroupStatistics& other, Errors errors,
                   std::vector<SummaryRow>& rows) {
  if (own.tally().in_set == 0 || other.tally().in_set == 0) return;
  const auto fewer = static_cast<double>(std::min(own.tally().in_set, other.tally().in_set));
  const auto row = [&](std::string statistic, std::string unit) {
    SummaryRow result = row_at(shape, at, std::move(statistic), std::move(unit));
    result.versus = shape.strategies[static_cast<std::size_t>(shape.reference)];
    return result;
  };
  SummaryRow ratio = row("hazard_ratio", "ratio");
  set_hazard_ratio(ratio, own, other, errors);
  rows.push_back(ratio);

  SummaryRow median = row("difference_median", "months");
  set(median, difference_of_medians(
                  own.median(), other.median(),
                  correlation(own.half_survival_replicates(), other.half_survival_replicates())));
  rows.push_back(median);
  for (std::size_t k = 0; k < shape.landmark_ticks.size(); ++k) {
    SummaryRow survival = row("difference_survival", "share");
    survival.at_months = shape.landmark_ticks[k] * months_per_tick;
    const SubgroupStatistics::AtTick mine = own.at(shape.landmark_ticks[k]);
    const SubgroupStatistics::AtTick theirs = other.at(shape.landmark_ticks[k]);
    set_difference(survival, fewer, mine.survival, mine.se, theirs.survival, theirs.se,
                   correlation(own.survival_replicates()[k], other.survival_replicates()[k]));
    rows.push_back(survival);
  }
  SummaryRow mean = row("difference_rmst", "months");
  const double horizon = own.horizon_months();
  mean.at_months = horizon;
  set_difference(mean, fewer, own.curve().restricted_mean(horizon),
                 own.curve().restricted_mean_se(horizon), other.curve().restricted_mean(horizon),
                 other.curve().restricted_mean_se(horizon),
                 correlation(own.restricted_mean_replicates(), other.restricted_mean_replicates()));
  rows.push_back(mean);
}

}  // namespace

void add_subgroup_rows(const Tally& tally, Errors errors, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  const bool contrasted = shape.reference >= 0;
  const auto reference = static_cast<std::size_t>(contrasted ? shape.reference : 0);
  SubgroupPlace at{};
  for (at.subgroup = 0; at.subgroup < shape.subgroups.size(); ++at.subgroup) {
    for (at.level = 0; at.level < shape.subgroups[at.subgroup].levels.size(); ++at.level) {
      std::vector<SubgroupStatistics> of_reference;
      for (at.endpoint = 0; contrasted && at.endpoint < shape.endpoints.size(); ++at.endpoint) {
        of_reference.emplace_back(
            tally, SubgroupPlace{reference, at.endpoint, at.subgroup, at.level}, errors);
      }
      for (at.strategy = 0; at.strategy < shape.strategies.size(); ++at.strategy) {
        for (at.endpoint = 0; at.endpoint < shape.endpoints.size(); ++at.endpoint) {
          const SubgroupStatistics own(tally, at, errors);
          add_own_rows(shape, at, own, rows);
          if (contrasted && at.strategy != reference) {
            add_contrasts(shape, at, own, of_reference[at.endpoint], errors, rows);
          }
        }
      }
    }
  }
}

}  // namespace npcsim::detail

namespace npcsim {

SummaryRow subgroup_median(const Tally& tally, const SubgroupPlace& at) {
  return detail::median_row(tally.shape(), at, detail::SubgroupStatistics(tally, at, Errors::none));
}

SummaryRow subgroup_survival(const Tally& tally, const SubgroupPlace& at, std::int32_t tick) {
  return detail::survival_row(tally.shape(), at,
                              detail::SubgroupStatistics(tally, at, Errors::none), tick);
}

SummaryRow subgroup_hazard_ratio(const Tally& tally, const SubgroupPlace& of,
                                 const SubgroupPlace& against) {
  SummaryRow ratio = detail::row_at(tally.shape(), of, "hazard_ratio", "ratio");
  detail::set_hazard_ratio(ratio, detail::SubgroupStatistics(tally, of, Errors::none),
                           detail::SubgroupStatistics(tally, against, Errors::none),
                           Errors::monte_carlo);
  if (of.strategy != against.strategy) ratio.versus = tally.shape().strategies[against.strategy];
  return ratio;
}

}  // namespace npcsim
