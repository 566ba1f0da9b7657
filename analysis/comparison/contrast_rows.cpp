#include <npcsim/base/portable_math.hpp>
#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/survival/cox_two_groups.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

namespace {

// Hazard ratio on all ticks; its error from the replicates by day.
void set_hazard_ratio(SummaryRow& row, const EndpointStatistics& statistics,
                      const EndpointStatistics& reference, Errors errors) {
  // The estimate by day is cheap and so near that the ticks need a step or two.
  const CoxFit by_day =
      cox_two_groups(risk_table(statistics.by_day().view(), reference.by_day().view()));
  if (!by_day.converged) return;
  const CoxFit fit =
      cox_two_groups(risk_table(statistics.times(), reference.times()), by_day.value);
  if (!fit.converged) return;
  const double ratio = portable::exp(fit.value);
  row.value = ratio;
  if (errors == Errors::none) return;
  Replicates log_ratios;
  log_ratios.filled = statistics.filled_groups() | reference.filled_groups();
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    if (!log_ratios.filled[group]) continue;
    const DayHistograms treated = statistics.by_day_without(group);
    const DayHistograms control = reference.by_day_without(group);
    const CoxFit rest = cox_two_groups(risk_table(treated.view(), control.view()), by_day.value);
    if (!rest.converged) return;
    log_ratios.without[group] = rest.value;
  }
  const std::optional<double> se = jackknife_se(log_ratios);
  if (se) set(row, ratio, ratio * *se, Limits::log);
}

}  // namespace

void add_contrast_rows(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                       const EndpointStatistics& statistics, const EndpointStatistics& reference,
                       Errors errors, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  if (!(statistics.subjects() > 0) || !(reference.subjects() > 0)) return;
  const auto row = [&](std::string statistic, std::string unit) {
    SummaryRow result = row_of(shape.strategies[strategy], shape.endpoints[endpoint].name,
                               std::move(statistic), std::move(unit));
    result.versus = shape.strategies[static_cast<std::size_t>(shape.reference)];
    return result;
  };
  const PairedTally& paired = tally.paired(strategy, endpoint);
  const auto pairs = static_cast<double>(paired.pairs);
  // Sums over twins describe the difference only if every patient of either set has a twin in the
  // other.
  const bool all_paired =
      paired.pairs == statistics.tally().in_set && paired.pairs == reference.tally().in_set;
  const auto error = [&](std::optional<double> se) {
    return error_among(std::min(statistics.subjects(), reference.subjects()), se);
  };

  SummaryRow ratio = row("hazard_ratio", "ratio");
  set_hazard_ratio(ratio, statistics, reference, errors);
  rows.push_back(ratio);

  SummaryRow median = row("difference_median", "months");
  set(median, difference_of_medians(median_of(statistics.times(), statistics.curve()),
                                    median_of(reference.times(), reference.curve()),
                                    correlation(statistics.half_survival_replicates(),
                                                reference.half_survival_replicates())));
  rows.push_back(median);

  for (std::size_t k = 0; k < shape.landmark_ticks.size(); ++k) {
    const std::int32_t tick = shape.landmark_ticks[k];
    SummaryRow survival = row("difference_survival", "share");
    survival.at_months = tick * months_per_tick;
    if (all_paired && statistics.complete_until(tick) && reference.complete_until(tick)) {
      const auto gained = static_cast<double>(paired.only_strategy[k]) / pairs;
      const auto lost = static_cast<double>(paired.only_reference[k]) / pairs;
      const double gain = gained - lost;
      set(survival, gain, error(std::sqrt(std::max(gained + lost - gain * gain, 0.0) / pairs)),
          Limits::normal);
    } else {
      const auto bin = static_cast<std::size_t>(tick);
      set(survival, statistics.curve().survival(bin) - reference.curve().survival(bin),
          error(jackknife_se(
              difference(statistics.survival_replicates()[k], reference.survival_replicates()[k]))),
          Limits::normal);
    }
    rows.push_back(survival);
  }

  for (const char* const name : {"difference_rmst", "difference_mean"}) {
    SummaryRow mean = row(name, "months");
    mean.at_months = statistics.horizon_months();
    if (all_paired && statistics.complete() && reference.complete()) {
      set(mean, paired.difference.mean() * months_per_tick,
          error(std::sqrt(paired.difference.variance() / pairs) * months_per_tick), Limits::normal);
    } else {
      set(mean, statistics.restricted_mean() - reference.restricted_mean(),
          error(jackknife_se(difference(statistics.restricted_mean_replicates(),
                                        reference.restricted_mean_replicates()))),
          Limits::normal);
    }
    rows.push_back(mean);
  }
}

}  // namespace npcsim::detail
