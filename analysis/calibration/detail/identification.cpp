#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/chain_diagnostics.hpp>
#include <npcsim/calibration/detail/identification.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double prior_only_from = 0.95;
constexpr double unidentified_from = 0.9;
constexpr double smallest_loading = 0.3;
constexpr std::size_t profile_values = 9;
constexpr double profile_reach = 3;  // posterior standard deviations

ChainDiagnostics diagnose(const Chains& chains, const VectorXd& loading) {
  std::vector<std::vector<double>> values;
  for (const MatrixXd& chain : chains.draws) {
    const VectorXd column = chain * loading;
    values.emplace_back(column.data(), column.data() + column.size());
  }
  return diagnose_chains(values);
}

Direction named(double ratio, const VectorXd& loadings, const std::vector<std::string>& names) {
  Direction out;
  out.sd_ratio = ratio;
  std::vector<Index> order(static_cast<std::size_t>(loadings.size()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Index>(i);
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return std::fabs(loadings[a]) > std::fabs(loadings[b]) ||
           (std::fabs(loadings[a]) == std::fabs(loadings[b]) && a < b);
  });
  const double sign = loadings[order[0]] < 0 ? -1 : 1;
  for (const Index i : order) {
    const double loading = sign * loadings[i];
    if (!out.loadings.empty() && std::fabs(loading) < smallest_loading) break;
    const std::string& name = names[static_cast<std::size_t>(i)];
    out.loadings.emplace_back(name, loading);
    if (!out.text.empty()) out.text += loading < 0 ? " - " : " + ";
    out.text += rounded(std::fabs(loading), 2) + " " + name;
  }
  return out;
}

// d log likelihood / d scores twice, expected, at the mean of the posterior.
MatrixXd information(const FittedPosterior& fitted) {
  const Index p = fitted.problem.parameters();
  const MatrixXd inverse =
      fitted.region.spread.triangularView<Eigen::Lower>().solve(MatrixXd::Identity(p, p));
  const MatrixXd slopes = fitted.slopes * inverse;
  MatrixXd out = MatrixXd::Zero(p, p);
  for (std::size_t s = 0; s < fitted.problem.studies().size(); ++s) {
    const StudyFigures& study = fitted.problem.studies()[s];
    if (study.exact.empty() && study.bounded.empty()) continue;
    const MatrixXd own = slopes.middleRows(study.first, study.size());
    out += own.transpose() *
           study_information(study, fitted.figures.segment(study.first, study.size()),
                             fitted.spread[s]) *
           own;
  }
  return out;
}

// Collinearity index: 1 / sqrt(smallest eigenvalue of S'S), S the sensitivities with columns of
// length 1. Source: Brun, Reichert & Kuensch, Water Resour Res 2001;37:1015, equation 12.
void collinearity(const FittedPosterior& fitted, CalibrationResult& result) {
  MatrixXd products = information(fitted);
  const Index p = products.rows();
  const VectorXd scale = products.diagonal().cwiseMax(1e-12).cwiseSqrt().cwiseInverse();
  products = scale.asDiagonal() * products * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(products);
  result.collinearity = 1 / std::sqrt(std::max(solver.eigenvalues()[0], 1e-12));
  Index a = 0;
  Index b = 0;
  for (Index i = 0; i < p; ++i) {
    for (Index j = 0; j < i; ++j) {
      if (b != a && std::fabs(products(i, j)) <= std::fabs(products(a, b))) continue;
      a = i;
      b = j;
    }
  }
  if (a == b) return;
  VectorXd pair = VectorXd::Zero(p);
  pair[a] = std::sqrt(0.5);
  pair[b] = products(a, b) > 0 ? -std::sqrt(0.5) : std::sqrt(0.5);
  const auto own = fitted.scores.leftCols(p);
  const VectorXd along = own * pair;
  const double variance = (along.array() - along.mean()).square().mean();
  result.worst_pair = {named(std::sqrt(variance), pair, result.names)};
}

