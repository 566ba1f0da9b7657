#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/fitting/detail/diagnosis.hpp>
#include <npcsim/hazard/spline.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <Eigen/Dense>

namespace npcsim::detail {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// An effect per standard deviation of its covariate, or a baseline parameter on its transformed
/// scale, that is known no better than this (standard error) is not known at all.
constexpr double hopeless_se = 60.0;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

bool is_event(const FitData& data, std::size_t i) {
  const TimeToEvent& records = data.records;
  if (!records.event.empty() && records.event[i] == 0) return false;
  return data.upper.empty() || !(data.upper[i] > records.time[i]) || std::isfinite(data.upper[i]);
}

/// A two-valued covariate one of whose values has no events: its effect would be infinite.
std::string group_without_events(const Plan& plan) {
  const FitData& data = plan.likelihood.data;
  for (const FittedParameter& effect : plan.parameters) {
    if (!effect.column) continue;
    const std::span<const double> column = data.covariates.columns[*effect.column];
    const double first = column[0];
    double second = first;
    bool two = true;
    bool first_has = false;
    bool second_has = false;
    for (std::size_t i = 0; i < column.size() && two; ++i) {
      if (column[i] != first && second == first) second = column[i];
      two = column[i] == first || column[i] == second;
      const bool event = is_event(data, i);
      first_has = first_has || (event && column[i] == first);
      second_has = second_has || (event && column[i] != first);
    }
    if (!two || (first_has && second_has)) continue;
    return "there are no events among records with " + data.covariates.names[*effect.column] +
           " = " + number(first_has ? second : first) + ": the effect of " + effect.name +
           " cannot be estimated";
  }
  return {};
}

/// A piece in which nobody has the event, or nobody is at risk.
std::string piece_without_events(const Plan& plan) {
  const LikelihoodPlan& like = plan.likelihood;
  const std::vector<double>& changes = like.knots;
  const TimeToEvent& records = like.data.records;
  std::vector<std::size_t> events(changes.size() + 1, 0);
  for (std::size_t i = 0; i < records.rows(); ++i) {
    if (!is_event(like.data, i)) continue;
    const auto piece = [&](double t) {
      return static_cast<std::size_t>(std::lower_bound(changes.begin(), changes.end(), t) -
                                      changes.begin());
    };
    const double upper = like.data.upper.empty() ? records.time[i] : like.data.upper[i];
    const std::size_t last = upper > records.time[i] ? piece(upper) : piece(records.time[i]);
    for (std::size_t k = piece(records.time[i]); k <= last; ++k) ++events[k];
  }
  for (std::size_t k = 0; k < events.size(); ++k) {
    if (events[k] > 0) continue;
    const std::string from = k == 0 ? "0" : number(changes[k - 1]);
    return "there are no events " +
           (k < changes.size() ? "between times " + from + " and " + number(changes[k])
                               : "after time " + from) +
           ": rate_" + std::to_string(k) + " cannot be estimated";
  }
  return {};
}

/// Covariates on one parameter that are linear combinations of each other, in words.
std::string collinear_covariates(const Plan& plan) {
  for (const Predictor& predictor : plan.likelihood.predictors) {
    const auto p = static_cast<Eigen::Index>(predictor.slopes.size());
    if (p < 2) continue;
    const std::size_t rows = plan.likelihood.data.records.rows();
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(p, p);
    Eigen::VectorXd x(p);
    for (std::size_t i = 0; i < rows; ++i) {
      for (Eigen::Index a = 0; a < p; ++a) {
        const ScaledColumn& column =
            plan.likelihood.columns[predictor.slopes[static_cast<std::size_t>(a)].column];
        x[a] = (column.values[i] - column.centre) * column.scale;
      }
      gram.selfadjointView<Eigen::Lower>().rankUpdate(x);
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram / static_cast<double>(rows));
    if (solver.eigenvalues()[0] > 1e-10) continue;
    std::string names;
    for (Eigen::Index a = 0; a < p; ++a) {
      if (std::fabs(solver.eigenvectors()(a, 0)) < 1e-3) continue;
      const std::size_t coefficient = predictor.slopes[static_cast<std::size_t>(a)].coefficient;
      names += (names.empty() ? "" : ", ") + plan.parameters[coefficient].name;
    }
    return "covariates are linear combinations of each other: " + names;
  }
  return {};
}

/// Coefficients that take part in the direction that the data say least about.
std::string weak_names(const Plan& plan, const NewtonResult& maximum) {
  std::string names;
  for (std::size_t i = 0; i < maximum.weakest.size(); ++i) {
    if (std::fabs(maximum.weakest[i]) < 0.3) continue;
    names += (names.empty() ? "" : ", ") + plan.parameters[i].name;
  }
  return names;
}

bool about_theta(const Plan& plan, const std::string& name) {
  for (const FittedParameter& p : plan.parameters) {
    if (p.name == name) return p.parameter == "theta";
  }
  return false;
}

void name_oddities(const Plan& plan, FitResult& result) {
  std::vector<double> means(result.covariate_names.size(), 0.0);
  for (const FittedParameter& effect : result.parameters) {
    if (!effect.column) continue;
    double sum = 0.0;
    const std::span<const double> column = plan.likelihood.data.covariates.columns[*effect.column];
    for (const double x : column) sum += x;
    means[*effect.column] = sum / static_cast<double>(column.size());
  }
  const std::vector<double> natural = result.natural_parameters(means);
  const std::size_t cured = result.cure == Cure::none ? 0 : 1;
  const auto note = [&](const std::string& boundary, const std::string& words) {
    if (result.certificate.boundary.empty()) result.certificate.boundary = boundary;
    result.warnings.push_back(words);
  };
  switch (result.family) {
    case Family::generalised_gamma:
    case Family::generalised_f:
      if (natural[cured + 2] <= 0.0) {
        note("Q <= 0", "Q is " + number(natural[cured + 2]) +
                           ", not above 0: the hazard rises and then falls, with a heavier tail "
                           "than the log-normal's");
      }
      break;
    case Family::gompertz:
      if (natural[cured] < 0.0) {
        note("gompertz shape < 0",
             "the shape of the Gompertz is negative: the model implies that a fraction " +
                 number(std::exp(natural[cured + 1] / natural[cured])) + " never has the event");
      }
      break;
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal: {
      const SplineCheck check = spline_is_monotone(result.baseline(), natural.data());
      if (!check.increases) {
        note("spline not monotone at time " + number(check.time),
             "the spline falls near time " + number(check.time) +
                 ", so the hazard is negative there: use fewer knots");
      }
      break;
    }
    default:
      break;
  }
}

}  // namespace

