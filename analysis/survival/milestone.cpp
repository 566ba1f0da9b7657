#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/milestone.hpp>

#include <cmath>

namespace npcsim {

namespace {

bool beyond(const SurvivalCurve& curve, double time) {
  if (curve.time.empty()) return true;
  return time > curve.time.back() && curve.survival.back() > 0;
}

}  // namespace

Milestone milestone(const SurvivalCurve& curve, double time) {
  Milestone at;
  at.time = time;
  at.within_follow_up = !beyond(curve, time);
  const auto point = curve.point_at(time);
  if (point) {
    at.survival = curve.survival[*point];
    at.se = curve.se[*point];
    at.lower = curve.lower[*point];
    at.upper = curve.upper[*point];
  } else if (curve.options.scale == IntervalScale::log_log) {
    at.lower = at.upper = portable::not_a_number;
  }
  // Those at the first point at or after `time` are at risk just before it.
  const std::size_t next = point && curve.time[*point] == time ? *point : point ? *point + 1 : 0;
  at.at_risk = next < curve.time.size() ? curve.at_risk[next] : 0;
  return at;
}

MilestoneContrast contrast(const Milestone& treated, const Milestone& control, double level) {
  const auto complementary = [](const Milestone& at) {
    const double log_survival = portable::log(at.survival);
    struct {
      double value;
      double se;
    } scaled{portable::not_a_number, portable::not_a_number};
    if (at.survival > 0 && at.survival < 1) {
      scaled = {portable::log(-log_survival), at.se / (at.survival * -log_survival)};
    }
    return scaled;
  };
  const auto a = complementary(treated);
  const auto b = complementary(control);
  return {difference(treated.survival, treated.se, control.survival, control.se, level),
          ratio(treated.survival, treated.se, control.survival, control.se, level),
          difference(a.value, a.se, b.value, b.se, level)};
}

Milestone conditional_survival(const SurvivalCurve& curve, double from, double to) {
  NPCSIM_EXPECTS(from <= to && curve.survival_at(from) > 0);
  Milestone reached;
  reached.time = to;
  reached.survival = curve.survival_at(to) / curve.survival_at(from);
  reached.within_follow_up = !beyond(curve, to);
  double log_variance = 0;
  for (std::size_t p = 0; p < curve.time.size() && curve.time[p] <= to; ++p) {
    if (curve.time[p] <= from) continue;
    const double n = curve.at_risk[p];
    const double d = curve.events[p];
    if (d > 0) log_variance += d / (n * (n - d));
    reached.at_risk = n;
  }
  const double log_se = std::sqrt(log_variance);
  reached.se = reached.survival > 0 ? reached.survival * log_se : portable::not_a_number;
  const ShareLimits limits =
      share_limits(reached.survival, log_se, curve.options.scale, curve.options.level);
  reached.lower = limits.lower;
  reached.upper = limits.upper;
  return reached;
}

}  // namespace npcsim
