#include <npcsim/fitting/detail/diagnosis.hpp>
#include <npcsim/fitting/detail/newton.hpp>
#include <npcsim/fitting/detail/plan.hpp>
#include <npcsim/fitting/detail/row_terms.hpp>
#include <npcsim/fitting/stretched_time.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace npcsim {
namespace {

using detail::LikelihoodPlan;
using detail::LikelihoodPoint;
using detail::Plan;

// Whether exp(location) is the unit of time (1), or its inverse (-1); 0: neither.
int direction_of(Family family) {
  switch (family) {
    case Family::weibull:
    case Family::log_logistic:
    case Family::log_normal:
    case Family::generalised_gamma:
    case Family::generalised_f:
      return 1;
    case Family::exponential:
    case Family::gamma:
      return -1;
    default:
      return 0;
  }
}

struct Subjects {
  std::vector<std::uint32_t> order;  // rows by subject, then time
  std::vector<std::size_t> begin;    // [subject + 1] into order
};

Subjects subjects_of(const TimeToEvent& records) {
  Subjects out;
  out.order.resize(records.rows());
  std::iota(out.order.begin(), out.order.end(), std::uint32_t{0});
  std::stable_sort(out.order.begin(), out.order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (records.cluster[a] != records.cluster[b]) return records.cluster[a] < records.cluster[b];
    return records.time[a] < records.time[b];
  });
  for (std::size_t i = 0; i < out.order.size(); ++i) {
    const bool next = i == 0 || records.cluster[out.order[i]] != records.cluster[out.order[i - 1]];
    if (next) out.begin.push_back(i);
  }
  out.begin.push_back(out.order.size());
  return out;
}

double entry_of(const TimeToEvent& records, std::size_t row) {
  return records.entry.empty() ? 0.0 : records.entry[row];
}

std::string structure_problem(const FitSpecification& specification, const FitData& data) {
  const TimeToEvent& records = data.records;
  if (records.cluster.size() != records.rows()) return "the rows need subjects";
  if (!data.upper.empty()) return "covariates that change do not go with intervals";
  if (!data.background.empty()) return "covariates that change do not go with a background hazard";
  if (specification.cure != Cure::none || direction_of(specification.family) == 0) {
    return "the location of this model does not stretch time: take exponential, weibull, llogis, "
           "lnorm, gamma, gengamma or genf (for models of proportional hazards, start-stop rows "
           "need no subjects)";
  }
  const Subjects subjects = subjects_of(records);
  const std::string location = location_parameter(specification.family, Cure::none);
  for (std::size_t s = 0; s + 1 < subjects.begin.size(); ++s) {
    for (std::size_t k = subjects.begin[s] + 1; k < subjects.begin[s + 1]; ++k) {
      const std::size_t before = subjects.order[k - 1];
      const std::size_t row = subjects.order[k];
      const std::string which = "record " + std::to_string(row + 1) + ": ";
      const double gap = entry_of(records, row) - records.time[before];
      if (std::fabs(gap) > 1e-9 * records.time[row]) {
        return which + "it does not begin where the subject's row before it ends";
      }
      if (!records.event.empty() && records.event[before] != 0) {
        return which + "the subject has had the event before";
      }
      if (!records.weight.empty() && records.weight[row] != records.weight[before]) {
        return which + "the weight changes within the subject";
      }
      for (const CovariateEffect& effect : specification.effects) {
        if (effect.parameter.empty() || effect.parameter == location) continue;
        const auto column = data.covariates.columns[effect.column];
        if (column[row] != column[before]) {
          return which + "covariate '" + data.covariates.names[effect.column] +
                 "' changes, but "
                 "acts on " +
                 effect.parameter;
        }
      }
    }
  }
  return {};
}

class StretchedLikelihood {
 public:
  explicit StretchedLikelihood(const LikelihoodPlan& plan)
      : plan_(plan),
        terms_(plan),
        subjects_(subjects_of(plan.data.records)),
        direction_(direction_of(plan.family)) {
    location_ = 0;
    const std::string name = location_parameter(plan.family, Cure::none);
    const Baseline baseline{plan.family, Cure::none, nullptr, 0};
    for (int i = 0; i < parameter_count(baseline); ++i) {
      if (parameter_name(baseline, i) == name) location_ = static_cast<std::size_t>(i);
    }
    slopes_ = plan.predictors[location_].slopes;
    for (std::size_t s = 0; s + 1 < subjects_.begin.size(); ++s) {
      last_rows_.push_back(subjects_.order[subjects_.begin[s + 1] - 1]);
    }
  }

