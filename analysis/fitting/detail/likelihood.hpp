// Log-likelihood of a model with its gradient and Hessian: one pass over the rows.
#pragma once

#include <npcsim/fitting/detail/block.hpp>
#include <npcsim/fitting/detail/kernel.hpp>
#include <npcsim/fitting/parametric_fit.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace npcsim::detail {

/// A linear predictor: an intercept, if any, and slopes of covariates.
struct Predictor {
  struct Slope {
    std::size_t column;       // into Likelihood::columns
    std::size_t coefficient;  // into the vector of coefficients
  };
  std::optional<std::size_t> intercept;  // coefficient
  std::vector<Slope> slopes;
  double unit = 1.0;  // the predictor is `unit` times the linear combination
};

/// A covariate as it is worked with: (value - centre) * scale.
struct ScaledColumn {
  std::span<const double> values;
  double centre = 0.0;
  double scale = 1.0;
};

/// What a row contributes.
enum class Contribution : std::uint8_t { density, excess_density, survival, entry, left, interval };

/// Rows of one contribution. If `all` is set, every row of the data in order and `rows` is empty.
struct RowGroup {
  Contribution contribution = Contribution::density;
  bool all = false;
  std::vector<std::uint32_t> rows;
  std::size_t count = 0;
};

/// Rows sorted by what they contribute; every step-th row if step > 1, for quick starts.
std::vector<RowGroup> group_rows(const FitData& data, std::size_t step);

/// Everything a pass needs; the data's columns are viewed, not copied.
struct LikelihoodPlan {
  FitData data;
  Family family = Family::weibull;
  Cure cure = Cure::none;
  std::vector<double> knots;
  SplineBasis basis;
  std::vector<ScaledColumn> columns;
  std::vector<Predictor> predictors;  // theta first if there is a cured fraction
  std::size_t coefficients = 0;
};

/// Value and derivatives at one point; the Hessian is dense and symmetric, row by row.
struct LikelihoodPoint {
  double loglik = 0.0;
  std::vector<double> gradient;
  std::vector<double> hessian;

  bool finite() const;
};

class Likelihood {
 public:
  Likelihood(const LikelihoodPlan& plan, const std::vector<RowGroup>& groups);
  ~Likelihood();
  Likelihood(const Likelihood&) = delete;
  Likelihood& operator=(const Likelihood&) = delete;

  std::size_t coefficients() const { return plan_.coefficients; }
  LikelihoodPoint evaluate(std::span<const double> coefficients);

 private:
  struct Workspace;

  void work_chunk(const RowGroup& group, std::size_t first, std::size_t count,
                  std::span<const double> coefficients, LikelihoodPoint& sum);
  void load_covariates(const RowGroup& group, std::size_t first, std::size_t count,
                       std::span<const double> coefficients);
  void set_time(std::span<const double> column, const RowGroup& group, std::size_t first,
                std::size_t count);
  Block& log_survival();
  Block& log_density();
  void add(Block& terms, double sign, const RowGroup& group, std::size_t first, std::size_t count,
           LikelihoodPoint& sum);

  const LikelihoodPlan& plan_;
  const std::vector<RowGroup>& groups_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<Workspace> work_;
};

}  // namespace npcsim::detail
