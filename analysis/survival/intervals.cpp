#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/intervals.hpp>

namespace npcsim {

Interval normal_interval(double value, double se) { return {value - z_95 * se, value + z_95 * se}; }

Interval log_interval(double value, double se) {
  const double factor = portable::exp(z_95 * se / value);
  return {value / factor, value * factor};
}

std::optional<Interval> log_log_interval(double share, double se) {
  if (!(share > 0 && share < 1)) return std::nullopt;
  const double log_share = portable::log(share);
  const double factor = portable::exp(z_95 * se / (share * -log_share));
  return Interval{portable::exp(log_share * factor), portable::exp(log_share / factor)};
}

}  // namespace npcsim