  LikelihoodPoint evaluate(std::span<const double> point) {
    const std::size_t p = plan_.coefficients;
    LikelihoodPoint out{0.0, std::vector<double>(p, 0.0), std::vector<double>(p * p, 0.0)};
    const TimeToEvent& records = plan_.data.records;
    for (std::size_t first = 0; first < last_rows_.size(); first += detail::chunk_rows) {
      const std::size_t count = std::min(detail::chunk_rows, last_rows_.size() - first);
      const auto rows = std::span<const std::uint32_t>(last_rows_).subspan(first, count);
      // Truncated subjects: minus log S at their entry.
      bool truncated = false;
      for (const Moment moment : {Moment::end, Moment::entry}) {
        if (moment == Moment::entry && !truncated) break;
        terms_.load(rows, point);
        clocks_.clear();
        times_.clear();
        for (std::size_t i = 0; i < count; ++i) {
          clocks_.push_back(clock(first + i, moment, point));
          times_.push_back(clocks_.back().time);
          truncated = truncated || entry_of(records, first_row(first + i)) > 0.0;
          double value = point[*plan_.predictors[location_].intercept] + clocks_.back().shift;
          terms_.replace(i, location_, value, clocks_.back().slope);
        }
        add(first, count, moment, out);
      }
    }
    return out;
  }

 private:
  enum class Moment { end, entry };

  // The shift of the location that stands for psi: a = direction (log t - log psi), with its
  // derivatives by the slopes.
  struct Clock {
    double time = 0;
    double shift = 0;
    double jacobian = 0;  // log of d psi / d t times t / psi, for densities
    std::vector<double> slope;
    std::vector<double> curvature;
    std::vector<double> last;  // derivative of the log speed in the last row
  };

  std::size_t first_row(std::size_t subject) const {
    return subjects_.order[subjects_.begin[subject]];
  }

  double covariate(std::size_t slope, std::size_t row) const {
    const detail::ScaledColumn& column = plan_.columns[slopes_[slope].column];
    return (column.values[row] - column.centre) * column.scale;
  }

  // With log speed u_k = -direction b x_k in row k: psi = sum of exp(u_k) d_k.
  Clock clock(std::size_t subject, Moment moment, std::span<const double> point) const {
    const TimeToEvent& records = plan_.data.records;
    const std::size_t q = slopes_.size();
    const double sign = -static_cast<double>(direction_);
    Clock out;
    out.slope.assign(q, 0.0);
    out.curvature.assign(q * q, 0.0);
    out.last.assign(q, 0.0);
    std::vector<double> x(q);
    double psi = 0.0;
    double log_speed = 0.0;
    const std::size_t begin = subjects_.begin[subject];
    const std::size_t end = moment == Moment::end ? subjects_.begin[subject + 1] : begin + 1;
    for (std::size_t k = begin; k < end; ++k) {
      const std::size_t row = subjects_.order[k];
      // The first row's covariates are those from time 0 on.
      const double from = k == begin ? 0.0 : entry_of(records, row);
      const double to = moment == Moment::end ? records.time[row] : entry_of(records, row);
      log_speed = 0.0;
      for (std::size_t s = 0; s < q; ++s) {
        x[s] = covariate(s, row);
        log_speed += sign * point[slopes_[s].coefficient] * x[s];
      }
      const double part = std::exp(log_speed) * (to - from);
      psi += part;
      for (std::size_t a = 0; a < q; ++a) {
        out.slope[a] += part * x[a];
        for (std::size_t b = 0; b < q; ++b) out.curvature[a * q + b] += part * x[a] * x[b];
      }
      out.time = to;
    }
    if (!(psi > 0.0)) return out;
    // log psi has the gradient sign m and the Hessian M - m m', with m the mean of x over psi.
    for (double& m : out.slope) m /= psi;
    for (std::size_t a = 0; a < q; ++a) {
      for (std::size_t b = 0; b < q; ++b) {
        double& c = out.curvature[a * q + b];
        c = -static_cast<double>(direction_) * (c / psi - out.slope[a] * out.slope[b]);
      }
    }
    out.shift = static_cast<double>(direction_) * (std::log(out.time) - std::log(psi));
    out.jacobian = log_speed + std::log(out.time) - std::log(psi);
    // -direction sign = 1: the slopes of the shift are the means themselves.
    for (std::size_t a = 0; a < q; ++a) out.last[a] = sign * (x[a] - out.slope[a]);
    return out;
  }

