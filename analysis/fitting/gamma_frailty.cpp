#include <npcsim/fitting/detail/diagnosis.hpp>
#include <npcsim/fitting/detail/newton.hpp>
#include <npcsim/fitting/detail/plan.hpp>
#include <npcsim/fitting/detail/row_terms.hpp>
#include <npcsim/fitting/gamma_frailty.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace npcsim {
namespace {

using detail::LikelihoodPoint;
using detail::Plan;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string frailty_problem(const FitSpecification& specification, const FitData& data) {
  if (data.records.cluster.size() != data.records.rows()) return "a frailty needs clusters";
  if (specification.cure != Cure::none) return "a frailty does not go with a cured fraction";
  if (!data.records.weight.empty()) return "a frailty does not go with weights";
  if (!data.upper.empty()) return "a frailty does not go with intervals";
  if (!data.background.empty()) return "a frailty does not go with a background hazard";
  return {};
}

// log(1 + q) - q / (1 + q) and q^2 / (1 + q)^2 minus twice that, without cancellation.
struct SmallDifferences {
  double first;
  double second;
};
SmallDifferences small_differences(double q) {
  if (q > 0.05) {
    const double share = q / (1.0 + q);
    const double first = std::log1p(q) - share;
    return {first, share * share - 2.0 * first};
  }
  // Power series; the terms fall by a factor of at least 20.
  double first = 0.0;
  double second = 0.0;
  double power = -q;
  for (int k = 2; k < 16; ++k) {
    power *= -q;
    first += power * (k - 1) / k;
    second += power * (k - 1) * (1.0 - 2.0 / k);
  }
  return {first, second};
}

// The marginal likelihood; coefficients are the plan's, then log theta.
class FrailtyLikelihood {
 public:
  FrailtyLikelihood(const Plan& plan, std::size_t coefficients)
      : terms_(plan.likelihood), data_(plan.likelihood.data), p_(coefficients) {
    order_.resize(data_.records.rows());
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    const auto cluster = data_.records.cluster;
    std::stable_sort(order_.begin(), order_.end(), [&cluster](std::uint32_t a, std::uint32_t b) {
      return cluster[a] < cluster[b];
    });
    cluster_of_.resize(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const bool next = i == 0 || cluster[order_[i]] != cluster[order_[i - 1]];
      if (next) events_.push_back(0.0);
      cluster_of_[i] = events_.size() - 1;
      if (data_.records.event[order_[i]] != 0) events_.back() += 1.0;
    }
  }

  std::size_t clusters() const { return events_.size(); }

  /// Sums of (D - H)^2 - D and of H^2, for the score at theta = 0 and a start.
  std::pair<double, double> overdispersion(std::span<const double> coefficients) {
    const std::vector<double> hazards = cumulative(coefficients);
    double score = 0.0;
    double squares = 0.0;
    for (std::size_t c = 0; c < clusters(); ++c) {
      const double apart = events_[c] - hazards[c];
      score += apart * apart - events_[c];
      squares += hazards[c] * hazards[c];
    }
    return {score, squares};
  }

  LikelihoodPoint evaluate(std::span<const double> point) {
    const std::size_t n = p_ + 1;
    LikelihoodPoint out{0.0, std::vector<double>(n, 0.0), std::vector<double>(n * n, 0.0)};
    const double theta = std::exp(point[p_]);
    const std::vector<double> hazards = cumulative(point.first(p_));
    // d H_c / d coefficients, for the rank-one part and the mixed derivatives.
    std::vector<double> slopes(clusters() * n, 0.0);
    std::vector<double> factor(clusters());
    for (std::size_t c = 0; c < clusters(); ++c) {
      const double d = events_[c];
      const double q = theta * hazards[c];
      factor[c] = (1.0 + d * theta) / (1.0 + q);
      out.loglik -= (1.0 / theta + d) * std::log1p(q);
      const SmallDifferences small = small_differences(q);
      double first = small.first / (theta * theta) - d * hazards[c] / (1.0 + q);
      double second = small.second / (theta * theta * theta) +
                      d * hazards[c] * hazards[c] / ((1.0 + q) * (1.0 + q));
      for (double k = 1.0; k < d; k += 1.0) {
        out.loglik += std::log1p(k * theta);
        const double share = k / (1.0 + k * theta);
        first += share;
        second -= share * share;
      }
      out.gradient[p_] += theta * first;
      out.hessian[p_ * n + p_] += theta * theta * second + theta * first;
    }
    for_chunks(point.first(p_), [&](std::size_t first, std::size_t count) {
      add_density(first, count, out);
      add_survival(first, count, data_.records.time, 1.0, factor, slopes, out);
      if (!data_.records.entry.empty()) {
        add_survival(first, count, data_.records.entry, -1.0, factor, slopes, out);
      }
    });
    for (std::size_t c = 0; c < clusters(); ++c) {
      const double* const slope = slopes.data() + c * n;
      const double below = 1.0 + theta * hazards[c];
      const double rank_one = factor[c] * theta / below;
      const double mixed = -theta * (events_[c] - hazards[c]) / (below * below);
      for (std::size_t a = 0; a < p_; ++a) {
        for (std::size_t b = 0; b < p_; ++b)
          out.hessian[a * n + b] += rank_one * slope[a] * slope[b];
        out.hessian[a * n + p_] += mixed * slope[a];
        out.hessian[p_ * n + a] += mixed * slope[a];
      }
    }
    return out;
  }

