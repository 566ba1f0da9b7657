#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/trial/closed_form.hpp>

#include <cmath>

namespace npcsim {

namespace {

double squared_quantiles(const TestPlan& plan) {
  const double z = portable::normal_quantile(1 - plan.two_sided_alpha / 2) +
                   portable::normal_quantile(plan.power);
  return z * z;
}

// p (1 - p) for the share p of the treated.
double allocation_variance(double treated_per_control) {
  const double p = treated_per_control / (1 + treated_per_control);
  return p * (1 - p);
}

}  // namespace

Probability event_probability(RatePerMonth rate, Months accrual, Months follow_up) {
  NPCSIM_EXPECTS(accrual.count() >= 0 && follow_up.count() >= 0);
  const double event_free_at_least = portable::exp(-rate.value() * follow_up.count());
  const double x = rate.value() * accrual.count();
  const double average = x > 0 ? -portable::expm1(-x) / x : 1.0;
  return Probability{1 - event_free_at_least * average};
}

double schoenfeld_events(const TestPlan& plan) {
  const double log_ratio = portable::log(plan.hazard_ratio.value());
  NPCSIM_EXPECTS(log_ratio != 0);
  return squared_quantiles(plan) /
         (allocation_variance(plan.treated_per_control) * log_ratio * log_ratio);
}

double freedman_events(const TestPlan& plan) {
  const double ratio = plan.hazard_ratio.value();
  NPCSIM_EXPECTS(ratio != 1);
  const double r = plan.treated_per_control;
  const double contrast = (1 + r * ratio) / (1 - ratio);
  return squared_quantiles(plan) * contrast * contrast / r;
}

Probability schoenfeld_power(const TestPlan& plan, double events) {
  NPCSIM_EXPECTS(events >= 0);
  const double drift = std::sqrt(events * allocation_variance(plan.treated_per_control)) *
                       std::fabs(portable::log(plan.hazard_ratio.value()));
  return Probability{
      portable::normal_cdf(drift - portable::normal_quantile(1 - plan.two_sided_alpha / 2))};
}

}  // namespace npcsim
