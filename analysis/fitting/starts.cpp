#include <npcsim/fitting/detail/newton.hpp>
#include <npcsim/fitting/detail/plan.hpp>
#include <npcsim/fitting/detail/starts.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace npcsim::detail {
namespace {

using Point = std::vector<double>;
using Points = std::vector<Point>;

class Starter {
 public:
  Starter(const FitData& data, const std::vector<RowGroup>& groups, const DataSummary& summary)
      : data_(data), groups_(groups), summary_(summary) {
    log_rate_ = std::log(std::max(summary.events, 0.5) / summary.exposure);
  }

  /// The best fit of a family without covariates, on the transformed scale; the start itself if
  /// Newton's method does not get anywhere.
  Point fitted(const FitSpecification& simple) const {
    const Plan plan = make_plan(simple, data_, false);
    if (!plan.problem.empty()) return {};
    const Points starts = points(simple);
    if (starts.empty()) return {};
    Likelihood likelihood(plan.likelihood, groups_);
    NewtonOptions options;
    options.events = std::max(1.0, summary_.events);
    options.tolerance = 1e-8;
    options.max_iterations = 60;
    NewtonResult best;
    for (const Point& start : starts) {
      NewtonResult result =
          maximise([&](std::span<const double> b) { return likelihood.evaluate(b); },
                   internal_start(plan, start), options);
      if (result.stop == NewtonStop::start_undefined) continue;
      if (best.point.empty() || result.at.loglik > best.at.loglik) best = std::move(result);
    }
    return best.point.empty() ? starts.front() : to_reported(plan, best.point);
  }

  Point fitted(Family family) const {
    FitSpecification simple;
    simple.family = family;
    return fitted(simple);
  }

  Points points(const FitSpecification& s) const {
    return s.cure == Cure::none ? family_points(s) : cure_points(s);
  }

 private:
  /// Limits keep what a diverging simple fit returns within reach of Newton's method.
  static double bounded(double value, double limit) { return std::clamp(value, -limit, limit); }

  Points family_points(const FitSpecification& s) const {
    // The time by which half would have failed at the crude rate stands for locations.
    const double location = -log_rate_;
    switch (s.family) {
      case Family::exponential:
        return {{log_rate_}};
      case Family::weibull:
        return {{0.0, location}};
      case Family::weibull_ph:
        return {{0.0, log_rate_}};
      case Family::gompertz:
        return {{0.0, log_rate_}};
      case Family::log_logistic:
        return {{0.2, location - 0.37}};
      case Family::log_normal:
        return {{location - 0.37, 0.1}};
      case Family::gamma:
        return {{0.0, log_rate_}};
      case Family::generalised_gamma:
        return generalised_gamma_points();
      case Family::generalised_f:
        return generalised_f_points();
      case Family::piecewise:
        return {Point(s.knots.size() + 1, log_rate_)};
      default:
        return spline_points(s);
    }
  }

  Points generalised_gamma_points() const {
    const Point weibull = fitted(Family::weibull);
    const Point normal = fitted(Family::log_normal);
    const Point gamma = fitted(Family::gamma);
    const double log_sigma = bounded(normal[1], 5.0);
    return {{normal[0], log_sigma, 0.0},
            {weibull[1], -bounded(weibull[0], 5.0), 1.0},
            {gamma[0] - gamma[1], -0.5 * bounded(gamma[0], 5.0),
             std::exp(-0.5 * bounded(gamma[0], 2.0))},
            {normal[0] - 0.3 * std::exp(log_sigma), log_sigma, -0.7}};
  }

  Points generalised_f_points() const {
    const Point logistic = fitted(Family::log_logistic);
    const Point gamma = fitted(Family::generalised_gamma);
    // The log-logistic is Q = 0, P = 1 with sigma = sqrt(2) / shape.
    const double log_sigma = 0.34657359027997264 - bounded(logistic[0], 5.0);
    return {{logistic[1], log_sigma, 0.0, 0.0},
            {gamma[0], gamma[1], gamma[2], -2.0},
            {gamma[0], gamma[1], gamma[2], -5.0},
            {logistic[1], log_sigma, 0.8, -0.5},
            {logistic[1], log_sigma, -0.8, -0.5}};
  }

  Points spline_points(const FitSpecification& s) const {
    // A straight line in log time is the Weibull, the log-logistic or the log-normal.
    Point line;
    if (s.family == Family::spline_hazard) {
      const Point p = fitted(Family::weibull_ph);
      line = {p[1], std::exp(p[0])};
    } else if (s.family == Family::spline_odds) {
      const Point p = fitted(Family::log_logistic);
      line = {-std::exp(p[0]) * p[1], std::exp(p[0])};
    } else {
      const Point p = fitted(Family::log_normal);
      line = {-p[0] * std::exp(-p[1]), std::exp(-p[1])};
    }
    const std::size_t count =
        s.knots.empty() ? static_cast<std::size_t>(s.inner_knots) + 2 : s.knots.size();
    line.resize(count, 0.0);
    return {line};
  }

