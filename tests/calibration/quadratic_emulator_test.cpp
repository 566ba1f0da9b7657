#include <npcsim/calibration/detail/quadratic_emulator.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd normal_points(Index points, Index p) {
  MatrixXd out(points, p);
  for (Index i = 0; i < points; ++i) {
    for (Index j = 0; j < p; ++j)
      out(i, j) = PatientDraws({7, 0}, static_cast<std::uint32_t>(i))
                      .normal(StreamName("point"), static_cast<std::uint32_t>(j));
  }
  return out;
}

double quadratic_figure(const VectorXd& w) {
  return 1 + 2 * w[0] - w[1] + 0.5 * w[0] * w[0] - w[1] * w[2];
}
double other_figure(const VectorXd& w) { return -w[2] + 0.3 * w[2] * w[2]; }

MatrixXd figures_at(const MatrixXd& points) {
  MatrixXd out(points.rows(), 2);
  for (Index i = 0; i < points.rows(); ++i) {
    out(i, 0) = quadratic_figure(points.row(i).transpose());
    out(i, 1) = other_figure(points.row(i).transpose());
  }
  return out;
}

TEST(QuadraticEmulator, FindsAQuadraticAgain) {
  const MatrixXd points = normal_points(400, 3);
  const QuadraticEmulator emulator(points, figures_at(points));
  const VectorXd w = VectorXd::LinSpaced(3, -1, 2);
  // The smallest ridge, 1e-3 of a point against 400, shrinks by about 1e-3 / 400.
  EXPECT_NEAR(emulator.figures(w)[0], quadratic_figure(w), 1e-4);
  EXPECT_NEAR(emulator.figures(w)[1], other_figure(w), 1e-4);
  EXPECT_LT(emulator.left_out_errors().cwiseAbs().maxCoeff(), 1e-3);
  // d first / d w = (2 + w_0, -1 - w_2, -w_1).
  const MatrixXd slopes = emulator.jacobian(w);
  EXPECT_NEAR(slopes(0, 0), 2 + w[0], 1e-4);
  EXPECT_NEAR(slopes(0, 1), -1 - w[2], 1e-4);
  EXPECT_NEAR(slopes(0, 2), -w[1], 1e-4);
}

TEST(QuadraticEmulator, PullIsTheTransposedJacobian) {
  const MatrixXd points = normal_points(60, 3);
  const QuadraticEmulator emulator(points, figures_at(points));
  const VectorXd w = VectorXd::LinSpaced(3, 0.3, -1);
  const VectorXd weights = VectorXd::LinSpaced(2, -0.7, 1.3);
  QuadraticEmulator::Work work;
  EXPECT_EQ(emulator.figures(w, work), emulator.figures(w));
  const VectorXd expected = emulator.jacobian(w).transpose() * weights;
  EXPECT_LT((emulator.pull(weights, work) - expected).norm(), 1e-12);
}

// Null: noise with standard deviation 0.5 leaves errors of mean square 0.25 / (1 - leverage). Mean
// square over n points has standard error 0.25 sqrt(2 / n) times that; one in a million.
TEST(QuadraticEmulator, LeftOutErrorsAreThoseOfTheNoise) {
  constexpr Index n = 1000;
  const MatrixXd points = normal_points(n, 3);
  MatrixXd noisy = figures_at(points);
  for (Index i = 0; i < n; ++i)
    noisy(i, 0) +=
        0.5 * PatientDraws({8, 0}, static_cast<std::uint32_t>(i)).normal(StreamName("e"));
  const QuadraticEmulator emulator(points, noisy);
  EXPECT_LT(emulator.leverage()[0], 10.0 / n + 1e-12);  // at most coefficients / points
  EXPECT_GT(emulator.leverage()[0], 4.0 / n);
  const double square = emulator.left_out_errors().col(0).squaredNorm() / n;
  const double expected = 0.25 / (1 - emulator.leverage()[0]);
  EXPECT_LT(std::fabs(square - expected) / (expected * std::sqrt(2.0 / n)), 4.9);
}

}  // namespace
}  // namespace npcsim::detail
