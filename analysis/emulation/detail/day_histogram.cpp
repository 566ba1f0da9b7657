#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/day_histogram.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

std::size_t day_of(double days) { return static_cast<std::size_t>(std::max(days, 0.0)); }

void add(std::vector<double>& bins, double days, double weight) {
  const std::size_t day = day_of(days);
  if (bins.size() <= day) bins.resize(day + 1, 0.0);
  bins[day] += weight;
}

double at(const std::vector<double>& bins, std::size_t day) {
  return day < bins.size() ? bins[day] : 0.0;
}

// The time in days at which the share with the event reaches u, linear between days.
double quantile_days(const std::vector<double>& survival, double u) {
  const double level = 1 - u;
  const auto first = std::lower_bound(survival.begin(), survival.end(), level,
                                      [](double s, double bound) { return s > bound; });
  if (first != survival.end()) {
    const double before = first == survival.begin() ? 1.0 : *(first - 1);
    const double step = before - *first;
    const double part = step > 0 ? (before - level) / step : 1.0;
    return static_cast<double>(first - survival.begin()) + part;
  }
  // Beyond what was simulated: as in its second half.
  std::size_t last = survival.size() - 1;
  while (last > 1 && survival[last] == survival[last - 1]) --last;
  const std::size_t half = last / 2;
  const double floor = 1e-12;
  const double from = std::max(survival[half], floor);
  const double to = std::max(survival[last], floor);
  const double rate =
      std::max(portable::log(from / to) / std::max(1.0, static_cast<double>(last - half)), 1e-6);
  return static_cast<double>(last + 1) + portable::log(to / std::max(level, floor)) / rate;
}

// Expected events and numbers at risk of one group, day by day.
struct AtRisk {
  explicit AtRisk(const DayHistogram& h, std::size_t days) : risk(days), events(days) {
    double left = h.total;
    for (std::size_t d = 0; d < days; ++d) {
      risk[d] = std::max(left, 0.0);
      events[d] = at(h.events, d);
      left -= events[d] + at(h.censored, d);
    }
  }
  std::vector<double> risk, events;
};

}  // namespace

double FollowUp::beyond(double days) const {
  if (days > most_days) return 0;
  const double entered =
      days <= least_days ? 1.0 : (most_days - days) / std::max(most_days - least_days, 1e-9);
  return entered * portable::exp(-drop_out_per_day * days);
}

void DayHistogram::add_event(double days, double weight) {
  add(events, days, weight);
  total += weight;
}

void DayHistogram::add_censored(double days, double weight) {
  add(censored, days, weight);
  total += weight;
}

std::vector<double> survival_by_day(const DayHistogram& histogram) {
  const std::size_t days =
      std::max({histogram.events.size(), histogram.censored.size(), std::size_t{1}});
  const AtRisk group(histogram, days);
  std::vector<double> out(days);
  double survival = 1;
  for (std::size_t d = 0; d < days; ++d) {
    if (group.risk[d] > 0) survival *= std::max(0.0, 1 - group.events[d] / group.risk[d]);
    out[d] = survival;
  }
  return out;
}

double expected_log_median(const std::vector<double>& survival, double n) {
  // The trapezoidal rule on a smooth function times the normal density: errors fall faster than
  // any power of the step.
  constexpr double step = 0.25;
  constexpr int points = 20;  // on each side: 5 standard deviations
  const double sd = 0.5 / std::sqrt(std::max(n, 4.0));
  double sum = 0;
  double weights = 0;
  for (int k = -points; k <= points; ++k) {
    const double z = step * k;
    const double weight = portable::exp(-0.5 * z * z);
    const double u = std::clamp(0.5 + sd * z, 0.02, 0.98);
    sum += weight * portable::log(std::max(quantile_days(survival, u), 1.0) / days_per_month);
    weights += weight;
  }
  return sum / weights;
}

double expected_event_share(const DayHistogram& histogram, const FollowUp& follow) {
  double sum = 0;
  for (std::size_t d = 0; d < histogram.events.size(); ++d)
    sum += histogram.events[d] * follow.beyond(static_cast<double>(d) + 0.5);
  return histogram.total > 0 ? sum / histogram.total : 0;
}

double expected_log_hazard_ratio(const DayHistogram& of, const DayHistogram& against,
                                 const FollowUp& follow) {
  const auto end = static_cast<std::size_t>(std::max(follow.most_days, 1.0));
  const std::size_t days =
      std::min(end, std::max({of.events.size(), of.censored.size(), against.events.size(),
                              against.censored.size()}));
  const AtRisk one(of, days);
  const AtRisk zero(against, days);
  double beta = 0;
  double low = -8;
  double high = 8;
  double events_one = 0;
  double events_zero = 0;
  std::vector<double> weight(days);
  for (std::size_t d = 0; d < days; ++d) {
    weight[d] = follow.beyond(static_cast<double>(d) + 0.5);
    events_one += weight[d] * one.events[d];
    events_zero += weight[d] * zero.events[d];
  }
  if (!(events_one > 0) || !(events_zero > 0)) return std::numeric_limits<double>::quiet_NaN();
  for (int iteration = 0; iteration < 60; ++iteration) {
    const double ratio = portable::exp(beta);
    double score = 0;
    double information = 0;
    for (std::size_t d = 0; d < days; ++d) {
      const double all = one.events[d] + zero.events[d];
      const double risk = ratio * one.risk[d] + zero.risk[d];
      if (!(all > 0) || !(risk > 0)) continue;
      const double share = ratio * one.risk[d] / risk;
      score += weight[d] * (one.events[d] - all * share);
      information += weight[d] * all * share * (1 - share);
    }
    (score > 0 ? low : high) = beta;
    double next = information > 0 ? beta + score / information : beta;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::fabs(next - beta) < 1e-10) return next;
    beta = next;
  }
  return beta;
}

}  // namespace npcsim::detail
