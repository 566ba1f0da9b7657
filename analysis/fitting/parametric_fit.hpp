// Maximum likelihood of parametric time-to-event models, with a certificate of the maximum.
#pragma once

#include <npcsim/hazard/baseline.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// What is fitted to: views, so the columns must outlive the call. All columns that are not empty
/// have as many rows as records.time.
struct FitData {
  /// time: exact event or censoring time, or the lower bound of an interval; >= 0. event: 0 is
  /// right-censored, anything else an event. entry (left truncation): 0 <= entry < time, or
  /// entry <= lower bound. Strata and clusters are not used.
  TimeToEvent records;

  /// Upper bounds of intervals; empty if every event time is exact. A row with event != 0 and
  /// upper > time is known to have failed in (time, upper]: time 0 is left-censored, an infinite
  /// upper right-censored. upper == time or NaN: exact. Rows with event 0 ignore it.
  std::span<const double> upper = {};

  /// Hazard of the background population at the event time, >= 0 per unit of time; it is added to
  /// the fitted hazard at events (relative survival: S is then net survival). Empty: none.
  std::span<const double> background = {};

  Covariates covariates;
};

/// One covariate on one parameter, on the scale on which that is fitted (log, logit, identity).
struct CovariateEffect {
  std::size_t column = 0;  ///< into FitData::covariates
  std::string parameter;   ///< "shape", "gamma1" (also "gamma_1"); empty: the location parameter
};

/// What to fit.
struct FitSpecification {
  Family family = Family::weibull;
  Cure cure = Cure::none;

  /// Piecewise: change times, increasing, > 0. Splines: ALL knots, on the log-time scale, both
  /// boundary knots included; leave empty to have them placed.
  std::vector<double> knots;
  /// Splines with empty `knots`: this many inner knots at equally spaced quantiles (R's type 7) of
  /// log uncensored event times, boundary knots at their minimum and maximum, as flexsurv.
  int inner_knots = 0;

  std::vector<CovariateEffect> effects;
  int max_iterations = 200;
};

/// The parameter that takes covariates unless told otherwise, as in flexsurv: the rate, scale,
/// meanlog, mu or gamma0; theta if there is a cured fraction. Piecewise: "rate" stands for all
/// rates at once (proportional hazards).
std::string location_parameter(Family family, Cure cure);

/// Every covariate on the location parameter: the usual model.
std::vector<CovariateEffect> effects_on_location(const Covariates& covariates);

/// One row of the table of estimates: a baseline parameter, or the effect of a covariate on one.
struct FittedParameter {
  std::string name;       ///< "shape", "gamma0", "age", "shape(age)"
  std::string parameter;  ///< the baseline parameter it belongs to; "rate" for all rates
  std::optional<std::size_t> column;          ///< covariate of an effect, into FitData::covariates
  Transform transform = Transform::identity;  ///< identity for effects
  double estimate = 0.0;  ///< natural scale; baseline values hold where covariates are 0
  double lo95 = 0.0;      ///< Wald limits on the transformed scale, transformed back
  double hi95 = 0.0;
  double estimate_transformed = 0.0;
  double se_transformed = 0.0;  ///< NaN at a boundary
};

/// How good the maximum is; coordinates have centred and scaled covariates.
struct FitCertificate {
  double newton_decrement = 0.0;     ///< g' H^-1 g, H minus the Hessian; below 1e-10 if converged
  double gradient_in_se = 0.0;       ///< largest |g_i| sqrt((H^-1)_ii); below 1e-5 if converged
  double smallest_eigenvalue = 0.0;  ///< of H scaled to unit diagonal; > 0 at a proper maximum
  int iterations = 0;                ///< Newton steps of the final fit
  std::string boundary;              ///< "P -> 0", "cure fraction -> 0", ...; empty inside
};

/// What came out. If `converged` is false, `problem` says why in one sentence and the numbers are
/// those of the last iterate, not to be used.
struct FitResult {
  bool converged = false;
  std::string problem;
  std::vector<std::string> warnings;

  Family family = Family::weibull;
  Cure cure = Cure::none;
  std::string model;                         ///< canonical name, "weibull", "cure_mixture_weibull"
  std::vector<double> knots;                 ///< as Baseline::knots; empty if the family has none
  std::vector<std::string> covariate_names;  ///< [column]

  /// Baseline parameters first in the family's order (theta first), then effects: those on the
  /// location parameter, then by parameter.
  std::vector<FittedParameter> parameters;
  std::vector<double> covariance;  ///< [i * count + j], transformed scale, order of `parameters`

  double loglik = 0.0;  ///< weighted sum of log density or log survival, less log S(entry)
  double aic = 0.0;
  /// With log of the number of rows, as R's flexsurv and survreg; of subjects where rows are known
  /// to be pieces of subjects (fit_stretched_time).
  double bic = 0.0;
  std::size_t rows = 0;
  std::size_t events = 0;         ///< exact event times
  std::size_t interval_rows = 0;  ///< interval- or left-censored rows
  double events_weighted = 0.0;
  double time_at_risk = 0.0;  ///< sum of time - entry, unweighted (flexsurv's trisk)

  FitCertificate certificate;

  /// Number of baseline parameters; they are the first of `parameters`.
  std::size_t baseline_count() const;
  /// For the functions of the hazard room; points into this object.
  Baseline baseline() const;
  /// Estimates on the transformed scale.
  std::vector<double> transformed() const;
  /// Baseline parameters on the natural scale for one patient. `covariates` has one value per
  /// column of FitData::covariates (columns that the model does not use are ignored).
  std::vector<double> natural_parameters(std::span<const double> covariates) const;
  /// The same for other coefficients than the estimates, such as draws.
  std::vector<double> natural_parameters(std::span<const double> covariates,
                                         std::span<const double> transformed) const;
};

/// Fits by Newton's method with exact first and second derivatives from starts of its own.
///
/// Never throws over data: mistakes in them come back as `problem` with converged = false.
FitResult fit(const FitSpecification& specification, const FitData& data);

/// The log-likelihood at given coefficients, order and scale as FitResult::parameters of that
/// specification; -infinity where it is not defined. For profiles and checks.
double log_likelihood(const FitSpecification& specification, const FitData& data,
                      std::span<const double> transformed);

}  // namespace npcsim