double to_natural(Transform transform, double value) {
  if (transform == Transform::log) return std::exp(value);
  if (transform == Transform::logit) return 1.0 / (1.0 + std::exp(-value));
  return value;
}

std::string runaway(const Plan& plan, const NewtonResult& maximum) {
  const std::vector<double> inverse = inverse_information(maximum.at);
  const std::size_t p = maximum.point.size();
  for (std::size_t i = p; i-- > 0;) {
    const bool effect = plan.parameters[i].column.has_value();
    const bool far = std::fabs(maximum.point[i]) > (effect ? 25.0 : 600.0);
    const bool flat = !inverse.empty() && std::sqrt(inverse[i * p + i]) > hopeless_se;
    if (far || flat) return plan.parameters[i].name;
  }
  return {};
}

std::string hopeless(const Plan& plan, const FitResult& counts) {
  const std::size_t informative = counts.events + counts.interval_rows;
  const std::size_t wanted = plan.likelihood.coefficients;
  if (informative == 0) return "there are no events: every record is censored";
  if (informative < wanted) {
    return "there are fewer events (" + std::to_string(informative) + ") than parameters (" +
           std::to_string(wanted) + ")";
  }
  std::string reason = group_without_events(plan);
  if (reason.empty() && plan.likelihood.family == Family::piecewise) {
    reason = piece_without_events(plan);
  }
  return reason;
}

void report(const Plan& plan, const NewtonResult& maximum, FitResult& result) {
  const std::size_t count = plan.likelihood.coefficients;
  result.covariance.assign(count * count, not_a_number);
  if (maximum.point.empty()) return;
  const std::vector<double> beta = to_reported(plan, maximum.point);
  const std::vector<double> inverse = inverse_information(maximum.at);
  if (!inverse.empty()) {
    const auto p = static_cast<Eigen::Index>(count);
    const Eigen::Map<const RowMatrix> map(plan.to_output.data(), p, p);
    const Eigen::Map<const RowMatrix> internal(inverse.data(), p, p);
    Eigen::Map<RowMatrix>(result.covariance.data(), p, p) = map * internal * map.transpose();
  }
  for (std::size_t i = 0; i < count; ++i) {
    FittedParameter& parameter = result.parameters[i];
    const double se = std::sqrt(result.covariance[i * count + i]);
    parameter.estimate_transformed = beta[i];
    parameter.se_transformed = se;
    parameter.estimate = to_natural(parameter.transform, beta[i]);
    parameter.lo95 = to_natural(parameter.transform, beta[i] - z_95 * se);
    parameter.hi95 = to_natural(parameter.transform, beta[i] + z_95 * se);
  }
  result.loglik = maximum.at.loglik;
  const auto parameters = static_cast<double>(count);
  result.aic = -2.0 * result.loglik + 2.0 * parameters;
  result.bic = -2.0 * result.loglik + parameters * std::log(static_cast<double>(result.rows));
  result.certificate.newton_decrement = maximum.decrement;
  result.certificate.gradient_in_se = maximum.gradient_in_se;
  result.certificate.smallest_eigenvalue = maximum.smallest_eigenvalue;
  result.certificate.iterations = maximum.iterations;
}

