#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/milestone.hpp>

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

}  // namespace npcsim
