#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/weighted_rows.hpp>

namespace npcsim::detail {

StayingCurve staying_curve(const TimeToEvent& leaving, const Covariates& covariates,
                           const CoxRegression& fit, bool stabilised) {
  StayingCurve result;
  const auto curves = predict_survival(leaving, covariates, fit, fit.means);
  if (curves.empty()) return result;
  const PredictedSurvival& curve = curves.front();
  double marginal = 0;
  for (std::size_t k = 0; k < curve.time.size(); ++k) {
    if (!(curve.events[k] > 0)) continue;
    marginal += curve.events[k] / curve.at_risk[k];
    result.time.push_back(curve.time[k]);
    result.hazard.push_back(curve.cumulative_hazard[k]);
    if (stabilised) result.numerator.push_back(portable::exp(-marginal));
  }
  return result;
}

void add_weighted_rows(const StayingCurve& curve, double relative, std::size_t source, double time,
                       std::int32_t event, MadeRecords& out) {
  double entry = 0;
  double weight = 1;
  const auto add = [&](double end, std::int32_t what) {
    out.entry.push_back(entry);
    out.time.push_back(end);
    out.event.push_back(what);
    out.weight.push_back(weight);
    out.cluster.push_back(static_cast<std::int32_t>(source));
    out.source.push_back(source);
    entry = end;
  };
  for (std::size_t k = 0; k < curve.time.size() && curve.time[k] < time; ++k) {
    if (curve.time[k] > entry) add(curve.time[k], 0);
    const double numerator = curve.numerator.empty() ? 1 : curve.numerator[k];
    weight = numerator * portable::exp(curve.hazard[k] * relative);
  }
  add(time, event);
}

double relative_hazard(const CoxRegression& fit, const Covariates& covariates, std::size_t row) {
  double eta = 0;
  for (std::size_t j = 0; j < fit.count(); ++j) {
    eta += fit.coefficients[j] * (covariates.columns[j][row] - fit.means[j]);
  }
  return portable::exp(eta);
}

}  // namespace npcsim::detail
