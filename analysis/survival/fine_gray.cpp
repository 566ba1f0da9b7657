#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/censoring_curve.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/detail/matrix.hpp>
#include <npcsim/survival/detail/record_checks.hpp>
#include <npcsim/survival/detail/standardised_columns.hpp>
#include <npcsim/survival/fine_gray.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace npcsim {

namespace {

using detail::CensoringCurve;
using detail::CensoringRisk;
using detail::StandardisedColumns;

constexpr std::int32_t of_interest = 1;
constexpr std::int32_t competing = 2;

// Codes 0, 1 (the cause of interest) and 2 (all others).
std::vector<std::int32_t> recoded(std::span<const std::int32_t> event, int cause) {
  std::vector<std::int32_t> codes;
  for (const std::int32_t e : event) {
    codes.push_back(e == 0 ? 0 : e == cause ? of_interest : competing);
  }
  return codes;
}

TimeToEvent with_events(const TimeToEvent& records, std::span<const std::int32_t> event) {
  TimeToEvent result = records;
  result.event = event;
  return result;
}

// Fine & Gray's pseudo likelihood. A subject with a competing event at T stays at risk with weight
// G(t-) / G(T-), so that with r = exp(x beta)
//   S0(t) = sum over T >= t of r + G(t-) * sum over competing T < t of r / G(T-).
// Points are the distinct times; sums over them give gradient and information as in Cox's model.
class PseudoLikelihood {
 public:
  PseudoLikelihood(const TimeToEvent& records, const Covariates& covariates)
      : sorted(records),
        censoring(sorted, CensoringRisk::everyone),
        x(covariates, sorted.row()),
        risk_(sorted.size()),
        events_(censoring.time.size(), 0.0),
        total_(events_),
        mean_(covariates.count(), events_) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (sorted.event()[i] == of_interest) events_[censoring.point[i]] += 1;
    }
  }

  std::size_t count() const { return x.columns.size(); }
  std::size_t size() const { return sorted.size(); }
  std::size_t points() const { return events_.size(); }
  std::size_t point(std::size_t i) const { return censoring.point[i]; }
  double uncensored(std::size_t i) const { return censoring.before[point(i)]; }

  void evaluate(const std::vector<double>& beta) {
    const std::size_t p = count();
    set_risks(beta);
    weighted_sums(std::vector<double>(), total_);
    log_likelihood = event_sum_;
    gradient.assign(p, 0.0);
    information.assign(p * p, 0.0);
    for (std::size_t k = 0; k < points(); ++k) {
      if (events_[k] > 0) log_likelihood -= events_[k] * portable::log(total_[k]);
    }
    for (std::size_t j = 0; j < p; ++j) {
      weighted_sums(x.columns[j], mean_[j]);
      for (std::size_t k = 0; k < points(); ++k) {
        mean_[j][k] = events_[k] > 0 ? mean_[j][k] / total_[k] : 0;
      }
    }
    set_hazards();
    for (std::size_t i = 0; i < size(); ++i) {
      const double expected = risk_[i] * exposure(i);
      const double residual = (sorted.event()[i] == of_interest ? 1.0 : 0.0) - expected;
      for (std::size_t j = 0; j < p; ++j) {
        const double product = expected * x.columns[j][i];
        gradient[j] += residual * x.columns[j][i];
        for (std::size_t l = 0; l <= j; ++l) information[j * p + l] += product * x.columns[l][i];
      }
    }
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t l = 0; l <= j; ++l) {
        double& element = information[j * p + l];
        for (std::size_t k = 0; k < points(); ++k)
          element -= events_[k] * mean_[j][k] * mean_[l][k];
        information[l * p + j] = element;
      }
    }
  }

  // Score residuals, and what the estimation of G adds to them: Fine & Gray 1999, eta and psi of
  // their section 3. [coefficient][position]
  std::vector<std::vector<double>> score_residuals() const;
  std::vector<std::vector<double>> censoring_residuals() const;

  // Largest minus smallest change of the linear predictor along a step, over rows.
  double spread(const std::vector<double>& step) const {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = 0; i < size(); ++i) {
      double change = 0;
      for (std::size_t j = 0; j < count(); ++j) change += step[j] * x.columns[j][i];
      low = std::min(low, change);
      high = std::max(high, change);
    }
    return high - low;
  }

  // Jumps of the baseline hazard at standardised columns 0, by point.
  double baseline_jump(std::size_t k) const {
    return events_[k] > 0 ? events_[k] / total_[k] * portable::exp(-shift_) : 0;
  }

  double log_likelihood = 0;
  std::vector<double> gradient, information;
  SortedRecords sorted;
  CensoringCurve censoring;
  StandardisedColumns x;

 private:
  void set_risks(const std::vector<double>& beta) {
    shift_ = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < size(); ++i) {
      double eta = 0;
      for (std::size_t j = 0; j < count(); ++j) eta += beta[j] * x.columns[j][i];
      risk_[i] = eta;
      shift_ = std::max(shift_, eta);
    }
    event_sum_ = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      const double eta = risk_[i] - shift_;
      if (sorted.event()[i] == of_interest) event_sum_ += eta;
      risk_[i] = portable::exp(eta);
    }
  }

  // Sum over the weighted risk set at each point of risk * column (1 if empty).
  void weighted_sums(const std::vector<double>& column, std::vector<double>& sums) const {
    const auto term = [&](std::size_t i) {
      return column.empty() ? risk_[i] : risk_[i] * column[i];
    };
    sums.assign(points(), 0.0);
    double later = 0;
    for (std::size_t i = size(); i-- > 0;) {
      later += term(i);
      sums[point(i)] = later;
    }
    double gone = 0;  // with a competing event before the point
    std::size_t i = 0;
    for (std::size_t k = 0; k < points(); ++k) {
      sums[k] += censoring.before[k] * gone;
      for (; i < size() && point(i) == k; ++i) {
        if (sorted.event()[i] == competing) gone += term(i) / uncensored(i);
      }
    }
  }

  void set_hazards() {
    hazard_.assign(points(), 0.0);
    faded_.assign(points() + 1, 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < points(); ++k) {
      if (events_[k] > 0) sum += events_[k] / total_[k];
      hazard_[k] = sum;
    }
    for (std::size_t k = points(); k-- > 0;) {
      faded_[k] = faded_[k + 1];
      if (events_[k] > 0) faded_[k] += censoring.before[k] * events_[k] / total_[k];
    }
  }

  // Hazard that the row was exposed to; after a competing event with its fading weight.
  double exposure(std::size_t i) const {
    double hazard = hazard_[point(i)];
    if (sorted.event()[i] == competing) hazard += faded_[point(i) + 1] / uncensored(i);
    return hazard;
  }

  std::vector<double> risk_;               // [position]
  std::vector<double> events_;             // [point] of interest
  std::vector<double> total_;              // [point] S0
  std::vector<std::vector<double>> mean_;  // [coefficient][point]
  std::vector<double> hazard_;             // [point] up to and with it
  std::vector<double> faded_;              // [point] sum of G(t-) dH from it on
  double event_sum_ = 0;
  double shift_ = 0;
};

