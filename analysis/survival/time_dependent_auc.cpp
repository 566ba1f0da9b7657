#include <npcsim/survival/detail/censoring_curve.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/time_dependent_auc.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace npcsim {

namespace {

// Cases and controls at one time with their weights, in the order of the records' times (ties in
// the order of rows, as the published programs take them). [position in that order]
struct Sides {
  std::vector<double> case_weight;     // 0: not a case
  std::vector<double> control_weight;  // 0: not a control
  std::vector<double> case_pairs;      // sum over controls of weights of pairs in right order
  std::vector<double> control_pairs;
  double cases = 0;  // sums of weights
  double controls = 0;
  double pairs = 0;
};

class AucEstimator {
 public:
  AucEstimator(const TimeToEvent& records, std::span<const double> marker)
      : sorted_(records), censoring_(sorted_, detail::CensoringRisk::after_events) {
    const std::size_t n = sorted_.size();
    order_.resize(n);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const double x = sorted_.time()[a];
      const double y = sorted_.time()[b];
      return x < y || (x == y && sorted_.row()[a] < sorted_.row()[b]);
    });
    for (const std::size_t i : order_) {
      time_.push_back(sorted_.time()[i]);
      event_.push_back(sorted_.event()[i]);
      uncensored_.push_back(censoring_.before[censoring_.point[i]]);
      marker_.push_back(marker[sorted_.row()[i]]);
    }
    by_marker_.resize(n);
    std::iota(by_marker_.begin(), by_marker_.end(), std::size_t{0});
    std::sort(by_marker_.begin(), by_marker_.end(),
              [&](std::size_t a, std::size_t b) { return marker_[a] < marker_[b]; });
  }

  TimeDependentAuc at(double t) const {
    const double n = static_cast<double>(time_.size());
    TimeDependentAuc result;
    result.time = t;
    const Sides sides = split(t, result);
    if (result.cases == 0 || result.controls == 0) return result;
    result.defined = true;
    result.value = sides.pairs / (sides.cases * sides.controls);
    const std::vector<double> influence = influences(sides, result);
    const double mean = std::accumulate(influence.begin(), influence.end(), 0.0) / n;
    double square = 0;
    for (const double x : influence) square += (x - mean) * (x - mean);
    result.se = std::sqrt(square / (n - 1) / n);
    result.influence.assign(influence.size(), 0.0);
    for (std::size_t i = 0; i < influence.size(); ++i) {
      result.influence[sorted_.row()[order_[i]]] = influence[i];
    }
    return result;
  }

 private:
  Sides split(double t, TimeDependentAuc& result) const {
    const std::size_t rows = time_.size();
    const double n = static_cast<double>(rows);
    const double uncensored_at_t = censoring_.value_at(t);
    Sides sides;
    sides.case_weight.assign(rows, 0.0);
    sides.control_weight.assign(rows, 0.0);
    for (std::size_t i = 0; i < rows; ++i) {
      if (time_[i] < t && event_[i] == 1) {
        sides.case_weight[i] = 1 / (uncensored_[i] * n);
        ++result.cases;
      } else if (time_[i] > t) {
        sides.control_weight[i] = 1 / (uncensored_at_t * n);
        ++result.controls;
      } else if (time_[i] <= t && event_[i] == 0) {
        ++result.censored;
      }
      sides.cases += sides.case_weight[i];
      sides.controls += sides.control_weight[i];
    }
    count_pairs(sides);
    return sides;
  }

  // A pair is in right order if the case has the higher marker; half if they are equal.
  void count_pairs(Sides& sides) const {
    const std::size_t rows = time_.size();
    sides.case_pairs.assign(rows, 0.0);
    sides.control_pairs.assign(rows, 0.0);
    double cases_below = 0;
    double controls_below = 0;
    for (std::size_t first = 0; first < rows;) {
      double cases = 0;
      double controls = 0;
      std::size_t last = first;
      for (; last < rows && marker_[by_marker_[last]] == marker_[by_marker_[first]]; ++last) {
        cases += sides.case_weight[by_marker_[last]];
        controls += sides.control_weight[by_marker_[last]];
      }
      for (std::size_t k = first; k < last; ++k) {
        const std::size_t i = by_marker_[k];
        sides.case_pairs[i] = sides.case_weight[i] * (controls_below + controls / 2);
        sides.control_pairs[i] = sides.control_weight[i] * (sides.cases - cases_below - cases / 2);
        sides.pairs += sides.case_pairs[i];
      }
      cases_below += cases;
      controls_below += controls;
      first = last;
    }
  }

  // Influence functions of Blanche et al. 2013, their supplement: the part of the pairs and that of
  // the censoring martingale.
  std::vector<double> influences(const Sides& sides, const TimeDependentAuc& result) const {
    const std::size_t rows = time_.size();
    const double n = static_cast<double>(rows);
    const double product = sides.cases * sides.controls;
    // Excess of each case's pairs, summed over the cases from a position on.
    std::vector<double> excess(rows + 1, 0.0);
    for (std::size_t i = rows; i-- > 0;) {
      const double mine =
          n * (sides.case_pairs[i] - sides.pairs * sides.case_weight[i] / sides.cases);
      excess[i] = excess[i + 1] + mine;
    }
    std::vector<double> influence(rows);
    double compensator = 0;
    std::size_t tie_begin = 0;
    for (std::size_t k = 0; k < rows; ++k) {
      if (k > 0 && time_[k] != time_[k - 1]) tie_begin = k;
      const double at_risk = static_cast<double>(rows - k);
      const bool censored = event_[k] == 0;
      if (censored) compensator += n / (at_risk * at_risk) * excess[k];
      const double jump =
          censored ? n / static_cast<double>(rows - tie_begin) * excess[tie_begin] : 0;
      const bool control = sides.control_weight[k] > 0;
      const double followed = control ? n / static_cast<double>(result.controls) : 0;
      const double as_control = n * n * sides.control_pairs[k] - n * sides.pairs;
      const double as_case =
          n * n * sides.case_pairs[k] -
          n * sides.pairs * (followed + (n * sides.case_weight[k] - sides.cases) / sides.cases);
      influence[k] = (jump - compensator + as_control + as_case) / (n * product);
    }
    return influence;
  }

  SortedRecords sorted_;
  detail::CensoringCurve censoring_;
  std::vector<std::size_t> order_;
  std::vector<double> time_, uncensored_, marker_;
  std::vector<std::int32_t> event_;
  std::vector<std::size_t> by_marker_;
};

}  // namespace

std::vector<TimeDependentAuc> time_dependent_auc(const TimeToEvent& records,
                                                 std::span<const double> marker,
                                                 std::span<const double> times) {
  std::vector<TimeDependentAuc> results;
  const Covariates covariates{{"marker"}, {marker}};
  if (!records.entry.empty() || !records.weight.empty() ||
      !detail::broken_promises(records, covariates).empty()) {
    for (const double t : times) {
      results.emplace_back();
      results.back().time = t;
    }
    return results;
  }
  TimeToEvent pooled = records;
  pooled.stratum = {};
  const AucEstimator estimator(pooled, marker);
  for (const double t : times) results.push_back(estimator.at(t));
  return results;
}

}  // namespace npcsim
