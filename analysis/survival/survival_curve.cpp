#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/detail/group_timeline.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

using detail::GroupTimeline;

// How one estimate moves with the weights of the records: an event at a point adds `event` times
// the record's weight, being at risk there takes `at_risk` times it.
struct Influence {
  std::vector<double> event;    // [point]
  std::vector<double> at_risk;  // [point]
};

// Sum over clusters k of U_k(t)^2, U_k(t) = c_k - W_k G(t), G the sum of Influence::at_risk so far:
// W_k is the weight of the cluster's records at risk, c_k what the others and their entries left.
// It changes at events only. Few clusters are summed there afresh; for many, three running sums
// follow the square, so that a curve costs one step for each record.
class SquaredInfluence {
 public:
  SquaredInfluence(const SortedRecords& records, const GroupTimeline& timeline,
                   const Influence& influence)
      : records_(records), timeline_(timeline), influence_(influence) {
    std::size_t clusters = 0;
    number_ = detail::cluster_numbers(records, timeline, clusters);
    fixed_.assign(clusters, 0.0);
    weight_.assign(clusters, 0.0);
    variance_.reserve(timeline.points());
    afresh_ = detail::few_terms(timeline, clusters);
  }

  void enter(std::size_t i) {
    const double w = records_.weight_at(timeline_.positions[i]);
    change(i, w * sum_, w);
  }
  void point(std::size_t p) { sum_ += influence_.at_risk[p]; }
  void leave(std::size_t i, std::size_t p) {
    const std::size_t position = timeline_.positions[i];
    const double w = records_.weight_at(position);
    const double event = records_.event()[position] > 0 ? influence_.event[p] : 0.0;
    change(i, w * (event - sum_), -w);
  }
  void after(std::size_t p) {
    if (timeline_.event_count[p] == 0) {
      variance_.push_back(variance_.empty() ? 0.0 : variance_.back());
      return;
    }
    double variance = 0;
    if (afresh_) {
      for (std::size_t k = 0; k < fixed_.size(); ++k) {
        const double u = fixed_[k] - sum_ * weight_[k];
        variance += u * u;
      }
    } else {
      variance = detail::above_rounding(cc_ - sum_ * (2 * cw_ - sum_ * ww_), largest_);
    }
    variance_.push_back(variance);
  }
  const std::vector<double>& variance() const { return variance_; }  // [point]

 private:
  void change(std::size_t i, double fixed, double weight) {
    const std::size_t k = number_.empty() ? i : number_[i];
    const double c = fixed_[k];
    const double w = weight_[k];
    fixed_[k] += fixed;
    weight_[k] += weight;
    cc_ += fixed_[k] * fixed_[k] - c * c;
    cw_ += fixed_[k] * weight_[k] - c * w;
    ww_ += weight_[k] * weight_[k] - w * w;
  }

  const SortedRecords& records_;
  const GroupTimeline& timeline_;
  const Influence& influence_;
  std::vector<std::uint32_t> number_;
  std::vector<double> fixed_;   // [cluster] c
  std::vector<double> weight_;  // [cluster] W
  std::vector<double> variance_;
  bool afresh_ = true;
  double largest_ = 0;
  double sum_ = 0;
  double cc_ = 0;
  double cw_ = 0;
  double ww_ = 0;
};

// The hazard's step at a point with d events (m records) among n at risk, and its variance.
struct HazardStep {
  double hazard = 0;
  double variance = 0;
  double event_influence = 0;
  double at_risk_influence = 0;
};

HazardStep nelson_aalen_step(double n, double d) {
  return {d / n, d / (n * n), 1 / n, d / (n * n)};
}

// Tied events one after the other, each seeing the average weight of those not yet taken.
HazardStep fleming_harrington_step(double n, double d, std::uint32_t m) {
  const double each = d / m;
  HazardStep step;
  double reciprocal = 0;
  double squares = 0;
  double part_squares = 0;
  for (std::uint32_t j = 0; j < m; ++j) {
    const double left = n - j * each;
    reciprocal += 1 / left;
    squares += 1 / (left * left);
    part_squares += (1 - static_cast<double>(j) / m) / (left * left);
  }
  step.hazard = each * reciprocal;
  step.variance = each * squares;
  step.event_influence = reciprocal / m + each * (squares - part_squares);
  step.at_risk_influence = each * squares;
  return step;
}

void add_hazard(const SortedRecords& records, const GroupTimeline& timeline, SurvivalCurve& curve) {
  const std::size_t points = timeline.points();
  const bool tied_in_turn = curve.options.estimator == SurvivalEstimator::fleming_harrington;
  Influence influence{std::vector<double>(points), std::vector<double>(points)};
  double hazard = 0;
  double variance = 0;
  for (std::size_t p = 0; p < points; ++p) {
    const double d = timeline.events[p];
    if (d > 0) {
      const HazardStep step =
          tied_in_turn ? fleming_harrington_step(timeline.at_risk[p], d, timeline.event_count[p])
                       : nelson_aalen_step(timeline.at_risk[p], d);
      hazard += step.hazard;
      variance += step.variance;
      influence.event[p] = step.event_influence;
      influence.at_risk[p] = step.at_risk_influence;
    }
    curve.cumulative_hazard[p] = hazard;
    curve.cumulative_hazard_se[p] = std::sqrt(variance);
  }
  if (curve.options.variance != CurveVariance::robust) return;
  SquaredInfluence squares(records, timeline, influence);
  follow(records, timeline, squares);
  for (std::size_t p = 0; p < points; ++p) {
    curve.cumulative_hazard_se[p] = std::sqrt(squares.variance()[p]);
  }
}