// Maximises the density with one score held fixed, by steps in the metric of the posterior
// covariance that stay on the plane.
double constrained_maximum(const FittedPosterior& fitted, const VectorXd& normal, double moved) {
  const VectorXd along = fitted.covariance * normal;
  const double length = normal.dot(along);
  VectorXd at = fitted.mean + along * (moved / length);
  VectorXd gradient;
  double value = fitted.density.log_density(at, gradient);
  for (int iteration = 0; iteration < 40; ++iteration) {
    VectorXd step = fitted.covariance * gradient;
    step -= along * (normal.dot(step) / length);
    if (!(gradient.dot(step) > 1e-4)) break;
    bool better = false;
    for (int halving = 0; halving < 8 && !better; ++halving) {
      VectorXd next_gradient;
      const double next = fitted.density.log_density(at + step, next_gradient);
      better = next > value;
      if (better) {
        at += step;
        value = next;
        gradient = next_gradient;
      }
      step *= 0.5;
    }
    if (!better) break;
  }
  return value;
}

Profile profile(const TargetModel& model, const FittedPosterior& fitted, Index j) {
  const CalibrationParameter& parameter = model.parameters()[static_cast<std::size_t>(j)];
  Profile out;
  out.name = parameter.name;
  VectorXd normal = VectorXd::Zero(fitted.mean.size());
  normal.head(fitted.problem.parameters()) = fitted.region.spread.row(j).transpose();
  const double sd = std::sqrt(normal.dot(fitted.covariance * normal));
  for (std::size_t k = 0; k < profile_values; ++k) {
    const double place = 2 * static_cast<double>(k) / static_cast<double>(profile_values - 1) - 1;
    const double moved = profile_reach * sd * place;
    out.value.push_back(parameter.mean + parameter.sd * (fitted.mean_scores[j] + moved));
    out.log_posterior.push_back(constrained_maximum(fitted, normal, moved));
  }
  const double most = *std::max_element(out.log_posterior.begin(), out.log_posterior.end());
  for (double& value : out.log_posterior) value -= most;
  return out;
}

}  // namespace

void identify(const TargetModel& model, const CalibrationOptions& options,
              const FittedPosterior& fitted, const Chains& chains, CalibrationResult& result) {
  const Index p = fitted.problem.parameters();
  const MatrixXd centred = fitted.scores.rowwise() - fitted.mean_scores.transpose();
  const MatrixXd covariance =
      centred.transpose() * centred / (static_cast<double>(centred.rows()) - 1);
  for (Index j = 0; j < covariance.rows(); ++j) {
    Identification one;
    const double sd = std::sqrt(covariance(j, j));
    one.sd_ratio = sd;
    one.prior_only = sd > prior_only_from;
    VectorXd loading = VectorXd::Zero(covariance.rows());
    if (j < p) {
      const CalibrationParameter& parameter = model.parameters()[static_cast<std::size_t>(j)];
      one.name = parameter.name;
      one.mean = parameter.mean + parameter.sd * fitted.mean_scores[j];
      one.sd = parameter.sd * sd;
      loading.head(p) = fitted.region.spread.row(j).transpose();
    } else {
      const BetweenPrior& prior = options.between[static_cast<std::size_t>(j - p)];
      one.name = prior.name;
      double squares = 0;
      const auto n = static_cast<double>(fitted.scores.rows());
      for (const double score : fitted.scores.col(j)) {
        const double value = between_value(prior, score).value;
        one.mean += value / n;
        squares += value * value / n;
      }
      one.sd = std::sqrt(std::max(squares - one.mean * one.mean, 0.0));
      loading[j] = 1;
    }
    const ChainDiagnostics diagnostics = diagnose(chains, loading);
    one.r_hat = diagnostics.split_r_hat;
    one.effective_size = diagnostics.effective_size;
    (j < p ? result.parameters : result.between).push_back(one);
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(covariance.topLeftCorner(p, p));
  for (Index k = p - 1; k >= 0; --k) {
    const double ratio = std::sqrt(std::max(solver.eigenvalues()[k], 0.0));
    if (ratio <= unidentified_from) break;
    result.unidentified.push_back(named(ratio, solver.eigenvectors().col(k), result.names));
  }
  collinearity(fitted, result);
  std::vector<Index> order;
  for (Index j = 0; j < p; ++j) order.push_back(j);
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return covariance(a, a) > covariance(b, b); });
  for (std::size_t k = 0; k < 2 && k < order.size(); ++k)
    result.profiles.push_back(profile(model, fitted, order[k]));
}

}  // namespace npcsim::detail
