#include <npcsim/calibration/detail/problem.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t at(Between which) { return static_cast<std::size_t>(which); }

}  // namespace

Problem::Problem(const TargetModel& model, const CalibrationOptions& options)
    : model_(model),
      priors_(options.between),
      parameters_(static_cast<Index>(model.parameters().size())),
      between_(options.between_studies ? static_cast<Index>(between_count) : 0),
      targets_(static_cast<Index>(model.targets().size())) {
  const auto& targets = model.targets();
  studies_.resize(model.studies().size());
  for (std::size_t t = 0; t < targets.size(); ++t) {
    StudyFigures& study = studies_[static_cast<std::size_t>(targets[t].study)];
    if (study.targets.empty()) study.first = static_cast<Index>(t);
    const auto place = static_cast<Index>(study.targets.size());
    study.targets.push_back(&targets[t]);
    if (!targets[t].fitted) continue;
    (targets[t].reading == TargetReading::exact ? study.exact : study.bounded).push_back(place);
  }
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    StudyFigures& study = studies_[s];
    study.tier = model.studies()[s].tier;
    study.series = model.studies()[s].series;
    const auto n = static_cast<Index>(study.targets.size());
    study.value.resize(n);
    study.proportion = study.shape = VectorXd::Zero(n);
    study.sampling = MatrixXd::Identity(n, n);
    study.size_variance = VectorXd::Ones(n);
    for (Index i = 0; i < n; ++i) {
      const CalibrationTarget& target = *study.targets[static_cast<std::size_t>(i)];
      study.value[i] = target.value;
      if (between_ > 0 && target.heterogeneity == Heterogeneity::proportion)
        study.proportion[i] = 1;
    }
    for (std::size_t k = 0; k < shift_kinds; ++k)
      study.slope[k] = study.bend[k] = VectorXd::Zero(n);
  }
}

std::size_t Problem::fitted() const {
  std::size_t count = 0;
  for (const StudyFigures& study : studies_) count += study.exact.size() + study.bounded.size();
  return count;
}

void Problem::set_sampling(const SampledFigures& sampled) {
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    StudyFigures& study = studies_[s];
    study.sampling = sampled.covariance[s];
    study.size_variance = sampled.variance.segment(study.first, study.size());
    VectorXd scale = VectorXd::Ones(study.size());
    for (Index i = 0; i < study.size(); ++i) {
      const double published = study.targets[static_cast<std::size_t>(i)]->se;
      if (!(published > 0)) continue;
      scale[i] = published / std::sqrt(study.sampling(i, i));
      study.size_variance[i] = published * published;
    }
    study.sampling = scale.asDiagonal() * study.sampling * scale.asDiagonal();
  }
}

void Problem::add_error(const MatrixXd& errors, double share) {
  for (StudyFigures& study : studies_) {
    const MatrixXd own = errors.middleCols(study.first, study.size());
    study.sampling += share / static_cast<double>(errors.rows()) * (own.transpose() * own);
  }
}

void Problem::set_response(const ShiftResponse& response) {
  if (between_ == 0) return;
  for (StudyFigures& study : studies_) {
    for (std::size_t k = 0; k < shift_kinds; ++k) {
      study.slope[k] = response.slope[k].segment(study.first, study.size());
      study.bend[k] = response.bend[k].segment(study.first, study.size());
      for (Index i = 0; i < study.size(); ++i) {
        if (study.targets[static_cast<std::size_t>(i)]->heterogeneity == Heterogeneity::hazard)
          continue;
        study.slope[k][i] = study.bend[k][i] = 0;
      }
    }
    study.shape = study.slope[progression_kind].cwiseAbs2() + study.slope[death_kind].cwiseAbs2();
  }
}

std::vector<std::size_t> Problem::same_patients(std::size_t study) const {
  const std::string& name = model_.studies()[study].publication;
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    if (s == study || (!name.empty() && model_.studies()[s].publication == name)) out.push_back(s);
  }
  return out;
}