void judge(const Plan& plan, const NewtonResult& maximum, FitResult& result) {
  if (maximum.point.empty()) {
    result.problem = "the likelihood is not finite at any start";
    return;
  }
  const bool stopped_well = maximum.stop == NewtonStop::converged && maximum.decrement < 1e-10 &&
                            maximum.gradient_in_se < 1e-5;
  const std::string away = runaway(plan, maximum);
  if (stopped_well && away.empty()) {
    result.converged = true;
    name_oddities(plan, result);
    if (maximum.higher_elsewhere > 0.0) {
      result.warnings.push_back("this is a local maximum: the log-likelihood is higher by " +
                                number(maximum.higher_elsewhere) +
                                " far out, where it is flat and parameters run away");
    }
    return;
  }
  result.problem = collinear_covariates(plan);
  if (!result.problem.empty()) return;
  if (!away.empty() && result.cure != Cure::none && about_theta(plan, away)) {
    result.certificate.boundary = "cure fraction -> 0";
    result.problem =
        "the cured fraction tends to 0 or 1 in some records, so that the data do not "
        "determine " +
        away + ": try the model without cured patients";
    return;
  }
  if (!away.empty()) {
    result.problem = "the likelihood is flat: " + away +
                     " runs away without end, so the data do not determine it (separation, or a "
                     "model with too many parameters)";
    return;
  }
  const std::string names = weak_names(plan, maximum);
  result.problem = maximum.smallest_eigenvalue > 1e-12
                       ? "the search for the maximum did not end within its iterations"
                       : "the likelihood has no proper maximum: it is flat or rises without end in "
                         "the direction of " +
                             names;
}

std::string limiting_parameter(const FitResult& result) {
  for (const FittedParameter& p : result.parameters) {
    const bool may_vanish = p.name == "P" || (p.name == "theta" && result.cure == Cure::mixture);
    const bool vague = !(p.se_transformed < 20.0) || !result.converged;
    if (p.column || !may_vanish || !vague || !(p.estimate_transformed < -6.0)) continue;
    // With covariates on it there is no single limit.
    const bool depends = std::any_of(
        result.parameters.begin(), result.parameters.end(),
        [&](const FittedParameter& other) { return other.column && other.parameter == p.name; });
    if (!depends) return p.name;
  }
  return {};
}

void take_limit(const std::string& parameter, const FitResult& limit, FitResult& result) {
  const std::size_t count = result.parameters.size();
  const auto gone = static_cast<std::size_t>(
      std::find_if(result.parameters.begin(), result.parameters.end(),
                   [&](const FittedParameter& p) { return !p.column && p.name == parameter; }) -
      result.parameters.begin());
  const auto place = [gone](std::size_t i) { return i < gone ? i : i - 1; };
  for (std::size_t i = 0; i < count; ++i) {
    FittedParameter& p = result.parameters[i];
    if (i == gone) {
      p.estimate = 0.0;
      p.estimate_transformed = -std::numeric_limits<double>::infinity();
      p.lo95 = p.hi95 = p.se_transformed = not_a_number;
    } else {
      const FittedParameter& from = limit.parameters[place(i)];
      p.estimate = from.estimate;
      p.lo95 = from.lo95;
      p.hi95 = from.hi95;
      p.estimate_transformed = from.estimate_transformed;
      p.se_transformed = from.se_transformed;
    }
    for (std::size_t j = 0; j < count; ++j) {
      result.covariance[i * count + j] = i == gone || j == gone
                                             ? not_a_number
                                             : limit.covariance[place(i) * (count - 1) + place(j)];
    }
  }
  result.converged = limit.converged;
  result.problem = limit.problem;
  result.loglik = limit.loglik;
  result.aic = -2.0 * result.loglik + 2.0 * static_cast<double>(count);
  result.bic = -2.0 * result.loglik +
               static_cast<double>(count) * std::log(static_cast<double>(result.rows));
  result.certificate = limit.certificate;
  const bool cure = parameter == "theta";
  result.certificate.boundary = cure ? "cure fraction -> 0" : parameter + " -> 0";
  result.warnings = limit.warnings;
  result.warnings.push_back(
      cure ? "the cure fraction tends to 0: the likelihood is highest without cured patients; "
             "estimates are those of model " +
                 limit.model
           : parameter +
                 " tends to 0: the likelihood is highest in the limit; estimates are "
                 "those of model " +
                 limit.model);
}

}  // namespace npcsim::detail
