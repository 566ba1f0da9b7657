#include <npcsim/survival/detail/incidence_variance.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace npcsim::detail {

namespace {

// A cluster's influence on F(t) is a + b F(t) + W (F(t) G(t) - H(t)), H = A + B: a and b gather
// what ended or entered, W is its weight at risk. Few clusters are summed afresh at each event
// time; for many, six running sums of products follow every change, so that all points together
// cost one step for each record.
class IncidenceInfluence {
  using State = std::array<double, 3>;  // a, b, W

 public:
  IncidenceInfluence(const SortedRecords& records, const GroupTimeline& timeline,
                     std::int32_t cause, const std::vector<double>& survival_before,
                     const CauseCurve& curve)
      : records_(records),
        timeline_(timeline),
        cause_(cause),
        survival_before_(survival_before),
        curve_(curve) {
    std::size_t clusters = 0;
    number_ = cluster_numbers(records, timeline, clusters);
    state_.assign(clusters, {0, 0, 0});
    se_.reserve(timeline.points());
    afresh_ = few_terms(timeline, clusters);
  }

  void enter(std::size_t i) {
    const double w = records_.weight_at(timeline_.positions[i]);
    change(i, {w * h_, -w * g_, w});
  }
  void point(std::size_t p) {
    const double n = timeline_.at_risk[p];
    const double d = timeline_.events[p];
    h_ += survival_before_[p] * (curve_.events[p] / n) / n;
    if (d > 0 && n - d > 0) {
      const double g = d / (n * (n - d));
      g_ += g;
      h_ += curve_.incidence[p] * g;
    }
  }
  void leave(std::size_t i, std::size_t p) {
    const std::size_t position = timeline_.positions[i];
    const double w = records_.weight_at(position);
    const double left = timeline_.at_risk[p] - timeline_.events[p];
    const std::int32_t event = records_.event()[position];
    double a = -w * h_;
    double b = w * g_;
    if (event > 0 && (event == cause_ || cause_ == any_cause)) {
      a += w * survival_before_[p] / timeline_.at_risk[p];
    }
    if (event > 0 && left > 0) {
      a += w * curve_.incidence[p] / left;
      b -= w / left;
    }
    change(i, {a, b, -w});
  }
  void after(std::size_t p) {
    if (timeline_.event_count[p] == 0) {
      se_.push_back(se_.empty() ? 0.0 : se_.back());
      return;
    }
    const double f = curve_.incidence[p];
    const State x{1, f, f * g_ - h_};
    double variance = 0;
    if (afresh_) {
      for (const State& s : state_) {
        const double u = s[0] * x[0] + s[1] * x[1] + s[2] * x[2];
        variance += u * u;
      }
    } else {
      for (std::size_t j = 0; j < 3; ++j) {
        variance += sums_[j][j] * x[j] * x[j];
        for (std::size_t k = 0; k < j; ++k) variance += 2 * sums_[j][k] * x[j] * x[k];
      }
      variance = above_rounding(variance, largest_);
    }
    se_.push_back(std::sqrt(variance));
  }
  std::vector<double> se() { return std::move(se_); }

 private:
  void change(std::size_t i, const State& by) {
    State& state = state_[number_.empty() ? i : number_[i]];
    const State old = state;
    for (std::size_t j = 0; j < 3; ++j) state[j] += by[j];
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k <= j; ++k) sums_[j][k] += state[j] * state[k] - old[j] * old[k];
    }
  }

  const SortedRecords& records_;
  const GroupTimeline& timeline_;
  std::int32_t cause_;
  const std::vector<double>& survival_before_;
  const CauseCurve& curve_;
  std::vector<std::uint32_t> number_;
  std::vector<State> state_;  // [cluster]
  std::array<State, 3> sums_{};
  std::vector<double> se_;
  bool afresh_ = true;
  double largest_ = 0;
  double g_ = 0;
  double h_ = 0;
};

}  // namespace

std::vector<double> jackknife_se(const SortedRecords& records, const GroupTimeline& timeline,
                                 std::int32_t cause, const std::vector<double>& survival_before,
                                 const CauseCurve& curve) {
  IncidenceInfluence influence(records, timeline, cause, survival_before, curve);
  follow(records, timeline, influence);
  return influence.se();
}

// Events of the cause move F by 1 + F(s) / S(s) - F(t) / S(s) per unit of S- dN / n, events of
// other causes by F(s) / S(s) - F(t) / S(s); v1, v2, v3 are the sums of squares and products of the
// parts with and without F(t).
std::vector<double> aalen_se(const GroupTimeline& timeline,
                             const std::vector<double>& survival_before, const CauseCurve& curve) {
  std::vector<double> se;
  se.reserve(timeline.points());
  double v1 = 0;
  double v2 = 0;
  double v3 = 0;
  for (std::size_t p = 0; p < timeline.points(); ++p) {
    const double n = timeline.at_risk[p];
    const double incidence = curve.incidence[p];
    const double after = survival_before[p] * ((n - timeline.events[p]) / n);
    const double per_survival = after > 0 ? 1 / after : 0;
    const auto add = [&](double events, double moves) {
      if (!(events > 0)) return;
      const double ties = events > 1 ? 1 - (events - 1) / (n - 1) : 1;
      const double step = survival_before[p] / n;
      const double spread = step * step * ties * events;
      v1 += moves * moves * spread;
      v2 += per_survival * moves * spread;
      v3 += per_survival * per_survival * spread;
    };
    if (after > 0) add(timeline.events[p] - curve.events[p], incidence * per_survival);
    add(curve.events[p], 1 + incidence * per_survival);
    se.push_back(std::sqrt(std::max(v1 - incidence * (2 * v2 - incidence * v3), 0.0)));
  }
  return se;
}

}  // namespace npcsim::detail
