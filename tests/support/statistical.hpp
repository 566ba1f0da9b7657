// Tests of simulated numbers: each returns a z value to be compared with z_limit.
//
// A statistical test fixes its seed, states its null and computes its tolerance from n. One in a
// million right programs is called wrong: P(|Z| > 4.9) = 9.6e-7 for a standard normal Z.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace npcsim::testing {

inline constexpr double z_limit = 4.9;

/// (estimate - expected) / se. \pre se > 0; otherwise the result is infinite, which fails.
inline double z_score(double estimate, double expected, double standard_error) {
  return (estimate - expected) / standard_error;
}

struct SampleMoments {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  ///< With divisor n - 1.
  double standard_error() const { return sd / std::sqrt(static_cast<double>(n)); }
};

/// Mean and standard deviation in two passes. \pre at least two values.
inline SampleMoments sample_moments(std::span<const double> values) {
  SampleMoments moments;
  moments.n = values.size();
  const auto n = static_cast<double>(values.size());
  for (const double value : values) {
    moments.mean += value / n;
  }
  double squares = 0;
  for (const double value : values) {
    squares += (value - moments.mean) * (value - moments.mean);
  }
  moments.sd = std::sqrt(squares / (n - 1));
  return moments;
}

/// Null: the mean is `expected`. The standard error is that of the sample.
inline double z_of_mean(std::span<const double> values, double expected) {
  const SampleMoments moments = sample_moments(values);
  return z_score(moments.mean, expected, moments.standard_error());
}

/// Null: the mean is `expected`, with known standard deviation. Prefer it when the theory gives sd:
/// a wrong scale then cannot hide in its own standard error.
inline double z_of_mean(std::span<const double> values, double expected, double sd) {
  const SampleMoments moments = sample_moments(values);
  return z_score(moments.mean, expected, sd / std::sqrt(static_cast<double>(moments.n)));
}

/// Null: each of n trials succeeds with probability p (score test). \pre 0 < p < 1.
inline double z_of_share(std::size_t successes, std::size_t n, double p) {
  const auto trials = static_cast<double>(n);
  return z_score(static_cast<double>(successes), trials * p, std::sqrt(trials * p * (1 - p)));
}

/// Null: two samples have the same mean (Welch).
inline double z_of_difference(std::span<const double> first, std::span<const double> second) {
  const SampleMoments a = sample_moments(first);
  const SampleMoments b = sample_moments(second);
  return z_score(
      a.mean, b.mean,
      std::sqrt(a.standard_error() * a.standard_error() + b.standard_error() * b.standard_error()));
}

/// Null: counts come from the given cell probabilities, which add to 1. Pearson's chi-square,
/// turned into a normal score by Wilson and Hilferty (1931): the cube root of chi2/df is close to
/// normal with mean 1 - 2/(9 df) and variance 2/(9 df). Only large values are bad. \pre every
/// expected count is at least 5.
inline double z_of_counts(std::span<const std::size_t> counts, std::span<const double> shares) {
  double n = 0;
  for (const std::size_t count : counts) {
    n += static_cast<double>(count);
  }
  double chi_square = 0;
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const double expected = n * shares[cell];
    const double difference = static_cast<double>(counts[cell]) - expected;
    chi_square += difference * difference / expected;
  }
  const auto df = static_cast<double>(counts.size() - 1);
  const double variance = 2 / (9 * df);
  return (std::cbrt(chi_square / df) - (1 - variance)) / std::sqrt(variance);
}

/// Kolmogorov-Smirnov: sqrt(n) sup |F_n - F| for a continuous distribution function F. Compare it
/// with ks_limit.
template <typename DistributionFunction>
double ks_statistic(std::vector<double> values, DistributionFunction distribution) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double probability = distribution(values[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, probability - below / n, (below + 1) / n - probability});
  }
  return std::sqrt(n) * distance;
}

/// P(sqrt(n) D > 2.69) = 2 exp(-2 x 2.69^2) = 1.04e-6 in large samples, the first term of
/// Kolmogorov's series (the second is below 1e-24).
inline constexpr double ks_limit = 2.69;

}  // namespace npcsim::testing
