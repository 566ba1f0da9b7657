#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/random/detail/gamma_log_quantile.hpp>
#include <npcsim/random/distributions.hpp>
#include <npcsim/random/normal_inverse.hpp>

namespace npcsim {

namespace {

double clamp(double x, double lower, double upper) noexcept {
  const double above = x < lower ? lower : x;
  return above > upper ? upper : above;
}

/// Beyond one standard deviation the tail is followed on the log scale.
constexpr double deep_limit = -1.0;

}  // namespace

double UniformDistribution::quantile(double u) const noexcept {
  // Written with both weights so that neither limit is overstepped and none is lost to rounding.
  return clamp(lower * (1.0 - u) + upper * u, lower, upper);
}

double NormalDistribution::quantile(double u) const noexcept {
  return mean + sd * normal_from_uniform(u);
}

double LogNormalDistribution::quantile(double u) const noexcept {
  return portable::exp(log_mean + log_sd * normal_from_uniform(u));
}

TruncatedNormalDistribution::TruncatedNormalDistribution(NormalDistribution untruncated,
                                                         double lower, double upper) noexcept
    : untruncated_(untruncated), lower_(lower), upper_(upper), mirrored_(lower > untruncated.mean) {
  const double low = (lower - untruncated.mean) / untruncated.sd;
  const double high = (upper - untruncated.mean) / untruncated.sd;
  const double a = mirrored_ ? -high : low;
  const double b = mirrored_ ? -low : high;
  deep_ = b < deep_limit;
  tail_below_ = portable::normal_cdf(a);
  tail_above_ = portable::normal_survival(b);
  mass_ = b < 0.0 ? portable::normal_cdf(b) - tail_below_ : 1.0 - tail_below_ - tail_above_;
  log_near_tail_ = portable::normal_log_survival(-b);
  far_to_near_ = portable::exp(portable::normal_log_survival(-a) - log_near_tail_);
}

double TruncatedNormalDistribution::quantile(double u) const noexcept {
  const double share = mirrored_ ? 1.0 - u : u;  // of the mass, counted from a
  double z;
  if (deep_) {
    // Phi(z) = Phi(b) (r + share (1 - r)), r = Phi(a) / Phi(b).
    const double log_p = log_near_tail_ + portable::log(far_to_near_ * (1.0 - share) + share);
    z = -portable::normal_at_log_survival(log_p);
  } else {
    const double p = tail_below_ + share * mass_;
    z = p <= 0.5 ? portable::normal_quantile(p)
                 : -portable::normal_quantile(tail_above_ + (1.0 - share) * mass_);
  }
  return clamp(untruncated_.mean + untruncated_.sd * (mirrored_ ? -z : z), lower_, upper_);
}

double GammaDistribution::log_quantile(double u) const noexcept {
  const bool upper = u > 0.5;
  return portable::log(mean) +
         detail::gamma_log_ratio(shape, upper, portable::log(upper ? 1.0 - u : u));
}

double GammaDistribution::quantile(double u) const noexcept {
  const bool upper = u > 0.5;
  return mean *
         portable::exp(detail::gamma_log_ratio(shape, upper, portable::log(upper ? 1.0 - u : u)));
}

double BetaDistribution::quantile(double u) const noexcept {
  return u > 0.5 ? portable::beta_q_inverse(a, b, 1.0 - u) : portable::beta_p_inverse(a, b, u);
}

}  // namespace npcsim
