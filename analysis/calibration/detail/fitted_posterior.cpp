#include <npcsim/calibration/detail/fitted_posterior.hpp>

#include <algorithm>

namespace npcsim::detail {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

FittedPosterior::FittedPosterior(const Problem& the_problem, const Region& the_region,
                                 const Emulator& the_emulator, const Chains& chains)
    : problem(the_problem),
      region(the_region),
      emulator(the_emulator),
      density(the_problem, the_region, the_emulator, Extent::everywhere),
      draws(chains.joined()),
      scores(density.scores(draws)),
      mean(draws.colwise().mean().transpose()) {
  const MatrixXd centred = draws.rowwise() - mean.transpose();
  covariance = centred.transpose() * centred / (static_cast<double>(draws.rows()) - 1);
  mean_scores = scores.colwise().mean().transpose();
  const VectorXd w = mean.head(problem.parameters());
  figures = emulator.figures(w);
  slopes = emulator.jacobian(w);
  const std::vector<Index> some = thinned(200);
  for (const StudyFigures& study : problem.studies()) {
    StudySpread sum;
    const double share = 1 / static_cast<double>(some.size());
    for (const Index i : some) {
      const StudySpread one =
          problem.spread(study, scores.row(i).tail(problem.between()).transpose());
      for (std::size_t k = 0; k < shift_kinds; ++k) sum.variance[k] += share * one.variance[k];
      sum.effect_bias += share * one.effect_bias;
      sum.proportion_variance += share * one.proportion_variance;
      sum.shape_variance += share * one.shape_variance;
    }
    spread.push_back(sum);
  }
}

std::vector<Index> FittedPosterior::thinned(std::size_t count) const {
  std::vector<Index> out;
  const auto n = static_cast<std::size_t>(draws.rows());
  const std::size_t most = std::min(count, n);
  for (std::size_t k = 0; k < most; ++k)
    out.push_back(static_cast<Index>((2 * k + 1) * n / (2 * most)));
  return out;
}

}  // namespace npcsim::detail
