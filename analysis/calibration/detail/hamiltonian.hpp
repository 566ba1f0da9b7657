// Hamiltonian Monte Carlo for a density with an exact gradient.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Log density up to a constant; writes its gradient. Called by several threads at once.
using LogDensity = std::function<double(const Eigen::VectorXd& at, Eigen::VectorXd& gradient)>;

struct ChainOptions {
  std::uint64_t seed = 0;
  std::size_t chains = 4;
  std::size_t warmup = 200;  ///< iterations before the draws, in two halves
  std::size_t draws = 500;   ///< kept, per chain
};

struct Chains {
  std::vector<Eigen::MatrixXd> draws;  ///< [chain] of [draw][dimension]
  double accepted = 0;                 ///< mean acceptance probability of the kept iterations
  /// All chains, one below the other.
  Eigen::MatrixXd joined() const;
};

/// Chains from starts of their own, spread around `centre` with standard deviation 1 in each
/// dimension; the density should have about unit scale. After the first half of the warm-up the
/// covariance of all chains becomes the metric. Path lengths are uniform on (0.5, 1.5) pi / 2,
/// step sizes adapt to an acceptance of 0.8 by dual averaging.
/// Source: Neal, Handbook of MCMC (2011), chapter 5; Hoffman & Gelman, J Mach Learn Res
/// 2014;15:1593, section 3.2.
Chains sample_chains(const LogDensity& density, const Eigen::VectorXd& centre,
                     const ChainOptions& options);

}  // namespace npcsim::detail