 private:
  template <class Work>
  void for_chunks(std::span<const double> coefficients, const Work& work) {
    for (std::size_t first = 0; first < order_.size(); first += detail::chunk_rows) {
      const std::size_t count = std::min(detail::chunk_rows, order_.size() - first);
      terms_.load(std::span<const std::uint32_t>(order_).subspan(first, count), coefficients);
      work(first, count);
    }
  }

  void take_times(std::size_t first, std::size_t count, std::span<const double> column) {
    times_.resize(count);
    for (std::size_t i = 0; i < count; ++i) times_[i] = column[order_[first + i]];
  }

  std::vector<double> cumulative(std::span<const double> coefficients) {
    std::vector<double> sums(clusters(), 0.0);
    for_chunks(coefficients, [&](std::size_t first, std::size_t count) {
      const auto add = [&](std::span<const double> column, double sign) {
        take_times(first, count, column);
        terms_.log_survival(times_);
        for (std::size_t i = 0; i < count; ++i) {
          if (times_[i] > 0.0) sums[cluster_of_[first + i]] -= sign * terms_.value(i);
        }
      };
      add(data_.records.time, 1.0);
      if (!data_.records.entry.empty()) add(data_.records.entry, -1.0);
    });
    return sums;
  }

  // log h = log f - log S of events.
  void add_density(std::size_t first, std::size_t count, LikelihoodPoint& out) {
    take_times(first, count, data_.records.time);
    for (const bool density : {true, false}) {
      const double sign = density ? 1.0 : -1.0;
      density ? terms_.log_density(times_) : terms_.log_survival(times_);
      for (std::size_t i = 0; i < count; ++i) {
        if (data_.records.event[order_[first + i]] == 0) continue;
        out.loglik += sign * terms_.value(i);
        terms_.add_gradient(i, sign, out.gradient);
        terms_.add_hessian(i, sign, out.hessian);
      }
    }
  }

  // -factor dH and -factor d2H, with H = -log S.
  void add_survival(std::size_t first, std::size_t count, std::span<const double> column,
                    double sign, const std::vector<double>& factor, std::vector<double>& slopes,
                    LikelihoodPoint& out) {
    const std::size_t n = p_ + 1;
    take_times(first, count, column);
    terms_.log_survival(times_);
    for (std::size_t i = 0; i < count; ++i) {
      if (!(times_[i] > 0.0)) continue;
      const std::size_t c = cluster_of_[first + i];
      terms_.add_gradient(i, sign * factor[c], out.gradient);
      terms_.add_hessian(i, sign * factor[c], out.hessian);
      terms_.add_gradient(i, -sign, std::span<double>(slopes).subspan(c * n, n));
    }
  }

