// Discrete distributions from one uniform number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// True with the given probability; never at 0, always at 1. \pre 0 <= probability <= 1, 0 < u < 1.
[[nodiscard]] constexpr bool bernoulli(double u, double probability) noexcept {
  return u < probability;
}

/// Categories 0, 1, ... with given weights, by inversion: neighbouring categories have neighbouring
/// u, so a small change of weights moves few patients, each to a neighbour.
class CategoricalDistribution {
 public:
  /// Weights need not sum to 1. Throws std::domain_error unless they are finite, none is negative
  /// and one is positive.
  explicit CategoricalDistribution(std::span<const double> weights);

  /// Never a category of weight 0. \pre 0 < u < 1.
  [[nodiscard]] std::size_t quantile(double u) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return cumulative_.size(); }

 private:
  std::vector<double> cumulative_;  // [category], the last is the sum of all weights
};

/// The same distribution by Walker's alias method: one look-up however many categories, but
/// neighbours in u are not neighbours in category.
///
/// Source: Walker (1977), ACM Trans. Math. Softw. 3, 253-256; set up as Vose (1991), IEEE Trans.
/// Softw. Eng. 17, 972-975.
class AliasTable {
 public:
  /// Weights as for CategoricalDistribution, fewer than 2^20 of them.
  explicit AliasTable(std::span<const double> weights);

  /// Never a category of weight 0. \pre 0 < u < 1.
  [[nodiscard]] std::size_t pick(double u) const noexcept {
    const double place = u * static_cast<double>(columns_.size());
    const auto column = static_cast<std::size_t>(place);
    const Column& found = columns_[column];
    return place - static_cast<double>(column) < found.share ? column : found.alias;
  }

  [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }

 private:
  struct Column {
    double share;       // of the column that belongs to its own category
    std::size_t alias;  // category of the rest
  };
  std::vector<Column> columns_;
};

/// Number of events of a Poisson distribution, by inversion.
class PoissonDistribution {
 public:
  /// \pre 0 <= mean <= 1e8.
  explicit PoissonDistribution(double mean) noexcept;

  /// The smallest k whose distribution function reaches u; probabilities are right to about 1e-14.
  /// Takes steps from 0 below a mean of 16, from the mode above: some sqrt(mean) steps.
  /// \pre 0 < u < 1.
  [[nodiscard]] std::uint32_t quantile(double u) const noexcept;

 private:
  double mean_;
  double start_;       // where the search begins, a whole number
  double start_mass_;  // probability of start_
  double start_cdf_;   // probability of start_ or fewer
};

}  // namespace npcsim
