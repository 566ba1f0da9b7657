#include <npcsim/survival/detail/truncate_weights.hpp>
#include <npcsim/survival/propensity_weights.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// Sums over one group of weight, weight * value, and of unweighted squares.
struct Moments {
  double mean = 0;
  double weighted_mean = 0;
  double variance = 0;  // unweighted
};

Moments moments(std::span<const double> column, std::span<const std::int32_t> treated,
                const std::vector<double>& weight, bool of_treated) {
  double count = 0;
  double sum = 0;
  double weight_sum = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if ((treated[i] != 0) != of_treated) continue;
    count += 1;
    sum += column[i];
    weight_sum += weight[i];
    weighted += weight[i] * column[i];
  }
  Moments result;
  result.mean = sum / count;
  result.weighted_mean = weighted / weight_sum;
  double square = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if ((treated[i] != 0) != of_treated) continue;
    square += (column[i] - result.mean) * (column[i] - result.mean);
  }
  result.variance = square / (count - 1);
  return result;
}

CovariateBalance balance_of(const std::string& name, std::span<const double> column,
                            std::span<const std::int32_t> treated,
                            const std::vector<double>& weight) {
  const Moments one = moments(column, treated, weight, true);
  const Moments zero = moments(column, treated, weight, false);
  CovariateBalance balance;
  balance.name = name;
  balance.mean_treated = one.mean;
  balance.mean_control = zero.mean;
  balance.weighted_mean_treated = one.weighted_mean;
  balance.weighted_mean_control = zero.weighted_mean;
  const double pooled = std::sqrt((one.variance + zero.variance) / 2);
  if (pooled > 0) {
    balance.difference = (one.mean - zero.mean) / pooled;
    balance.weighted_difference = (one.weighted_mean - zero.weighted_mean) / pooled;
  }
  return balance;
}

double effective_size(const std::vector<double>& weight, std::span<const std::int32_t> treated,
                      bool of_treated) {
  double sum = 0;
  double square = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if ((treated[i] != 0) != of_treated) continue;
    sum += weight[i];
    square += weight[i] * weight[i];
  }
  return sum * sum / square;
}

}  // namespace

PropensityWeights propensity_weights(std::span<const std::int32_t> treated,
                                     const Covariates& covariates,
                                     const PropensityOptions& options) {
  PropensityWeights result;
  result.model = logistic_regression(treated, covariates);
  result.warnings = result.model.warnings;
  if (!result.model.converged) return result;

  const double n = static_cast<double>(treated.size());
  double share = 0;
  for (const std::int32_t t : treated) share += t != 0 ? 1 : 0;
  share /= n;
  for (std::size_t i = 0; i < treated.size(); ++i) {
    const double p = result.model.probability[i];
    const bool one = treated[i] != 0;
    double weight = 0;
    switch (options.estimand) {
      case Estimand::everyone:
        weight = one ? 1 / p : 1 / (1 - p);
        if (options.stabilised) weight *= one ? share : 1 - share;
        break;
      case Estimand::treated:
        weight = one ? 1 : p / (1 - p);
        break;
      case Estimand::overlap:
        weight = one ? 1 - p : p;
        break;
    }
    result.weight.push_back(weight);
  }
  detail::truncate_weights(result.weight, options.truncate);
  for (std::size_t j = 0; j < covariates.count(); ++j) {
    result.balance.push_back(
        balance_of(covariates.names[j], covariates.columns[j], treated, result.weight));
  }
  result.effective_treated = effective_size(result.weight, treated, true);
  result.effective_control = effective_size(result.weight, treated, false);
  constexpr double extreme = 20;  // assumed: a mean weight is about 1 when stabilised
  const double largest = *std::max_element(result.weight.begin(), result.weight.end());
  if (options.estimand == Estimand::everyone && options.stabilised && largest > extreme) {
    result.warnings.push_back("the largest weight is " + std::to_string(static_cast<int>(largest)) +
                              "; some patients had little chance of the treatment they got");
  }
  return result;
}

}  // namespace npcsim
