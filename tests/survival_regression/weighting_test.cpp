#include "survival_regression/cox_cases.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/clone_censor_weight.hpp>
#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/made_records.hpp>
#include <npcsim/survival/propensity_weights.hpp>

#include <cmath>
#include <map>
#include <numeric>

namespace npcsim {
namespace {

struct Rotterdam {
  Rotterdam() : table(DataTable::load("rotterdam")) {
    treated = table.integers("hormon");
    event = table.integers("recur");
    covariates = table.covariates({"age", "nodes", "er"});
  }
  DataTable table;
  std::vector<std::int32_t> treated, event;
  Covariates covariates;
};

TEST(LogisticRegressionTest, AgreesWithGlm) {
  // glm(hormon ~ age + nodes + er, binomial, rotterdam, epsilon = 1e-15)
  const Rotterdam data;
  const LogisticRegression fit = logistic_regression(data.treated, data.covariates);
  ASSERT_TRUE(fit.converged);
  expect_near(fit.coefficients,
              {-5.57409581838261, 0.0537263007553224, 0.122144876203303, -0.000418303378424984},
              1e-10, "coefficient");
  std::vector<double> se;
  for (std::size_t j = 0; j < 4; ++j) se.push_back(std::sqrt(fit.covariance[j * 4 + j]));
  // glm reports the covariance of its last but one iteration.
  expect_near(se,
              {0.318905377175582, 0.00515054220557502, 0.0109619508867062, 0.000241467969729581},
              1e-7, "se");
  EXPECT_NEAR(fit.log_likelihood, -927.999551875296, 1e-9);
  EXPECT_LT(fit.newton_decrement, 1e-10);
}

TEST(LogisticRegressionTest, NoticesSeparationAndRedundantColumns) {
  const std::vector<std::int32_t> outcome{0, 0, 0, 1, 1, 1};
  const std::vector<double> x{1, 2, 3, 4, 5, 6};
  EXPECT_FALSE(logistic_regression(outcome, {{"x"}, {x}}).converged);
  const std::vector<std::int32_t> mixed{0, 1, 0, 1, 0, 1};
  const std::vector<double> twice{2, 4, 6, 8, 10, 12};
  const LogisticRegression redundant = logistic_regression(mixed, {{"x", "twice"}, {x, twice}});
  EXPECT_FALSE(redundant.converged);
  EXPECT_NE(redundant.warnings.at(0).find("'twice'"), std::string::npos);
  EXPECT_TRUE(logistic_regression(mixed, {{"x"}, {x}}).converged);
}

TEST(PropensityWeightsTest, WeightsAndBalanceAgreeWithR) {
  // Stabilised weights from the glm above; standardised differences with unweighted variances.
  const Rotterdam data;
  const PropensityWeights found = propensity_weights(data.treated, data.covariates);
  expect_near({found.weight[0], found.weight[1], found.weight[2],
               std::accumulate(found.weight.begin(), found.weight.end(), 0.0)},
              {1.04501540399079, 1.06791206168308, 0.922081739792021, 2973.76306640924}, 1e-10,
              "weight");
  std::vector<double> before, after;
  for (const CovariateBalance& balance : found.balance) {
    before.push_back(balance.difference);
    after.push_back(balance.weighted_difference);
  }
  expect_near(before, {0.731406056588554, 0.772067298365191, 0.0581200822142303}, 1e-10, "before");
  expect_near(after, {0.163695850536723, 0.171941665286876, 0.0645883651146148}, 1e-9, "after");
  EXPECT_NEAR(found.effective_treated, 217.750545343643, 1e-8);
  EXPECT_NEAR(found.effective_control, 2365.33185552237, 1e-7);
}

TEST(PropensityWeightsTest, WeightedCoxAgreesWithR) {
  // coxph(Surv(rtime, recur) ~ hormon, rotterdam, weights, robust = TRUE), also with weights cut at
  // their 1 % and 99 % quantiles
  const Rotterdam data;
  const Covariates arm = data.table.covariates({"hormon"});
  const auto fit = [&](const PropensityOptions& options) {
    const PropensityWeights weights = propensity_weights(data.treated, data.covariates, options);
    TimeToEvent records{data.table["rtime"], data.event};
    records.weight = weights.weight;
    const CoxRegression cox = cox_regression(records, arm);
    return std::vector<double>{cox.coefficients[0], cox.robust_se(0)};
  };
  expect_near(fit({}), {-0.0141583811031064, 0.10184171124368}, 1e-8, "stabilised");
  PropensityOptions truncated;
  truncated.truncate = 0.01;
  expect_near(fit(truncated), {0.0227577986860301, 0.0916627536131219}, 1e-8, "truncated");
}

TEST(PropensityWeightsTest, OverlapWeightsBalanceTheMeansExactly) {
  // Li, Morgan & Zaslavsky, J Am Stat Assoc 2018;113:390, theorem 3.
  const Rotterdam data;
  PropensityOptions options;
  options.estimand = Estimand::overlap;
  for (const auto& row : propensity_weights(data.treated, data.covariates, options).balance) {
    EXPECT_NEAR(row.weighted_difference, 0, 1e-10) << row.name;
  }
}

// One row per transplant candidate from the split rows of the heart data.
struct Candidates {
  Candidates() {
    const DataTable heart = DataTable::load("heart");
    std::map<double, std::size_t> row_of;
    std::vector<double> time, age, surgery;
    for (std::size_t i = 0; i < heart.rows(); ++i) {
      const auto [at, fresh] = row_of.emplace(heart["id"][i], row_of.size());
      if (fresh) {
        time.push_back(0);
        event.push_back(0);
        age.push_back(heart["age"][i]);
        surgery.push_back(heart["surgery"][i]);
        start.push_back(std::nan(""));
      }
      const std::size_t row = at->second;
      if (heart["stop"][i] > time[row]) {
        time[row] = heart["stop"][i];
        event[row] = static_cast<std::int32_t>(heart["event"][i]);
      }
      if (heart["transplant"][i] == 1) start[row] = heart["start"][i];
    }
    table.add("time", time);
    table.add("age", age);
    table.add("surgery", surgery);
    records = {table["time"], event};
  }
  DataTable table;
  std::vector<std::int32_t> event;
  std::vector<double> start;
  TimeToEvent records;
};

TEST(SplitAtExposure, RebuildsTheRowsOfTheHeartData) {
  const Candidates data;
  const ExposureRecords split = split_at_exposure(data.records, data.start);
  EXPECT_EQ(split.records.time.size(), DataTable::load("heart").rows());
  const std::vector<double> age = split.records.gather(data.table["age"]);
  const std::vector<double> surgery = split.records.gather(data.table["surgery"]);
  const Covariates covariates{{"age", "surgery", "transplant"}, {age, surgery, split.exposed}};
  const CoxRegression fit = cox_regression(split.records.view(), covariates);
  const HeartCase heart;
  const CoxRegression same =
      cox_regression(heart.records, heart.table.covariates({"age", "surgery", "transplant"}));
  expect_near(fit.coefficients, same.coefficients, 1e-10, "coefficient");
}

TEST(CloneCensorWeightTest, AgreesWithTheSameStepsInR) {
  // Clones, coxph of artificial censoring per arm, rows split at the censorings with weights
  // exp(H rel), coxph(..., weights, cluster = id).
  const Candidates data;
  const CloneCensorWeight found = clone_censor_weight(
      data.records, data.table.covariates({"age", "surgery"}), data.start, {.grace = 30});
  ASSERT_TRUE(found.converged);
  EXPECT_EQ(found.censored[0], 39u);
  EXPECT_EQ(found.censored[1], 46u);
  expect_near(found.censoring[0].coefficients, {0.0165668282472651, -0.609552438766896}, 1e-8,
              "do not");
  expect_near(found.censoring[1].coefficients, {-0.0164082142489022, 0.436514320190466}, 1e-8,
              "start");
  EXPECT_EQ(found.records.time.size(), 1748u);
  EXPECT_NEAR(std::accumulate(found.records.weight.begin(), found.records.weight.end(), 0.0),
              2216.75662129489, 1e-7);
  EXPECT_NEAR(found.outcome.coefficients[0], -0.0199781700792012, 1e-9);
  EXPECT_NEAR(found.outcome.robust_se(0), 0.196715604464389, 1e-8);
}

TEST(CloneCensorWeightTest, RefusesStartsBeforeTimeZero) {
  const Candidates data;
  std::vector<double> start = data.start;
  start[3] = -1;
  const CloneCensorWeight found =
      clone_censor_weight(data.records, data.table.covariates({"age"}), start, {.grace = 30});
  EXPECT_FALSE(found.converged);
  EXPECT_NE(found.warnings.at(0).find("row 4"), std::string::npos);
}

}  // namespace
}  // namespace npcsim