  /// The family fitted to all, and to those who fail if a share theta never does, which is what a
  /// fit with theta held fixed gives.
  Points cure_points(const FitSpecification& s) const {
    FitSpecification base = s;
    base.cure = Cure::none;
    base.effects.clear();
    const Point plain = fitted(base);
    Points found;
    if (plain.empty()) return found;
    const double plateau = std::clamp(summary_.plateau, 0.02, 0.95);
    for (const double theta : {0.9 * plateau, 0.5 * plateau, 0.15 * plateau}) {
      const double logit = std::log(theta / (1.0 - theta));
      Point start{logit};
      const Point fixed = fitted_given_theta(s, logit, plain);
      start.insert(start.end(), fixed.begin(), fixed.end());
      found.push_back(start);
    }
    return found;
  }

  Point fitted_given_theta(const FitSpecification& s, double logit, const Point& plain) const {
    FitSpecification bare = s;
    bare.effects.clear();
    const Plan plan = make_plan(bare, data_, false);
    Likelihood likelihood(plan.likelihood, groups_);
    Point start{logit};
    start.insert(start.end(), plain.begin(), plain.end());
    Point full = internal_start(plan, start);
    const std::size_t rest = full.size() - 1;
    const auto restricted = [&](std::span<const double> b) {
      std::copy(b.begin(), b.end(), full.begin() + 1);
      const LikelihoodPoint all = likelihood.evaluate(full);
      LikelihoodPoint part{all.loglik, Point(rest), Point(rest * rest)};
      for (std::size_t i = 0; i < rest; ++i) {
        part.gradient[i] = all.gradient[i + 1];
        for (std::size_t j = 0; j < rest; ++j) {
          part.hessian[i * rest + j] = all.hessian[(i + 1) * (rest + 1) + j + 1];
        }
      }
      return part;
    };
    NewtonOptions options;
    options.events = std::max(1.0, summary_.events);
    options.tolerance = 1e-4;
    options.max_iterations = 30;
    const NewtonResult result = maximise(restricted, Point(full.begin() + 1, full.end()), options);
    if (result.stop == NewtonStop::start_undefined) return plain;
    std::copy(result.point.begin(), result.point.end(), full.begin() + 1);
    const Point reported = to_reported(plan, full);
    return Point(reported.begin() + 1, reported.end());
  }

  const FitData& data_;
  const std::vector<RowGroup>& groups_;
  const DataSummary& summary_;
  double log_rate_ = 0.0;
};

}  // namespace

DataSummary summarise(const FitData& data, const std::vector<RowGroup>& groups) {
  const TimeToEvent& records = data.records;
  DataSummary sum;
  struct End {
    double time;
    double weight;
    bool event;
  };
  std::vector<End> ends;
  for (const RowGroup& group : groups) {
    if (group.contribution == Contribution::entry) continue;
    for (std::size_t k = 0; k < group.count; ++k) {
      const std::size_t i = group.all ? k : group.rows[k];
      const double weight = records.weight.empty() ? 1.0 : records.weight[i];
      const bool interval =
          group.contribution == Contribution::left || group.contribution == Contribution::interval;
      const double end = interval ? 0.5 * (records.time[i] + data.upper[i]) : records.time[i];
      const double entry = records.entry.empty() ? 0.0 : records.entry[i];
      const bool event = group.contribution != Contribution::survival;
      sum.exposure += weight * (end - entry);
      if (event) sum.events += weight;
      if (ends.size() < 20000) ends.push_back({end, weight, event});
    }
  }
  if (!(sum.exposure > 0.0)) sum.exposure = 1.0;
  std::sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.time < b.time; });
  double at_risk = 0.0;
  for (const End& end : ends) at_risk += end.weight;
  sum.plateau = 1.0;
  for (const End& end : ends) {
    if (end.event) sum.plateau *= 1.0 - end.weight / at_risk;
    at_risk -= end.weight;
    if (!(at_risk > 0.0)) break;
  }
  return sum;
}

std::vector<std::vector<double>> baseline_starts(const FitSpecification& specification,
                                                 const FitData& data,
                                                 const std::vector<RowGroup>& groups,
                                                 const DataSummary& summary) {
  return Starter(data, groups, summary).points(specification);
}

}  // namespace npcsim::detail
