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

std::vector<std::vector<double>> autoregressive(double rho, std::size_t length, double apart) {
  std::vector<std::vector<double>> chains(4);
  for (std::size_t c = 0; c < 4; ++c) {
    double x = PatientDraws({3, 0}, static_cast<std::uint32_t>(c)).normal(StreamName("start"));
    for (std::size_t i = 0; i < length; ++i) {
      const double e = PatientDraws({3, 0}, static_cast<std::uint32_t>(c))
                           .normal(StreamName("step"), static_cast<std::uint32_t>(i));
      x = rho * x + std::sqrt(1 - rho * rho) * e;
      chains[c].push_back(x + apart * static_cast<double>(c));
    }
  }
  return chains;
}

// An autoregressive chain is worth n (1 - rho) / (1 + rho) draws. The estimate varies by some per
// cent at this length: the bounds are 15 %.
TEST(ChainDiagnostics, EffectiveSizeOfAutoregressiveChains) {
  for (const double rho : {0.0, 0.5, 0.8}) {
    const ChainDiagnostics found = diagnose_chains(autoregressive(rho, 20000, 0));
    const double expected = 80000 * (1 - rho) / (1 + rho);
    EXPECT_NEAR(found.effective_size / expected, 1, 0.15) << rho;
    EXPECT_NEAR(found.split_r_hat, 1, 0.002) << rho;
  }
}

// Chains k apart: variance between means a^2 5/3 (k = 0..3), within 1, so R-hat^2 is about
// 1 + 5/3 a^2 (8 halves: 8/7 of 5/4).
TEST(ChainDiagnostics, SplitRHatSeesChainsApart) {
  const ChainDiagnostics found = diagnose_chains(autoregressive(0, 20000, 0.5));
  EXPECT_NEAR(found.split_r_hat, std::sqrt(1 + 8.0 / 7 * 1.25 * 0.25), 0.01);
}

TEST(WeightDiagnostics, FindTheShapeOfParetoTails) {
  // Quantiles of weights with a generalised Pareto tail of shape 0.6: log weights -0.6 log(1 - p).
  std::vector<double> log_weights;
  for (int i = 0; i < 4000; ++i) log_weights.push_back(-0.6 * std::log(1 - (i + 0.5) / 4000));
  const WeightDiagnostics found = diagnose_weights(log_weights);
  EXPECT_NEAR(found.pareto_k, 0.6, 0.06);
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
