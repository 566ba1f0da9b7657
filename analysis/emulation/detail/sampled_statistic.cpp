#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/sampled_statistic.hpp>
#include <npcsim/survival/concordance.hpp>
#include <npcsim/survival/cox_two_groups.hpp>
#include <npcsim/survival/risk_sets.hpp>
#include <npcsim/survival/survival_curve.hpp>
#include <npcsim/survival/time_dependent_auc.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

bool belongs(const Membership& members, std::size_t group, const SampleRow& row) {
  return members[group][row.arm][row.patient] != 0;
}

double share_of(const StudyDesign& design, const ArmTwins& twins, const Membership& members,
                const std::vector<SampleRow>& rows, const FigureDesign& figure, std::size_t group) {
  const OutcomeShape& shape = design.pool->base().shape;
  double counted = 0;
  double all = 0;
  for (const SampleRow& row : rows) {
    if (!belongs(members, group, row)) continue;
    ++all;
    if (figure.share.holds(*twins[row.arm], shape, design.arms[row.arm].strategy, row.patient))
      ++counted;
  }
  return all > 0 ? counted / all : undefined;
}

double event_share(const GroupRecords& records, std::int32_t group) {
  double events = 0;
  double all = 0;
  for (std::size_t i = 0; i < records.months.size(); ++i) {
    if (records.group[i] != group) continue;
    ++all;
    events += records.event[i] != 0 ? 1 : 0;
  }
  return all > 0 ? events / all : undefined;
}

// An arm without events makes the likelihood rise, or fall, without end.
double hazard_ratio(const SortedRecords& sorted) {
  if (sorted.groups() < 2) return undefined;
  const RiskSets sets(sorted);
  std::vector<RiskRow> rows;
  sets.two_groups(1, 0, rows);
  const InformativeGroups informative = informative_groups(rows);
  if (informative.treated != informative.control) return informative.treated ? infinite : -infinite;
  const CoxFit fit = cox_two_groups(rows);
  return fit.converged ? fit.value : undefined;
}

double curve_statistic(const SurvivalCurve& curve, const FigureDesign& figure, bool median) {
  if (curve.records == 0) return undefined;
  if (!median) {
    const double at = figure.at_days / days_per_month;
    // The curve ends where the last patient is censored: beyond that nobody knows.
    const bool ended = curve.time.empty() || (at > curve.time.back() && curve.survival.back() > 0);
    return ended ? undefined : curve.survival_at(at);
  }
  return curve_quantile(curve, 0.5).value.value_or(infinite);
}

double discrimination(const StudyDesign& design, const ArmTwins& twins,
                      const std::vector<SampleRow>& rows, const std::vector<double>& values,
                      const FigureDesign& figure, const GroupRecords& records) {
  const OutcomeShape& shape = design.pool->base().shape;
  std::vector<double> marker(records.months.size(), 0.0);
  for (std::size_t i = 0; i < marker.size(); ++i) {
    const SampleRow& row = rows[records.row[i]];
    for (const FigureDesign::Points& term : figure.score) {
      if (term.when.holds(*twins[row.arm], shape, design.arms[row.arm].strategy, row.patient))
        marker[i] += term.points.at(values);
    }
  }
  const TimeToEvent data{records.months, records.event};
  if (figure.figure.statistic == Statistic::c_index) {
    const Concordance result = concordance(data, marker);
    return result.defined ? result.value : undefined;
  }
  const std::array<double, 1> at{figure.at_days / days_per_month};
  const auto results = time_dependent_auc(data, marker, at);
  return results.front().defined ? results.front().value : undefined;
}

}  // namespace

Membership find_members(const StudyDesign& design, const ArmTwins& twins) {
  const OutcomeShape& shape = design.pool->base().shape;
  const std::uint32_t patients = twins.front()->patients;
  Membership out(design.groups.size());
  for (std::size_t g = 0; g < out.size(); ++g) {
    out[g].resize(design.arms.size());
    for (std::size_t a = 0; a < design.arms.size(); ++a) {
      out[g][a].assign(patients, 0);
      if (!design.groups[g].arms[a]) continue;
      for (std::uint32_t i = 0; i < patients; ++i)
        out[g][a][i] =
            design.groups[g].when.holds(*twins[a], shape, design.arms[a].strategy, i) ? 1 : 0;
    }
  }
  return out;
}

GroupRecords group_records(const StudyDesign& design, const ArmTwins& twins,
                           const Membership& members, const std::vector<SampleRow>& rows,
                           const FigureDesign& figure) {
  GroupRecords out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const SampleRow& row = rows[r];
    const bool of = belongs(members, figure.of, row);
    const bool against =
        figure.against >= 0 && belongs(members, static_cast<std::size_t>(figure.against), row);
    if (!of && !against) continue;
    const EndpointTime time = endpoint_time(design, twins, row.arm, row.patient,
                                            static_cast<std::size_t>(figure.endpoint), row.origin);
    if (time.code < 0) continue;
    const bool event = counts(time.code, figure.cause) && time.days <= row.censored_at;
    const double days = event ? time.days : std::min(time.days, row.censored_at);
    // Somebody in both groups counts twice, as in a comparison of a part with the whole.
    for (const std::int32_t group : {1, 0}) {
      if (group == 1 ? !of : !against) continue;
      out.months.push_back(days / days_per_month);
      out.event.push_back(event ? 1 : 0);
      out.group.push_back(group);
      out.row.push_back(r);
    }
  }
  return out;
}

double sampled_statistic(const StudyDesign& design, const ArmTwins& twins,
                         const Membership& members, const std::vector<SampleRow>& rows,
                         const std::vector<double>& values, const FigureDesign& figure) {
  const FigureScale scale = figure.figure.scale;
  const bool contrast = figure.against >= 0;
  if (figure.counts) {
    const double of = share_of(design, twins, members, rows, figure, figure.of);
    if (!contrast) return to_scale(scale, of);
    return of -
           share_of(design, twins, members, rows, figure, static_cast<std::size_t>(figure.against));
  }
  const GroupRecords records = group_records(design, twins, members, rows, figure);
  if (records.months.empty()) return undefined;
  if (!figure.score.empty())
    return to_scale(scale, discrimination(design, twins, rows, values, figure, records));
  if (figure.counts_events) {
    const double of = event_share(records, 1);
    return contrast ? of - event_share(records, 0) : to_scale(scale, of);
  }
  const TimeToEvent data{records.months, records.event};
  const SortedRecords sorted(data, records.group);
  if (figure.figure.statistic == Statistic::hazard_ratio) return hazard_ratio(sorted);
  const std::vector<SurvivalCurve> curves = survival_curves(sorted);
  const bool median = figure.figure.statistic == Statistic::median ||
                      (figure.figure.statistic == Statistic::difference && !(figure.at_days > 0));
  const auto of_group = [&](std::size_t group) {
    return group < curves.size() ? curve_statistic(curves[group], figure, median) : undefined;
  };
  if (contrast) return of_group(1) - of_group(0);
  return to_scale(scale, of_group(1));
}

}  // namespace npcsim::detail
