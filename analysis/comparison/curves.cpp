#include <npcsim/base/units.hpp>
#include <npcsim/comparison/curves.hpp>
#include <npcsim/survival/intervals.hpp>
#include <npcsim/survival/kaplan_meier.hpp>

#include <cmath>

namespace npcsim {

namespace {

constexpr auto ticks_in_month = static_cast<double>(ticks_per_month);

// The last tick that is not after the month; a month that was computed from ticks finds its own
// tick again.
std::size_t tick_at(double months) {
  return static_cast<std::size_t>(months * ticks_in_month + 1e-6);
}

// The first tick that is not before the month: times are whole ticks, and who has left by a month
// between two of them is not under observation just before it.
std::size_t tick_from(double months) {
  return static_cast<std::size_t>(std::ceil(months * ticks_in_month - 1e-6));
}

}  // namespace

std::vector<Curve> curves(const Tally& tally, const std::vector<double>& months) {
  const OutcomeShape& shape = tally.shape();
  std::vector<Curve> result;
  for (std::size_t strategy = 0; strategy < shape.strategies.size(); ++strategy) {
    for (std::size_t endpoint = 0; endpoint < shape.endpoints.size(); ++endpoint) {
      const EndpointTally& counts = tally.endpoint(strategy, endpoint);
      if (counts.in_set == 0) continue;
      const std::vector<std::uint32_t> censored = counts.censored();
      const KaplanMeier estimate({counts.events, censored, 1 / ticks_in_month, 0});
      Curve curve;
      curve.strategy = strategy;
      curve.endpoint = endpoint;
      curve.months = months;
      for (const double month : months) {
        const std::size_t tick = tick_at(month);
        const double value = estimate.survival(tick);
        const Interval limits =
            log_log_interval(value, estimate.survival_se(tick)).value_or(Interval{value, value});
        curve.survival.push_back(value);
        curve.lo95.push_back(limits.low);
        curve.hi95.push_back(limits.high);
        curve.at_risk.push_back(estimate.at_risk(tick_from(month)));
      }
      result.push_back(std::move(curve));
    }
  }
  return result;
}

std::vector<double> month_grid(const OutcomeShape& shape, double step_months) {
  const double horizon = shape.horizon_ticks / ticks_in_month;
  std::vector<double> months;
  for (std::size_t k = 0; static_cast<double>(k) * step_months < horizon; ++k) {
    months.push_back(static_cast<double>(k) * step_months);
  }
  months.push_back(horizon);
  return months;
}

}  // namespace npcsim
