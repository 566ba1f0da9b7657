// Likelihood of the figures of one study: normal, with everything that is shared by its figures
// integrated out.
//
// y ~ N(mu + sum_k (b_k g_k + (s_k + b_k^2) h_k / 2), Sigma + phi^2 diag(f) + sigma^2 diag(c) +
// sum_k V_k), V_k = s_k (g_k + b_k h_k)(g_k + b_k h_k)' + s_k^2 h_k h_k' / 2. k runs over the
// study's shifts of progression, death and effect, normal with variance s_k and mean b_k (0 but for
// the effect); g_k and h_k are first and second derivatives of mu with respect to them. These are
// mean and variance of Taylor's series of mu to the second order; the second order matters because
// figures of one study are so correlated that small differences count. f is 1 for shares; c_i =
// g_progression,i^2 + g_death,i^2: every figure has a small shift of its own, since no curve has
// exactly the model's shape. Figures that are only bounded enter by their normal probability given
// the exact ones.
#pragma once

#include <npcsim/calibration/targets.hpp>

#include <array>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

inline constexpr std::size_t shift_kinds = 3;  // progression, death, effect
inline constexpr std::size_t progression_kind = 0;
inline constexpr std::size_t death_kind = 1;
inline constexpr std::size_t effect_kind = 2;

/// Everything but mu that the likelihood of one study needs. Vectors are [target of the study].
struct StudyFigures {
  Eigen::Index first = 0;  ///< its first target among all
  DesignTier tier = DesignTier::randomised;
  bool series = false;
  Eigen::VectorXd value;
  std::vector<const CalibrationTarget*> targets;
  std::vector<Eigen::Index> exact;    ///< fitted, read exactly
  std::vector<Eigen::Index> bounded;  ///< fitted, read as a bound or a range
  Eigen::MatrixXd sampling;           ///< Sigma, with simulation error
  Eigen::VectorXd size_variance;      ///< of each figure by the size of the study alone
  std::array<Eigen::VectorXd, shift_kinds> slope;
  std::array<Eigen::VectorXd, shift_kinds> bend;
  Eigen::VectorXd proportion;  ///< f: 1 for shares that are overdispersed
  Eigen::VectorXd shape;       ///< c: variance of a figure whose hazards have an own shift of 1

  Eigen::Index size() const { return value.size(); }
};

/// How this study may differ from the model: s_k, b_effect, phi^2, sigma^2; and, as a result, the
/// derivative of the log likelihood with respect to each.
struct StudySpread {
  std::array<double, shift_kinds> variance{};
  double effect_bias = 0;
  double proportion_variance = 0;
  double shape_variance = 0;
};

struct StudyGradient {
  Eigen::VectorXd mu;
  StudySpread spread;
};

/// Mean and covariance of the study's figures around the model's `mu`.
Eigen::VectorXd study_mean(const StudyFigures& study, const Eigen::VectorXd& mu,
                           const StudySpread& spread);
Eigen::MatrixXd study_covariance(const StudyFigures& study, const StudySpread& spread);

/// Log likelihood without the constant of the normal density; `gradient` may be nullptr.
double study_log_likelihood(const StudyFigures& study, const Eigen::VectorXd& mu,
                            const StudySpread& spread, StudyGradient* gradient);

/// Expected information about mu: minus the expected second derivative (for bounded figures the
/// observed one), with the spread held fixed.
Eigen::MatrixXd study_information(const StudyFigures& study, const Eigen::VectorXd& mu,
                                  const StudySpread& spread);

}  // namespace npcsim::detail
