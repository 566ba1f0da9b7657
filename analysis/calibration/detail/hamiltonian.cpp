#include <npcsim/base/portable_math.hpp>
#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/random/batch.hpp>

#include <algorithm>
#include <cmath>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double target_acceptance = 0.8;
constexpr double mean_path = 1.5707963267948966;  // a quarter of a period of the unit oscillator
constexpr std::size_t most_steps = 64;
// A trajectory that has lost so much is abandoned (as in Hoffman & Gelman 2014).
constexpr double largest_loss = 1000;

// Dual averaging with the constants of Hoffman & Gelman (2014), section 3.2.1.
class StepSize {
 public:
  explicit StepSize(double first) : log_step_(std::log(first)), centre_(std::log(10 * first)) {}

  void learn(double acceptance) {
    constexpr double gamma = 0.05;
    constexpr double t0 = 10;
    constexpr double kappa = 0.75;
    count_ += 1;
    const double weight = 1 / (count_ + t0);
    gap_ = (1 - weight) * gap_ + weight * (target_acceptance - acceptance);
    log_step_ = centre_ - std::sqrt(count_) / gamma * gap_;
    const double share = portable::pow(count_, -kappa);
    log_mean_ = share * log_step_ + (1 - share) * log_mean_;
  }
  double current() const { return portable::exp(log_step_); }
  double settled() const { return portable::exp(log_mean_); }

 private:
  double log_step_;
  double centre_;
  double log_mean_ = 0;
  double gap_ = 0;
  double count_ = 0;
};

struct Point {
  VectorXd at;
  VectorXd gradient;  ///< in the metric's coordinates
  double density = 0;
};

// One chain in coordinates u, at = origin + metric u.
class Chain {
 public:
  Chain(const LogDensity& density, const ChainOptions& options, std::size_t index)
      : density_(density), key_{options.seed, static_cast<std::uint32_t>(index)} {}

  void start(const VectorXd& centre) {
    origin_ = centre;
    metric_ = MatrixXd::Identity(centre.size(), centre.size());
    now_ = point(normals("calibration chain start", 0, centre.size()));
    for (std::uint32_t retry = 1; !std::isfinite(now_.density) && retry < 20; ++retry)
      now_ = point(normals("calibration chain start", retry, centre.size()) / (1.0 + retry));
  }
  void set_metric(const VectorXd& origin, const MatrixXd& metric) {
    const VectorXd here = position();
    origin_ = origin;
    metric_ = metric;
    now_ = point(metric_.triangularView<Eigen::Lower>().solve(here - origin_));
    step_ = StepSize(0.3);
  }
  VectorXd position() const { return origin_ + metric_ * now_.at; }

  // One iteration; returns the acceptance probability.
  double iterate(bool adapting) {
    ++iteration_;
    const double uniform = PatientDraws(key_, 0).uniform("calibration path"_stream, iteration_);
    const double size = adapting ? step_.current() : step_.settled();
    const double path = mean_path * (0.5 + uniform);
    const auto steps = static_cast<std::size_t>(
        std::clamp(std::ceil(path / size), 1.0, static_cast<double>(most_steps)));
    VectorXd momentum = normals("calibration momentum", iteration_, now_.at.size());
    const double before = now_.density - 0.5 * momentum.squaredNorm();
    Point moved = now_;
    for (std::size_t k = 0; k < steps; ++k) {
      momentum += 0.5 * size * moved.gradient;
      moved = point(moved.at + size * momentum);
      momentum += 0.5 * size * moved.gradient;
      if (!(moved.density - 0.5 * momentum.squaredNorm() > before - largest_loss)) break;
    }
    const double after = moved.density - 0.5 * momentum.squaredNorm();
    const double acceptance =
        std::isfinite(after) ? std::min(1.0, portable::exp(after - before)) : 0.0;
    const double chance = PatientDraws(key_, 0).uniform("calibration accept"_stream, iteration_);
    if (chance < acceptance) now_ = std::move(moved);
    if (adapting) step_.learn(acceptance);
    return acceptance;
  }

