#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/cox_prediction.hpp>
#include <npcsim/survival/detail/fitted_likelihood.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// Per event group: jump of the baseline hazard at standardised columns 0 (on the shifted scale), of
// its variance, and of the integral of the means.
class HazardJumps : public detail::RiskSetSums {
 public:
  explicit HazardJumps(const detail::PartialLikelihood& likelihood)
      : RiskSetSums(likelihood),
        hazard(likelihood.groups().size(), 0.0),
        variance(hazard),
        mean(likelihood.count(), hazard) {}

  void at(std::size_t g, std::size_t) {
    const detail::EventGroup group = likelihood_.groups()[g];
    double weight = 0;
    double tied_risk = 0;
    for (std::size_t i = group.first; i < group.first + group.events; ++i) {
      weight += likelihood_.weight(i);
      tied_risk += likelihood_.risk()[i];
    }
    const detail::TieSums sums =
        detail::tie_sums(total_, tied_risk, group.events,
                         weight / static_cast<double>(group.events), likelihood_.ties(), nullptr);
    hazard[g] = sums.hazard;
    variance[g] = sums.square;
    for (std::size_t j = 0; j < first_.size(); ++j) {
      mean[j][g] = sums.square * first_[j] - sums.square_tied * tied(j, group);
    }
  }

  std::vector<double> hazard, variance;   // [group]
  std::vector<std::vector<double>> mean;  // [coefficient][group]
};

}  // namespace

std::size_t PredictedSurvival::index_at(double t) const {
  const auto after = std::upper_bound(time.begin(), time.end(), t);
  return after == time.begin() ? time.size() : static_cast<std::size_t>(after - time.begin()) - 1;
}

double PredictedSurvival::survival_at(double t) const {
  const std::size_t i = index_at(t);
  return i == time.size() ? 1 : survival[i];
}

double PredictedSurvival::survival_se_at(double t) const {
  const std::size_t i = index_at(t);
  return i == time.size() ? 0 : survival[i] * cumulative_hazard_se[i];
}

std::vector<PredictedSurvival> predict_survival(const TimeToEvent& records,
                                                const Covariates& covariates,
                                                const CoxRegression& fit,
                                                std::span<const double> values,
                                                const CoxOptions& options) {
  const detail::FittedLikelihood fitted(records, covariates, fit, options);
  const detail::PartialLikelihood& likelihood = fitted.likelihood;
  HazardJumps jumps(likelihood);
  likelihood.visit_risk_sets(jumps);

  const std::size_t p = fit.count();
  const std::vector<double>& covariance =
      fit.robust_covariance.empty() ? fit.covariance : fit.robust_covariance;
  double eta = 0;
  std::vector<double> standardised(p);
  for (std::size_t j = 0; j < p; ++j) {
    standardised[j] = (values[j] - likelihood.mean(j)) / likelihood.scale(j);
    eta += fitted.beta[j] * standardised[j];
  }
  const SortedRecords& sorted = likelihood.sorted();
  const auto starts = sorted.stratum_begin();
  std::vector<PredictedSurvival> curves;
  for (std::size_t s = 0; s < sorted.strata(); ++s) {
    if (starts[s] == starts[s + 1]) continue;
    PredictedSurvival curve;
    curve.stratum = static_cast<std::int32_t>(s);
    const double relative = portable::exp(eta - likelihood.shift(s));
    double left = 0;  // weight of rows that have not ended
    for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) left += likelihood.weight(i);
    double outside = 0;  // weight of rows that have not entered
    std::size_t entered = starts[s];
    if (likelihood.truncated()) outside = left;
    std::size_t g = likelihood.group_begin(s);
    double hazard = 0;
    double variance = 0;
    std::vector<double> distance(p, 0.0);  // integral of (mean - value) dH
    for (std::size_t first = starts[s]; first < starts[s + 1];) {
      const double time = sorted.time()[first];
      for (; likelihood.truncated() && entered < starts[s + 1] &&
             sorted.entry()[sorted.by_entry()[entered]] < time;
           ++entered) {
        outside -= likelihood.weight(sorted.by_entry()[entered]);
      }
      double ended = 0;
      double events = 0;
      std::size_t last = first;
      for (; last < starts[s + 1] && sorted.time()[last] == time; ++last) {
        ended += likelihood.weight(last);
        if (likelihood.is_event(last)) events += likelihood.weight(last);
      }
      if (events > 0) {
        hazard += jumps.hazard[g];
        variance += jumps.variance[g];
        for (std::size_t j = 0; j < p; ++j) {
          distance[j] += jumps.mean[j][g] - standardised[j] * jumps.hazard[g];
        }
        ++g;
      }
      double quadratic = 0;
      for (std::size_t j = 0; j < p; ++j) {
        for (std::size_t k = 0; k < p; ++k) {
          quadratic += distance[j] * likelihood.scale(j) * covariance[j * p + k] * distance[k] *
                       likelihood.scale(k);
        }
      }
      curve.time.push_back(time);
      curve.at_risk.push_back(left - outside);
      curve.events.push_back(events);
      curve.cumulative_hazard.push_back(hazard * relative);
      curve.survival.push_back(portable::exp(-hazard * relative));
      curve.cumulative_hazard_se.push_back(relative * std::sqrt(variance + quadratic));
      left -= ended;
      first = last;
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::vector<PredictedSurvival> baseline_hazard(const TimeToEvent& records,
                                               const Covariates& covariates,
                                               const CoxRegression& fit,
                                               const CoxOptions& options) {
  return predict_survival(records, covariates, fit, std::vector<double>(fit.count(), 0.0), options);
}

std::vector<double> predicted_risk(const TimeToEvent& records, const Covariates& covariates,
                                   const CoxRegression& fit, double t, const CoxOptions& options) {
  const auto curves = predict_survival(records, covariates, fit, fit.means, options);
  std::vector<double> risk(records.rows(), 0.0);
  for (const PredictedSurvival& curve : curves) {
    const std::size_t at = curve.index_at(t);
    if (at == curve.time.size() || !(curve.cumulative_hazard[at] > 0)) continue;
    for (std::size_t i = 0; i < risk.size(); ++i) {
      if (!records.stratum.empty() && records.stratum[i] != curve.stratum) continue;
      double eta = options.offset.empty() ? 0 : options.offset[i];
      for (std::size_t j = 0; j < fit.count(); ++j) {
        eta += fit.coefficients[j] * (covariates.columns[j][i] - fit.means[j]);
      }
      risk[i] = -portable::expm1(-curve.cumulative_hazard[at] * portable::exp(eta));
    }
  }
  return risk;
}

std::vector<double> linear_predictor(const Covariates& covariates, const CoxRegression& fit) {
  const std::size_t rows = covariates.count() == 0 ? 0 : covariates.columns[0].size();
  std::vector<double> sum(rows, 0.0);
  for (std::size_t j = 0; j < covariates.count(); ++j) {
    for (std::size_t i = 0; i < rows; ++i) sum[i] += fit.coefficients[j] * covariates.columns[j][i];
  }
  return sum;
}

}  // namespace npcsim
