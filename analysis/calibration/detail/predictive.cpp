#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/detail/predictive.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double flagged_below = 0.01;
constexpr std::size_t draws_used = 200;

// Everything that moves the means of the figures: the parameters, and the two biases.
struct MeanParameters {
  MatrixXd slopes;      ///< [target][parameter]
  MatrixXd covariance;  ///< posterior
};

MeanParameters mean_parameters(const CalibrationOptions& options, const FittedPosterior& fitted) {
  const Index p = fitted.problem.parameters();
  if (fitted.problem.between() == 0) return {fitted.slopes, fitted.covariance};
  MeanParameters out;
  const Index biases[] = {p + static_cast<Index>(Between::matched_bias),
                          p + static_cast<Index>(Between::unmatched_bias)};
  out.slopes = MatrixXd::Zero(fitted.slopes.rows(), p + 2);
  out.slopes.leftCols(p) = fitted.slopes;
  for (const StudyFigures& study : fitted.problem.studies()) {
    for (Index b = 0; b < 2; ++b) {
      const DesignTier tier = b == 0 ? DesignTier::matched : DesignTier::unmatched;
      if (study.tier != tier) continue;
      const std::size_t which = static_cast<std::size_t>(biases[b] - p);
      out.slopes.block(study.first, p + b, study.size(), 1) =
          options.between[which].sd * study.slope[2];
    }
  }
  std::vector<Index> rows;
  for (Index j = 0; j < p; ++j) rows.push_back(j);
  rows.insert(rows.end(), std::begin(biases), std::end(biases));
  out.covariance.resize(p + 2, p + 2);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j)
      out.covariance(static_cast<Index>(i), static_cast<Index>(j)) =
          fitted.covariance(rows[i], rows[j]);
  }
  return out;
}

// What one study adds to both tests, from its exact figures.
struct ResidualSums {
  double chi_square = 0;
  double taken = 0;  ///< trace of V^-1 J C J'
  double figures = 0;
  double score = 0;    ///< c' V^-1 r
  double own = 0;      ///< c' V^-1 c
  VectorXd projected;  ///< J' V^-1 c
};

bool is_early(const CalibrationTarget& target, double early_months) {
  return target.group == TargetGroup::treated && target.at_months > 0 &&
         target.at_months <= early_months;
}

ResidualSums residual_sums(const CalibrationOptions& options, const FittedPosterior& fitted,
                           const MeanParameters& parameters) {
  ResidualSums sums;
  sums.projected = VectorXd::Zero(parameters.slopes.cols());
  for (std::size_t s = 0; s < fitted.problem.studies().size(); ++s) {
    const StudyFigures& study = fitted.problem.studies()[s];
    const auto n = static_cast<Index>(study.exact.size());
    if (n == 0) continue;
    const VectorXd mean =
        study_mean(study, fitted.figures.segment(study.first, study.size()), fitted.spread[s]);
    const MatrixXd all = study_covariance(study, fitted.spread[s]);
    MatrixXd covariance(n, n);
    MatrixXd slopes(n, parameters.slopes.cols());
    VectorXd residual(n);
    VectorXd early = VectorXd::Zero(n);
    for (Index i = 0; i < n; ++i) {
      const Index a = study.exact[static_cast<std::size_t>(i)];
      for (Index j = 0; j < n; ++j)
        covariance(i, j) = all(a, study.exact[static_cast<std::size_t>(j)]);
      slopes.row(i) = parameters.slopes.row(study.first + a);
      residual[i] = study.value[a] - mean[a];
      if (is_early(*study.targets[static_cast<std::size_t>(a)], options.early_months))
        early[i] = study.slope[2][a];
    }
    const Eigen::LLT<MatrixXd> factor(covariance);
    const MatrixXd weighted = factor.solve(slopes);
    const VectorXd direction = factor.solve(early);
    sums.chi_square += residual.dot(factor.solve(residual));
    sums.taken += (slopes.transpose() * weighted * parameters.covariance).trace();
    sums.figures += static_cast<double>(n);
    sums.score += direction.dot(residual);
    sums.own += direction.dot(early);
    sums.projected += slopes.transpose() * direction;
  }
  return sums;
}

