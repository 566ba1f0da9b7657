#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/calibration.hpp>
#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/sorted_records.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace npcsim {

namespace {

struct ObservedRisk {
  double value = 0;
  double se = 0;
};

// 1 - Kaplan-Meier at t with Greenwood's standard error.
ObservedRisk observed_risk(const std::vector<double>& time, const std::vector<std::int32_t>& event,
                           double t) {
  const SortedRecords sorted(TimeToEvent{time, event});
  double left = static_cast<double>(sorted.size());
  double survival = 1;
  double variance = 0;  // of log survival
  for (std::size_t first = 0; first < sorted.size() && sorted.time()[first] <= t;) {
    double events = 0;
    std::size_t last = first;
    for (; last < sorted.size() && sorted.time()[last] == sorted.time()[first]; ++last) {
      events += sorted.event()[last] > 0 ? 1 : 0;
    }
    survival *= 1 - events / left;
    if (events < left) variance += events / (left * (left - events));
    left -= static_cast<double>(last - first);
    first = last;
  }
  return {1 - survival, survival * std::sqrt(variance)};
}

}  // namespace

Calibration calibration(const TimeToEvent& records, std::span<const double> risk, double time,
                        std::size_t groups) {
  Calibration result;
  const Covariates covariates{{"risk"}, {risk}};
  result.warnings = detail::broken_promises(records, covariates);
  if (!result.warnings.empty()) return result;
  if (!records.entry.empty() || !records.weight.empty()) {
    result.warnings.emplace_back("calibration does not know entry times and weights");
    return result;
  }
  if (std::all_of(risk.begin(), risk.end(), [](double r) { return r == 0; })) {
    result.warnings.emplace_back("every predicted risk is 0: no event by this time");
    return result;
  }
  if (!std::all_of(risk.begin(), risk.end(), [](double r) { return r > 0 && r < 1; })) {
    result.warnings.emplace_back("predicted risks have to lie between 0 and 1");
    return result;
  }

  const std::size_t n = records.rows();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return risk[a] < risk[b]; });
  std::size_t first = 0;
  double sum = 0;
  for (std::size_t g = 1; g <= groups; ++g) {
    std::size_t last = std::max(first, n * g / groups);
    while (last > first && last < n && risk[order[last]] == risk[order[last - 1]]) ++last;
    if (last == first) continue;
    CalibrationGroup group;
    std::vector<double> times;
    std::vector<std::int32_t> events;
    for (std::size_t k = first; k < last; ++k) {
      times.push_back(records.time[order[k]]);
      events.push_back(records.event[order[k]]);
      group.mean_predicted += risk[order[k]];
    }
    sum += group.mean_predicted;
    group.subjects = last - first;
    group.mean_predicted /= static_cast<double>(group.subjects);
    const ObservedRisk observed = observed_risk(times, events, time);
    group.observed = observed.value;
    group.observed_se = observed.se;
    result.groups.push_back(group);
    first = last;
  }

  std::vector<double> all_times(records.time.begin(), records.time.end());
  std::vector<std::int32_t> all_events(records.event.begin(), records.event.end());
  result.observed_over_expected =
      observed_risk(all_times, all_events, time).value / (sum / static_cast<double>(n));
  std::vector<double> index(n);
  for (std::size_t i = 0; i < n; ++i) {
    index[i] = portable::log(-portable::log1p(-risk[i]));
    all_events[i] = all_events[i] > 0 && all_times[i] <= time ? 1 : 0;
    all_times[i] = std::min(all_times[i], time);
  }
  TimeToEvent until{all_times, all_events};
  until.stratum = records.stratum;
  const CoxRegression fit = cox_regression(until, {{"log(-log(1 - risk))"}, {index}});
  result.warnings = fit.warnings;
  if (!fit.converged()) return result;
  result.slope = fit.coefficients[0];
  result.slope_se = fit.se(0);
  result.defined = true;
  return result;
}

}  // namespace npcsim
