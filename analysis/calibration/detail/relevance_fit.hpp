// Regression of one figure in which the parameters that move it may bend it, and the others hardly.
#pragma once

#include <npcsim/calibration/detail/cubic_terms.hpp>
#include <npcsim/calibration/detail/within_sets.hpp>

#include <array>
#include <utility>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// A figure as a polynomial of coordinates w, and how far it is off.
struct FittedFigure {
  double constant = 0;
  Eigen::VectorXd linear;
  Eigen::MatrixXd quadratic;   ///< symmetric
  Eigen::MatrixXd directions;  ///< [direction][w]
  CubicTerms cubic{0};
  Eigen::VectorXd left_out;  ///< [point] error when it is left out, against its own set
  double leverage = 0;       ///< mean over the points
};

/// Most figures depend on few of many parameters, and what bends a figure is what moves it. The
/// coefficient of z_i z_j, parameters in posterior standard deviations, therefore has a normal
/// prior with mean 0 and a variance proportional to r_i r_j (automatic relevance determination;
/// MacKay, Neural Comput 1992;4:415). The relevance r_i is the share of the squares of all
/// coefficients that parameter i takes part in, from the fit before, plus a small floor. Products
/// whose variance is next to nothing are left out. The common factor is found by generalised cross
/// validation (Golub, Heath & Wahba, Technometrics 1979;21:215). Then cubic terms are added in the
/// directions along which the figure is steepest and most bent.
class RelevanceFit {
 public:
  /// Arguments as of Emulator; `spread` of its region.
  RelevanceFit(const Eigen::MatrixXd& points, const WithinSets& sets,
               const Eigen::MatrixXd& spread);

  /// Directions of the cubic terms.
  Eigen::Index directions() const;

  /// `figures` [point]; `linear` and `quadratic` (symmetric) are those of an earlier fit, in w.
  FittedFigure fit(const Eigen::VectorXd& figures, Eigen::VectorXd linear,
                   Eigen::MatrixXd quadratic) const;

 private:
  struct Regression;
  Eigen::VectorXd relevance(const Eigen::VectorXd& linear, const Eigen::MatrixXd& quadratic) const;
  Regression regress(const Eigen::VectorXd& figures, const Eigen::VectorXd& relevance) const;
  void keep_quadratic(const Regression& regression, Eigen::VectorXd& linear,
                      Eigen::MatrixXd& quadratic) const;

  const Eigen::MatrixXd& points_;
  const WithinSets& sets_;
  Eigen::MatrixXd axes_;  ///< z = axes w, lower triangular
  std::vector<std::pair<Eigen::Index, Eigen::Index>> pairs_;
  Eigen::MatrixXd features_;  ///< [point][w, then pairs], within sets
  Eigen::VectorXd means_;     ///< [feature] before that
  Eigen::MatrixXd gram_;
};

}  // namespace npcsim::detail
