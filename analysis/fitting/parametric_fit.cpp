#include <npcsim/fitting/detail/diagnosis.hpp>
#include <npcsim/fitting/detail/newton.hpp>
#include <npcsim/fitting/detail/plan.hpp>
#include <npcsim/fitting/detail/starts.hpp>
#include <npcsim/fitting/parametric_fit.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace npcsim {

using detail::Likelihood;
using detail::NewtonOptions;
using detail::NewtonResult;
using detail::NewtonStop;
using detail::Plan;
using detail::RowGroup;

std::size_t FitResult::baseline_count() const {
  return static_cast<std::size_t>(parameter_count(baseline()));
}

Baseline FitResult::baseline() const {
  return {family, cure, knots.data(), static_cast<int>(knots.size())};
}

std::vector<double> FitResult::transformed() const {
  std::vector<double> values;
  for (const FittedParameter& p : parameters) values.push_back(p.estimate_transformed);
  return values;
}

std::vector<double> FitResult::natural_parameters(std::span<const double> covariates) const {
  return natural_parameters(covariates, transformed());
}

std::vector<double> FitResult::natural_parameters(std::span<const double> covariates,
                                                  std::span<const double> coefficients) const {
  const std::size_t m = baseline_count();
  std::vector<double> natural(coefficients.begin(),
                              coefficients.begin() + static_cast<std::ptrdiff_t>(m));
  const std::size_t cured = cure == Cure::none ? 0 : 1;
  for (std::size_t i = m; i < parameters.size(); ++i) {
    const FittedParameter& effect = parameters[i];
    const double shift = coefficients[i] * covariates[*effect.column];
    for (std::size_t k = 0; k < m; ++k) {
      const bool all_rates = effect.parameter == "rate" && family == Family::piecewise;
      if (all_rates ? k >= cured : parameters[k].name == effect.parameter) natural[k] += shift;
    }
  }
  for (std::size_t k = 0; k < m; ++k) {
    natural[k] = detail::to_natural(parameters[k].transform, natural[k]);
  }
  return natural;
}

namespace {

/// Fewest rows for which a fit to a part of them pays as a start.
constexpr std::size_t large = 40000;
constexpr std::size_t part_rows = 8192;
constexpr double part_events = 800.0;

/// log P of the generalised F, logit of a mixture's cured fraction; if no covariate acts on it.
std::optional<std::size_t> vanishing_coefficient(const Plan& plan) {
  const detail::LikelihoodPlan& like = plan.likelihood;
  const std::size_t cured = like.cure == Cure::none ? 0 : 1;
  std::optional<std::size_t> found;
  if (like.cure == Cure::mixture) found = 0;
  if (like.family == Family::generalised_f) found = cured + 3;
  return found && like.predictors[*found].slopes.empty() ? found : std::nullopt;
}

NewtonResult climb(const Plan& plan, const std::vector<RowGroup>& groups, std::vector<double> start,
                   NewtonOptions options) {
  options.may_vanish = vanishing_coefficient(plan);
  Likelihood likelihood(plan.likelihood, groups);
  return detail::maximise([&](std::span<const double> b) { return likelihood.evaluate(b); },
                          std::move(start), options);
}

struct Candidate {
  std::vector<double> start;
  double loglik;
};

/// The highest proper maximum. One that is only reached along a ridge without end loses against a
/// proper one, which then remembers the difference; a limit (P or theta to 0) is as good as proper.
NewtonResult choose(const Plan& plan, std::vector<NewtonResult>& found) {
  const NewtonResult* best = nullptr;
  const NewtonResult* proper = nullptr;
  for (const NewtonResult& result : found) {
    if (result.stop == NewtonStop::start_undefined) continue;
    const auto higher = [&result](const NewtonResult* than) {
      return than == nullptr || result.at.loglik > than->at.loglik;
    };
    if (higher(best)) best = &result;
    const bool good = result.stop == NewtonStop::limit || (result.stop == NewtonStop::converged &&
                                                           detail::runaway(plan, result).empty());
    if (good && higher(proper)) proper = &result;
  }
  if (best == nullptr) return {};
  if (proper == nullptr) return *best;
  NewtonResult result = *proper;
  const double difference = best->at.loglik - proper->at.loglik;
  if (difference > 1e-6) result.higher_elsewhere = difference;
  return result;
}

/// Best point over all starts, on the given rows.
NewtonResult best_climb(const FitSpecification& specification, const FitData& data,
                        const Plan& plan, const std::vector<RowGroup>& groups, double tolerance) {
  const detail::DataSummary summary = detail::summarise(data, groups);
  NewtonOptions options;
  options.events = std::max(1.0, summary.events);
  options.max_iterations = specification.max_iterations;
  const auto starts = detail::baseline_starts(specification, data, groups, summary);
  // Starts are first improved without covariates, which is quick; equal maxima are kept once.
  const Plan bare = detail::make_plan(specification, data, false);
  std::vector<Candidate> candidates;
  const bool several = starts.size() > 1;
  for (const std::vector<double>& start : starts) {
    options.tolerance = several ? 1e-4 : 1e-2;
    const NewtonResult result = climb(bare, groups, detail::internal_start(bare, start), options);
    if (result.stop == NewtonStop::start_undefined) continue;
    const bool known = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
      return std::fabs(c.loglik - result.at.loglik) < 1e-3;
    });
    if (!known) {
      candidates.push_back({detail::to_reported(bare, result.point), result.at.loglik});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.loglik > b.loglik; });
  if (candidates.size() > 3) candidates.resize(3);
  // With covariates another start may lead further than the one that was best without them.
  if (several && plan.parameters.size() > bare.parameters.size() &&
      data.records.rows() <= part_rows) {
    for (const std::vector<double>& start : starts) candidates.push_back({start, 0.0});
  }
  options.tolerance = tolerance;
  std::vector<NewtonResult> found;
  for (const Candidate& candidate : candidates) {
    found.push_back(climb(plan, groups, detail::internal_start(plan, candidate.start), options));
  }
  return choose(plan, found);
}

