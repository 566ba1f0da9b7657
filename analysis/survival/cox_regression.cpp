#include <npcsim/survival/case_weights.hpp>
#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/detail/chi_square.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/detail/matrix.hpp>
#include <npcsim/survival/detail/partial_likelihood.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/score_residuals.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {

namespace {

using detail::Cholesky;
using detail::Derivatives;
using detail::PartialLikelihood;

// Below this distance from the maximum, in standard errors, another step changes rounding alone.
constexpr double small_decrement = 1e-11;
// From here on Newton's steps ought to shrink quadratically; if the linear predictor still moves,
// the likelihood has no maximum.
constexpr double decrement_near_maximum = 1e-4;
constexpr double spread_without_maximum = 0.3;
// Linear predictors of rows that differ by more: e^15 = 3 million times the hazard.
constexpr double spread_of_no_data = 15;

bool wants_sandwich(const TimeToEvent& records, const CoxOptions& options) {
  if (options.sandwich != Sandwich::automatic) return options.sandwich == Sandwich::always;
  return !records.cluster.empty() || !are_counts(records.weight);
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

// Names of columns that are constant at risk or follow from the columns before them.
std::vector<std::string> redundant_columns(const PartialLikelihood& likelihood,
                                           const Derivatives& at,
                                           const std::vector<std::string>& names) {
  constexpr double noise = 1e-12;
  const std::size_t p = likelihood.count();
  std::vector<double> information = at.information;
  for (std::size_t j = 0; j < p; ++j) {
    if (information[j * p + j] > noise * at.second_moment[j]) continue;
    for (std::size_t k = 0; k < p; ++k) information[j * p + k] = information[k * p + j] = 0;
  }
  const Cholesky factor(information, p);
  std::vector<std::string> redundant;
  for (const std::size_t j : factor.dependent()) redundant.push_back(names[j]);
  return redundant;
}

class Maximiser {
 public:
  Maximiser(PartialLikelihood& likelihood, CoxRegression& fit, int most_iterations)
      : likelihood_(likelihood), fit_(fit), most_iterations_(most_iterations) {}

  // Starts from the derivatives at beta = 0.
  void run(Derivatives at) {
    const std::size_t p = likelihood_.count();
    beta.assign(p, 0.0);
    double best = std::numeric_limits<double>::infinity();
    for (fit_.iterations = 1; fit_.iterations <= most_iterations_; ++fit_.iterations) {
      const Cholesky factor(at.information, p);
      if (!factor.full_rank()) {
        // The information was of full rank at 0: it vanishes on the way to infinity.
        std::vector<double> step(p, 0.0);
        for (const std::size_t j : factor.dependent()) step[j] = 1;
        name_infinite(step);
        return;
      }
      const std::vector<double> step = factor.solve(at.gradient);
      const double decrement = std::sqrt(std::max(factor.quadratic_form(at.gradient), 0.0));
      if (decrement < decrement_near_maximum && likelihood_.spread(step) > spread_without_maximum) {
        name_infinite(step);
        return;
      }
      if (decrement < small_decrement || (decrement < 1e-8 && !(decrement < best / 2))) {
        fit_.status = CoxStatus::converged;
        fit_.newton_decrement = decrement;
        found = std::move(at);
        return;
      }
      best = std::min(best, decrement);
      if (!advance(step, at)) break;
    }
    fit_.iterations = std::min(fit_.iterations, most_iterations_);
    // Hazards that differ this much between rows are on their way to infinity.
    if (likelihood_.spread(beta) > spread_of_no_data) name_infinite(beta);
  }

  std::vector<double> beta;  // standardised
  Derivatives found;

 private:
  // A step, halved until the likelihood does not fall by more than rounding.
  bool advance(const std::vector<double>& step, Derivatives& at) {
    constexpr int most_halvings = 40;
    double share = 1;
    for (int halving = 0; halving < most_halvings; ++halving) {
      std::vector<double> next = beta;
      for (std::size_t j = 0; j < next.size(); ++j) next[j] += share * step[j];
      Derivatives there;
      likelihood_.evaluate(next, there);
      const double rounding = 1e-12 * (std::fabs(at.log_likelihood) + 1);
      if (there.finite && there.log_likelihood >= at.log_likelihood - rounding) {
        beta = std::move(next);
        at = std::move(there);
        return true;
      }
      share /= 2;
    }
    return false;
  }

  void name_infinite(const std::vector<double>& step) {
    fit_.status = CoxStatus::infinite;
    std::vector<std::string> names;
    std::vector<double> alone(step.size(), 0.0);
    for (std::size_t j = 0; j < step.size(); ++j) {
      alone[j] = step[j];
      if (step[j] != 0 && likelihood_.spread(alone) > 0.1) names.push_back(fit_.names[j]);
      alone[j] = 0;
    }
    fit_.warnings.push_back(
        "the partial likelihood has no maximum: the coefficient of " + list(names) +
        " runs to infinity (the events are separated, or a group has no events)");
  }

  PartialLikelihood& likelihood_;
  CoxRegression& fit_;
  int most_iterations_;
};

// Groups, that is columns of two values, without events.
void name_groups_without_events(const PartialLikelihood& likelihood, CoxRegression& fit) {
  for (std::size_t j = 0; j < likelihood.count(); ++j) {
    const auto column = likelihood.column(j);
    if (column.empty()) continue;
    const auto [low, high] = std::minmax_element(column.begin(), column.end());
    const double least = *low;
    const double most = *high;
    bool two_values = true;
    bool events_low = false;
    bool events_high = false;
    for (std::size_t i = 0; i < column.size() && two_values; ++i) {
      two_values = column[i] == least || column[i] == most;
      if (likelihood.is_event(i)) (column[i] == least ? events_low : events_high) = true;
    }
    if (!two_values || least == most || (events_low && events_high)) continue;
    fit.warnings.push_back("no events where '" + fit.names[j] + "' has its " +
                           (events_low ? "higher" : "lower") + " value");
  }
}

}  // namespace

double CoxRegression::se(std::size_t i) const { return std::sqrt(covariance[i * count() + i]); }

double CoxRegression::robust_se(std::size_t i) const {
  return robust_covariance.empty() ? se(i) : std::sqrt(robust_covariance[i * count() + i]);
}

CoxRegression cox_regression(const TimeToEvent& records, const Covariates& covariates,
                             const CoxOptions& options) {
  CoxRegression fit;
  const std::size_t p = covariates.count();
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  fit.names = covariates.names;
  fit.names.resize(p);
  fit.coefficients.assign(p, unknown);
  fit.covariance.assign(p * p, unknown);
  fit.rows = records.rows();
  fit.warnings = detail::broken_promises(records, covariates, options.offset);
  if (!fit.warnings.empty()) {
    fit.status = CoxStatus::bad_data;
    return fit;
  }

  PartialLikelihood likelihood(records, covariates, options);
  fit.events = likelihood.events();
  for (std::size_t j = 0; j < p; ++j) fit.means.push_back(likelihood.mean(j));
  const std::size_t emptied = likelihood.sorted().emptied_rows().size();
  if (emptied > 0) {
    fit.warnings.push_back(std::to_string(emptied) +
                           " rows have no follow-up once nearly tied times are joined");
  }
  if (fit.events == 0) {
    fit.status = CoxStatus::no_events;
    fit.warnings.push_back("there are no events");
    return fit;
  }
  if (fit.events < p) {
    fit.warnings.push_back("fewer events (" + std::to_string(fit.events) + ") than coefficients (" +
                           std::to_string(p) + ")");
  }

  Derivatives null;
  likelihood.evaluate(std::vector<double>(p, 0.0), null);
  fit.log_likelihood_null = null.log_likelihood;
  const auto redundant = redundant_columns(likelihood, null, fit.names);
  if (!redundant.empty()) {
    fit.status = fit.events < p ? CoxStatus::too_few_events : CoxStatus::collinear;
    fit.warnings.push_back("no coefficient can be estimated for " + list(redundant) +
                           ": constant among those at risk, or a combination of other columns");
    return fit;
  }
  const Cholesky null_factor(null.information, p);
  fit.score = detail::chi_square_test(null_factor.quadratic_form(null.gradient), p);
  const bool robust = wants_sandwich(records, options);
  if (robust && p > 0) {
    const auto sums = cluster_sums(likelihood, detail::score_residuals(likelihood));
    const Cholesky factor(detail::outer_product(sums), p);
    if (factor.full_rank()) {
      fit.robust_score = detail::chi_square_test(factor.quadratic_form(null.gradient), p);
    }
  }

  Maximiser maximiser(likelihood, fit, options.most_iterations);
  maximiser.run(std::move(null));
  if (!fit.converged()) {
    name_groups_without_events(likelihood, fit);
    if (fit.events < p) fit.status = CoxStatus::too_few_events;
    if (fit.status == CoxStatus::not_converged) {
      fit.warnings.push_back("the maximum of the partial likelihood was not reached");
    }
    return fit;
  }

  const Derivatives& at = maximiser.found;
  const Cholesky factor(at.information, p);
  const std::vector<double> bread = factor.inverse();
  fit.log_likelihood = at.log_likelihood;
  fit.covariance = detail::divide_by_scales(bread, likelihood.scales());
  fit.smallest_eigenvalue = detail::smallest_scaled_eigenvalue(at.information, p);
  double wald = 0;
  for (std::size_t j = 0; j < p; ++j) {
    fit.coefficients[j] = maximiser.beta[j] / likelihood.scale(j);
    fit.largest_gradient =
        std::max(fit.largest_gradient, std::fabs(at.gradient[j]) * std::sqrt(bread[j * p + j]));
    for (std::size_t k = 0; k < p; ++k) {
      wald += maximiser.beta[j] * at.information[j * p + k] * maximiser.beta[k];
    }
  }
  fit.wald = detail::chi_square_test(wald, p);
  fit.likelihood_ratio =
      detail::chi_square_test(2 * (fit.log_likelihood - fit.log_likelihood_null), p);
  if (robust && p > 0) {
    const auto sums = cluster_sums(likelihood, detail::score_residuals(likelihood));
    const std::vector<double> covariance = detail::sandwich(bread, detail::outer_product(sums), p);
    // Of no more clusters than coefficients the sandwich is singular: it knows no error in some
    // direction, so that there is no test of all coefficients at once.
    const Cholesky sandwich_factor(covariance, p);
    if (sandwich_factor.full_rank()) {
      fit.robust_wald = detail::chi_square_test(sandwich_factor.quadratic_form(maximiser.beta), p);
    } else {
      fit.warnings.push_back("the robust covariance is singular (too few clusters for " +
                             std::to_string(p) +
                             " coefficients): robust tests of all coefficients are left out");
    }
    fit.robust_covariance = detail::divide_by_scales(covariance, likelihood.scales());
  }
  return fit;
}

}  // namespace npcsim