  void add(std::size_t first, std::size_t count, Moment moment, LikelihoodPoint& out) {
    const TimeToEvent& records = plan_.data.records;
    const std::size_t p = plan_.coefficients;
    const std::size_t q = slopes_.size();
    const auto is_event = [&](std::size_t i) {
      return records.event.empty() || records.event[last_rows_[first + i]] != 0;
    };
    const auto add_row = [&](std::size_t i, double factor) {
      const Clock& clock = clocks_[i];
      out.loglik += factor * terms_.value(i);
      terms_.add_gradient(i, factor, out.gradient);
      terms_.add_hessian(i, factor, out.hessian);
      const double slope = factor * terms_.slope(i, location_);
      for (std::size_t a = 0; a < q; ++a) {
        for (std::size_t b = 0; b < q; ++b) {
          out.hessian[slopes_[a].coefficient * p + slopes_[b].coefficient] +=
              slope * clock.curvature[a * q + b];
        }
      }
    };
    const auto weight = [&](std::size_t i) {
      return records.weight.empty() ? 1.0 : records.weight[last_rows_[first + i]];
    };
    // Chunks need positive times in every row; those at time 0 have log S = 0.
    for (double& t : times_) {
      if (!(t > 0.0)) t = 1.0;
    }
    if (moment == Moment::end) {
      terms_.log_density(times_);
      for (std::size_t i = 0; i < count; ++i) {
        if (!is_event(i)) continue;
        const Clock& clock = clocks_[i];
        add_row(i, weight(i));
        out.loglik += weight(i) * clock.jacobian;
        for (std::size_t a = 0; a < q; ++a) {
          out.gradient[slopes_[a].coefficient] += weight(i) * clock.last[a];
          // - Hessian of log psi, which is -direction times that of the shift.
          for (std::size_t b = 0; b < q; ++b) {
            out.hessian[slopes_[a].coefficient * p + slopes_[b].coefficient] +=
                weight(i) * static_cast<double>(direction_) * clock.curvature[a * q + b];
          }
        }
      }
    }
    terms_.log_survival(times_);
    for (std::size_t i = 0; i < count; ++i) {
      if (!(clocks_[i].time > 0.0)) continue;
      if (moment == Moment::entry) add_row(i, -weight(i));
      if (moment == Moment::end && !is_event(i)) add_row(i, weight(i));
    }
  }

  const LikelihoodPlan& plan_;
  detail::RowTerms terms_;
  Subjects subjects_;
  int direction_;
  std::size_t location_ = 0;
  std::vector<detail::Predictor::Slope> slopes_;
  std::vector<std::uint32_t> last_rows_;
  std::vector<Clock> clocks_;
  std::vector<double> times_;
};

}  // namespace

FitResult fit_stretched_time(const FitSpecification& specification, const FitData& data) {
  // As if each row's covariates had held from 0: counts, checks, and a start that is near.
  FitResult result = fit(specification, data);
  const std::string problem = structure_problem(specification, data);
  if (!problem.empty()) {
    result.converged = false;
    result.problem = problem;
  }
  if (!result.converged) return result;
  const Plan plan = detail::make_plan(specification, data, true);
  StretchedLikelihood likelihood(plan.likelihood);
  detail::NewtonOptions options;
  options.events = static_cast<double>(result.events);
  options.max_iterations = specification.max_iterations;
  const detail::NewtonResult maximum = detail::maximise(
      [&likelihood](std::span<const double> point) { return likelihood.evaluate(point); },
      detail::to_internal(plan, result.transformed()), options);
  result.converged = false;
  result.warnings.clear();
  result.certificate = {};
  detail::report(plan, maximum, result);
  detail::judge(plan, maximum, result);
  // The pieces of one subject are one observation.
  const auto subjects = static_cast<double>(subjects_of(data.records).begin.size() - 1);
  result.bic =
      -2.0 * result.loglik + static_cast<double>(result.parameters.size()) * std::log(subjects);
  return result;
}

double stretched_time_log_likelihood(const FitSpecification& specification, const FitData& data,
                                     std::span<const double> transformed) {
  const Plan plan = detail::make_plan(specification, data, true);
  if (!structure_problem(specification, data).empty() || !plan.problem.empty() ||
      transformed.size() != plan.likelihood.coefficients) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  StretchedLikelihood likelihood(plan.likelihood);
  return likelihood.evaluate(detail::to_internal(plan, transformed)).loglik;
}

}  // namespace npcsim