  detail::RowTerms terms_;
  const FitData& data_;
  std::size_t p_;
  std::vector<std::uint32_t> order_;     // rows, cluster by cluster
  std::vector<std::size_t> cluster_of_;  // [position in order_]
  std::vector<double> events_;           // [cluster]
  std::vector<double> times_;
};

// The plan with one more coefficient, so that what reports fits reports the variance too.
Plan with_variance(const Plan& plan) {
  Plan out = plan;
  const std::size_t p = plan.likelihood.coefficients;
  out.likelihood.coefficients = p + 1;
  out.to_output.assign((p + 1) * (p + 1), 0.0);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) out.to_output[i * (p + 1) + j] = plan.to_output[i * p + j];
  }
  out.to_output.back() = 1.0;
  FittedParameter variance;
  variance.name = variance.parameter = "frailty_variance";
  variance.transform = Transform::log;
  out.parameters.push_back(variance);
  return out;
}

void take_variance_out(FrailtyFit& out) {
  out.covariance = out.fit.covariance;
  out.variance = out.fit.parameters.back();
  out.fit.parameters.pop_back();
  const std::size_t p = out.fit.parameters.size();
  out.fit.covariance.resize(p * p);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) {
      out.fit.covariance[i * p + j] = out.covariance[i * (p + 1) + j];
    }
  }
}

void put_at_boundary(FrailtyFit& out) {
  const std::size_t p = out.fit.parameters.size();
  out.variance.name = out.variance.parameter = "frailty_variance";
  out.variance.transform = Transform::log;
  out.variance.estimate = 0.0;
  out.variance.estimate_transformed = -std::numeric_limits<double>::infinity();
  out.variance.lo95 = out.variance.hi95 = out.variance.se_transformed = not_a_number;
  out.covariance.assign((p + 1) * (p + 1), not_a_number);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) {
      out.covariance[i * (p + 1) + j] = out.fit.covariance[i * p + j];
    }
  }
  out.fit.aic += 2.0;
  out.fit.bic += std::log(static_cast<double>(out.fit.rows));
  out.fit.certificate.boundary = "frailty variance -> 0";
  out.fit.warnings.push_back(
      "the variance of the frailty tends to 0: the likelihood is highest without a frailty");
}

}  // namespace

FrailtyFit fit_gamma_frailty(const FitSpecification& specification, const FitData& data) {
  FrailtyFit out;
  // Without frailty first: it finds what is wrong with the data, counts, and is the start.
  out.fit = fit(specification, data);
  const std::string problem = frailty_problem(specification, data);
  if (!problem.empty()) {
    out.fit.converged = false;
    out.fit.problem = problem;
  }
  if (!out.fit.converged) return out;
  FitSpecification same_knots = specification;
  same_knots.knots = out.fit.knots;
  const Plan plan = detail::make_plan(same_knots, data, true);
  const std::size_t p = plan.likelihood.coefficients;
  FrailtyLikelihood likelihood(plan, p);
  out.clusters = likelihood.clusters();

  std::vector<double> start = detail::to_internal(plan, out.fit.transformed());
  const auto [score, squares] = likelihood.overdispersion(start);
  if (!(score > 0.0)) {
    put_at_boundary(out);
    return out;
  }
  start.push_back(std::log(std::clamp(score / squares, 0.05, 2.0)));
  detail::NewtonOptions options;
  options.events = static_cast<double>(out.fit.events);
  options.max_iterations = specification.max_iterations;
  const detail::NewtonResult maximum = detail::maximise(
      [&likelihood](std::span<const double> point) { return likelihood.evaluate(point); }, start,
      options);
  const Plan full = with_variance(plan);
  FitResult result = out.fit;
  result.converged = false;
  result.warnings.clear();
  result.certificate = {};
  result.parameters = full.parameters;
  detail::report(full, maximum, result);
  out.fit = std::move(result);
  take_variance_out(out);
  detail::judge(full, maximum, out.fit);
  return out;
}

double gamma_frailty_log_likelihood(const FitSpecification& specification, const FitData& data,
                                    std::span<const double> transformed, double variance) {
  if (!frailty_problem(specification, data).empty() || !(variance > 0.0)) return not_a_number;
  const Plan plan = detail::make_plan(specification, data, true);
  if (!plan.problem.empty() || transformed.size() != plan.likelihood.coefficients) {
    return not_a_number;
  }
  FrailtyLikelihood likelihood(plan, plan.likelihood.coefficients);
  std::vector<double> point = detail::to_internal(plan, transformed);
  point.push_back(std::log(variance));
  return likelihood.evaluate(point).loglik;
}

}  // namespace npcsim
