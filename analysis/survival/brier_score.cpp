#include <npcsim/survival/brier_score.hpp>
#include <npcsim/survival/detail/censoring_curve.hpp>
#include <npcsim/survival/detail/record_checks.hpp>

#include <cmath>
#include <limits>

namespace npcsim {

namespace {

// Weighted squared errors at one time. [position]
struct SquaredErrors {
  std::vector<double> value;
  double mean = 0;
};

class BrierEstimator {
 public:
  explicit BrierEstimator(const TimeToEvent& records)
      : sorted_(records),
        censoring_(sorted_, detail::CensoringRisk::after_events),
        followed_(sorted_, detail::CensoringRisk::everyone) {}

  const SortedRecords& sorted() const { return sorted_; }

  template <class Risk>
  SquaredErrors errors(double t, const Risk& risk) const {
    SquaredErrors errors;
    errors.value.assign(sorted_.size(), 0.0);
    const double uncensored_at_t = censoring_.value_at(t);
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      const double r = risk(sorted_.row()[i]);
      if (sorted_.time()[i] > t) {
        errors.value[i] = r * r / uncensored_at_t;
      } else if (sorted_.event()[i] > 0) {
        const double miss = sorted_.event()[i] == 1 ? 1 - r : r;
        errors.value[i] = miss * miss / censoring_.before[censoring_.point[i]];
      }
      errors.mean += errors.value[i];
    }
    errors.mean /= static_cast<double>(sorted_.size());
    return errors;
  }

  // Probability of the event by t: 1 - Kaplan-Meier, or Aalen-Johansen with competing causes.
  double incidence(double t) const {
    double left = static_cast<double>(sorted_.size());
    double survival = 1;
    double incidence = 0;
    for (std::size_t first = 0; first < sorted_.size() && sorted_.time()[first] <= t;) {
      double events = 0;
      double of_cause = 0;
      std::size_t last = first;
      for (; last < sorted_.size() && sorted_.time()[last] == sorted_.time()[first]; ++last) {
        events += sorted_.event()[last] > 0 ? 1 : 0;
        of_cause += sorted_.event()[last] == 1 ? 1 : 0;
      }
      incidence += survival * of_cause / left;
      survival *= 1 - events / left;
      left -= static_cast<double>(last - first);
      first = last;
    }
    return incidence;
  }

  // Standard error with the censoring curve's part: an error of a row that is followed to s changes
  // by the integral to s of dM(u) / y(u), M the censoring martingale of each other row and y(u) the
  // share of rows with a time of at least u.
  double standard_error(double t, const SquaredErrors& errors) const {
    const std::size_t n = sorted_.size();
    const std::size_t points = censoring_.time.size();
    const double count = static_cast<double>(n);
    // Sum of errors whose weight uses the censoring at a point: events after it, controls if the
    // point is at or before t.
    std::vector<double> beyond(points + 1, 0.0);
    double controls = 0;
    for (std::size_t i = 0; i < n; ++i) {
      (sorted_.time()[i] > t ? controls : beyond[censoring_.point[i]]) += errors.value[i];
    }
    for (std::size_t k = points; k-- > 0;) beyond[k] += beyond[k + 1];
    std::vector<double> integral(points);
    std::vector<double> jump(points, 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < points; ++k) {
      const bool used = censoring_.time[k] <= t && censoring_.censored[k] > 0;
      if (used) {
        jump[k] = (beyond[k + 1] + controls) / followed_.at_risk[k];
        sum += jump[k] * followed_.censored[k] / followed_.at_risk[k];
      }
      integral[k] = sum;
    }
    double square = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t k = censoring_.point[i];
      const bool event = sorted_.event()[i] > 0;
      const double influence = errors.value[i] - errors.mean + (event ? 0 : jump[k]) - integral[k];
      square += influence * influence;
    }
    return std::sqrt(square / (count - 1) / count);
  }

 private:
  SortedRecords sorted_;
  detail::CensoringCurve censoring_;
  detail::CensoringCurve followed_;
};

}  // namespace

std::vector<BrierScore> brier_scores(const TimeToEvent& records, std::span<const double> times,
                                     const std::vector<std::vector<double>>& risk) {
  std::vector<BrierScore> scores;
  for (const double t : times) {
    scores.emplace_back();
    scores.back().time = t;
  }
  if (!records.entry.empty() || !records.weight.empty() || risk.size() != times.size() ||
      !detail::broken_promises(records).empty()) {
    return scores;
  }
  TimeToEvent pooled = records;
  pooled.stratum = {};
  const BrierEstimator estimator(pooled);
  const double last = estimator.sorted().time().back();
  for (std::size_t k = 0; k < scores.size(); ++k) {
    BrierScore& score = scores[k];
    if (!(score.time < last) || risk[k].size() != records.rows()) continue;
    const SquaredErrors errors =
        estimator.errors(score.time, [&](std::size_t row) { return risk[k][row]; });
    const double everyone = estimator.incidence(score.time);
    score.value = errors.mean;
    score.se = estimator.standard_error(score.time, errors);
    score.null = estimator.errors(score.time, [&](std::size_t) { return everyone; }).mean;
    score.index_of_prediction_accuracy = 1 - score.value / score.null;
    score.defined = true;
  }
  return scores;
}

IntegratedBrierScore integrated_brier_score(const std::vector<BrierScore>& scores) {
  IntegratedBrierScore result;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  if (scores.size() < 2) return {unknown, unknown};
  const double span = scores.back().time - scores.front().time;
  for (std::size_t k = 0; k + 1 < scores.size(); ++k) {
    if (!scores[k].defined) return {unknown, unknown};
    const double share = (scores[k + 1].time - scores[k].time) / span;
    result.value += share * scores[k].value;
    result.null += share * scores[k].null;
  }
  return result;
}

}  // namespace npcsim
