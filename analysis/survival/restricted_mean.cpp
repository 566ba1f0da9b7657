#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/detail/group_timeline.hpp>
#include <npcsim/survival/restricted_mean.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// From the last point at or before the horizon back to the first: the area after each event time
// multiplies that time's share of Greenwood's sum.
class AreaBackwards {
 public:
  explicit AreaBackwards(double horizon) : to_(horizon) {}
  void step(double time, double survival, double at_risk, double events) {
    area_ += survival * (to_ - time);
    to_ = time;
    const double left = at_risk - events;
    if (events > 0 && left > 0) variance_ += area_ * area_ * (events / (at_risk * left));
  }
  // From the start of the curve, where S = 1.
  double mean(double start) const { return area_ + (to_ - start) + start; }
  double se() const { return std::sqrt(variance_); }

 private:
  double to_;
  double area_ = 0;
  double variance_ = 0;
};

// Influence on the area of one record: w (K(end) - K(entry) - [event] R / (n - d)), K the running
// sum of R d / (n (n - d)), R the area from the time to the horizon.
class AreaInfluence {
 public:
  AreaInfluence(const SortedRecords& records, const detail::GroupTimeline& timeline,
                std::vector<double> area_after)
      : records_(records), timeline_(timeline), area_after_(std::move(area_after)) {
    std::size_t clusters = 0;
    number_ = detail::cluster_numbers(records, timeline, clusters);
    influence_.assign(clusters, 0.0);
  }
  void enter(std::size_t i) { add(i, -sum_); }
  void point(std::size_t p) {
    const double left = timeline_.at_risk[p] - timeline_.events[p];
    if (timeline_.events[p] > 0 && left > 0) {
      sum_ += area_after_[p] * timeline_.events[p] / (timeline_.at_risk[p] * left);
    }
  }
  void leave(std::size_t i, std::size_t p) {
    const double left = timeline_.at_risk[p] - timeline_.events[p];
    const bool event = records_.event()[timeline_.positions[i]] > 0;
    add(i, sum_ - (event && left > 0 ? area_after_[p] / left : 0.0));
  }
  void after(std::size_t) {}
  double se() const {
    double sum = 0;
    for (const double u : influence_) sum += u * u;
    return std::sqrt(sum);
  }

 private:
  void add(std::size_t i, double value) {
    influence_[number_.empty() ? i : number_[i]] +=
        records_.weight_at(timeline_.positions[i]) * value;
  }
  const SortedRecords& records_;
  const detail::GroupTimeline& timeline_;
  std::vector<double> area_after_;  // [point], 0 from the horizon on
  std::vector<std::uint32_t> number_;
  std::vector<double> influence_;  // [cluster]
  double sum_ = 0;
};

}  // namespace

RestrictedMean restricted_mean(const SurvivalCurve& curve, double horizon) {
  const auto last = curve.point_at(horizon);
  AreaBackwards area(horizon);
  for (std::size_t p = last ? *last + 1 : 0; p-- > 0;) {
    area.step(curve.time[p], curve.survival[p], curve.at_risk[p], curve.events[p]);
  }
  const bool known =
      !curve.time.empty() && (horizon <= curve.time.back() || !(curve.survival.back() > 0));
  return {horizon, area.mean(curve.start), area.se(), known};
}

RestrictedMean restricted_mean(const RiskSets& sets, std::size_t group, double horizon) {
  NPCSIM_EXPECTS(sets.strata() == 1 && group < sets.groups());
  const auto time = sets.time();
  const auto end =
      static_cast<std::size_t>(std::upper_bound(time.begin(), time.end(), horizon) - time.begin());
  std::vector<double> after(end);  // S after each row
  double survival = 1;
  for (std::size_t r = 0; r < end; ++r) {
    const double n = sets.at_risk(r, group);
    if (sets.events(r, group) > 0) survival *= (n - sets.events(r, group)) / n;
    after[r] = survival;
  }
  AreaBackwards area(horizon);
  for (std::size_t r = end; r-- > 0;) {
    const double d = sets.events(r, group);
    if (d > 0) area.step(time[r], after[r], sets.at_risk(r, group), d);
  }
  const bool known = horizon <= sets.last_time_of(group) || !(survival > 0);
  return {horizon, area.mean(0), area.se(), known};
}

std::vector<RestrictedMean> restricted_means_robust(const SortedRecords& records, double horizon) {
  CurveOptions options;
  const auto curves = survival_curves(records, options);
  std::vector<RestrictedMean> means;
  for (std::size_t g = 0; g < curves.size(); ++g) {
    const SurvivalCurve& curve = curves[g];
    means.push_back(restricted_mean(curve, horizon));
    const detail::GroupTimeline timeline = detail::group_timeline(records, g);
    std::vector<double> area_after(timeline.points(), 0.0);
    const auto last = curve.point_at(horizon);
    double area = 0;
    double to = horizon;
    for (std::size_t p = last ? *last + 1 : 0; p-- > 0;) {
      area += curve.survival[p] * (to - curve.time[p]);
      to = curve.time[p];
      area_after[p] = area;
    }
    AreaInfluence influence(records, timeline, std::move(area_after));
    follow(records, timeline, influence);
    means.back().se = influence.se();
  }
  return means;
}

RestrictedMeanContrast contrast(const RestrictedMean& treated, const RestrictedMean& control,
                                double level) {
  const double lost_treated = treated.horizon - treated.value;
  const double lost_control = control.horizon - control.value;
  return {difference(treated.value, treated.se, control.value, control.se, level),
          ratio(treated.value, treated.se, control.value, control.se, level),
          ratio(lost_treated, treated.se, lost_control, control.se, level)};
}

}  // namespace npcsim
