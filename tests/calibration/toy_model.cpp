#include "toy_model.hpp"

#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>

namespace npcsim::test {
namespace {

constexpr double common_error = 0.5;  // share of the error variance that an arm's figures share

}  // namespace

ToyModel::ToyModel() {
  parameters_ = {{"progression", ParameterTransform::log, std::log(0.08), 0.4},
                 {"death_before", ParameterTransform::log, std::log(0.01), 0.4},
                 {"death_after", ParameterTransform::log, std::log(0.06), 0.4},
                 {"effect_progression", ParameterTransform::identity, -0.5, 0.3},
                 {"effect_death", ParameterTransform::identity, -0.1, 0.3},
                 {"effect_second", ParameterTransform::identity, -0.4, 0.3},
                 {"unseen", ParameterTransform::identity, 0, 1},
                 {"unseen_too", ParameterTransform::identity, 2, 0.5}};
  for (std::int32_t s = 0; s < 16; ++s) {
    const DesignTier tier = s < 6    ? DesignTier::randomised
                            : s < 8  ? DesignTier::single_arm
                            : s < 12 ? DesignTier::matched
                                     : DesignTier::unmatched;
    studies_.push_back({"study_" + std::to_string(s), tier});
    const double n = 60 + 20 * s;
    const int treatment = tier == DesignTier::randomised && s < 5 ? 1 : 2;
    if (tier != DesignTier::single_arm) arms_.push_back({s, 0, n});
    arms_.push_back({s, tier == DesignTier::single_arm ? 1 : treatment, n});
  }
  for (std::size_t a = 0; a < arms_.size(); ++a) {
    for (const bool pfs : {true, false}) {
      for (const double months : {6.0, 18.0, 36.0}) {
        CalibrationTarget target;
        target.id = "arm_" + std::to_string(a);
        target.study = arms_[a].study;
        target.scale = TargetScale::arcsine;
        target.at_months = months;
        target.group = arms_[a].treatment > 0 ? TargetGroup::treated : TargetGroup::control;
        targets_.push_back(target);
        arm_of_.push_back(a);
        progression_free_.push_back(pfs);
      }
    }
  }
}

double ToyModel::survival(std::span<const double> theta, const Arm& arm, const StudyShift& shift,
                          bool progression_free, double months) const {
  const double effect = arm.treatment > 0 ? shift.effect : 0;
  const double first = arm.treatment == 1 ? theta[3] : arm.treatment == 2 ? theta[5] : 0;
  const double after = arm.treatment > 0 ? theta[4] : 0;
  const double progression = std::exp(theta[0] + shift.progression + first + effect);
  const double death = std::exp(theta[1] + shift.death + effect);
  const double later = std::exp(theta[2] + shift.death + after + effect);
  const double free = std::exp(-(progression + death) * months);
  if (progression_free) return free;
  const double gap = later - progression - death;
  const double between = std::fabs(gap) < 1e-9
                             ? progression * months * std::exp(-later * months)
                             : progression * (free - std::exp(-later * months)) / gap;
  return free + between;
}

std::vector<double> ToyModel::predict(std::span<const double> theta, const StudyShift& shift,
                                      std::uint32_t) const {
  std::vector<double> out;
  for (std::size_t t = 0; t < targets_.size(); ++t)
    out.push_back(std::asin(std::sqrt(
        survival(theta, arms_[arm_of_[t]], shift, progression_free_[t], targets_[t].at_months))));
  return out;
}

// Errors with variance 1 / (4 n), half of it common to the figures of an arm.
std::vector<double> ToyModel::with_errors(std::vector<double> figures, std::uint64_t seed,
                                          std::uint32_t occurrence) const {
  const DrawKey key{seed, 0};
  for (std::size_t t = 0; t < figures.size(); ++t) {
    const double sd = 0.5 / std::sqrt(arms_[arm_of_[t]].n);
    const PatientDraws own(key, static_cast<std::uint32_t>(t));
    const PatientDraws shared(key, static_cast<std::uint32_t>(1000 + arm_of_[t]));
    figures[t] += sd * (std::sqrt(1 - common_error) * own.normal(StreamName("own"), occurrence) +
                        std::sqrt(common_error) * shared.normal(StreamName("arm"), occurrence));
  }
  return figures;
}

std::vector<double> ToyModel::replicate(std::span<const double> theta, std::size_t count,
                                        std::uint32_t stream) const {
  const std::vector<double> figures = predict(theta, {}, 0);
  std::vector<double> out;
  for (std::size_t r = 0; r < count; ++r) {
    const auto one = with_errors(figures, stream, static_cast<std::uint32_t>(r));
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

std::vector<double> ToyModel::become_world(std::uint64_t seed) {
  const PatientDraws draws({seed, 0}, 0);
  std::vector<double> theta;
  for (std::size_t j = 0; j < parameters_.size(); ++j)
    theta.push_back(parameters_[j].mean +
                    parameters_[j].sd *
                        draws.normal(StreamName("truth"), static_cast<std::uint32_t>(j)));
  const auto priors = default_between_priors();
  BetweenValues between{};
  for (std::size_t h = 0; h < priors.size(); ++h)
    between[h] =
        between_value(priors[h], draws.normal(StreamName("between"), static_cast<std::uint32_t>(h)))
            .value;
  std::vector<double> published;
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    const auto z = [&](std::uint32_t k) {
      return PatientDraws({seed, 0}, static_cast<std::uint32_t>(s)).normal(StreamName("shift"), k);
    };
    const StudyShift shift = study_shift(between, studies_[s], {z(0), z(1), z(2), z(3), z(4)});
    const auto figures = predict(theta, shift, 0);
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      if (targets_[t].study == static_cast<std::int32_t>(s)) published.push_back(figures[t]);
    }
  }
  const std::vector<double> slopes = shape_slopes(*this, theta);
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    const CalibrationStudy& study = studies_[static_cast<std::size_t>(targets_[t].study)];
    published[t] += shape_sd(between, study) * slopes[t] *
                    draws.normal(StreamName("shape"), static_cast<std::uint32_t>(t));
  }
  published = with_errors(std::move(published), seed, 0);
  for (std::size_t t = 0; t < targets_.size(); ++t) targets_[t].value = published[t];
  return theta;
}

}  // namespace npcsim::test
