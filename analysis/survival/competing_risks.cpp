#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/competing_risks.hpp>
#include <npcsim/survival/detail/group_timeline.hpp>
#include <npcsim/survival/detail/incidence_variance.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace npcsim {

namespace {

using detail::GroupTimeline;

// Events of each cause at each point.
std::vector<std::vector<double>> events_by_cause(const SortedRecords& records,
                                                 const GroupTimeline& timeline,
                                                 std::size_t causes) {
  std::vector<std::vector<double>> events(causes, std::vector<double>(timeline.points(), 0.0));
  for (std::size_t p = 0; p < timeline.points(); ++p) {
    for (std::size_t i = timeline.begin[p + 1]; i-- > timeline.begin[p];) {
      const std::size_t position = timeline.positions[i];
      const std::int32_t cause = records.event()[position];
      if (cause > 0) events[static_cast<std::size_t>(cause) - 1][p] += records.weight_at(position);
    }
  }
  return events;
}

void add_cause(const GroupTimeline& timeline, const std::vector<double>& survival_before,
               CauseCurve& cause) {
  const std::size_t points = timeline.points();
  cause.incidence.resize(points);
  cause.cumulative_hazard.resize(points);
  cause.cumulative_hazard_se.resize(points);
  double incidence = 0;
  double hazard = 0;
  double variance = 0;
  for (std::size_t p = 0; p < points; ++p) {
    const double d = cause.events[p];
    if (d > 0) {
      const double n = timeline.at_risk[p];
      incidence += survival_before[p] * (d / n);
      hazard += d / n;
      variance += d / (n * n);
    }
    cause.incidence[p] = incidence;
    cause.cumulative_hazard[p] = hazard;
    cause.cumulative_hazard_se[p] = std::sqrt(variance);
  }
}

void add_limits(const CurveOptions& options, CauseCurve& cause) {
  for (std::size_t p = 0; p < cause.incidence.size(); ++p) {
    const double share = cause.incidence[p];
    const double log_se = cause.se[p] == 0 ? 0 : cause.se[p] / share;
    const ShareLimits limits = share_limits(share, log_se, options.scale, options.level);
    cause.lower.push_back(limits.lower);
    cause.upper.push_back(limits.upper);
  }
}

IncidenceCurves curves_of(const SortedRecords& records, GroupTimeline timeline,
                          const CurveOptions& options, std::size_t causes) {
  IncidenceCurves curves;
  curves.options = options;
  curves.records = timeline.positions.size();
  const std::size_t points = timeline.points();
  std::vector<double> survival_before(points);
  double survival = 1;
  for (std::size_t p = 0; p < points; ++p) {
    survival_before[p] = survival;
    const double n = timeline.at_risk[p];
    if (timeline.events[p] > 0) survival *= (n - timeline.events[p]) / n;
    curves.event_free.push_back(survival);
  }
  // Any cause is a cause whose incidence is 1 - S.
  CauseCurve any;
  any.events = timeline.events;
  add_cause(timeline, survival_before, any);
  curves.event_free_se =
      detail::jackknife_se(records, timeline, detail::any_cause, survival_before, any);
  for (std::size_t p = 0; p < points; ++p) {
    if (curves.event_free[p] == 0) curves.event_free_se[p] = 0;  // no weight moves it
  }
  const bool counts = records.weight().empty() && records.entry().empty();
  for (auto& events : events_by_cause(records, timeline, causes)) {
    CauseCurve cause;
    cause.events = std::move(events);
    add_cause(timeline, survival_before, cause);
    const auto code = static_cast<std::int32_t>(curves.causes.size() + 1);
    cause.se = detail::jackknife_se(records, timeline, code, survival_before, cause);
    cause.se_aalen = counts ? detail::aalen_se(timeline, survival_before, cause)
                            : std::vector<double>(points, portable::not_a_number);
    add_limits(options, cause);
    curves.causes.push_back(std::move(cause));
  }
  curves.time = std::move(timeline.time);
  curves.at_risk = std::move(timeline.at_risk);
  curves.censored = std::move(timeline.censored);
  return curves;
}

std::size_t last_point(const IncidenceCurves& curves, double t) {  // one past it
  const auto after = std::upper_bound(curves.time.begin(), curves.time.end(), t);
  return static_cast<std::size_t>(after - curves.time.begin());
}

}  // namespace

std::vector<IncidenceCurves> incidence_curves(const SortedRecords& records,
                                              const CurveOptions& options, std::size_t causes) {
  std::size_t most = causes;
  for (const std::int32_t event : records.event()) {
    if (event > 0) most = std::max(most, static_cast<std::size_t>(event));
  }
  std::vector<IncidenceCurves> curves;
  for (std::size_t g = 0; g < records.groups(); ++g) {
    curves.push_back(curves_of(records, detail::group_timeline(records, g), options, most));
  }
  return curves;
}

IncidenceEstimate incidence_at(const IncidenceCurves& curves, std::size_t cause, double t) {
  NPCSIM_EXPECTS(cause >= 1 && cause <= curves.causes.size());
  const std::size_t past = last_point(curves, t);
  if (past == 0) return {};
  const CauseCurve& curve = curves.causes[cause - 1];
  const std::size_t p = past - 1;
  return {curve.incidence[p], curve.se[p], curve.lower[p], curve.upper[p]};
}

double time_lost(const IncidenceCurves& curves, std::size_t cause, double horizon) {
  NPCSIM_EXPECTS(cause >= 1 && cause <= curves.causes.size());
  const std::vector<double>& incidence = curves.causes[cause - 1].incidence;
  double area = 0;
  double to = horizon;
  for (std::size_t p = last_point(curves, horizon); p-- > 0;) {
    area += incidence[p] * (to - curves.time[p]);
    to = curves.time[p];
  }
  return area;
}

}  // namespace npcsim
