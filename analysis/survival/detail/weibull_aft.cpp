#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/detail/weibull_aft.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {

namespace {

// Parameters: coefficients of 1 and the columns, then s = log scale. With z = (log t - x b) e^-s a
// row adds event * (z - s - log t) - e^z.
struct Likelihood {
  const TimeToEvent& records;
  const Covariates& covariates;
  std::vector<double> log_time;
  std::vector<double> gradient, information;

  double value(std::size_t j, std::size_t i) const {
    return j == 0 ? 1 : covariates.columns[j - 1][i];
  }

  double evaluate(const std::vector<double>& theta) {
    const std::size_t size = theta.size();
    const std::size_t p = size - 1;
    const double rate = portable::exp(-theta[p]);
    gradient.assign(size, 0.0);
    information.assign(size * size, 0.0);
    double sum = 0;
    for (std::size_t i = 0; i < log_time.size(); ++i) {
      double eta = 0;
      for (std::size_t j = 0; j < p; ++j) eta += theta[j] * value(j, i);
      const double z = (log_time[i] - eta) * rate;
      const double e = portable::exp(z);
      const double event = records.event[i] != 0 ? 1 : 0;
      sum += event * (z - theta[p] - log_time[i]) - e;
      for (std::size_t j = 0; j < p; ++j) {
        const double x = value(j, i) * rate;
        gradient[j] += (e - event) * x;
        for (std::size_t k = 0; k <= j; ++k) {
          information[j * size + k] += e * x * value(k, i) * rate;
        }
        information[p * size + j] += (z * e + e - event) * x;
      }
      gradient[p] += (e - event) * z - event;
      information[p * size + p] += z * z * e + z * (e - event);
    }
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < j; ++k) information[k * size + j] = information[j * size + k];
    }
    return sum;
  }
};

// Intercept at which the exponential model fits, so that the first steps are short.
double start_intercept(const TimeToEvent& records) {
  double time = 0;
  double events = 0;
  for (std::size_t i = 0; i < records.rows(); ++i) {
    time += records.time[i];
    events += records.event[i] != 0 ? 1 : 0;
  }
  return portable::log(time / events);
}

}  // namespace

WeibullAft weibull_aft(const TimeToEvent& records, const Covariates& covariates) {
  WeibullAft fit;
  const std::size_t size = covariates.count() + 2;
  if (std::all_of(records.event.begin(), records.event.end(), [](auto e) { return e == 0; })) {
    fit.warnings.emplace_back("there are no events after the secondary baseline");
    return fit;
  }
  Likelihood likelihood{records, covariates, {}, {}, {}};
  for (const double t : records.time) likelihood.log_time.push_back(portable::log(t));
  std::vector<double> theta(size, 0.0);
  theta[0] = start_intercept(records);
  double value = likelihood.evaluate(theta);
  double best = std::numeric_limits<double>::infinity();
  constexpr int most_iterations = 100;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    // Far from the maximum the information may not be positive: its diagonal is raised then.
    std::vector<double> information = likelihood.information;
    Cholesky factor(information, size);
    for (double ridge = 1e-3; !factor.full_rank() && ridge < 1e6; ridge *= 10) {
      for (std::size_t j = 0; j < size; ++j) {
        const double own = std::fabs(likelihood.information[j * size + j]);
        information[j * size + j] = likelihood.information[j * size + j] + ridge * (own + 1);
      }
      factor = Cholesky(information, size);
    }
    const std::vector<double> step = factor.solve(likelihood.gradient);
    const double decrement = std::sqrt(factor.quadratic_form(likelihood.gradient));
    if (decrement < 1e-11 || (decrement < 1e-8 && !(decrement < best / 2))) {
      const Cholesky at_maximum(likelihood.information, size);
      if (!at_maximum.full_rank()) {
        fit.warnings.emplace_back("a column of the accelerated failure time model is redundant");
        return fit;
      }
      fit.converged = true;
      fit.coefficients.assign(theta.begin(), theta.end() - 1);
      fit.log_scale = theta.back();
      fit.covariance = at_maximum.inverse();
      fit.log_likelihood = value;
      return fit;
    }
    best = std::min(best, decrement);
    const std::vector<double> start = theta;
    const double before = value;
    double share = 1;
    for (int halving = 0; halving < 40; ++halving, share /= 2) {
      for (std::size_t j = 0; j < size; ++j) theta[j] = start[j] + share * step[j];
      value = likelihood.evaluate(theta);
      if (value >= before - 1e-12 * (std::fabs(before) + 1)) break;
    }
  }
  fit.warnings.emplace_back("the accelerated failure time model did not converge");
  return fit;
}

}  // namespace npcsim::detail
