#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/calibration/worlds/author_statistics.hpp>
#include <npcsim/survival/cox_two_groups.hpp>
#include <npcsim/survival/kaplan_meier.hpp>
#include <npcsim/survival/risk_table.hpp>

#include <cmath>
#include <limits>

namespace npcsim {
namespace {

constexpr double months_per_week = static_cast<double>(week_ticks) / ticks_per_month;

// Weekly counts of events and censorings.
struct Weeks {
  std::vector<std::uint32_t> events;
  std::vector<std::uint32_t> censored;

  explicit Weeks(std::size_t weeks) : events(weeks, 0), censored(weeks, 0) {}
  // A time ends in the week that holds it and is recorded as the end of that week.
  void add(const ArmRecords& arm, std::size_t endpoint, std::size_t patient) {
    const std::int32_t ticks = arm.ticks[endpoint][patient];
    const std::int32_t until = arm.entry_to_analysis_ticks[patient];
    const bool event = arm.events[endpoint][patient] != outcome_censored && ticks <= until;
    const auto week = static_cast<std::size_t>(std::min(ticks, until) / week_ticks);
    ++(event ? events : censored)[week];
  }
  GroupedTimes view() const { return {events, censored, months_per_week, 1}; }
};

std::size_t weeks_of(const StudyPlan& plan) {
  return static_cast<std::size_t>(plan.longest() / months_per_week) + 2;
}

Weeks all_of(const StudyPlan& plan, const ArmRecords& arm, std::size_t endpoint) {
  Weeks out(weeks_of(plan));
  for (std::size_t i = 0; i < arm.stratum.size(); ++i) out.add(arm, endpoint, i);
  return out;
}

AuthorFigure curve_figure(const PlannedFigure& figure, const Weeks& weeks) {
  const KaplanMeier curve(weeks.view());
  if (figure.kind == WorldFigure::median) {
    const auto median = curve.median();
    return {median ? portable::log(*median) : std::numeric_limits<double>::infinity(), 0};
  }
  const auto ended = static_cast<std::size_t>(figure.at_months / months_per_week) - 1;
  return {std::asin(std::sqrt(curve.survival(ended))), 0};
}

AuthorFigure ratio(const Weeks& one, const Weeks& other) {
  const CoxFit fit = cox_two_groups(risk_table(one.view(), other.view()));
  if (!fit.converged) return {std::numeric_limits<double>::quiet_NaN(), 0};
  return {fit.value, fit.se};
}

AuthorFigure factor_ratio(const StudyPlan& plan, const PlannedFigure& figure,
                          const ArmRecords& control, const ArmRecords& treated) {
  const auto endpoint = static_cast<std::size_t>(figure.endpoint);
  Weeks with(weeks_of(plan));
  Weeks without(weeks_of(plan));
  for (const ArmRecords* arm : {&control, &treated}) {
    for (std::size_t i = 0; i < arm->stratum.size(); ++i) {
      const bool carrier = ((static_cast<unsigned>(arm->stratum[i]) >> figure.factor) & 1U) != 0;
      (carrier ? with : without).add(*arm, endpoint, i);
    }
  }
  return ratio(with, without);
}

}  // namespace

void ArmRecords::add(const WorldLives& lives, const OutcomeShape& shape, std::size_t strategy,
                     std::size_t patient, std::int32_t until) {
  entry_to_analysis_ticks.push_back(until);
  stratum.push_back(lives.stratum[patient]);
  for (const WorldEndpoint endpoint : {WorldEndpoint::pfs, WorldEndpoint::os}) {
    const auto e = static_cast<std::size_t>(endpoint);
    ticks[e].push_back(lives.ticks(shape, strategy, endpoint)[patient]);
    events[e].push_back(lives.events(shape, strategy, endpoint)[patient]);
  }
}

TargetScale scale_of(const PlannedFigure& figure) {
  return figure.kind == WorldFigure::survival ? TargetScale::arcsine : TargetScale::log;
}

std::int32_t until_analysis(const StudyPlan& plan, double u) {
  return static_cast<std::int32_t>((plan.follow_months + u * plan.accrual_months) *
                                   static_cast<double>(ticks_per_month));
}

std::vector<AuthorFigure> author_figures(const StudyPlan& plan, const ArmRecords& control,
                                         const ArmRecords& treated) {
  std::vector<Weeks> weeks;  // [treated * 2 + endpoint]
  for (const ArmRecords* arm : {&control, &treated}) {
    for (const std::size_t endpoint : {std::size_t{0}, std::size_t{1}})
      weeks.push_back(all_of(plan, *arm, endpoint));
  }
  std::vector<AuthorFigure> out;
  for (const PlannedFigure& figure : plan.figures) {
    const auto endpoint = static_cast<std::size_t>(figure.endpoint);
    if (figure.kind == WorldFigure::factor_hazard_ratio) {
      out.push_back(factor_ratio(plan, figure, control, treated));
    } else if (figure.kind == WorldFigure::hazard_ratio) {
      out.push_back(ratio(weeks[2 + endpoint], weeks[endpoint]));
    } else {
      out.push_back(curve_figure(figure, weeks[(figure.treated ? 2 : 0) + endpoint]));
    }
  }
  return out;
}

}  // namespace npcsim
