#include "survival_regression/data_table.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/fine_gray.hpp>

#include <cmath>

namespace npcsim {
namespace {

// Expected numbers: crr of R's package cmprsk 2.2-11 with gtol = 1e-13, maxiter = 50.

// Monoclonal gammopathy: 1 progression to plasma cell malignancy, 2 death without it.
struct Gammopathy {
  Gammopathy() : table(DataTable::load("mgus2").complete({"age", "sex", "hgb"})) {
    std::vector<double> time = table["futime"];
    for (std::size_t i = 0; i < time.size(); ++i) {
      const bool progressed = table["pstat"][i] == 1;
      if (progressed) time[i] = table["ptime"][i];
      event.push_back(progressed ? 1 : table["death"][i] == 1 ? 2 : 0);
    }
    records = {table.add("first", time), event};
    covariates = table.covariates({"age", "sex", "hgb"});
  }
  DataTable table;
  std::vector<std::int32_t> event;
  TimeToEvent records;
  Covariates covariates;
};

std::vector<double> standard_errors(const FineGray& fit, const std::vector<double>& covariance) {
  std::vector<double> se;
  for (std::size_t i = 0; i < fit.count(); ++i) {
    se.push_back(std::sqrt(covariance[i * fit.count() + i]));
  }
  return se;
}

TEST(FineGrayTest, AgreesWithCrrForTheRarerCause) {
  const Gammopathy data;
  const FineGray fit = fine_gray(data.records, data.covariates);
  ASSERT_TRUE(fit.converged());
  EXPECT_EQ(fit.events, 114u);
  expect_near(fit.coefficients, {-0.017615096355459, -0.241650000037256, -0.00954590179392326},
              1e-6, "coefficient");
  expect_near(standard_errors(fit, fit.covariance),
              {0.0058173092969289, 0.188168132694233, 0.0449469290511934}, 1e-7, "se");
  expect_near(standard_errors(fit, fit.information_inverse),
              {0.00712910469904376, 0.194233707936377, 0.0478598500755965}, 1e-7, "information");
  EXPECT_NEAR(fit.log_likelihood_null, -785.78036843138, 1e-8);
  EXPECT_NEAR(fit.log_likelihood, -782.195086392059, 1e-8);
  // cumsum(crr$bfitj) at its first and last time
  EXPECT_EQ(fit.baseline_time.front(), 2);
  EXPECT_NEAR(fit.baseline_hazard.front(), 0.00635183060602997, 1e-8);
  EXPECT_NEAR(fit.baseline_hazard.back(), 0.74707858902064, 1e-6);
  EXPECT_LT(fit.newton_decrement, 1e-10);
}

TEST(FineGrayTest, AgreesWithCrrForTheCommonerCause) {
  const Gammopathy data;
  const FineGray fit = fine_gray(data.records, data.covariates, {.cause = 2});
  ASSERT_TRUE(fit.converged());
  expect_near(fit.coefficients, {0.0520135044240486, 0.481332548243603, -0.120257675546058}, 1e-7,
              "coefficient");
  expect_near(standard_errors(fit, fit.covariance),
              {0.00385812086026019, 0.0699962081124879, 0.0217397007421273}, 1e-7, "se");
}

TEST(FineGrayTest, AgreesWithCrrForContinuousTimes) {
  DataTable pbc = DataTable::load("pbc").complete({"trt"});
  std::vector<double> log_bili = pbc["bili"];
  for (double& x : log_bili) x = std::log(x);
  pbc.add("log_bili", log_bili);
  const std::vector<std::int32_t> status = pbc.integers("status");
  const FineGray fit =
      fine_gray({pbc["time"], status}, pbc.covariates({"trt", "age", "log_bili"}), {.cause = 2});
  ASSERT_TRUE(fit.converged());
  expect_near(fit.coefficients, {0.128381497248325, 0.0460795560101108, 1.01774284182019}, 1e-7,
              "coefficient");
  expect_near(standard_errors(fit, fit.covariance),
              {0.187456855044689, 0.00996203144695259, 0.0964209558730967}, 1e-7, "se");
  // coxph on finegray(), clustered: the weights differ a little because its censoring curve lets
  // those with an event leave before a tied censoring.
  expect_near(standard_errors(fit, fit.covariance_fixed_weights),
              {0.187516233361217, 0.00995473449294764, 0.0963562178747299}, 2e-4, "fixed weights");
}

TEST(FineGrayTest, NamesARareGroupWithoutEvents) {
  // A column that is 1 in 20 of 1000 rows, none of which has the event of interest.
  std::vector<double> time, rare, other;
  std::vector<std::int32_t> event;
  for (int i = 0; i < 1000; ++i) {
    time.push_back(1 + (i * 377) % 1000);
    rare.push_back(i % 50 == 0 ? 1 : 0);
    other.push_back((i * 31) % 7);
    event.push_back(i % 50 == 0 ? 2 * (i % 100 / 50) : i % 3);
  }
  const FineGray fit = fine_gray({time, event}, {{"other", "rare"}, {other, rare}});
  EXPECT_EQ(fit.status, CoxStatus::infinite);
  ASSERT_EQ(fit.warnings.size(), 1u);
  EXPECT_NE(fit.warnings[0].find("'rare'"), std::string::npos);
  EXPECT_TRUE(std::isnan(fit.coefficients[0]));
}

TEST(FineGrayTest, RefusesWhatItDoesNotKnow) {
  const Gammopathy data;
  TimeToEvent records = data.records;
  const std::vector<double> weight(records.rows(), 2.0);
  records.weight = weight;
  EXPECT_EQ(fine_gray(records, data.covariates).status, CoxStatus::bad_data);
  EXPECT_EQ(fine_gray(data.records, data.covariates, {.cause = 7}).status, CoxStatus::no_events);
}

}  // namespace
}  // namespace npcsim
