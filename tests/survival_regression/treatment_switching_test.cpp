#include "survival_regression/data_table.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/treatment_switching.hpp>

#include <cmath>
#include <numeric>

namespace npcsim {
namespace {

// tests/data/switching.csv: 71 of 150 control patients switch after progression. Expected numbers
// come from the published formulas written out in R with survdiff, survreg and coxph (tightened).
struct Trial {
  Trial() : table(DataTable::load("switching")) {
    event = table.integers("event");
    arm = table.integers("arm");
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const double start = table["switch"][i];
      const double time = table["time"][i];
      share.push_back(arm[i] == 1 ? 1 : std::isnan(start) ? 0 : (time - start) / time);
    }
    trial.time = table["time"];
    trial.event = event;
    trial.arm = arm;
    trial.treated_share = share;
    trial.censoring_time = table["censoring"];
  }
  DataTable table;
  std::vector<std::int32_t> event, arm;
  std::vector<double> share;
  SwitchingTrial trial;
};

TEST(RpsftTest, AgreesWithTheFormulasWithRecensoring) {
  const Trial data;
  const Rpsft found = rpsft(data.trial);
  ASSERT_TRUE(found.converged);
  // z is a step function: the root and the limits are its jumps.
  EXPECT_NEAR(found.psi, -0.500170807530882, 1e-12);
  EXPECT_NEAR(found.psi_low, -0.758540537414362, 1e-12);
  EXPECT_NEAR(found.psi_high, -0.238381914671595, 1e-12);
  EXPECT_NEAR(rpsft_z(data.trial, -0.3), -1.30150528661719, 1e-10);
  EXPECT_NEAR(rpsft_z(data.trial, 0.1), -4.85110546507687, 1e-10);
  EXPECT_NEAR(found.itt_z, -3.91729364733327, 1e-10);
  EXPECT_NEAR(found.adjusted.coefficients[0], -0.888072466007932, 1e-9);
  EXPECT_NEAR(found.adjusted_se, 0.226705615141335, 1e-9);
  const auto& untreated = found.untreated;
  EXPECT_NEAR(std::accumulate(untreated.time.begin(), untreated.time.end(), 0.0), 4291.73532188189,
              1e-7);
  EXPECT_EQ(std::accumulate(untreated.event.begin(), untreated.event.end(), 0), 213);
}

TEST(RpsftTest, AgreesWithTheFormulasWithoutRecensoring) {
  Trial data;
  data.trial.censoring_time = {};
  const Rpsft found = rpsft(data.trial);
  ASSERT_TRUE(found.converged);
  EXPECT_NEAR(found.psi, -0.433320467823571, 1e-12);
  EXPECT_NEAR(found.psi_low, -0.691562880083347, 1e-12);
  EXPECT_NEAR(found.psi_high, -0.212720897066683, 1e-12);
  EXPECT_NEAR(found.adjusted.coefficients[0], -0.712083115164351, 1e-9);
  EXPECT_NEAR(found.adjusted_se, 0.181779355665386, 1e-9);
}

TEST(RpsftTest, WithoutSwitchingPsiZeroIsTheTestAsRandomised) {
  Trial data;
  for (std::size_t i = 0; i < data.share.size(); ++i) data.share[i] = data.arm[i];
  EXPECT_DOUBLE_EQ(rpsft_z(data.trial, 0), rpsft(data.trial).itt_z);
}

TEST(RpsftTest, SaysWhenTheRangeHoldsNoRoot) {
  const Trial data;
  const Rpsft found = rpsft(data.trial, {.low = 0.5, .high = 1});
  EXPECT_FALSE(found.converged);
  EXPECT_TRUE(std::isnan(found.psi));
  EXPECT_FALSE(found.warnings.empty());
}

TEST(TwoStageTest, AgreesWithSurvregAndCoxph) {
  Trial data;
  const Covariates covariates = data.table.covariates({"ecog", "marker"});
  TwoStage found =
      two_stage(data.trial, data.table["progression"], data.table["switch"], covariates);
  ASSERT_TRUE(found.converged);
  EXPECT_NEAR(found.log_factor, 0.550264222606403, 1e-9);
  EXPECT_NEAR(found.log_factor_se, 0.174889132538066, 1e-9);
  EXPECT_NEAR(found.adjusted.coefficients[0], -0.737639906753292, 1e-8);
  EXPECT_NEAR(found.adjusted.se(0), 0.141496382247538, 1e-8);
  data.trial.censoring_time = {};
  found = two_stage(data.trial, data.table["progression"], data.table["switch"], covariates);
  EXPECT_NEAR(found.adjusted.coefficients[0], -0.748675697920232, 1e-8);
  EXPECT_NEAR(found.adjusted.se(0), 0.136173518945319, 1e-8);
}

TEST(SwitchingIpcwTest, AgreesWithTheSameStepsInR) {
  // coxph of switching; rows split at the switches with weights exp(-Nelson-Aalen) exp(H rel);
  // coxph(..., weights, cluster = id).
  const Trial data;
  const Covariates covariates = data.table.covariates({"ecog", "marker"});
  SwitchingIpcw found = switching_ipcw(data.trial, data.table["switch"], covariates);
  ASSERT_TRUE(found.converged);
  expect_near(found.switching.coefficients, {-0.366489563588881, 0.0984730236241137}, 1e-8,
              "switching");
  EXPECT_EQ(found.records.time.size(), 7070u);
  EXPECT_NEAR(std::accumulate(found.records.weight.begin(), found.records.weight.end(), 0.0),
              7076.73585186826, 1e-6);
  EXPECT_NEAR(found.outcome.coefficients[0], -0.38279555720246, 1e-8);
  EXPECT_NEAR(found.outcome.robust_se(0), 0.162914888534451, 1e-8);
  found = switching_ipcw(data.trial, data.table["switch"], covariates, false);
  EXPECT_NEAR(found.outcome.coefficients[0], -0.368170262695934, 1e-8);
  EXPECT_NEAR(found.outcome.robust_se(0), 0.166354812755622, 1e-8);
}

TEST(SwitchingIpcwTest, WithoutSwitchesItIsTheUnweightedFit) {
  const Trial data;
  const std::vector<double> never(data.table.rows(), std::nan(""));
  const SwitchingIpcw found = switching_ipcw(data.trial, never, data.table.covariates({"ecog"}));
  ASSERT_TRUE(found.converged);
  const CoxRegression plain =
      cox_regression({data.trial.time, data.trial.event}, data.table.covariates({"arm"}));
  EXPECT_NEAR(found.outcome.coefficients[0], plain.coefficients[0], 1e-12);
}

}  // namespace
}  // namespace npcsim