void Problem::leave_out(const std::vector<std::size_t>& studies) {
  for (const std::size_t s : studies) {
    studies_[s].exact.clear();
    studies_[s].bounded.clear();
  }
}

StudySpread Problem::spread(const StudyFigures& study, const VectorXd& between_scores) const {
  StudySpread out;
  if (between_ == 0) return out;
  const auto value = [&](Between which) {
    return between_value(priors_[at(which)], between_scores[static_cast<Index>(at(which))]).value;
  };
  const auto square = [&](Between which) {
    const double v = value(which);
    return v * v;
  };
  out.variance = {square(Between::progression), square(Between::death), square(Between::effect)};
  out.proportion_variance = square(Between::proportion);
  out.shape_variance = square(Between::shape);
  if (study.series) {
    out.variance[death_kind] += square(Between::series_death);
    out.shape_variance += square(Between::series_shape);
  }
  if (study.tier == DesignTier::matched) {
    out.variance[effect_kind] += square(Between::matched_sd);
    out.effect_bias = value(Between::matched_bias);
  } else if (study.tier == DesignTier::unmatched) {
    out.variance[effect_kind] += square(Between::unmatched_sd);
    out.effect_bias = value(Between::unmatched_bias);
  }
  return out;
}

double Problem::log_likelihood(const VectorXd& mu, const VectorXd& between_scores, VectorXd* of_mu,
                               VectorXd* of_between) const {
  double sum = 0;
  if (of_mu != nullptr) of_mu->setZero(targets_);
  if (of_between != nullptr) of_between->setZero(between_);
  std::array<BetweenValue, between_count> values{};
  for (Index h = 0; h < between_; ++h)
    values[static_cast<std::size_t>(h)] =
        between_value(priors_[static_cast<std::size_t>(h)], between_scores[h]);
  // d / d score of a standard deviation v that enters as v^2, and of a bias.
  const auto add = [&](Between which, double slope) {
    (*of_between)[static_cast<Index>(at(which))] += slope * values[at(which)].slope;
  };
  const auto add_square = [&](Between which, double slope) {
    add(which, 2 * values[at(which)].value * slope);
  };
  for (const StudyFigures& study : studies_) {
    if (study.exact.empty() && study.bounded.empty()) continue;
    StudyGradient gradient;
    const bool wanted = of_mu != nullptr;
    sum +=
        detail::study_log_likelihood(study, mu.segment(study.first, study.size()),
                                     spread(study, between_scores), wanted ? &gradient : nullptr);
    if (!wanted) continue;
    of_mu->segment(study.first, study.size()) = gradient.mu;
    if (between_ == 0) continue;
    const StudySpread& slope = gradient.spread;
    add_square(Between::progression, slope.variance[progression_kind]);
    add_square(Between::death, slope.variance[death_kind]);
    add_square(Between::effect, slope.variance[effect_kind]);
    add_square(Between::proportion, slope.proportion_variance);
    add_square(Between::shape, slope.shape_variance);
    if (study.series) {
      add_square(Between::series_death, slope.variance[death_kind]);
      add_square(Between::series_shape, slope.shape_variance);
    }
    if (study.tier == DesignTier::matched) {
      add_square(Between::matched_sd, slope.variance[effect_kind]);
      add(Between::matched_bias, slope.effect_bias);
    } else if (study.tier == DesignTier::unmatched) {
      add_square(Between::unmatched_sd, slope.variance[effect_kind]);
      add(Between::unmatched_bias, slope.effect_bias);
    }
  }
  return sum;
}

double Problem::study_log_likelihood(std::size_t index, const VectorXd& mu,
                                     const VectorXd& between_scores) const {
  const StudyFigures& study = studies_[index];
  return detail::study_log_likelihood(study, mu.segment(study.first, study.size()),
                                      spread(study, between_scores), nullptr);
}

std::vector<std::size_t> without_figure(const VectorXd& figures) {
  std::vector<std::size_t> out;
  for (Index t = 0; t < figures.size(); ++t) {
    if (!std::isfinite(figures[t])) out.push_back(static_cast<std::size_t>(t));
  }
  return out;
}

}  // namespace npcsim::detail
