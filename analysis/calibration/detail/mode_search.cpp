#include <npcsim/calibration/detail/mode_search.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double difference = 0.25;  // prior standard deviations
constexpr double enough = 0.1;       // gain of log posterior that is not worth another step
constexpr double longest_step = 3;   // prior standard deviations in one parameter
constexpr double no_value = -1e300;

double log_posterior(const Problem& problem, const VectorXd& scores, const VectorXd& figures) {
  if (!figures.allFinite()) return no_value;
  return problem.log_likelihood(figures, VectorXd::Zero(problem.between()), nullptr, nullptr) -
         0.5 * scores.squaredNorm();
}

MatrixXd jacobian(Evaluator& evaluator, const VectorXd& scores) {
  std::vector<Evaluation> list;
  for (Index j = 0; j < scores.size(); ++j) {
    for (const double side : {difference, -difference}) {
      VectorXd moved = scores;
      moved[j] += side;
      list.push_back({moved, {}, 0});
    }
  }
  const MatrixXd figures = evaluator.predict("derivatives", list);
  MatrixXd out(figures.cols(), scores.size());
  for (Index j = 0; j < scores.size(); ++j) {
    out.col(j) = (figures.row(2 * j) - figures.row(2 * j + 1)).transpose() / (2 * difference);
    // A figure that vanishes on one side tells nothing here.
    for (double& slope : out.col(j)) {
      if (!std::isfinite(slope)) slope = 0;
    }
  }
  return out;
}

}  // namespace

ModeSearch search_mode(const Problem& problem, Evaluator& evaluator, const VectorXd& start,
                       const VectorXd& offset, std::size_t steps) {
  const VectorXd typical = VectorXd::Zero(problem.between());
  ModeSearch now;
  now.scores = start;
  now.figures = evaluator.predict("mode", {{start, {}, 0}}).row(0).transpose();
  now.log_posterior = log_posterior(problem, now.scores, now.figures + offset);
  double damping = 1e-3;
  for (std::size_t step = 0;; ++step) {
    if (!now.figures.allFinite())
      throw NoFigures("the model gives no figures where the search for the mode begins",
                      without_figure(now.figures));
    const MatrixXd slopes = jacobian(evaluator, now.scores);
    VectorXd of_mu;
    VectorXd of_between;
    problem.log_likelihood(now.figures + offset, typical, &of_mu, &of_between);
    now.information = MatrixXd::Identity(slopes.cols(), slopes.cols());
    for (const StudyFigures& study : problem.studies()) {
      if (study.exact.empty() && study.bounded.empty()) continue;
      const MatrixXd own = slopes.middleRows(study.first, study.size());
      const VectorXd mu = now.figures.segment(study.first, study.size()) +
                          offset.segment(study.first, study.size());
      now.information +=
          own.transpose() * study_information(study, mu, problem.spread(study, typical)) * own;
    }
    const VectorXd gradient = slopes.transpose() * of_mu - now.scores;
    now.predicted_gain = 0.5 * gradient.dot(Eigen::LLT<MatrixXd>(now.information).solve(gradient));
    if (now.predicted_gain < enough || step >= steps) return now;
    bool moved = false;
    for (int trial = 0; trial < 4 && !moved; ++trial) {
      MatrixXd damped = now.information;
      damped.diagonal() *= 1 + damping;
      VectorXd by = Eigen::LLT<MatrixXd>(damped).solve(gradient);
      by *= std::min(1.0, longest_step / std::max(by.cwiseAbs().maxCoeff(), 1e-12));
      const VectorXd scores = now.scores + by;
      const VectorXd figures = evaluator.predict("mode", {{scores, {}, 0}}).row(0).transpose();
      const double value = log_posterior(problem, scores, figures + offset);
      moved = value > now.log_posterior;
      damping = moved ? damping / 10 : std::max(10 * damping, 0.1);
      if (!moved) continue;
      now.scores = scores;
      now.figures = figures;
      now.log_posterior = value;
    }
    if (!moved) return now;
  }
}

}  // namespace npcsim::detail