std::vector<std::vector<double>> PseudoLikelihood::score_residuals() const {
  std::vector<std::vector<double>> result(count(), std::vector<double>(size(), 0.0));
  for (std::size_t j = 0; j < count(); ++j) {
    std::vector<double> integral(points(), 0.0);  // of mean dH
    std::vector<double> faded(points() + 1, 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < points(); ++k) {
      if (events_[k] > 0) sum += mean_[j][k] * events_[k] / total_[k];
      integral[k] = sum;
    }
    for (std::size_t k = points(); k-- > 0;) {
      faded[k] = faded[k + 1];
      if (events_[k] > 0) {
        faded[k] += censoring.before[k] * mean_[j][k] * events_[k] / total_[k];
      }
    }
    for (std::size_t i = 0; i < size(); ++i) {
      const std::size_t k = point(i);
      double mean_integral = integral[k];
      if (sorted.event()[i] == competing) mean_integral += faded[k + 1] / uncensored(i);
      result[j][i] = risk_[i] * (mean_integral - x.columns[j][i] * exposure(i));
      if (sorted.event()[i] == of_interest) result[j][i] += x.columns[j][i] - mean_[j][k];
    }
  }
  return result;
}

std::vector<std::vector<double>> PseudoLikelihood::censoring_residuals() const {
  std::vector<std::vector<double>> result(count(), std::vector<double>(size(), 0.0));
  for (std::size_t j = 0; j < count(); ++j) {
    std::vector<double> faded(points() + 1, 0.0);  // sum of mean G(t-) dH from the point on
    for (std::size_t k = points(); k-- > 0;) {
      faded[k] = faded[k + 1];
      if (events_[k] > 0) {
        faded[k] += censoring.before[k] * mean_[j][k] * events_[k] / total_[k];
      }
    }
    double gone = 0;  // sums over competing events before the point of r / G(T-), and of x times it
    double gone_x = 0;
    double compensator = 0;
    std::size_t i = 0;
    for (std::size_t k = 0; k < points(); ++k) {
      const double q = gone_x * faded_[k] - gone * faded[k];
      const double at_risk = censoring.at_risk[k];
      compensator += q * censoring.censored[k] / (at_risk * at_risk);
      for (; i < size() && point(i) == k; ++i) {
        result[j][i] = -compensator;
        if (sorted.event()[i] == 0) result[j][i] += q / at_risk;
        if (sorted.event()[i] != competing) continue;
        gone += risk_[i] / uncensored(i);
        gone_x += risk_[i] * x.columns[j][i] / uncensored(i);
      }
    }
  }
  return result;
}

