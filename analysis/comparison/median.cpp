#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/comparison/detail/median.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

namespace {

// Standard errors by which S is above one half, on the scale of log(-log S), where the interval of
// Brookmeyer & Crowley is symmetric.
double above_half(double survival, double log_variance) {
  if (survival >= 1) return portable::infinity;
  if (survival <= 0) return -portable::infinity;
  const double log_survival = portable::log(survival);
  const double distance = portable::log(-log_survival) - portable::log(-portable::log(0.5));
  return -distance * -log_survival / std::sqrt(log_variance);
}

// Least value of the statistic over the box of what both curves pass through: the squared length of
// (z, w) after the correlation is taken out.
double least_chi_square(const MedianCandidate& x, const MedianCandidate& y, double correlation) {
  const auto holds_zero = [](const MedianCandidate& c) { return c.after <= 0 && c.before >= 0; };
  if (holds_zero(x) && holds_zero(y)) return 0;
  const double left = 1 - correlation * correlation;
  // Otherwise the least value lies on an edge; there the other coordinate is free within its side.
  const auto on_edge = [&](double fixed, const MedianCandidate& free) {
    if (std::fabs(fixed) > z_95) return portable::infinity;  // rejected whatever the other is
    // Where few are left an event may bring the statistic nearer to 0 again.
    const auto [low, high] = std::minmax(free.after, free.before);
    const double nearest = std::clamp(correlation * fixed, low, high);
    const double apart = nearest - correlation * fixed;
    return fixed * fixed + apart * apart / left;
  };
  return std::min(std::min(on_edge(x.before, y), on_edge(x.after, y)),
                  std::min(on_edge(y.before, x), on_edge(y.after, x)));
}

// The time at which the curve passes the given number of standard errors above one half.
double time_at(const MedianEstimate& median, double above) {
  for (const MedianCandidate& candidate : median.candidates) {
    if (candidate.after <= above) return candidate.months;
  }
  return median.candidates.back().months;
}

// x - y where the delta method reaches its limit: the point of the ellipse z' R^-1 z = 1.96^2 that
// is farthest in the direction of the standard errors of both medians, read off the curves.
double difference_at_limit(const MedianEstimate& a, const MedianEstimate& b, double correlation) {
  const double se_a = *a.se();
  const double se_b = *b.se();
  const double variance = se_a * se_a + se_b * se_b - 2 * correlation * se_a * se_b;
  if (!(variance > 0)) return *a.value - *b.value;
  const double scale = z_95 / std::sqrt(variance);
  return time_at(a, -scale * (se_a - correlation * se_b)) -
         time_at(b, scale * (se_b - correlation * se_a));
}

// The largest x - y over pairs that are not rejected. The pair of the estimates is never rejected.
double largest_difference(const MedianEstimate& a, const MedianEstimate& b, double correlation) {
  double largest = *a.value - *b.value;
  for (std::size_t i = a.candidates.size(); i-- > 0;) {
    const MedianCandidate& x = a.candidates[i];
    for (const MedianCandidate& y : b.candidates) {
      if (x.months - y.months <= largest) break;
      if (least_chi_square(x, y, correlation) <= z_95 * z_95) largest = x.months - y.months;
    }
  }
  return largest;
}

}  // namespace

std::optional<double> MedianEstimate::se() const {
  if (!smooth || !value || !low || !high) return std::nullopt;
  return (*high - *low) / (2 * z_95);
}

double MedianEstimate::spacing() const {
  if (candidates.size() < 2) return 0;
  return (candidates.back().months - candidates.front().months) /
         static_cast<double>(candidates.size() - 1);
}

MedianEstimate median_of(const GroupedTimes& times, const KaplanMeier& curve) {
  MedianEstimate result;
  result.value = curve.median();
  if (!result.value) return result;
  const KaplanMeier::QuantileLimits limits = curve.quantile_limits(0.5);
  result.low = limits.low;
  result.high = limits.high;
  double before = portable::infinity;
  double largest_step = 0;
  for (std::size_t bin = 0; bin < times.bins() && before > -z_95; ++bin) {
    if (times.events[bin] == 0) continue;
    const double after = above_half(curve.survival(bin), curve.log_variance(bin));
    if (after <= z_95) {
      const double months = (static_cast<double>(bin) + times.offset) * times.months_per_bin;
      result.candidates.push_back({months, before, after});
      largest_step = std::max(largest_step, std::min(before, z_95) - std::max(after, -z_95));
    }
    before = after;
  }
  result.smooth = largest_step <= 2 * z_95 / 4;
  return result;
}

MedianEstimate difference_of_medians(const MedianEstimate& a, const MedianEstimate& b,
                                     double correlation) {
  MedianEstimate result;
  if (!a.value || !b.value) return result;
  result.value = *a.value - *b.value;
  // A perfect correlation would divide by zero where two curves are one.
  constexpr double nearly_one = 1 - 1e-9;
  const double bounded = std::clamp(correlation, -nearly_one, nearly_one);
  if (a.se() && b.se()) {
    result.high = std::max(*result.value, difference_at_limit(a, b, bounded));
    result.low = std::min(*result.value, -difference_at_limit(b, a, bounded));
    // Twins may know the difference better than the times are recorded.
    result.smooth = *result.high - *result.low >= 4 * std::max(a.spacing(), b.spacing());
    if (result.smooth) return result;
  }
  // A limit that is not reached within the horizon may lie anywhere beyond it.
  if (a.high && b.low) result.high = largest_difference(a, b, bounded);
  if (a.low && b.high) result.low = -largest_difference(b, a, bounded);
  return result;
}

}  // namespace npcsim::detail
