#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <cmath>

namespace npcsim {

namespace {

// Two values of a curve closer than this are one: sqrt of the double epsilon, as in R.
constexpr double same_level = tie_tolerance;

// The time at which a curve that starts at 1 has fallen to `level`. Points that repeat an earlier
// value stand for nothing new; a point without value (NaN) is passed over. Limits need not fall
// everywhere, so "first" means the highest value that is low enough, as survfit's quantiles have
// it.
std::optional<double> time_at(const std::vector<double>& time, const std::vector<double>& curve,
                              double level) {
  struct Found {
    double fall = 2;  // 1 - curve
    double time = 0;
    bool any = false;
  };
  Found touching;  // the smallest fall that reaches the level but for the tolerance
  Found below;     // the smallest that passes it by the tolerance
  const double target = 1 - level;
  double last_fall = 0;
  bool last_known = true;
  const auto offer = [](Found& found, double fall, double at) {
    if (!found.any || fall < found.fall) found = {fall, at, true};
  };
  for (std::size_t p = 0; p < time.size(); ++p) {
    const double fall = 1 - curve[p];
    last_known = fall == fall;
    if (!last_known || fall == last_fall) continue;
    last_fall = fall;
    if (fall + same_level >= target) offer(touching, fall, time[p]);
    if (fall - same_level >= target) offer(below, fall, time[p]);
  }
  if (!touching.any) return std::nullopt;
  if (last_known && std::fabs(target - last_fall) < same_level) {
    return (touching.time + time.back()) / 2;
  }
  if (!below.any) return std::nullopt;
  return (touching.time + below.time) / 2;
}

}  // namespace

QuantileEstimate curve_quantile(const SurvivalCurve& curve, double p) {
  NPCSIM_EXPECTS(p > 0 && p < 1);
  return {time_at(curve.time, curve.survival, 1 - p), time_at(curve.time, curve.lower, 1 - p),
          time_at(curve.time, curve.upper, 1 - p)};
}

}  // namespace npcsim
