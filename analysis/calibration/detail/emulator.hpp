// Every target as a polynomial of the parameters near one point.
#pragma once

#include <npcsim/calibration/detail/cubic_terms.hpp>

#include <cmath>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Coordinates in which a region of interest is a unit ball: scores = centre + spread * w, where
/// scores are parameters in prior standard deviations from the prior mean.
struct Region {
  Eigen::VectorXd centre;
  Eigen::MatrixXd spread;  ///< lower triangular

  Eigen::VectorXd scores(const Eigen::VectorXd& w) const { return centre + spread * w; }
  Eigen::VectorXd coordinates(const Eigen::VectorXd& scores) const {
    return spread.triangularView<Eigen::Lower>().solve(scores - centre);
  }
  /// Squared length of the coordinates up to which runs say something about the region: the mean of
  /// a standard normal's and four of its standard deviations.
  double reach_squared() const {
    const auto p = static_cast<double>(centre.size());
    return p + 4 * std::sqrt(2 * p);
  }
};

/// mu_t(w) = constant_t + linear_t . w + w' quadratic_t w + cubic_t(directions_t w).
class Emulator {
 public:
  /// Least squares of `figures` [point][target] on Hermite polynomials of `points` [point][w] of
  /// degrees 0 to 2; those of degree 2 carry a ridge penalty, chosen for each target by the
  /// leave-one-out error. Points of one entry of `sets` [point] share what moves their figures
  /// alike, such as the same virtual patients: each set has a constant of its own, and predictions
  /// have the mean of these over the points.
  /// \pre more points than sets + parameters; sets of at least two points, numbered from 0.
  Emulator(const Eigen::MatrixXd& points, const Eigen::MatrixXd& figures,
           const std::vector<Eigen::Index>& sets);

  /// Fits each target again, with penalties that follow which parameters move it, and with cubic
  /// terms (RelevanceFit). Keeps the first fit of a target whose left-out errors that does not make
  /// smaller. The arguments are those of the constructor, and the spread of the region. Targets are
  /// independent of each other: the result does not depend on the number of threads.
  void refine(const Eigen::MatrixXd& points, const Eigen::MatrixXd& figures,
              const std::vector<Eigen::Index>& sets, const Eigen::MatrixXd& spread);

  /// Coefficients of a full quadratic function of p parameters.
  static Eigen::Index coefficients(Eigen::Index p) { return (p + 1) * (p + 2) / 2; }

  Eigen::Index parameters() const { return linear_.cols(); }
  Eigen::Index targets() const { return linear_.rows(); }

  Eigen::VectorXd figures(const Eigen::VectorXd& w) const;
  /// figures(w), and sum over targets of weight_t(figures) d mu_t / d w by a later call of pull().
  struct Work {
    Eigen::VectorXd products;  ///< quadratic_t w, [target * parameters + parameter]
    Eigen::VectorXd places;    ///< directions_t w, [target * directions + direction]
  };
  Eigen::VectorXd figures(const Eigen::VectorXd& w, Work& work) const;
  Eigen::VectorXd pull(const Eigen::VectorXd& weights, const Work& work) const;
  /// d mu / d w at w. [target][w]
  Eigen::MatrixXd jacobian(const Eigen::VectorXd& w) const;

  /// Error of each point when it is left out, against the constant of its own set.
  /// [point][target]
  const Eigen::MatrixXd& left_out_errors() const { return left_out_; }
  /// Mean over the points of the leverage: what share of the error variance of one evaluation
  /// within its set is in a prediction at a typical point. [target]
  const Eigen::VectorXd& leverage() const { return leverage_; }
  /// Adds to every prediction of the targets.
  void shift(const Eigen::VectorXd& by) { constant_ += by; }

 private:
  Eigen::VectorXd constant_;
  Eigen::MatrixXd linear_;      ///< [target][w]
  Eigen::MatrixXd quadratic_;   ///< [target * parameters + row][column], symmetric
  Eigen::MatrixXd directions_;  ///< [target * directions + direction][w]; no rows: no cubic terms
  std::vector<CubicTerms> cubic_;  ///< [target], of as many directions each
  Eigen::MatrixXd left_out_;
  Eigen::VectorXd leverage_;
};

}  // namespace npcsim::detail
