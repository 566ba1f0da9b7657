#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/standardised_columns.hpp>
#include <npcsim/survival/logistic_regression.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace npcsim {

namespace {

using detail::StandardisedColumns;

// log(1 + e^x) without overflow.
double log1p_exp(double x) {
  return x > 0 ? x + portable::log1p(portable::exp(-x)) : portable::log1p(portable::exp(x));
}

// The likelihood of intercept (coefficient 0) and standardised columns.
struct LogisticLikelihood {
  LogisticLikelihood(std::span<const std::int32_t> outcomes, std::span<const double> weights,
                     const StandardisedColumns& standardised)
      : outcome(outcomes),
        weight(weights),
        x(standardised),
        size(standardised.columns.size() + 1),
        eta(outcomes.size(), 0.0) {}

  double value(std::size_t j, std::size_t i) const { return j == 0 ? 1 : x.columns[j - 1][i]; }
  double weight_at(std::size_t i) const { return weight.empty() ? 1 : weight[i]; }

  double evaluate(const std::vector<double>& beta) {
    gradient.assign(size, 0.0);
    information.assign(size * size, 0.0);
    double sum = 0;
    for (std::size_t i = 0; i < outcome.size(); ++i) {
      double linear = beta[0];
      for (std::size_t j = 1; j < size; ++j) linear += beta[j] * x.columns[j - 1][i];
      eta[i] = linear;
      const double w = weight_at(i);
      const double p = 1 / (1 + portable::exp(-linear));
      const double q = 1 / (1 + portable::exp(linear));
      sum -= w * log1p_exp(outcome[i] != 0 ? -linear : linear);
      const double residual = w * (outcome[i] != 0 ? q : -p);
      for (std::size_t j = 0; j < size; ++j) {
        const double product = w * p * q * value(j, i);
        gradient[j] += residual * value(j, i);
        for (std::size_t k = 0; k <= j; ++k) information[j * size + k] += product * value(k, i);
      }
    }
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < j; ++k) information[k * size + j] = information[j * size + k];
    }
    return sum;
  }

  // Largest minus smallest change of the linear predictor along a step.
  double spread(const std::vector<double>& step) const {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = 0; i < outcome.size(); ++i) {
      double change = 0;
      for (std::size_t j = 0; j < size; ++j) change += step[j] * value(j, i);
      low = std::min(low, change);
      high = std::max(high, change);
    }
    return std::max(high - low, std::max(std::fabs(high), std::fabs(low)));
  }

  std::span<const std::int32_t> outcome;
  std::span<const double> weight;
  const StandardisedColumns& x;
  std::size_t size;
  std::vector<double> eta;  // [row]
  std::vector<double> gradient, information;
};

// True when the maximum is found; fit gets certificate and warnings.
bool maximise(LogisticLikelihood& likelihood, std::vector<double>& beta, LogisticRegression& fit) {
  constexpr int most_iterations = 60;
  double value = likelihood.evaluate(beta);
  double best = std::numeric_limits<double>::infinity();
  for (fit.iterations = 1; fit.iterations <= most_iterations; ++fit.iterations) {
    const detail::Cholesky factor(likelihood.information, likelihood.size);
    if (!factor.full_rank()) {
      for (const std::size_t j : factor.dependent()) {
        fit.warnings.push_back(
            fit.iterations == 1
                ? "'" + fit.names[j] + "' is constant or a combination of other columns"
                : "the coefficient of '" + fit.names[j] + "' runs to infinity (separation)");
      }
      return false;
    }
    const std::vector<double> step = factor.solve(likelihood.gradient);
    const double decrement = std::sqrt(factor.quadratic_form(likelihood.gradient));
    if (decrement < 1e-4 && likelihood.spread(step) > 0.3) {
      fit.warnings.emplace_back(
          "the likelihood has no maximum: the covariates separate the outcomes");
      return false;
    }
    if (decrement < 1e-11 || (decrement < 1e-8 && !(decrement < best / 2))) {
      fit.newton_decrement = decrement;
      fit.log_likelihood = value;
      return true;
    }
    best = std::min(best, decrement);
    const std::vector<double> start = beta;
    const double before = value;
    double share = 1;
    for (int halving = 0; halving < 40; ++halving, share /= 2) {
      for (std::size_t j = 0; j < beta.size(); ++j) beta[j] = start[j] + share * step[j];
      value = likelihood.evaluate(beta);
      if (value >= before - 1e-12 * (std::fabs(before) + 1)) break;
    }
  }
  fit.warnings.emplace_back("the maximum of the likelihood was not reached");
  return false;
}

}  // namespace

LogisticRegression logistic_regression(std::span<const std::int32_t> outcome,
                                       const Covariates& covariates,
                                       std::span<const double> weight) {
  LogisticRegression fit;
  const std::size_t n = outcome.size();
  const std::size_t size = covariates.count() + 1;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  fit.names = {"(Intercept)"};
  fit.names.insert(fit.names.end(), covariates.names.begin(), covariates.names.end());
  fit.coefficients.assign(size, unknown);
  fit.covariance.assign(size * size, unknown);
  const std::vector<double> dummy_time(n, 1.0);
  fit.warnings = detail::broken_promises({dummy_time, outcome, {}, weight}, covariates);
  if (!fit.warnings.empty()) return fit;
  const bool some = std::any_of(outcome.begin(), outcome.end(), [](auto y) { return y != 0; });
  const bool all = std::all_of(outcome.begin(), outcome.end(), [](auto y) { return y != 0; });
  if (!some || all) {
    fit.warnings.emplace_back("all outcomes are the same");
    return fit;
  }

  std::vector<std::uint32_t> row(n);
  std::iota(row.begin(), row.end(), 0U);
  const StandardisedColumns x(covariates, row);
  LogisticLikelihood likelihood(outcome, weight, x);
  std::vector<double> beta(size, 0.0);
  if (!maximise(likelihood, beta, fit)) return fit;
  fit.converged = true;

  // Back to the columns as given: b_j = beta_j / s_j, intercept = beta_0 - sum of b_j mean_j; the
  // covariance by the same linear map.
  std::vector<double> map(size * size, 0.0);
  map[0] = 1;
  for (std::size_t j = 1; j < size; ++j) {
    map[j] = -x.mean[j - 1] / x.scale[j - 1];
    map[j * size + j] = 1 / x.scale[j - 1];
  }
  const std::vector<double> inverse = detail::Cholesky(likelihood.information, size).inverse();
  fit.coefficients.assign(size, 0.0);
  fit.covariance.assign(size * size, 0.0);
  for (std::size_t a = 0; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b) {
      fit.coefficients[a] += map[a * size + b] * beta[b];
      for (std::size_t c = 0; c < size; ++c) {
        for (std::size_t d = 0; d < size; ++d) {
          if (map[a * size + b] == 0 || map[d * size + c] == 0) continue;
          fit.covariance[a * size + d] +=
              map[a * size + b] * inverse[b * size + c] * map[d * size + c];
        }
      }
    }
  }
  for (const double eta : likelihood.eta) {
    fit.probability.push_back(1 / (1 + portable::exp(-eta)));
  }
  return fit;
}

}  // namespace npcsim
