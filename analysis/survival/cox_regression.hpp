// Cox's proportional hazards regression on individual records.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// How events at one time enter the partial likelihood.
enum class Ties { efron, breslow };

/// Whether the sandwich variance is computed. `automatic`: with clusters or with weights that are
/// not whole numbers, as coxph of R's package survival does.
enum class Sandwich { automatic, off, always };

struct CoxOptions {
  Ties ties = Ties::efron;
  Sandwich sandwich = Sandwich::automatic;
  std::span<const double> offset = {};  ///< [row] added to the linear predictor; default 0
  int cause = 1;  ///< events of other causes count as censored: the cause-specific hazard
  int most_iterations = 60;
};

enum class CoxStatus {
  converged,
  no_events,
  too_few_events,  ///< fewer events than coefficients, and no maximum
  collinear,       ///< a column is constant or a combination of others
  infinite,        ///< the likelihood has no maximum: a coefficient runs to infinity (separation)
  not_converged,
  bad_data,  ///< the records break a promise of TimeToEvent; see warnings
};

/// A chi-square statistic with its p-value.
struct ChiSquareTest {
  double chi_square = 0;
  int df = 0;
  double p = 1;
};

struct CoxRegression {
  CoxStatus status = CoxStatus::not_converged;
  std::vector<std::string> warnings;  ///< for people; columns are called by their names

  std::vector<std::string> names;         ///< [coefficient]
  std::vector<double> coefficients;       ///< [coefficient] log hazard ratio per unit
  std::vector<double> covariance;         ///< [i * count + j] inverse information
  std::vector<double> robust_covariance;  ///< the same shape, empty without sandwich
  std::vector<double> means;              ///< [coefficient] of the column over rows, unweighted

  double log_likelihood_null = 0;  ///< at coefficients 0
  double log_likelihood = 0;
  ChiSquareTest likelihood_ratio;
  ChiSquareTest wald;                        ///< with the model's covariance
  ChiSquareTest score;                       ///< at coefficients 0
  std::optional<ChiSquareTest> robust_wald;  ///< with the sandwich; none if that is singular
  std::optional<ChiSquareTest> robust_score;

  std::size_t rows = 0;
  std::size_t events = 0;
  int iterations = 0;
  /// Certificate: Newton decrement sqrt(g' I^-1 g) at the estimate; the distance from the maximum
  /// in standard errors.
  double newton_decrement = 0;
  double largest_gradient = 0;  ///< max |g_j| se_j, no unit
  /// Smallest eigenvalue of the information scaled to unit diagonal; near 0: nearly collinear.
  double smallest_eigenvalue = 0;

  bool converged() const { return status == CoxStatus::converged; }
  std::size_t count() const { return coefficients.size(); }
  double se(std::size_t i) const;
  /// Sandwich if it was computed, else se(i).
  double robust_se(std::size_t i) const;
};

/// Maximises the partial likelihood by Newton's method with step halving until the gradient is
/// rounding noise. Estimates that are not converged are NaN.
///
/// Rows count as at risk in (entry, time]. A subject may have several rows; give it a cluster then,
/// for the sandwich. Times that differ by rounding alone are one time, as R's timefix.
/// Source: Cox, J R Stat Soc B 1972;34:187; Efron, J Am Stat Assoc 1977;72:557; Breslow, Biometrics
/// 1974;30:89; sandwich: Lin & Wei, J Am Stat Assoc 1989;84:1074.
CoxRegression cox_regression(const TimeToEvent& records, const Covariates& covariates,
                             const CoxOptions& options = {});

}  // namespace npcsim
