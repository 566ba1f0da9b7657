#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/intervals.hpp>
#include <npcsim/survival/kaplan_meier.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// Two survival values closer than this are the same: rounding of the product, never a difference of
// one subject in fewer than 10^12.
constexpr double same_survival = 1e-13;

}  // namespace

KaplanMeier::KaplanMeier(const GroupedTimes& times)
    : at_risk_(times.bins()),
      survival_(times.bins()),
      log_variance_(times.bins()),
      events_(times.events.begin(), times.events.end()),
      months_per_bin_(times.months_per_bin),
      offset_(times.offset) {
  NPCSIM_EXPECTS(times.events.size() == times.censored.size());
  for (std::size_t b = 0; b < times.bins(); ++b) {
    subjects_ += std::uint64_t{times.events[b]} + times.censored[b];
  }
  std::uint64_t at_risk = subjects_;
  double survival = 1;
  double log_variance = 0;
  double anchor = 1;                      // S after the latest censoring,
  double anchor_variance = 0;             // its log-variance,
  std::uint64_t anchor_risk = subjects_;  // and those at risk since
  for (std::size_t b = 0; b < times.bins(); ++b) {
    at_risk_[b] = at_risk;
    if (times.events[b] > 0) {
      at_risk -= times.events[b];
      const auto left = static_cast<double>(at_risk);
      const auto began = static_cast<double>(anchor_risk);
      survival = anchor * (left / began);
      // d / (n (n - d)) = 1 / (n - d) - 1 / n, which telescopes as well.
      log_variance =
          at_risk == 0 ? portable::infinity : anchor_variance + (began - left) / (left * began);
    }
    survival_[b] = survival;
    log_variance_[b] = log_variance;
    if (times.censored[b] > 0) {
      at_risk -= times.censored[b];
      anchor = survival;
      anchor_variance = log_variance;
      anchor_risk = at_risk;
    }
    if (times.events[b] > 0 || times.censored[b] > 0) last_bin_ = b;
  }
}

double KaplanMeier::survival(std::size_t bin) const {
  if (survival_.empty()) return 1;
  return survival_[std::min(bin, survival_.size() - 1)];
}

double KaplanMeier::log_variance(std::size_t bin) const {
  if (log_variance_.empty()) return 0;
  return log_variance_[std::min(bin, log_variance_.size() - 1)];
}

double KaplanMeier::survival_se(std::size_t bin) const {
  const double s = survival(bin);
  return s > 0 ? s * std::sqrt(log_variance(bin)) : 0;
}

std::optional<std::size_t> KaplanMeier::first_bin_at_or_below(double level) const {
  if (subjects_ == 0) return std::nullopt;
  const auto at = std::partition_point(survival_.begin(), survival_.end(),
                                       [&](double s) { return s > level + same_survival; });
  if (at == survival_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - survival_.begin());
}

std::optional<double> KaplanMeier::quantile(double p) const {
  const double level = 1 - p;
  const auto bin = first_bin_at_or_below(level);
  if (!bin) return std::nullopt;
  const double reached = months(*bin);
  if (survival_[*bin] < level - same_survival) return reached;
  // S equals the level: the middle of the flat part.
  std::size_t next = *bin + 1;
  while (next < last_bin_ && events_[next] == 0) ++next;
  if (next > last_bin_) next = std::max(*bin, last_bin_);
  return (reached + months(next)) / 2;
}

KaplanMeier::QuantileLimits KaplanMeier::quantile_limits(double p) const {
  const double level = 1 - p;
  QuantileLimits limits;
  for (std::size_t b = 0; b < survival_.size(); ++b) {
    if (events_[b] == 0) continue;
    // At S = 0 the limits of the point before go on.
    const auto interval = log_log_interval(survival_[b], survival_se(b));
    if (!interval) continue;
    if (!limits.low && interval->low <= level) limits.low = months(b);
    if (!limits.high && interval->high <= level) limits.high = months(b);
    if (limits.high) break;  // the lower limit comes first
  }
  return limits;
}

double KaplanMeier::restricted_mean(double horizon) const {
  const double end = horizon / months_per_bin_;  // in bins
  double area = 0;
  double from = 0;
  double level = 1;
  for (std::size_t b = 0; b < events_.size(); ++b) {
    const double at = static_cast<double>(b) + offset_;
    if (at >= end) break;
    if (events_[b] == 0) continue;
    area += level * (at - from);
    from = at;
    level = survival_[b];
  }
  return (area + level * (end - from)) * months_per_bin_;
}

double KaplanMeier::restricted_mean_se(double horizon) const {
  const double end = horizon / months_per_bin_;
  double variance = 0;
  double after = 0;  // area from the current time to the horizon
  double to = end;
  for (std::size_t k = events_.size(); k-- > 0;) {
    const double at = static_cast<double>(k) + offset_;
    if (events_[k] == 0 || at > end) continue;
    after += survival_[k] * (to - at);
    to = at;
    if (events_[k] == at_risk_[k]) continue;  // no area after it
    const auto n = static_cast<double>(at_risk_[k]);
    const auto d = static_cast<double>(events_[k]);
    variance += after * after * (d / (n * (n - d)));
  }
  return std::sqrt(variance) * months_per_bin_;
}

}  // namespace npcsim