std::vector<std::string> refusals(const TimeToEvent& records, const Covariates& covariates) {
  std::vector<std::string> reasons = detail::broken_promises(records, covariates);
  if (!records.entry.empty()) reasons.emplace_back("entry times are not supported");
  if (!records.weight.empty()) reasons.emplace_back("case weights are not supported");
  if (!records.stratum.empty()) reasons.emplace_back("strata are not supported");
  return reasons;
}

void name_infinite(const PseudoLikelihood& likelihood, const std::vector<double>& step,
                   FineGray& fit) {
  fit.status = CoxStatus::infinite;
  std::vector<double> alone(step.size(), 0.0);
  for (std::size_t j = 0; j < step.size(); ++j) {
    alone[j] = step[j];
    if (likelihood.spread(alone) > 0.1) {
      fit.warnings.push_back("the likelihood has no maximum: the coefficient of '" + fit.names[j] +
                             "' runs to infinity");
    }
    alone[j] = 0;
  }
}

// Newton's method with step halving; false: no maximum was reached.
bool maximise(PseudoLikelihood& likelihood, int most_iterations, std::vector<double>& beta,
              FineGray& fit) {
  constexpr double small_decrement = 1e-11;
  const std::size_t p = likelihood.count();
  double best = std::numeric_limits<double>::infinity();
  for (fit.iterations = 1; fit.iterations <= most_iterations; ++fit.iterations) {
    const detail::Cholesky factor(likelihood.information, p);
    if (!factor.full_rank()) return false;
    const std::vector<double> step = factor.solve(likelihood.gradient);
    const double decrement = std::sqrt(factor.quadratic_form(likelihood.gradient));
    // Near a maximum steps shrink quadratically; one that still moves rows apart goes to infinity.
    if (decrement < 1e-4 && likelihood.spread(step) > 0.3) {
      name_infinite(likelihood, step, fit);
      return false;
    }
    if (decrement < small_decrement || (decrement < 1e-8 && !(decrement < best / 2))) {
      fit.newton_decrement = decrement;
      return true;
    }
    best = std::min(best, decrement);
    const std::vector<double> start = beta;
    const double before = likelihood.log_likelihood;
    double share = 1;
    for (int halving = 0; halving < 40; ++halving, share /= 2) {
      for (std::size_t j = 0; j < p; ++j) beta[j] = start[j] + share * step[j];
      likelihood.evaluate(beta);
      if (likelihood.log_likelihood >= before - 1e-12 * (std::fabs(before) + 1)) break;
    }
  }
  return false;
}

}  // namespace