ResidualTest overall_test(const ResidualSums& sums) {
  const double df = std::max(sums.figures - sums.taken, 1.0);
  ResidualTest out;
  out.tested = sums.figures > 0;
  // Wilson & Hilferty (1931).
  const double variance = 2 / (9 * df);
  out.z = (std::cbrt(sums.chi_square / df) - (1 - variance)) / std::sqrt(variance);
  out.p = portable::gamma_q(df / 2, sums.chi_square / 2);
  return out;
}

ResidualTest time_varying_test(const ResidualSums& sums, const MeanParameters& parameters) {
  ResidualTest out;
  const double variance = sums.own - sums.projected.dot(parameters.covariance * sums.projected);
  if (!(variance > 1e-9 * sums.own) || !(sums.own > 0)) return out;
  out.tested = true;
  out.z = sums.score / std::sqrt(variance);
  out.p = 2 * portable::normal_survival(std::fabs(out.z));
  return out;
}

TargetCheck check_target(const FittedPosterior& fitted, const MeanParameters& parameters,
                         const StudyFigures& study, std::size_t s, Index i) {
  TargetCheck out;
  const Index t = study.first + i;
  out.target = static_cast<std::size_t>(t);
  const VectorXd mean =
      study_mean(study, fitted.figures.segment(study.first, study.size()), fitted.spread[s]);
  const VectorXd slope = parameters.slopes.row(t).transpose();
  out.predicted = mean[i];
  out.sd = std::sqrt(study_covariance(study, fitted.spread[s])(i, i) +
                     slope.dot(parameters.covariance * slope));
  const CalibrationTarget& target = *study.targets[static_cast<std::size_t>(i)];
  out.z = (target.value - mean[i]) / out.sd;
  if (target.reading == TargetReading::above) out.z = std::max(out.z, 0.0);
  if (target.reading == TargetReading::below) out.z = std::min(out.z, 0.0);
  if (target.reading == TargetReading::within) {
    const double nearest = std::clamp(mean[i], target.low, target.high);
    out.z = (nearest - mean[i]) / out.sd;
  }
  return out;
}

StudyCheck check_study(const TargetModel& model, const FittedPosterior& fitted, std::size_t s) {
  const StudyFigures& study = fitted.problem.studies()[s];
  StudyCheck out;
  out.study = model.studies()[s].id;
  out.figures = study.exact.size();
  if (study.exact.empty()) return out;
  const auto n = static_cast<Index>(study.exact.size());
  const std::vector<Index> some = fitted.thinned(draws_used);
  const double share = 1 / static_cast<double>(some.size());
  out.p = 0;
  for (const Index d : some) {
    const StudySpread spread = fitted.problem.spread(
        study, fitted.scores.row(d).tail(fitted.problem.between()).transpose());
    const VectorXd mu =
        fitted.density.figures(fitted.draws.row(d).transpose()).segment(study.first, study.size());
    const VectorXd mean = study_mean(study, mu, spread);
    const MatrixXd all = study_covariance(study, spread);
    MatrixXd covariance(n, n);
    VectorXd residual(n);
    for (Index i = 0; i < n; ++i) {
      const Index a = study.exact[static_cast<std::size_t>(i)];
      for (Index j = 0; j < n; ++j)
        covariance(i, j) = all(a, study.exact[static_cast<std::size_t>(j)]);
      residual[i] = study.value[a] - mean[a];
    }
    const double chi_square = residual.dot(Eigen::LLT<MatrixXd>(covariance).solve(residual));
    out.chi_square += share * chi_square;
    out.p += share * portable::gamma_q(0.5 * static_cast<double>(n), 0.5 * chi_square);
  }
  return out;
}

}  // namespace

PredictiveCheck check_predictions(const TargetModel& model, const CalibrationOptions& options,
                                  const FittedPosterior& fitted) {
  PredictiveCheck out;
  const MeanParameters parameters = mean_parameters(options, fitted);
  for (std::size_t s = 0; s < fitted.problem.studies().size(); ++s) {
    const StudyFigures& study = fitted.problem.studies()[s];
    for (Index i = 0; i < study.size(); ++i)
      out.targets.push_back(check_target(fitted, parameters, study, s, i));
    out.studies.push_back(check_study(model, fitted, s));
  }
  const ResidualSums sums = residual_sums(options, fitted, parameters);
  out.overall = overall_test(sums);
  out.time_varying = time_varying_test(sums, parameters);
  out.flagged = out.overall.p < flagged_below || out.time_varying.p < flagged_below;
  return out;
}

}  // namespace npcsim::detail
