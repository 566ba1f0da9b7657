#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/random/discrete.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace npcsim {

namespace {

/// Sum of the weights, which it checks.
double checked_sum(std::span<const double> weights) {
  double sum = 0.0;
  for (const double weight : weights) {
    if (!(weight >= 0.0)) throw std::domain_error("weights of categories must not be negative");
    sum += weight;
  }
  if (!(sum > 0.0) || !std::isfinite(sum)) {
    throw std::domain_error("weights of categories must have a positive, finite sum");
  }
  return sum;
}

/// Below this mean the search starts at 0, where probabilities cost one exponential.
constexpr double small_mean = 16.0;

/// What is left beyond a term this small cannot change a uniform number of 52 bits.
constexpr double negligible_mass = 0x1p-60;

}  // namespace

CategoricalDistribution::CategoricalDistribution(std::span<const double> weights) {
  checked_sum(weights);
  double sum = 0.0;
  for (const double weight : weights) {
    sum += weight;
    cumulative_.push_back(sum);
  }
}

std::size_t CategoricalDistribution::quantile(double u) const noexcept {
  // The product stays below the total: 1 - u is at least 2^-53.
  const double target = u * cumulative_.back();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), target);
  return static_cast<std::size_t>(found - cumulative_.begin());
}

AliasTable::AliasTable(std::span<const double> weights) {
  const double mean = checked_sum(weights) / static_cast<double>(weights.size());
  if (weights.size() >= (std::size_t{1} << 20)) {
    throw std::domain_error("an alias table has fewer than 2^20 categories");
  }
  std::vector<double> left;  // in units of one column
  std::vector<std::size_t> small;
  std::vector<std::size_t> large;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left.push_back(weights[i] / mean);
    columns_.push_back({1.0, i});
    (left[i] < 1.0 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const std::size_t poor = small.back();
    const std::size_t rich = large.back();
    small.pop_back();
    columns_[poor] = {left[poor], rich};
    left[rich] = (left[rich] + left[poor]) - 1.0;
    if (left[rich] < 1.0) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  // Rounding may strand a column in either list; it is full but for a rounding error, as it stands.
}

PoissonDistribution::PoissonDistribution(double mean) noexcept : mean_(mean) {
  if (mean < small_mean) {
    start_ = 0.0;
    start_mass_ = portable::exp(-mean);
    start_cdf_ = start_mass_;
  } else {
    // P(N <= k) = Q(k + 1, mean); P(N = k) = x^(k+1) e^-x / Gamma(k + 1) / x at x = mean, which is
    // the gamma density with respect to log x over the mean.
    start_ = std::floor(mean);
    const portable::Tails tails = portable::gamma_tails(start_ + 1.0, mean);
    start_mass_ = portable::exp(tails.log_density) / mean;
    start_cdf_ = tails.upper_probability();
  }
}

std::uint32_t PoissonDistribution::quantile(double u) const noexcept {
  double k = start_;
  double mass = start_mass_;
  double cdf = start_cdf_;
  if (u <= cdf) {
    while (k > 0.0 && u <= cdf - mass) {
      cdf -= mass;
      mass *= k / mean_;
      k -= 1.0;
      if (mass < negligible_mass) break;
    }
  } else {
    while (u > cdf && mass >= negligible_mass) {
      k += 1.0;
      mass *= mean_ / k;
      cdf += mass;
    }
  }
  return static_cast<std::uint32_t>(k);
}

}  // namespace npcsim
