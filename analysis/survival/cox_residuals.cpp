#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/cox_residuals.hpp>
#include <npcsim/survival/detail/fitted_likelihood.hpp>
#include <npcsim/survival/detail/score_residuals.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

CoxResiduals cox_residuals(const TimeToEvent& records, const Covariates& covariates,
                           const CoxRegression& fit, const CoxOptions& options) {
  const detail::FittedLikelihood fitted(records, covariates, fit, options);
  const detail::PartialLikelihood& likelihood = fitted.likelihood;
  const std::size_t n = records.rows();
  const std::size_t p = fit.count();
  CoxResiduals result;
  result.martingale.assign(n, 0.0);
  result.deviance.assign(n, 0.0);
  result.score.assign(p, std::vector<double>(n, 0.0));
  result.dfbeta = result.score;
  const auto row = likelihood.sorted().row();
  const auto score = detail::score_residuals(likelihood);
  for (std::size_t i = 0; i < likelihood.size(); ++i) {
    const double events = likelihood.is_event(i) ? 1 : 0;
    const double expected = likelihood.risk()[i] / likelihood.weight(i) * likelihood.exposure(i);
    const double martingale = events - expected;
    result.martingale[row[i]] = martingale;
    const double log_term = events > 0 ? portable::log(expected) : 0;
    const double deviance = std::sqrt(std::max(0.0, -2 * (martingale + log_term)));
    result.deviance[row[i]] = martingale < 0 ? -deviance : deviance;
    for (std::size_t j = 0; j < p; ++j) {
      result.score[j][row[i]] = score[j][i] * likelihood.scale(j);
      for (std::size_t k = 0; k < p; ++k) {
        result.dfbeta[j][row[i]] += fit.covariance[j * p + k] * score[k][i] * likelihood.scale(k);
      }
    }
  }
  return result;
}

namespace {

// Mean of each column over the risk set at each event group; for tied events Efron's average.
class MeansAtRisk : public detail::RiskSetSums {
 public:
  explicit MeansAtRisk(const detail::PartialLikelihood& likelihood)
      : RiskSetSums(likelihood),
        mean(likelihood.count(), std::vector<double>(likelihood.groups().size(), 0.0)) {}

  void at(std::size_t g, std::size_t) {
    const detail::EventGroup group = likelihood_.groups()[g];
    double tied_risk = 0;
    for (std::size_t i = group.first; i < group.first + group.events; ++i) {
      tied_risk += likelihood_.risk()[i];
    }
    const detail::TieSums sums =
        detail::tie_sums(total_, tied_risk, group.events, 1, likelihood_.ties(), nullptr);
    const double d = static_cast<double>(group.events);
    for (std::size_t j = 0; j < first_.size(); ++j) {
      mean[j][g] = (sums.hazard * first_[j] - sums.hazard_tied * tied(j, group)) / d;
    }
  }

  std::vector<std::vector<double>> mean;  // [coefficient][group]
};

}  // namespace

SchoenfeldResiduals schoenfeld_residuals(const TimeToEvent& records, const Covariates& covariates,
                                         const CoxRegression& fit, const CoxOptions& options) {
  const detail::FittedLikelihood fitted(records, covariates, fit, options);
  const detail::PartialLikelihood& likelihood = fitted.likelihood;
  MeansAtRisk means(likelihood);
  likelihood.visit_risk_sets(means);
  const std::size_t p = fit.count();
  SchoenfeldResiduals result;
  result.raw.resize(p);
  result.scaled.resize(p);
  for (std::size_t s = 0; s < likelihood.sorted().strata(); ++s) {
    for (std::size_t g = likelihood.group_begin(s); g < likelihood.group_begin(s + 1); ++g) {
      const detail::EventGroup group = likelihood.groups()[g];
      for (std::size_t i = group.first; i < group.first + group.events; ++i) {
        result.time.push_back(likelihood.time(group));
        result.stratum.push_back(static_cast<std::int32_t>(s));
        for (std::size_t j = 0; j < p; ++j) {
          const double residual = likelihood.column(j)[i] - means.mean[j][g];
          result.raw[j].push_back(likelihood.weight(i) * residual * likelihood.scale(j));
        }
      }
    }
  }
  const std::size_t events = result.time.size();
  for (std::size_t j = 0; j < p; ++j) {
    result.scaled[j].assign(events, fit.coefficients[j]);
    for (std::size_t k = 0; k < p; ++k) {
      const double factor = static_cast<double>(events) * fit.covariance[j * p + k];
      for (std::size_t e = 0; e < events; ++e) result.scaled[j][e] += factor * result.raw[k][e];
    }
  }
  return result;
}

}  // namespace npcsim