void add_kaplan_meier(const SortedRecords& records, const GroupTimeline& timeline,
                      SurvivalCurve& curve) {
  const std::size_t points = timeline.points();
  const bool robust = curve.options.variance == CurveVariance::robust;
  Influence influence;
  if (robust) influence = {std::vector<double>(points), std::vector<double>(points)};
  double survival = 1;
  double log_variance = 0;  // Greenwood's sum
  for (std::size_t p = 0; p < points; ++p) {
    const double n = timeline.at_risk[p];
    const double d = timeline.events[p];
    if (d > 0) {
      const double left = n - d;
      survival *= left / n;
      log_variance += d / (n * left);  // infinite where everybody has the event
      if (robust && left > 0) {
        influence.event[p] = 1 / left;
        influence.at_risk[p] = d / (n * left);
      }
    }
    curve.survival[p] = survival;
    curve.log_se[p] = std::sqrt(log_variance);
    curve.se[p] = survival > 0 ? survival * curve.log_se[p] : portable::not_a_number;
  }
  if (!robust) return;
  SquaredInfluence squares(records, timeline, influence);
  follow(records, timeline, squares);
  for (std::size_t p = 0; p < points; ++p) {
    // Where S = 0 no weight moves it.
    curve.log_se[p] = curve.survival[p] > 0 ? std::sqrt(squares.variance()[p]) : 0.0;
    curve.se[p] = curve.survival[p] * curve.log_se[p];
  }
}

SurvivalCurve curve_of(const SortedRecords& records, GroupTimeline timeline,
                       const CurveOptions& options) {
  SurvivalCurve curve;
  curve.options = options;
  curve.records = timeline.positions.size();
  curve.weighted = !records.weight().empty();
  const std::size_t points = timeline.points();
  if (points > 0) curve.start = std::min(0.0, timeline.time.front());
  for (auto* column : {&curve.survival, &curve.se, &curve.log_se, &curve.lower, &curve.upper,
                       &curve.cumulative_hazard, &curve.cumulative_hazard_se}) {
    column->resize(points);
  }
  add_hazard(records, timeline, curve);
  if (options.estimator == SurvivalEstimator::kaplan_meier) {
    add_kaplan_meier(records, timeline, curve);
  } else {
    for (std::size_t p = 0; p < points; ++p) {
      curve.survival[p] = portable::exp(-curve.cumulative_hazard[p]);
      curve.log_se[p] = curve.cumulative_hazard_se[p];
      curve.se[p] = curve.survival[p] * curve.log_se[p];
    }
  }
  for (std::size_t p = 0; p < points; ++p) {
    const ShareLimits limits =
        share_limits(curve.survival[p], curve.log_se[p], options.scale, options.level);
    curve.lower[p] = limits.lower;
    curve.upper[p] = limits.upper;
  }
  curve.time = std::move(timeline.time);
  curve.at_risk = std::move(timeline.at_risk);
  curve.events = std::move(timeline.events);
  curve.censored = std::move(timeline.censored);
  return curve;
}

}  // namespace

std::optional<std::size_t> SurvivalCurve::point_at(double t) const {
  const auto after = std::upper_bound(time.begin(), time.end(), t);
  if (after == time.begin()) return std::nullopt;
  return static_cast<std::size_t>(after - time.begin()) - 1;
}

double SurvivalCurve::survival_at(double t) const {
  const auto point = point_at(t);
  return point ? survival[*point] : 1.0;
}

std::vector<SurvivalCurve> survival_curves(const SortedRecords& records,
                                           const CurveOptions& options) {
  std::vector<SurvivalCurve> curves;
  for (std::size_t g = 0; g < records.groups(); ++g) {
    curves.push_back(curve_of(records, detail::group_timeline(records, g), options));
  }
  return curves;
}

ShareLimits share_limits(double share, double log_se, IntervalScale scale, double level) {
  constexpr ShareLimits none{portable::not_a_number, portable::not_a_number};
  const double z = portable::normal_quantile(0.5 + level / 2);
  if (!(share > 0 && share <= 1)) return none;
  if (scale == IntervalScale::plain) {
    const double half = z * (share * log_se);
    if (!(half >= 0)) return none;
    return {std::max(share - half, 0.0), std::min(share + half, 1.0)};
  }
  if (scale == IntervalScale::log) {
    const double factor = portable::exp(z * log_se);
    return {share / factor, std::min(share * factor, 1.0)};
  }
  if (share == 1) return none;  // infinite on both scales that are left
  if (scale == IntervalScale::log_log) {
    const double log_share = portable::log(share);
    const double factor = portable::exp(-z * log_se / log_share);
    return {portable::exp(log_share * factor), portable::exp(log_share / factor)};
  }
  const double odds = share / (1 - share);
  const double factor = portable::exp(z * log_se * (1 + odds));
  return {odds / (factor + odds), odds * factor / (1 + odds * factor)};
}

std::vector<std::vector<double>> numbers_at_risk(const SortedRecords& records,
                                                 std::span<const double> times) {
  std::vector<std::vector<double>> numbers(times.size(),
                                           std::vector<double>(records.groups(), 0.0));
  const auto entry = records.entry();
  for (std::size_t k = 0; k < times.size(); ++k) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      const bool entered = entry.empty() || entry[i] < times[k];
      if (entered && records.time()[i] >= times[k]) {
        numbers[k][records.group_at(i)] += records.weight_at(i);
      }
    }
  }
  return numbers;
}

}  // namespace npcsim