 private:
  VectorXd normals(std::string_view stream, std::uint32_t occurrence, Index n) const {
    VectorXd out(n);
    fill_normal(key_, 0, static_cast<std::size_t>(n), StreamName(stream), occurrence, out.data());
    return out;
  }
  Point point(const VectorXd& u) const {
    Point out;
    out.at = u;
    VectorXd gradient(u.size());
    out.density = density_(origin_ + metric_ * u, gradient);
    out.gradient = metric_.transpose() * gradient;
    return out;
  }

  const LogDensity& density_;
  DrawKey key_;
  VectorXd origin_;
  MatrixXd metric_;
  Point now_;
  StepSize step_{0.1};
  std::uint32_t iteration_ = 0;
};

template <class Work>
void for_each_chain(std::vector<Chain>& chains, const Work& work) {
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::size_t{0}, chains.size(), [&](std::size_t c) { work(chains[c], c); });
  });
}

// Covariance of the draws, shrunk towards its diagonal as if by 5 draws more.
MatrixXd metric_of(const MatrixXd& draws, VectorXd& mean) {
  mean = draws.colwise().mean().transpose();
  const MatrixXd centred = draws.rowwise() - mean.transpose();
  const auto n = static_cast<double>(draws.rows());
  MatrixXd covariance = centred.transpose() * centred / (n - 1);
  const MatrixXd diagonal = covariance.diagonal().asDiagonal();
  covariance = (n * covariance + (5.0 + static_cast<double>(draws.cols())) * diagonal) /
               (n + 5.0 + static_cast<double>(draws.cols()));
  covariance.diagonal().array() += 1e-10;
  return Eigen::LLT<MatrixXd>(covariance).matrixL();
}

}  // namespace

MatrixXd Chains::joined() const {
  MatrixXd out(draws.empty() ? 0 : static_cast<Index>(draws.size()) * draws[0].rows(),
               draws.empty() ? 0 : draws[0].cols());
  for (std::size_t c = 0; c < draws.size(); ++c)
    out.middleRows(static_cast<Index>(c) * draws[c].rows(), draws[c].rows()) = draws[c];
  return out;
}

Chains sample_chains(const LogDensity& density, const VectorXd& centre,
                     const ChainOptions& options) {
  std::vector<Chain> chains;
  for (std::size_t c = 0; c < options.chains; ++c) chains.emplace_back(density, options, c);
  const std::size_t half = options.warmup / 2;
  const auto collected = static_cast<Index>((half + 1) / 2);
  Chains first;
  first.draws.resize(options.chains);
  for_each_chain(chains, [&](Chain& chain, std::size_t c) {
    chain.start(centre);
    MatrixXd& kept = first.draws[c];
    kept.resize(collected, centre.size());
    for (std::size_t i = 0; i < half; ++i) {
      chain.iterate(true);
      const Index row = static_cast<Index>(i) - static_cast<Index>(half) + collected;
      if (row >= 0) kept.row(row) = chain.position().transpose();
    }
  });
  VectorXd mean;
  const MatrixXd metric = metric_of(first.joined(), mean);
  Chains out;
  out.draws.resize(options.chains);
  std::vector<double> accepted(options.chains, 0);
  for_each_chain(chains, [&](Chain& chain, std::size_t c) {
    chain.set_metric(mean, metric);
    for (std::size_t i = half; i < options.warmup; ++i) chain.iterate(true);
    MatrixXd& kept = out.draws[c];
    kept.resize(static_cast<Index>(options.draws), centre.size());
    for (std::size_t i = 0; i < options.draws; ++i) {
      accepted[c] += chain.iterate(false);
      kept.row(static_cast<Index>(i)) = chain.position().transpose();
    }
  });
  for (const double share : accepted)
    out.accepted += share / static_cast<double>(options.chains * options.draws);
  return out;
}

}  // namespace npcsim::detail
