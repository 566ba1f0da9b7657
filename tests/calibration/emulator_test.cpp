#include <npcsim/calibration/detail/emulator.hpp>
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

TEST(Emulator, FindsAQuadraticAgain) {
  const MatrixXd points = normal_points(400, 3);
  const Emulator emulator(points, figures_at(points), one_set(points));
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

TEST(Emulator, PullIsTheTransposedJacobian) {
  const MatrixXd points = normal_points(60, 3);
  const Emulator emulator(points, figures_at(points), one_set(points));
  const VectorXd w = VectorXd::LinSpaced(3, 0.3, -1);
  const VectorXd weights = VectorXd::LinSpaced(2, -0.7, 1.3);
  Emulator::Work work;
  EXPECT_EQ(emulator.figures(w, work), emulator.figures(w));
  const VectorXd expected = emulator.jacobian(w).transpose() * weights;
  EXPECT_LT((emulator.pull(weights, work) - expected).norm(), 1e-12);
}

// Null: noise with standard deviation 0.5 leaves errors of mean square 0.25 / (1 - leverage). Mean
// square over n points has standard error 0.25 sqrt(2 / n) times that; one in a million.
TEST(Emulator, LeftOutErrorsAreThoseOfTheNoise) {
  constexpr Index n = 1000;
  const MatrixXd points = normal_points(n, 3);
  MatrixXd noisy = figures_at(points);
  for (Index i = 0; i < n; ++i)
    noisy(i, 0) +=
        0.5 * PatientDraws({8, 0}, static_cast<std::uint32_t>(i)).normal(StreamName("e"));
  const Emulator emulator(points, noisy, one_set(points));
  EXPECT_LT(emulator.leverage()[0], 10.0 / n + 1e-12);  // at most coefficients / points
  EXPECT_GT(emulator.leverage()[0], 4.0 / n);
  const double square = emulator.left_out_errors().col(0).squaredNorm() / n;
  const double expected = 0.25 / (1 - emulator.leverage()[0]);
  EXPECT_LT(std::fabs(square - expected) / (expected * std::sqrt(2.0 / n)), 4.9);
}

// Sets of four points, each with a constant far larger than what is to be seen. By hand: least
// squares on the polynomials and one indicator a set, and the same again without one point.
TEST(Emulator, SetsHaveConstantsOfTheirOwn) {
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
  const Emulator emulator(points, figures, sets);
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

MatrixXd some_spread(Index p) {
  MatrixXd out = MatrixXd::Zero(p, p);
  for (Index i = 0; i < p; ++i) {
    out(i, i) = 0.2 + 0.1 * static_cast<double>(i % 4);
    if (i > 0) out(i, i - 1) = 0.15;
  }
  return out;
}

// Along a tilted direction u, degree 3, beside a quadratic.
double cubic_figure(const VectorXd& w) {
  const double u = 0.6 * w[0] - 0.8 * w[1];
  return quadratic_figure(w) + 0.4 * u * u * u + 0.2 * u * u * w[2];
}

TEST(RefinedEmulator, FindsACubicAgain) {
  const MatrixXd points = normal_points(400, 3);
  MatrixXd figures(400, 2);
  for (Index i = 0; i < 400; ++i) {
    figures(i, 0) = cubic_figure(points.row(i).transpose());
    figures(i, 1) = 5;  // nothing moves it
  }
  Emulator emulator(points, figures, one_set(points));
  const double before = emulator.left_out_errors().col(0).norm();
  emulator.refine(points, figures, one_set(points), some_spread(3));
  // A cubic is in the space of its polynomials; the least ridge, 10 of a point against 400, leaves
  // 1/40 of the cubic terms.
  EXPECT_LT(emulator.left_out_errors().col(0).norm(), 0.1 * before);
  const VectorXd w = VectorXd::LinSpaced(3, -1, 1.5);
  EXPECT_NEAR(emulator.figures(w)[0], cubic_figure(w), 0.1);
  EXPECT_NEAR(emulator.figures(w)[1], 5, 1e-9);
  // The constant makes up for the means of all other terms.
  double off = 0;
  for (Index i = 0; i < 400; ++i)
    off += (emulator.figures(points.row(i).transpose())[0] - figures(i, 0)) / 400;
  EXPECT_NEAR(off, 0, 1e-10);
  const MatrixXd slopes = emulator.jacobian(w);
  for (Index j = 0; j < 3; ++j) {
    constexpr double step = 1e-4;
    const VectorXd up = w + step * VectorXd::Unit(3, j);
    const VectorXd down = w - step * VectorXd::Unit(3, j);
    // The error of the difference is a sixth of the third derivative, of order 1, times step^2.
    EXPECT_NEAR(slopes(0, j), (emulator.figures(up)[0] - emulator.figures(down)[0]) / (2 * step),
                1e-7)
        << j;
  }
  Emulator::Work work;
  EXPECT_EQ(emulator.figures(w, work), emulator.figures(w));
  const VectorXd weights = VectorXd::LinSpaced(2, -0.7, 1.3);
  const VectorXd expected = slopes.transpose() * weights;
  EXPECT_LT((emulator.pull(weights, work) - expected).norm(), 1e-12);
}

// 231 coefficients and 176 points, but three of twenty parameters matter: a penalty for all alike
// cannot tell which. Correlated axes, sets of 16 points with constants of their own.
TEST(RefinedEmulator, FindsFewParametersAmongMany) {
  constexpr Index p = 20;
  constexpr Index n = 176;
  constexpr double noise = 0.05;
  const MatrixXd spread = some_spread(p);
  const MatrixXd axes = spread.rowwise().norm().cwiseInverse().asDiagonal() * spread;
  const auto figure = [&](const VectorXd& w) {
    const VectorXd z = axes * w;
    return z[4] - 0.8 * z[9] + 0.5 * z[15] + 0.4 * z[4] * z[9] - 0.3 * z[9] * z[9] +
           0.3 * z[15] * z[4];
  };
  const MatrixXd points = normal_points(n, p);
  MatrixXd figures(n, 1);
  std::vector<Index> sets;
  for (Index i = 0; i < n; ++i) {
    sets.push_back(i / 16);
    figures(i, 0) =
        figure(points.row(i).transpose()) + static_cast<double>(sets.back()) +
        noise * PatientDraws({12, 0}, static_cast<std::uint32_t>(i)).normal(StreamName("e"));
  }
  const Emulator rough(points, figures, sets);
  Emulator refined(points, figures, sets);
  refined.refine(points, figures, sets, spread);
  // At places of their own; the mean of the constants, 5, is no part of the error.
  double rough_squares = 0;
  double refined_squares = 0;
  constexpr int places = 50;
  for (int k = 0; k < places; ++k) {
    VectorXd w(p);
    for (Index j = 0; j < p; ++j)
      w[j] = PatientDraws({13, 0}, static_cast<std::uint32_t>(k))
                 .normal(StreamName("place"), static_cast<std::uint32_t>(j));
    const double truth = figure(w) + 5;
    rough_squares += std::pow(rough.figures(w)[0] - truth, 2) / places;
    refined_squares += std::pow(refined.figures(w)[0] - truth, 2) / places;
  }
  // The twenty slopes, the six products of what matters and a constant cost noise^2 x 27 / 165, as
  // if it were known which they are.
  EXPECT_LT(refined_squares, 2 * noise * noise * 27 / 165);
  EXPECT_GT(rough_squares, 10 * refined_squares);
  // Errors of points that were left out are those of the fit at new places, and of the noise.
  const double left_out = refined.left_out_errors().squaredNorm() / n;
  EXPECT_GT(left_out, 0.5 * noise * noise);
  EXPECT_LT(left_out, 2 * noise * noise);
}

}  // namespace
}  // namespace npcsim::detail
