#include <npcsim/comparison/detail/rows.hpp>
#include <npcsim/survival/cumulative_incidence.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

namespace {

double binomial_se(double share, double subjects) {
  return std::sqrt(share * (1 - share) / subjects);
}

// Events of a cause on a day; on the day of a landmark only those up to it.
struct CauseCounts {
  const EndpointTally& tally;
  const OutcomeShape& shape;
  std::size_t days;

  std::uint32_t on_day(std::size_t cause, std::size_t day) const {
    return tally.cause_events[cause * days + day];
  }
  std::uint32_t on_last_day(std::size_t cause, std::int32_t tick) const {
    const std::vector<std::int32_t>& landmarks = shape.landmark_ticks;
    const auto found = std::find(landmarks.begin(), landmarks.end(), tick);
    if (found == landmarks.end()) {
      return on_day(cause, static_cast<std::size_t>(tick / ticks_per_day));  // the horizon
    }
    return tally.cause_at_landmark[cause * landmarks.size() +
                                   static_cast<std::size_t>(found - landmarks.begin())];
  }
};

// Cumulative incidence at a landmark or at the horizon. Causes are counted by day, survival by
// tick: the fall of S within a day is shared out as that day's events are, on the last day as those
// up to the tick are. So all causes and S add up to 1 at every landmark, and without censoring the
// incidence is the exact share.
double incidence_at(const EndpointStatistics& statistics, const CauseCounts& counts,
                    std::size_t cause, std::size_t causes, std::int32_t tick) {
  const auto last = static_cast<std::size_t>(tick);
  constexpr auto day = static_cast<std::size_t>(ticks_per_day);
  double incidence = 0;
  double before = 1;
  for (std::size_t d = 0; d * day <= last; ++d) {
    const bool is_last = last < (d + 1) * day;
    std::uint32_t events = 0;
    for (std::size_t c = 0; c < causes; ++c) {
      events += is_last ? counts.on_last_day(c, tick) : counts.on_day(c, d);
    }
    if (events == 0) continue;
    const double after = statistics.curve().survival(std::min(d * day + day - 1, last));
    const double own = is_last ? counts.on_last_day(cause, tick) : counts.on_day(cause, d);
    incidence += (before - after) * (own / events);
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
  const CauseCounts counts{statistics.tally(), shape, tally.day_bins()};
  for (std::size_t cause = 0; cause < named.causes.size(); ++cause) {
    for (const std::int32_t tick : ticks) {
      SummaryRow row = row_of(shape.strategies[strategy], named.name + ":" + named.causes[cause],
                              "cumulative_incidence", "share");
      row.at_months = tick * months_per_tick;
      const double value = incidence_at(statistics, counts, cause, named.causes.size(), tick);
      double se = binomial_se(value, statistics.subjects());
      if (!statistics.complete_until(tick)) {
        const DayHistograms& all = statistics.by_day();
        const std::span<const std::uint32_t> of_cause(
            statistics.tally().cause_events.data() + cause * all.events.size(), all.events.size());
        se = cumulative_incidence(all.view(), of_cause,
                                  static_cast<std::size_t>(tick / ticks_per_day))
                 .se;
      }
      set(row, value, error_among(statistics.subjects(), se), Limits::log_log);
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
  set(median, median_of(statistics.times(), statistics.curve()));
  rows.push_back(median);

  for (std::size_t k = 0; k < shape.landmark_ticks.size(); ++k) {
    const std::int32_t tick = shape.landmark_ticks[k];
    SummaryRow survival = row("survival", "share");
    survival.at_months = tick * months_per_tick;
    const double value = statistics.curve().survival(static_cast<std::size_t>(tick));
    set(survival, value,
        error_among(n, statistics.complete_until(tick)
                           ? std::optional(binomial_se(value, n))
                           : jackknife_se(statistics.survival_replicates()[k])),
        Limits::log_log);
    rows.push_back(survival);
  }
  for (const char* const name : {"rmst", "mean"}) {
    SummaryRow mean = row(name, "months");
    mean.at_months = statistics.horizon_months();
    set(mean, statistics.restricted_mean(),
        error_among(n, statistics.complete()
                           ? std::optional(std::sqrt(statistics.restricted_variance() / n))
                           : jackknife_se(statistics.restricted_mean_replicates())),
        Limits::normal);
    rows.push_back(mean);
  }
  std::uint64_t events = 0;
  for (const std::uint32_t count : statistics.by_day().events) events += count;
  SummaryRow share = row("event_share", "share");
  share.at_months = statistics.horizon_months();
  const double value = static_cast<double>(events) / n;
  set(share, value, error_among(n, binomial_se(value, n)), Limits::log_log);
  rows.push_back(share);
  add_incidences(tally, strategy, endpoint, statistics, rows);
}

}  // namespace npcsim::detail
