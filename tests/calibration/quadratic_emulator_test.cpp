#include <npcsim/calibration/detail/quadratic_emulator.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <vector>

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

std::vector<Index> one_set(const MatrixXd& points) {
  return std::vector<Index>(static_cast<std::size_t>(points.rows()), 0);
}

TEST(QuadraticEmulator, FindsAQuadraticAgain) {
  const MatrixXd points = normal_points(400, 3);
  const QuadraticEmulator emulator(points, figures_at(points), one_set(points));
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
  const QuadraticEmulator emulator(points, figures_at(points), one_set(points));
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
  const QuadraticEmulator emulator(points, noisy, one_set(points));
  EXPECT_LT(emulator.leverage()[0], 10.0 / n + 1e-12);  // at most coefficients / points
  EXPECT_GT(emulator.leverage()[0], 4.0 / n);
  const double square = emulator.left_out_errors().col(0).squaredNorm() / n;
  const double expected = 0.25 / (1 - emulator.leverage()[0]);
  EXPECT_LT(std::fabs(square - expected) / (expected * std::sqrt(2.0 / n)), 4.9);
}

// Sets of four points, each with a constant far larger than what is to be seen. By hand: least
// squares on the polynomials and one indicator a set, and the same again without one point.
TEST(QuadraticEmulator, SetsHaveConstantsOfTheirOwn) {
  constexpr Index n = 48;
  constexpr Index p = 2;
  const MatrixXd points = normal_points(n, p);
  std::vector<Index> sets;
  MatrixXd figures(n, 1);
  double mean_constant = 0;
  for (Index i = 0; i < n; ++i) {
    sets.push_back((i * 7) % 12);
    const double constant =
        30.0 *
        PatientDraws({11, 0}, static_cast<std::uint32_t>(sets.back())).normal(StreamName("set"));
    mean_constant += constant / n;
    const double noise =
        0.1 * PatientDraws({12, 0}, static_cast<std::uint32_t>(i)).normal(StreamName("e"));
    figures(i, 0) =
        constant + points(i, 0) - 0.5 * points(i, 1) + points(i, 0) * points(i, 1) + noise;
  }
  const auto by_hand = [&](Index without) {
    MatrixXd x = MatrixXd::Zero(n, 5 + 12);
    VectorXd y = figures.col(0);
    for (Index i = 0; i < n; ++i) {
      if (i == without) {
        y[i] = 0;
        continue;
      }
      const double a = points(i, 0);
      const double b = points(i, 1);
      x.row(i).head(5) << a, b, a * a, a * b, b * b;
      x(i, 5 + sets[static_cast<std::size_t>(i)]) = 1;
    }
    return VectorXd(x.colPivHouseholderQr().solve(y));
  };
  const QuadraticEmulator emulator(points, figures, sets);
  const VectorXd all = by_hand(-1);
  const VectorXd w = VectorXd::LinSpaced(p, 0.7, -1.1);
  // The ridge of 1e-3 of a point against 48 shrinks by about 1e-3 / 48, and the mean of what is
  // squared by that, too.
  const MatrixXd slopes = emulator.jacobian(w);
  EXPECT_NEAR(slopes(0, 0), all[0] + 2 * all[2] * w[0] + all[3] * w[1], 3e-4);
  EXPECT_NEAR(slopes(0, 1), all[1] + all[3] * w[0] + 2 * all[4] * w[1], 3e-4);
  double constant = 0;
  for (const Index set : sets) constant += all[5 + set] / n;
  const double expected = constant + all[0] * w[0] + all[1] * w[1] + all[2] * w[0] * w[0] +
                          all[3] * w[0] * w[1] + all[4] * w[1] * w[1];
  EXPECT_NEAR(emulator.figures(w)[0], expected, 3e-4);
  EXPECT_NEAR(expected, mean_constant + w[0] - 0.5 * w[1] + w[0] * w[1], 0.5);
  for (const Index i : {Index{0}, Index{17}, Index{47}}) {
    const VectorXd rest = by_hand(i);
    const double a = points(i, 0);
    const double b = points(i, 1);
    const double predicted = rest[5 + sets[static_cast<std::size_t>(i)]] + rest[0] * a +
                             rest[1] * b + rest[2] * a * a + rest[3] * a * b + rest[4] * b * b;
    EXPECT_NEAR(emulator.left_out_errors()(i, 0), figures(i, 0) - predicted, 1e-3) << i;
  }
}

}  // namespace
}  // namespace npcsim::detail
