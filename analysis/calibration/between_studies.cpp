#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/between_studies.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// Beyond this score the distribution function is 0 or 1 to all digits.
constexpr double largest_score = 8;

double normal_density(double z) {
  constexpr double one_over_root_two_pi = 0.39894228040143267794;
  return one_over_root_two_pi * portable::exp(-0.5 * z * z);
}

}  // namespace

std::vector<BetweenPrior> default_between_priors() {
  return {{"tau_progression", true, 0, 0.2},    {"tau_death", true, 0, 0.2},
          {"omega_effect", true, 0, 0.15},      {"phi_proportion", true, 0, 0.03},
          {"sd_bias_matched", true, 0, 0.15},   {"sd_bias_unmatched", true, 0, 0.2},
          {"bias_matched", false, -0.10, 0.15}, {"bias_unmatched", false, -0.20, 0.2},
          {"tau_series_death", true, 0, 0.3},   {"sigma_shape", true, 0, 0.1},
          {"sigma_series_shape", true, 0, 0.2}};
}

// Half-normal: F(v) = 2 Phi(v / sd) - 1 = Phi(score), so v / sd = -Phi^-1(Phi(-score) / 2), a form
// that keeps its digits in the upper tail; d v / d score = sd phi(score) / (2 phi(v / sd)).
BetweenValue between_value(const BetweenPrior& prior, double score) {
  if (!prior.half_normal) return {prior.mean + prior.sd * score, prior.sd};
  const double z = std::clamp(score, -largest_score, largest_score);
  const double q = -portable::normal_quantile(0.5 * portable::normal_cdf(-z));
  return {prior.sd * q, prior.sd * normal_density(z) / (2 * normal_density(q))};
}

double between_score(const BetweenPrior& prior, double value) {
  if (!prior.half_normal) return (value - prior.mean) / prior.sd;
  return -portable::normal_quantile(2 * portable::normal_survival(value / prior.sd));
}

}  // namespace npcsim
