#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/chain_diagnostics.hpp>
#include <npcsim/calibration/detail/predictive.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t weighted_draws = 1000;
// Weights are trusted only where they change little. A study that informs a parameter alone has
// weights with a tail of k near 1, of which a thousand dependent draws show too little: the
// estimate falls below 0.7 as often as not, and the study seems to agree with the others.
constexpr double largest_k = 0.5;
constexpr double least_effective_share = 0.5;

MatrixXd sampled_again(const CalibrationOptions& options, const FittedPosterior& fitted,
                       std::size_t study) {
  Problem without = fitted.problem;
  without.leave_out(without.same_patients(study));
  const EmulatorPosterior density(without, fitted.region, fitted.emulator, Extent::everywhere);
  ChainOptions chains;
  chains.seed = options.seed;
  chains.chains = options.chains;
  chains.warmup = options.warmup;
  chains.draws = weighted_draws / options.chains;
  const auto log_density = [&](const VectorXd& at, VectorXd& gradient) {
    go_on_unless(options.stop);
    return density.log_density(at, gradient);
  };
  return sample_chains(log_density, fitted.mean, chains).joined();
}

// Rows in numbers proportional to their weights: at even steps through the cumulative weights.
MatrixXd resampled(const MatrixXd& draws, const std::vector<Index>& rows,
                   const std::vector<double>& weights) {
  MatrixXd out(static_cast<Index>(rows.size()), draws.cols());
  double passed = weights.front();
  std::size_t at = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const double want = (static_cast<double>(k) + 0.5) / static_cast<double>(rows.size());
    while (passed < want && at + 1 < rows.size()) passed += weights[++at];
    out.row(static_cast<Index>(k)) = draws.row(rows[at]);
  }
  return out;
}

// The posterior without a study, in the coordinates of the density.
struct Without {
  MatrixXd draws;
  VectorXd full_mean;  // scores of the posterior that the draws are compared with
  double pareto_k = 0;
};

Without draws_without(const CalibrationOptions& options, const FittedPosterior& fitted,
                      std::size_t study, const std::vector<Index>& some) {
  const std::vector<std::size_t> studies = fitted.problem.same_patients(study);
  std::vector<double> log_weights;
  for (const Index d : some) {
    const VectorXd between = fitted.scores.row(d).tail(fitted.problem.between()).transpose();
    const VectorXd figures = fitted.density.figures(fitted.draws.row(d).transpose());
    double sum = 0;
    for (const std::size_t s : studies)
      sum -= fitted.problem.study_log_likelihood(s, figures, between);
    log_weights.push_back(sum);
  }
  const WeightDiagnostics weights = diagnose_weights(log_weights);
  Without out;
  out.pareto_k = weights.pareto_k;
  if (weights.pareto_k <= largest_k && weights.effective_share >= least_effective_share) {
    out.draws = resampled(fitted.draws, some, weights.smoothed);
    // Of the draws that were weighted, so that a study without figures moves nothing.
    out.full_mean = VectorXd::Zero(fitted.scores.cols());
    for (const Index d : some)
      out.full_mean += fitted.scores.row(d).transpose() / static_cast<double>(some.size());
  } else {
    out.draws = sampled_again(options, fitted, study);
    out.full_mean = fitted.mean_scores;
  }
  return out;
}

// The value at which a mixture of normals has the probability p below it.
double mixture_quantile(const VectorXd& means, const VectorXd& sds, double p) {
  double low = (means - 9 * sds).minCoeff();
  double high = (means + 9 * sds).maxCoeff();
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    double below = 0;
    for (Index k = 0; k < means.size(); ++k)
      below += portable::normal_cdf((middle - means[k]) / sds[k]);
    (below / static_cast<double>(means.size()) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

void predict_study(const FittedPosterior& fitted, std::size_t s, const MatrixXd& draws,
                   std::vector<LeftOutPrediction>& out) {
  const StudyFigures& study = fitted.problem.studies()[s];
  MatrixXd means(draws.rows(), study.size());
  MatrixXd sds = means;
  const MatrixXd scores = fitted.density.scores(draws);
  for (Index d = 0; d < draws.rows(); ++d) {
    const VectorXd between = scores.row(d).tail(fitted.problem.between()).transpose();
    const StudySpread spread = fitted.problem.spread(study, between);
    const VectorXd figures = fitted.density.figures(draws.row(d).transpose());
    means.row(d) =
        study_mean(study, figures.segment(study.first, study.size()), spread).transpose();
    sds.row(d) = study_covariance(study, spread).diagonal().cwiseSqrt().transpose();
  }
  for (Index t = 0; t < study.size(); ++t) {
    LeftOutPrediction one;
    one.target = static_cast<std::size_t>(study.first + t);
    const VectorXd mean = means.col(t);
    const VectorXd sd = sds.col(t);
    one.mean = mean.mean();
    one.sd = std::sqrt(sd.array().square().mean() + (mean.array() - one.mean).square().mean());
    one.low95 = mixture_quantile(mean, sd, 0.025);
    one.low50 = mixture_quantile(mean, sd, 0.25);
    one.median = mixture_quantile(mean, sd, 0.5);
    one.high50 = mixture_quantile(mean, sd, 0.75);
    one.high95 = mixture_quantile(mean, sd, 0.975);
    one.sampling_sd = std::sqrt(study.size_variance[t]);
    out.push_back(one);
  }
}

}  // namespace

LeftOut leave_studies_out(const TargetModel& model, const CalibrationOptions& options,
                          const FittedPosterior& fitted) {
  const Index p = fitted.problem.parameters();
  const std::vector<Index> some = fitted.thinned(weighted_draws);
  const VectorXd variance =
      (fitted.scores.rowwise() - fitted.mean_scores.transpose()).array().square().colwise().mean();
  LeftOut out;
  for (std::size_t s = 0; s < model.studies().size(); ++s) {
    StudyInfluence one;
    one.study = model.studies()[s].id;
    const Without without = draws_without(options, fitted, s, some);
    one.pareto_k = without.pareto_k;
    const VectorXd mean = fitted.density.scores(without.draws).colwise().mean().transpose();
    for (Index j = 0; j < p; ++j) {
      const double shift = std::fabs(mean[j] - without.full_mean[j]) / std::sqrt(variance[j]);
      if (shift <= std::max(one.largest_shift, 1e-9)) continue;  // rounding is no shift
      one.largest_shift = shift;
      one.parameter = model.parameters()[static_cast<std::size_t>(j)].name;
    }
    out.influence.push_back(std::move(one));
    predict_study(fitted, s, without.draws, out.predictions);
  }
  return out;
}

}  // namespace npcsim::detail
