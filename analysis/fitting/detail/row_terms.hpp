// Log density and log survival of single rows with derivatives by the coefficients.
//
// For likelihoods that are no sum over rows: shared frailty, and time that is stretched by
// covariates which change. Plain sums go through Likelihood, which is quicker.
#pragma once

#include <npcsim/fitting/detail/likelihood.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace npcsim::detail {

/// A chunk of rows at a time. \pre the plan has no cured fraction and outlives this.
class RowTerms {
 public:
  explicit RowTerms(const LikelihoodPlan& plan);

  /// Takes up to chunk_rows rows and their predictors at these coefficients.
  void load(std::span<const std::uint32_t> rows, std::span<const double> coefficients);

  /// Replaces the predictor of row i: its value, and its derivatives by the slopes' coefficients in
  /// their order. Its intercept, if any, keeps the derivative 1. \pre the predictor's unit is 1.
  void replace(std::size_t i, std::size_t predictor, double value, std::span<const double> slopes);

  /// Evaluates log f or log S at a time for each row that was loaded.
  void log_density(std::span<const double> times);
  void log_survival(std::span<const double> times);

  std::size_t rows() const { return count_; }
  double value(std::size_t i) { return block_.value()[i]; }
  /// Derivative by a predictor as such.
  double slope(std::size_t i, std::size_t predictor) { return block_.gradient(predictor)[i]; }
  /// Adds factor times the gradient or the Hessian (row by row, all of it) to `out`.
  void add_gradient(std::size_t i, double factor, std::span<double> out);
  void add_hessian(std::size_t i, double factor, std::span<double> out);

 private:
  struct Entry {
    std::size_t coefficient;
    double derivative;
  };
  void set_times(std::span<const double> times);
  void entries(std::size_t i, std::size_t predictor, std::vector<Entry>& out) const;

  const LikelihoodPlan& plan_;
  std::unique_ptr<Kernel> kernel_;
  Block block_;
  Chunk chunk_;
  std::size_t count_ = 0;
  std::vector<double> eta_;                  // [predictor][chunk row]
  std::vector<std::vector<double>> slopes_;  // [predictor][slope * chunk_rows + row]
  std::vector<const double*> eta_of_;
  std::vector<double> time_;
  std::vector<double> log_time_;
  std::vector<Entry> left_;
  std::vector<Entry> right_;
};

}  // namespace npcsim::detail