NewtonResult find_maximum(const FitSpecification& specification, const FitData& data,
                          const Plan& plan, double events) {
  constexpr double full_tolerance = 1e-15;
  const std::vector<RowGroup> all = detail::group_rows(data, 1);
  const auto rows = data.records.rows();
  const std::size_t step =
      rows < large
          ? 1
          : std::max<std::size_t>(
                1, std::min(rows / part_rows, static_cast<std::size_t>(events / part_events)));
  if (step > 1) {
    const std::vector<RowGroup> part = detail::group_rows(data, step);
    const NewtonResult rough = best_climb(specification, data, plan, part, 1e-6);
    if (rough.stop == NewtonStop::converged || rough.stop == NewtonStop::limit) {
      NewtonOptions options;
      options.events = events;
      options.tolerance = full_tolerance;
      options.max_iterations = specification.max_iterations;
      NewtonResult result = climb(plan, all, rough.point, options);
      if (result.stop == NewtonStop::converged || result.stop == NewtonStop::limit) {
        return result;
      }
    }
  }
  return best_climb(specification, data, plan, all, full_tolerance);
}

void count_rows(const FitData& data, FitResult& result) {
  const TimeToEvent& records = data.records;
  result.rows = records.rows();
  for (std::size_t i = 0; i < records.rows(); ++i) {
    const double weight = records.weight.empty() ? 1.0 : records.weight[i];
    const bool event = records.event.empty() || records.event[i] != 0;
    const double upper = data.upper.empty() ? records.time[i] : data.upper[i];
    const bool interval = event && upper > records.time[i];
    if (event && !interval) {
      ++result.events;
      result.events_weighted += weight;
    }
    if (interval && std::isfinite(upper)) {
      ++result.interval_rows;
      result.events_weighted += weight;
    }
    result.time_at_risk += records.time[i] - (records.entry.empty() ? 0.0 : records.entry[i]);
  }
}

}  // namespace

FitResult fit(const FitSpecification& specification, const FitData& data) {
  FitResult result;
  result.family = specification.family;
  result.cure = specification.cure;
  result.model = model_name(specification.family, specification.cure);
  result.covariate_names = data.covariates.names;
  result.problem = detail::data_problem(specification, data);
  if (!result.problem.empty()) return result;
  count_rows(data, result);
  const Plan plan = detail::make_plan(specification, data, true);
  result.knots = plan.likelihood.knots;
  result.parameters = plan.parameters;
  result.problem = plan.problem;
  if (result.problem.empty()) result.problem = detail::hopeless(plan, result);
  if (!result.problem.empty()) return result;
  // What is fitted is what was placed: starts and simpler fits use the same knots.
  FitSpecification placed = specification;
  placed.knots = plan.likelihood.knots;
  const NewtonResult maximum = find_maximum(placed, data, plan, result.events_weighted);
  detail::report(plan, maximum, result);
  detail::judge(plan, maximum, result);
  const std::string vanishing = detail::limiting_parameter(result);
  if (!vanishing.empty()) {
    FitSpecification simpler = placed;
    if (vanishing == "theta") {
      simpler.cure = Cure::none;
    } else {
      simpler.family = Family::generalised_gamma;
    }
    const FitResult limit = fit(simpler, data);
    if (limit.converged && limit.loglik > result.loglik - 1e-4) {
      detail::take_limit(vanishing, limit, result);
    }
  }
  return result;
}

double log_likelihood(const FitSpecification& specification, const FitData& data,
                      std::span<const double> transformed) {
  constexpr double undefined = -std::numeric_limits<double>::infinity();
  if (!detail::data_problem(specification, data).empty()) return undefined;
  const Plan plan = detail::make_plan(specification, data, true);
  if (!plan.problem.empty() || transformed.size() != plan.likelihood.coefficients) {
    return undefined;
  }
  const std::vector<RowGroup> groups = detail::group_rows(data, 1);
  Likelihood likelihood(plan.likelihood, groups);
  const double value = likelihood.evaluate(detail::to_internal(plan, transformed)).loglik;
  return std::isfinite(value) ? value : undefined;
}

}  // namespace npcsim