double FineGray::se(std::size_t i) const { return std::sqrt(covariance[i * count() + i]); }

FineGray fine_gray(const TimeToEvent& records, const Covariates& covariates,
                   const FineGrayOptions& options) {
  FineGray fit;
  const std::size_t p = covariates.count();
  fit.names = covariates.names;
  fit.rows = records.rows();
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  fit.coefficients.assign(p, unknown);
  fit.covariance.assign(p * p, unknown);
  fit.warnings = refusals(records, covariates);
  if (!fit.warnings.empty()) {
    fit.status = CoxStatus::bad_data;
    return fit;
  }
  const std::vector<std::int32_t> codes = recoded(records.event, options.cause);
  fit.events = static_cast<std::size_t>(std::count(codes.begin(), codes.end(), of_interest));
  if (fit.events == 0) {
    fit.status = CoxStatus::no_events;
    fit.warnings.emplace_back("there are no events of the cause");
    return fit;
  }
  if (fit.events < p) fit.warnings.emplace_back("fewer events than coefficients");

  PseudoLikelihood likelihood(with_events(records, codes), covariates);
  std::vector<double> beta(p, 0.0);
  likelihood.evaluate(beta);
  fit.log_likelihood_null = likelihood.log_likelihood;
  const detail::Cholesky null(likelihood.information, p);
  if (!null.full_rank()) {
    fit.status = fit.events < p ? CoxStatus::too_few_events : CoxStatus::collinear;
    for (const std::size_t j : null.dependent()) {
      fit.warnings.push_back("'" + fit.names[j] +
                             "' is constant or a combination of other columns");
    }
    return fit;
  }
  if (!maximise(likelihood, options.most_iterations, beta, fit)) {
    if (fit.status == CoxStatus::not_converged && likelihood.spread(beta) > 15) {
      name_infinite(likelihood, beta, fit);
    }
    if (fit.status == CoxStatus::not_converged) {
      fit.warnings.emplace_back("the maximum of the likelihood was not reached");
    }
    return fit;
  }
  fit.status = CoxStatus::converged;
  fit.log_likelihood = likelihood.log_likelihood;
  const std::vector<double> bread = detail::Cholesky(likelihood.information, p).inverse();
  std::vector<std::vector<double>> residuals = likelihood.score_residuals();
  const auto& scale = likelihood.x.scale;
  const auto covariance_of = [&](const std::vector<std::vector<double>>& rows) {
    return detail::divide_by_scales(detail::sandwich(bread, detail::outer_product(rows), p), scale);
  };
  fit.information_inverse = detail::divide_by_scales(bread, scale);
  fit.covariance_fixed_weights = covariance_of(residuals);
  const auto censoring = likelihood.censoring_residuals();
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t i = 0; i < residuals[j].size(); ++i) residuals[j][i] += censoring[j][i];
  }
  fit.covariance = covariance_of(residuals);
  double at_means = 0;
  for (std::size_t j = 0; j < p; ++j) {
    fit.coefficients[j] = beta[j] / scale[j];
    at_means += fit.coefficients[j] * likelihood.x.mean[j];
  }
  double hazard = 0;
  for (std::size_t k = 0; k < likelihood.points(); ++k) {
    const double jump = likelihood.baseline_jump(k);
    if (jump == 0) continue;
    hazard += jump * portable::exp(-at_means);
    fit.baseline_time.push_back(likelihood.censoring.time[k]);
    fit.baseline_hazard.push_back(hazard);
  }
  return fit;
}

}  // namespace npcsim
