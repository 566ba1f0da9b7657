// Do Markov chains agree, how many independent draws are they worth, and can weights be trusted?
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim {

struct ChainDiagnostics {
  double split_r_hat = 1;     ///< near 1 when halves of chains agree
  double effective_size = 0;  ///< independent draws that give the mean equally well
};

/// Chains of one quantity, all of the same length. Source: Vehtari, Gelman, Simpson, Carpenter &
/// Buerkner, Bayesian Analysis 2021;16:667, equations 1-4 and 8-11, without rank normalisation.
/// \pre at least one chain of at least 8 draws.
ChainDiagnostics diagnose_chains(const std::vector<std::vector<double>>& chains);

/// Importance weights given by their logarithms.
struct WeightDiagnostics {
  double effective_share = 1;  ///< (sum w)^2 / (n sum w^2)
  /// Shape of the generalised Pareto distribution of the largest weights; above 0.7 they are not to
  /// be trusted. NaN with fewer than 25 weights.
  double pareto_k = 0;
  std::vector<double> smoothed;  ///< weights that sum to 1, the largest replaced by quantiles
};

/// Source: Vehtari, Simpson, Gelman, Yao & Gabry, J Mach Learn Res 2024;25:72 (tail of
/// min(n / 5, 3 sqrt n) weights, k shrunk by ten observations at 0.5); Zhang & Stephens,
/// Technometrics 2009;51:316 for the fit.
WeightDiagnostics diagnose_weights(std::span<const double> log_weights);

}  // namespace npcsim
