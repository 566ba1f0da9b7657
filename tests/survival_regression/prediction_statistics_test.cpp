#include "survival_regression/cox_cases.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/brier_score.hpp>
#include <npcsim/survival/calibration.hpp>
#include <npcsim/survival/cox_prediction.hpp>
#include <npcsim/survival/time_dependent_auc.hpp>

namespace npcsim {
namespace {

// Value, standard error, cases, controls.
void expect_auc(const TimeToEvent& records, const std::vector<double>& marker, double t,
                const std::vector<double>& expected) {
  const TimeDependentAuc auc = time_dependent_auc(records, marker, std::vector<double>{t}).at(0);
  ASSERT_TRUE(auc.defined);
  expect_near(
      {auc.value, auc.se, static_cast<double>(auc.cases), static_cast<double>(auc.controls)},
      expected, 1e-10, "auc");
}

// Expected numbers of this test: the estimator and influence functions of Blanche et al. 2013,
// written out in R as n x n matrices.
TEST(TimeDependentAucTest, AgreesWithThePublishedFormulas) {
  const DataTable lung = DataTable::load("lung");
  const std::vector<std::int32_t> event = lung.equals("status", 2);
  const TimeToEvent records{lung["time"], event};
  expect_auc(records, lung["age"], 180, {0.571594059080411, 0.0420219801654367, 62, 159});
  expect_auc(records, lung["age"], 365, {0.539456051197154, 0.0437055481311578, 121, 65});
  std::vector<double> male = lung["sex"];
  for (double& x : male) x = -x;
  expect_auc(records, male, 365, {0.577327545885847, 0.0376385420061373, 121, 65});
}

TEST(TimeDependentAucTest, AgreesWithThePublishedFormulasForCompetingRisks) {
  const DataTable pbc = DataTable::load("pbc").complete({"trt"});
  std::vector<std::int32_t> any, cause;
  for (const double status : pbc["status"]) {
    any.push_back(status > 0 ? 1 : 0);
    cause.push_back(status == 2 ? 1 : status == 1 ? 2 : 0);
  }
  expect_auc({pbc["time"], any}, pbc["bili"], 1825,
             {0.87216585687081, 0.0219977099977333, 98, 159});
  expect_auc({pbc["time"], cause}, pbc["bili"], 1825,
             {0.876110313469856, 0.0228728674910902, 85, 159});
}

TEST(TimeDependentAucTest, AgreesWithRiskRegression) {
  // Score(list(coxph), times = c(180.5, 365.5), metrics = "auc")
  const LungCase lung;
  const std::vector<double> marker = linear_predictor(lung.covariates, lung.fit());
  const std::vector<TimeDependentAuc> auc =
      time_dependent_auc(lung.records, marker, std::vector<double>{180.5, 365.5});
  EXPECT_NEAR(auc[0].value, 0.698024965769445, 1e-9);
  EXPECT_NEAR(auc[1].value, 0.647397660015363, 1e-9);
  // Their standard errors take tied times and the last digits of the martingale another way.
  EXPECT_NEAR(auc[0].se, 0.0384943433773372, 2e-4);
  EXPECT_NEAR(auc[1].se, 0.0418661137365086, 2e-4);
}

TEST(TimeDependentAucTest, IsUndefinedWithoutCasesOrControls) {
  const LungCase lung;
  const auto auc =
      time_dependent_auc(lung.records, lung.table["age"], std::vector<double>{1, 5000});
  EXPECT_FALSE(auc[0].defined);
  EXPECT_FALSE(auc[1].defined);
}

TEST(Brier, AgreesWithRiskRegression) {
  // Score(list(coxph), formula = Surv(time, status) ~ 1, times, metrics = "brier", null.model)
  const LungCase lung;
  const CoxRegression fit = lung.fit();
  const std::vector<double> times{100, 180.5, 365.5, 500.5};
  std::vector<std::vector<double>> risk;
  for (const double t : times) {
    risk.push_back(predicted_risk(lung.records, lung.covariates, fit, t));
  }
  const std::vector<BrierScore> scores = brier_scores(lung.records, times, risk);
  std::vector<double> value, se, null, accuracy;
  for (const BrierScore& score : scores) {
    value.push_back(score.value);
    se.push_back(score.se);
    null.push_back(score.null);
    accuracy.push_back(score.index_of_prediction_accuracy);
  }
  expect_near(value, {0.109501600932218, 0.178685540268145, 0.225596309317232, 0.198182954469406},
              1e-9, "Brier");
  expect_near(null, {0.114741550596222, 0.199442558768036, 0.242086910302026, 0.207794870070902},
              1e-9, "null");
  expect_near(accuracy,
              {0.0456674119948356, 0.104075171458431, 0.0681185156364714, 0.0462567511806986}, 1e-8,
              "accuracy");
  expect_near(se, {0.0156481062662867, 0.012714399254125, 0.0118798846970704, 0.0161922646568362},
              1e-9, "se");
}

TEST(CalibrationTest, AgreesWithSurvfitAndCoxph) {
  // Quarters of 1 - survfit(coxph)$surv at 365: size, mean, 1 - Kaplan-Meier, its se; then
  // coxph(Surv(pmin(time, 365), ...) ~ log(-log(1 - risk))).
  const LungCase lung;
  const std::vector<double> risk = predicted_risk(lung.records, lung.covariates, lung.fit(), 365);
  const Calibration found = calibration(lung.records, risk, 365, 4);
  ASSERT_TRUE(found.defined);
  ASSERT_EQ(found.groups.size(), 4u);
  const std::vector<std::vector<double>> expected{
      {56, 0.384638133033795, 0.492632798426112, 0.081212839367998},
      {59, 0.526071741295553, 0.44695390992848, 0.0675264756575029},
      {58, 0.667609418119888, 0.682734853030021, 0.069168172012567},
      {54, 0.784804000629316, 0.756474026361305, 0.0615393716009425}};
  for (std::size_t g = 0; g < 4; ++g) {
    const CalibrationGroup& group = found.groups[g];
    expect_near({static_cast<double>(group.subjects), group.mean_predicted, group.observed,
                 group.observed_se},
                expected[g], 1e-9, "group");
  }
  EXPECT_NEAR(found.slope, 1.15955177063241, 1e-8);
  EXPECT_NEAR(found.slope_se, 0.215862504692654, 1e-8);
  EXPECT_NEAR(found.observed_over_expected, 1.00010606886966, 1e-9);
}

TEST(CalibrationTest, RefusesRisksOfZeroAndOne) {
  const LungCase lung;
  const std::vector<double> risk(lung.table.rows(), 1.0);
  EXPECT_FALSE(calibration(lung.records, risk, 365).defined);
}

}  // namespace
}  // namespace npcsim
