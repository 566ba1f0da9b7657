#include <npcsim/calibration/chain_diagnostics.hpp>
#include <npcsim/calibration/detail/predictive.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t weighted_draws = 1000;
constexpr double largest_k = 0.7;  // beyond it weights are not to be trusted

VectorXd sampled_again(const CalibrationOptions& options, const FittedPosterior& fitted,
                       std::size_t study) {
  Problem without = fitted.problem;
  without.leave_out(study);
  const EmulatorPosterior density(without, fitted.region, fitted.emulator);
  ChainOptions chains;
  chains.seed = options.seed;
  chains.chains = options.chains;
  chains.warmup = options.warmup;
  chains.draws = weighted_draws / options.chains;
  const auto log_density = [&](const VectorXd& at, VectorXd& gradient) {
    return density.log_density(at, gradient);
  };
  const Chains drawn = sample_chains(log_density, fitted.mean, chains);
  return density.scores(drawn.joined()).colwise().mean().transpose();
}

}  // namespace

std::vector<StudyInfluence> leave_studies_out(const TargetModel& model,
                                              const CalibrationOptions& options,
                                              const FittedPosterior& fitted) {
  const Index p = fitted.problem.parameters();
  const std::vector<Index> some = fitted.thinned(weighted_draws);
  const VectorXd variance =
      (fitted.scores.rowwise() - fitted.mean_scores.transpose()).array().square().colwise().mean();
  std::vector<StudyInfluence> out;
  for (std::size_t s = 0; s < model.studies().size(); ++s) {
    StudyInfluence one;
    one.study = model.studies()[s].id;
    std::vector<double> log_weights;
    for (const Index d : some) {
      const VectorXd between = fitted.scores.row(d).tail(fitted.problem.between()).transpose();
      log_weights.push_back(-fitted.problem.study_log_likelihood(
          s, fitted.density.figures(fitted.draws.row(d).transpose()), between));
    }
    const WeightDiagnostics weights = diagnose_weights(log_weights);
    one.pareto_k = weights.pareto_k;
    VectorXd mean = VectorXd::Zero(fitted.scores.cols());
    if (weights.pareto_k <= largest_k) {
      VectorXd unweighted = mean;
      for (std::size_t k = 0; k < some.size(); ++k) {
        mean += weights.smoothed[k] * fitted.scores.row(some[k]).transpose();
        unweighted += fitted.scores.row(some[k]).transpose() / static_cast<double>(some.size());
      }
      mean += fitted.mean_scores - unweighted;
    } else {
      mean = sampled_again(options, fitted, s);
    }
    for (Index j = 0; j < p; ++j) {
      const double shift = std::fabs(mean[j] - fitted.mean_scores[j]) / std::sqrt(variance[j]);
      if (shift <= one.largest_shift) continue;
      one.largest_shift = shift;
      one.parameter = model.parameters()[static_cast<std::size_t>(j)].name;
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace npcsim::detail
