#include "support/statistical.hpp"
#include <npcsim/calibration/chain_diagnostics.hpp>
#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>

#include <gtest/gtest.h>
#include <tbb/task_arena.h>

namespace npcsim {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::vector<std::vector<double>> autoregressive(double rho, std::size_t draws, double apart) {
  std::vector<std::vector<double>> chains(4);
  for (std::size_t c = 0; c < 4; ++c) {
    double x = PatientDraws({3, 0}, static_cast<std::uint32_t>(c)).normal(StreamName("start"));
    for (std::size_t i = 0; i < draws; ++i) {
      const double e = PatientDraws({3, 0}, static_cast<std::uint32_t>(c))
                           .normal(StreamName("step"), static_cast<std::uint32_t>(i));
      x = rho * x + std::sqrt(1 - rho * rho) * e;
      chains[c].push_back(x + apart * static_cast<double>(c));
    }
  }
  return chains;
}

constexpr std::size_t length = 40000;  // of each of four chains

// An autoregressive chain is worth n (1 - rho) / (1 + rho) draws. The estimate sums
// autocorrelations up to where they are lost in their noise, rho^m = 1 / sqrt(n), and its relative
// standard error is sqrt(2 (2 m + 1) / n) (Sokal 1997, Monte Carlo methods in statistical
// mechanics, equation 3.19). R-hat^2 is about 1 - 1 / h + (between / within): 8 means of halves of
// h draws, variance t / h, so between = t / h chi^2 / 7 with 7 degrees of freedom. False alarms:
// one in a million each.
TEST(ChainDiagnostics, EffectiveSizeOfAutoregressiveChains) {
  constexpr double n = 4 * length;
  constexpr double half = length / 2;
  constexpr double chi_square_7 = 40.5218312341799;  // R: qchisq(1e-6, 7, lower.tail = FALSE)
  for (const double rho : {0.0, 0.5, 0.8}) {
    const ChainDiagnostics found = diagnose_chains(autoregressive(rho, length, 0));
    const double time = (1 + rho) / (1 - rho);
    const double window = rho > 0 ? std::ceil(-0.5 * std::log(n) / std::log(rho)) : 1;
    const double se = std::sqrt(2 * (2 * window + 1) / n);
    EXPECT_NEAR(found.effective_size * time / n, 1, testing::z_limit * se) << rho;
    EXPECT_GE(found.split_r_hat, std::sqrt(1 - 1 / half)) << rho;
    EXPECT_LE(found.split_r_hat, std::sqrt(1 + time / half * chi_square_7 / 7)) << rho;
  }
}

// Chains k / 2 apart, k = 0..3: the halves' means lie d = -0.75, -0.25, 0.25, 0.75 from their mean,
// twice each, so between = 2.5 / 7 and R-hat^2 = 1 + 2.5 / 7. Chance moves a mean by 1 / sqrt(h),
// hence between by 2 / 7 sqrt(2.5 / h), and within by sqrt(2 / (8 h)).
TEST(ChainDiagnostics, SplitRHatSeesChainsApart) {
  constexpr double half = length / 2;
  const double expected = 1 + 2.5 / 7;
  const double of_between = 2.0 / 7 * std::sqrt(2.5 / half);
  const double of_within = 2.5 / 7 * std::sqrt(2 / (8 * half));
  const double se = std::hypot(of_between, of_within);
  const ChainDiagnostics found = diagnose_chains(autoregressive(0, length, 0.5));
  EXPECT_NEAR(found.split_r_hat * found.split_r_hat, expected, testing::z_limit * se);
}

TEST(WeightDiagnostics, FindTheShapeOfParetoTails) {
  // Quantiles of weights with a generalised Pareto tail of shape 0.6: log weights -0.6 log(1 - p).
  std::vector<double> log_weights;
  for (int i = 0; i < 4000; ++i) log_weights.push_back(-0.6 * std::log(1 - (i + 0.5) / 4000));
  const WeightDiagnostics found = diagnose_weights(log_weights);
  // The fit of Zhang & Stephens to the same 190 weights, written in Python from their paper.
  EXPECT_NEAR(found.pareto_k, 0.591317664126542, 1e-9);
  const WeightDiagnostics even = diagnose_weights(std::vector<double>(100, 2.5));
  EXPECT_DOUBLE_EQ(even.effective_share, 1);
  EXPECT_LT(even.pareto_k, 0.7);
}

// Normal density with a known covariance.
struct Known {
  MatrixXd covariance = MatrixXd::Identity(3, 3);
  MatrixXd precision;
  VectorXd mean = VectorXd::LinSpaced(3, -1, 1);
  Known() {
    covariance << 1, 0.8, 0, 0.8, 2, -0.3, 0, -0.3, 0.5;
    precision = covariance.inverse();
  }
  detail::Chains sample() const {
    detail::ChainOptions options;
    options.seed = 11;
    options.draws = 4000;
    return detail::sample_chains(
        [this](const VectorXd& at, VectorXd& gradient) {
          gradient = -(precision * (at - mean));
          return 0.5 * (at - mean).dot(gradient);
        },
        VectorXd::Zero(3), options);
  }
};

// Null: means and variances are those of the normal; standard errors from the effective sizes of x
// and of (x - m)^2, one in a million.
TEST(HamiltonianMonteCarlo, FindsMeanAndCovarianceOfANormal) {
  const Known known;
  const detail::Chains chains = known.sample();
  EXPECT_GT(chains.accepted, 0.6);
  for (Index j = 0; j < 3; ++j) {
    std::vector<std::vector<double>> values;
    std::vector<std::vector<double>> squares;
    double mean = 0;
    double square = 0;
    for (const MatrixXd& chain : chains.draws) {
      const VectorXd x = chain.col(j);
      const VectorXd s = (x.array() - known.mean[j]).square();
      values.emplace_back(x.data(), x.data() + x.size());
      squares.emplace_back(s.data(), s.data() + s.size());
      mean += x.mean() / 4;
      square += s.mean() / 4;
    }
    const double variance = known.covariance(j, j);
    const double size = diagnose_chains(values).effective_size;
    const double size_of_squares = diagnose_chains(squares).effective_size;
    EXPECT_LT(std::fabs(mean - known.mean[j]) / std::sqrt(variance / size), 4.9);
    EXPECT_LT(std::fabs(square - variance) / (variance * std::sqrt(2 / size_of_squares)), 4.9);
  }
}

TEST(HamiltonianMonteCarlo, GivesTheSameBytesOnOneThread) {
  const Known known;
  const MatrixXd many = known.sample().joined();
  tbb::task_arena one(1);
  const MatrixXd alone = one.execute([&] { return known.sample().joined(); });
  EXPECT_EQ(many, alone);
}

}  // namespace
}  // namespace npcsim
