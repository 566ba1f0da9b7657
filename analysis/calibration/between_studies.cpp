#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/between_studies.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

// Beyond this score the distribution function is 0 or 1 to all digits.
constexpr double largest_score = 8;

constexpr double shape_step = 0.2;  // of log hazards

double normal_density(double z) {
  constexpr double one_over_root_two_pi = 0.39894228040143267794;
  return one_over_root_two_pi * portable::exp(-0.5 * z * z);
}

}  // namespace

std::vector<BetweenPrior> default_between_priors() {
  return {{"tau_progression", true, 0, 0.2, "spread: progression",
           "sd of the studies' log hazards of progression"},
          {"tau_death", true, 0, 0.2, "spread: death", "sd of the studies' log hazards of death"},
          {"omega_effect", true, 0, 0.15, "spread: effect",
           "sd of the studies' log hazard ratios of treatment"},
          {"phi_proportion", true, 0, 0.03, "spread: shares",
           "sd of shares (response, toxicity) beyond chance, arcsine scale"},
          {"sd_bias_matched", true, 0, 0.15, "bias, matched: spread",
           "further sd of the log hazard ratio in matched comparisons"},
          {"sd_bias_unmatched", true, 0, 0.2, "bias, unmatched: spread",
           "further sd of the log hazard ratio in unmatched comparisons"},
          {"bias_matched", false, -0.10, 0.15, "bias, matched: mean",
           "mean bias of the log hazard ratio in matched comparisons"},
          {"bias_unmatched", false, -0.20, 0.2, "bias, unmatched: mean",
           "mean bias of the log hazard ratio in unmatched comparisons"},
          {"tau_series_death", true, 0, 0.3, "spread: death, series",
           "further sd of the log hazards of death in retrospective series and registries"},
          {"sigma_shape", true, 0, 0.1, "spread: shape",
           "sd of each figure's own log hazards: no curve has exactly the model's shape"},
          {"sigma_series_shape", true, 0, 0.2, "spread: shape, series",
           "further sd of the same in retrospective series and registries"}};
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

StudyShift study_shift(const BetweenValues& values, const CalibrationStudy& study,
                       const StudyNormals& normals) {
  const auto value = [&](Between which) { return value_of(values, which); };
  StudyShift out;
  out.progression = value(Between::progression) * normals.progression;
  out.death = value(Between::death) * normals.death;
  out.effect = value(Between::effect) * normals.effect;
  if (study.series) out.death += value(Between::series_death) * normals.series_death;
  if (study.tier == DesignTier::matched)
    out.effect += value(Between::matched_bias) + value(Between::matched_sd) * normals.bias;
  if (study.tier == DesignTier::unmatched)
    out.effect += value(Between::unmatched_bias) + value(Between::unmatched_sd) * normals.bias;
  return out;
}

double shape_sd(const BetweenValues& values, const CalibrationStudy& study) {
  const double all = value_of(values, Between::shape);
  return study.series ? std::hypot(all, value_of(values, Between::series_shape)) : all;
}

std::vector<double> shape_slopes(const TargetModel& model, std::span<const double> theta) {
  const auto at = [&](double progression, double death) {
    return model.predict(theta, {progression, death, 0}, 0);
  };
  const std::vector<double> more_progression = at(shape_step, 0);
  const std::vector<double> less_progression = at(-shape_step, 0);
  const std::vector<double> more_death = at(0, shape_step);
  const std::vector<double> less_death = at(0, -shape_step);
  std::vector<double> out;
  for (std::size_t t = 0; t < more_death.size(); ++t)
    out.push_back(
        std::hypot(more_progression[t] - less_progression[t], more_death[t] - less_death[t]) /
        (2 * shape_step));
  return out;
}

}  // namespace npcsim
