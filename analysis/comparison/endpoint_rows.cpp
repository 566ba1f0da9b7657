#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/survival/cumulative_incidence.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

namespace {

double binomial_se(double share, double subjects) {
  return std::sqrt(share * (1 - share) / subjects);
}

// Cumulative incidence at a tick. Causes are counted by day, survival by tick: the fall of S within
// a day is shared out as that day's events are, so that all causes and S add up to 1 at every tick.
double incidence_at(const EndpointStatistics& statistics, std::size_t cause, std::int32_t tick) {
  const std::vector<std::uint32_t>& cause_events = statistics.tally().cause_events;
  const std::size_t days = statistics.by_day().events.size();
  const auto last = static_cast<std::size_t>(tick);
  constexpr auto day = static_cast<std::size_t>(ticks_per_day);
  double incidence = 0;
  double before = 1;
  for (std::size_t d = 0; d < days && d * day <= last; ++d) {
    const std::uint32_t events = statistics.by_day().events[d];
    if (events == 0) continue;
    const double after = statistics.curve().survival(std::min(d * day + day - 1, last));
    incidence += (before - after) * (static_cast<double>(cause_events[cause * days + d]) / events);
    before = after;
  }
  return incidence;
}

void add_incidences(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                    const EndpointStatistics& statistics, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  const EndpointShape& named = shape.endpoints[endpoint];
  if (statistics.tally().cause_events.empty()) return;
  std::vector<std::int32_t> ticks = shape.landmark_ticks;
  if (ticks.empty() || ticks.back() != shape.horizon_ticks) ticks.push_back(shape.horizon_ticks);
  for (std::size_t cause = 0; cause < named.causes.size(); ++cause) {
    for (const std::int32_t tick : ticks) {
      SummaryRow row = row_of(shape.strategies[strategy], named.name + ":" + named.causes[cause],
                              "cumulative_incidence", "share");
      row.at_months = tick * months_per_tick;
      const double value = incidence_at(statistics, cause, tick);
      double se = binomial_se(value, statistics.subjects());
      if (!statistics.complete_until(tick)) {
        const DayHistograms& all = statistics.by_day();
        const std::span<const std::uint32_t> of_cause(
            statistics.tally().cause_events.data() + cause * all.events.size(), all.events.size());
        se = cumulative_incidence(all.view(), of_cause,
                                  static_cast<std::size_t>(tick / ticks_per_day))
                 .se;
      }
      set(row, value, se, Limits::log_log);
      rows.push_back(row);
    }
  }
}

}  // namespace

void add_endpoint_rows(const Tally& tally, std::size_t strategy, std::size_t endpoint,
                       const EndpointStatistics& statistics, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  const auto row = [&](std::string statistic, std::string unit) {
    return row_of(shape.strategies[strategy], shape.endpoints[endpoint].name, std::move(statistic),
                  std::move(unit));
  };
  const double n = statistics.subjects();
  SummaryRow subjects = row("patients", "count");
  subjects.value = n;
  rows.push_back(subjects);
  if (!(n > 0)) return;

  SummaryRow median = row("median", "months");
  if (const auto value = statistics.curve().median()) {
    const auto& replicates = statistics.median_replicates();
    set(median, *value, replicates ? std::optional(jackknife_se(*replicates)) : std::nullopt,
        Limits::normal);
  }
  rows.push_back(median);

  for (std::size_t k = 0; k < shape.landmark_ticks.size(); ++k) {
    const std::int32_t tick = shape.landmark_ticks[k];
    SummaryRow survival = row("survival", "share");
    survival.at_months = tick * months_per_tick;
    const double value = statistics.curve().survival(static_cast<std::size_t>(tick));
    set(survival, value,
        statistics.complete_until(tick) ? binomial_se(value, n)
                                        : jackknife_se(statistics.survival_replicates()[k]),
        Limits::log_log);
    rows.push_back(survival);
  }
  for (const char* const name : {"rmst", "mean"}) {
    SummaryRow mean = row(name, "months");
    mean.at_months = statistics.horizon_months();
    set(mean, statistics.restricted_mean(),
        statistics.complete() ? std::sqrt(statistics.restricted_variance() / n)
                              : jackknife_se(statistics.restricted_mean_replicates()),
        Limits::normal);
    rows.push_back(mean);
  }
  std::uint64_t events = 0;
  for (const std::uint32_t count : statistics.by_day().events) events += count;
  SummaryRow share = row("event_share", "share");
  share.at_months = statistics.horizon_months();
  const double value = static_cast<double>(events) / n;
  set(share, value, binomial_se(value, n), Limits::log_log);
  rows.push_back(share);
  add_incidences(tally, strategy, endpoint, statistics, rows);
}

}  // namespace npcsim::detail
