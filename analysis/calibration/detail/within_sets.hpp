// Points in sets that share what moves their figures alike, such as the same virtual patients.
#pragma once

#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Least 1 - leverage of a point: below is rounding. A fit that meets every point has small
/// residuals and small slacks, and its left-out errors are their ratios.
inline constexpr double least_slack = 1e-9;

class WithinSets {
 public:
  /// \pre numbered from 0; at least two points in each set.
  explicit WithinSets(const std::vector<Eigen::Index>& sets);

  Eigen::Index count() const { return points_.size(); }
  /// Takes the mean of each set from its rows. [point][...]
  void centre(Eigen::MatrixXd& rows) const;
  /// The leverage of each point on the constant of its set. [point]
  const Eigen::VectorXd& leverage() const { return leverage_; }

 private:
  const std::vector<Eigen::Index>& sets_;
  Eigen::VectorXd points_;  ///< in each set
  Eigen::VectorXd leverage_;
};

}  // namespace npcsim::detail
