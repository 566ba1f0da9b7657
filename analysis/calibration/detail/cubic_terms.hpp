// Polynomials of degree 3 in a few directions.
#pragma once

#include <Eigen/Dense>

namespace npcsim::detail {

/// sum over a <= b <= c of coefficient_abc u_a u_b u_c, in this order.
class CubicTerms {
 public:
  explicit CubicTerms(Eigen::Index directions)
      : coefficients_(Eigen::VectorXd::Zero(count(directions))) {}

  static Eigen::Index count(Eigen::Index directions) {
    return directions * (directions + 1) * (directions + 2) / 6;
  }

  /// Calls visit(number, a, b, c) for each term.
  template <class Visit>
  static void for_each(Eigen::Index directions, Visit visit) {
    Eigen::Index number = 0;
    for (Eigen::Index a = 0; a < directions; ++a) {
      for (Eigen::Index b = a; b < directions; ++b) {
        for (Eigen::Index c = b; c < directions; ++c) visit(number++, a, b, c);
      }
    }
  }

  double& operator[](Eigen::Index number) { return coefficients_[number]; }

  double value(const Eigen::Ref<const Eigen::VectorXd>& u) const {
    double sum = 0;
    for_each(u.size(), [&](Eigen::Index k, Eigen::Index a, Eigen::Index b, Eigen::Index c) {
      sum += coefficients_[k] * u[a] * u[b] * u[c];
    });
    return sum;
  }

  /// d value / d u.
  Eigen::VectorXd slopes(const Eigen::Ref<const Eigen::VectorXd>& u) const {
    Eigen::VectorXd out = Eigen::VectorXd::Zero(u.size());
    for_each(u.size(), [&](Eigen::Index k, Eigen::Index a, Eigen::Index b, Eigen::Index c) {
      out[a] += coefficients_[k] * u[b] * u[c];
      out[b] += coefficients_[k] * u[a] * u[c];
      out[c] += coefficients_[k] * u[a] * u[b];
    });
    return out;
  }

 private:
  Eigen::VectorXd coefficients_;
};

}  // namespace npcsim::detail
