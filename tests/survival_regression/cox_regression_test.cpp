#include "survival_regression/cox_cases.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/cox_regression.hpp>

#include <cmath>

namespace npcsim {
namespace {

// Expected numbers: coxph of R's package survival 3.5-3 with control = coxph.control(eps = 1e-14,
// iter.max = 50), models as named in each test.
constexpr double estimate_tolerance = 1e-9;
constexpr double se_tolerance = 1e-9;
constexpr double statistic_tolerance = 1e-9;

struct Expected {
  std::vector<double> coefficients;
  std::vector<double> se;
  double null, maximum;  // log likelihoods
  double score, wald;
};

void expect_fit(const CoxRegression& fit, const Expected& expected) {
  ASSERT_EQ(fit.status, CoxStatus::converged);
  expect_near(fit.coefficients, expected.coefficients, estimate_tolerance, "coefficient");
  std::vector<double> se;
  for (std::size_t i = 0; i < fit.count(); ++i) se.push_back(fit.se(i));
  expect_near(se, expected.se, se_tolerance, "se");
  EXPECT_NEAR(fit.log_likelihood_null, expected.null, 1e-10 * std::fabs(expected.null));
  EXPECT_NEAR(fit.log_likelihood, expected.maximum, 1e-10 * std::fabs(expected.maximum));
  EXPECT_NEAR(fit.score.chi_square, expected.score, statistic_tolerance * expected.score);
  EXPECT_NEAR(fit.wald.chi_square, expected.wald, statistic_tolerance * expected.wald);
  EXPECT_NEAR(fit.likelihood_ratio.chi_square, 2 * (expected.maximum - expected.null),
              1e-8 * std::fabs(fit.likelihood_ratio.chi_square));
  EXPECT_LT(fit.newton_decrement, 1e-10);
  EXPECT_LT(fit.largest_gradient, 1e-10);
  EXPECT_GT(fit.smallest_eigenvalue, 0);
}

void expect_robust(const CoxRegression& fit, const std::vector<double>& robust_se,
                   double robust_wald, double robust_score) {
  std::vector<double> se;
  for (std::size_t i = 0; i < fit.count(); ++i) se.push_back(fit.robust_se(i));
  expect_near(se, robust_se, se_tolerance, "robust se");
  ASSERT_TRUE(fit.robust_wald.has_value());
  EXPECT_NEAR(fit.robust_wald->chi_square, robust_wald, statistic_tolerance * robust_wald);
  ASSERT_TRUE(fit.robust_score.has_value());
  EXPECT_NEAR(fit.robust_score->chi_square, robust_score, statistic_tolerance * robust_score);
}

TEST(CoxRegression, AgreesWithREfronTies) {
  // coxph(Surv(time, status) ~ age + sex + ph.ecog, lung)
  const LungCase lung;
  expect_fit(lung.fit(), {{0.0110667645961186, -0.552612395531837, 0.463728475115732},
                          {0.0092674110143657, 0.167739053783422, 0.113577266161371},
                          -744.48045576144,
                          -729.230121374862,
                          30.4999227049491,
                          29.9292511975758});
}

TEST(CoxRegression, AgreesWithRBreslowTies) {
  LungCase lung;
  lung.options.ties = Ties::breslow;
  expect_fit(lung.fit(), {{0.0110411363857075, -0.551889569637656, 0.46294704033455},
                          {0.00926677011420227, 0.167742448017828, 0.11357405206058},
                          -744.692819266161,
                          -729.488705176773,
                          30.4064069153299,
                          29.8390008287788});
}

TEST(CoxRegression, AgreesWithRContrastsOfACategory) {
  // coxph(Surv(time, status) ~ trt + karno + celltype, veteran)
  const VeteranCase veteran;
  expect_fit(veteran.fit(), {{0.26174409005793, -0.0312712960477846, 0.824980187859252,
                              1.15399441386016, 0.394625463946641},
                             {0.200923055118889, 0.00516508974291802, 0.268911292194781,
                              0.295037737697282, 0.282243309857475},
                             -505.449054918058,
                             -474.914508924753,
                             66.5485654450161,
                             63.4072596000327});
}

TEST(CoxRegression, AgreesWithRStrata) {
  // coxph(Surv(time, status) ~ trt + karno + age + strata(celltype), veteran)
  const StratifiedVeteranCase veteran;
  expect_fit(veteran.fit(), {{0.291438612555658, -0.0374976938898263, -0.0118319525454243},
                             {0.207374168501516, 0.00574294289500414, 0.00974482796856267},
                             -338.736207226184,
                             -316.858259658262,
                             46.881016285118,
                             43.6811480562628});
}

TEST(CoxRegression, AgreesWithRLeftTruncatedRowsAndClusters) {
  // coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, heart, cluster = id)
  HeartCase heart;
  const Expected expected{
      {0.027166640957677, -0.146346345674198, -0.63720988996813, -0.0102507724090744},
      {0.0137141152103179, 0.0704679795188534, 0.367225996180473, 0.313754798337487},
      -298.121355672984,
      -290.56561621849,
      15.0341979130413,
      14.4930452067963};
  const CoxRegression plain = heart.fit();
  expect_fit(plain, expected);
  EXPECT_TRUE(plain.robust_covariance.empty());
  heart.records.cluster = heart.cluster;
  const CoxRegression clustered = heart.fit();
  expect_fit(clustered, expected);
  expect_robust(clustered,
                {0.0138918929240804, 0.0730798592393635, 0.358210202384586, 0.316882349062489},
                16.8329930443217, 18.2363014168005);
}

TEST(CoxRegression, AgreesWithRWeights) {
  // coxph(..., weights = 1 + (age - 39) / 40); R reports the robust variance with such weights, its
  // Wald test is the robust one.
  WeightedLungCase lung;
  CoxRegression fit = lung.fit();
  ASSERT_TRUE(fit.converged());
  expect_near(fit.coefficients, {0.0117778477075244, -0.579823231240517, 0.4422106888175},
              estimate_tolerance, "Efron");
  expect_robust(fit, {0.0100111952192735, 0.167622008879663, 0.126066127483635}, 22.6314817624701,
                25.417329493644);
  EXPECT_NEAR(fit.se(1), 0.133245594115841, 1e-10);
  EXPECT_NEAR(fit.score.chi_square, 46.9393145767107, 1e-8);
  EXPECT_NEAR(fit.log_likelihood, -1294.03152176366, 1e-8);

  lung.options.ties = Ties::breslow;
  fit = lung.fit();
  expect_near(fit.coefficients, {0.011737130834344, -0.578985222364108, 0.44142306955387},
              estimate_tolerance, "Breslow");
  expect_robust(fit, {0.0099898250247158, 0.16733740883158, 0.12587268556677}, 22.6147849745462,
                25.4108518473833);
}

TEST(CoxRegression, AgreesWithROffset) {
  // coxph(Surv(time, status) ~ age + sex + offset(0.4 * ph.ecog), lung)
  LungCase lung;
  std::vector<double> offset = lung.table["ph_ecog"];
  for (double& x : offset) x *= 0.4;
  lung.covariates = lung.table.covariates({"age", "sex"});
  lung.options.offset = offset;
  expect_fit(lung.fit(), {{0.0119611564194352, -0.547727096273961},
                          {0.00913978983341311, 0.167526566924611},
                          -735.921149333299,
                          -729.387617621757,
                          12.6979544561716,
                          12.4276671616079});
}

TEST(CoxRegression, SplitRowsGiveTheSameFit) {
  // Cutting a row at any time into (0, c] and (c, time] changes nothing.
  const LungCase lung;
  std::vector<double> entry, time, age, sex, ecog;
  std::vector<std::int32_t> event;
  for (std::size_t i = 0; i < lung.table.rows(); ++i) {
    const double end = lung.table["time"][i];
    const double cut = 0.25 + static_cast<double>(i);
    const auto add = [&](double from, double to, std::int32_t what) {
      entry.push_back(from);
      time.push_back(to);
      event.push_back(what);
      age.push_back(lung.table["age"][i]);
      sex.push_back(lung.table["sex"][i]);
      ecog.push_back(lung.table["ph_ecog"][i]);
    };
    if (cut < end) {
      add(0, cut, 0);
      add(cut, end, lung.event[i]);
    } else {
      add(0, end, lung.event[i]);
    }
  }
  const Covariates covariates{{"age", "sex", "ph_ecog"}, {age, sex, ecog}};
  const CoxRegression split = cox_regression({time, event, entry}, covariates);
  const CoxRegression whole = lung.fit();
  expect_near(split.coefficients, whole.coefficients, 1e-10, "coefficient");
  expect_near(split.covariance, whole.covariance, 1e-10, "covariance");
  EXPECT_NEAR(split.log_likelihood, whole.log_likelihood, 1e-9);
}

TEST(CoxRegression, UnitsOfColumnsDoNotMatter) {
  // A column of large values with a small spread is centred and scaled inside.
  const LungCase lung;
  std::vector<double> shifted = lung.table["age"];
  for (double& x : shifted) x = 1e6 + 1e-3 * x;
  Covariates covariates = lung.covariates;
  covariates.columns[0] = shifted;
  const CoxRegression fit = cox_regression(lung.records, covariates);
  ASSERT_TRUE(fit.converged());
  EXPECT_NEAR(fit.coefficients[0], 1e3 * 0.0110667645961186, 1e-5);
  EXPECT_NEAR(fit.coefficients[1], -0.552612395531837, 1e-8);
}

TEST(CoxRegression, OtherCausesAreCensored) {
  const DataTable pbc = DataTable::load("pbc").complete({"trt"});
  const Covariates covariates = pbc.covariates({"trt", "age"});
  const std::vector<std::int32_t> causes = pbc.integers("status");  // 1 transplant, 2 death
  CoxOptions options;
  options.cause = 2;
  const CoxRegression fit = cox_regression({pbc["time"], causes}, covariates, options);
  const std::vector<std::int32_t> deaths = pbc.equals("status", 2);
  const CoxRegression same = cox_regression({pbc["time"], deaths}, covariates);
  ASSERT_TRUE(fit.converged());
  EXPECT_EQ(fit.events, 125u);
  EXPECT_EQ(fit.coefficients, same.coefficients);
}

TEST(CoxRegression, NamesASeparatedCoefficient) {
  // Nobody with x = 1 has the event.
  const std::vector<double> time{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<std::int32_t> event{1, 0, 1, 0, 1, 0, 1, 0};
  const std::vector<double> x{0, 1, 0, 1, 0, 1, 0, 1};
  const std::vector<double> z{3, 1, 4, 1, 5, 9, 2, 6};
  const CoxRegression fit = cox_regression({time, event}, {{"z", "x"}, {z, x}});
  EXPECT_EQ(fit.status, CoxStatus::infinite);
  ASSERT_EQ(fit.warnings.size(), 2u);
  EXPECT_NE(fit.warnings[0].find("'x'"), std::string::npos);
  EXPECT_EQ(fit.warnings[0].find("'z'"), std::string::npos);
  EXPECT_NE(fit.warnings[1].find("no events where 'x' has its higher value"), std::string::npos);
  EXPECT_TRUE(std::isnan(fit.coefficients[0]));
}

TEST(CoxRegression, NoticesSeparationByAContinuousMarker) {
  // The marker falls with the order of events: any larger coefficient fits better.
  const std::vector<double> time{1, 2, 3, 4, 5, 6};
  const std::vector<std::int32_t> event{1, 1, 1, 1, 1, 0};
  const std::vector<double> marker{9, 7.5, 7, 4, 2.5, 1};
  const CoxRegression fit = cox_regression({time, event}, {{"marker"}, {marker}});
  EXPECT_EQ(fit.status, CoxStatus::infinite);
}

TEST(CoxRegression, ALargeFiniteCoefficientIsNotSeparation) {
  // A rare group with one event among 1000: finite, however large.
  std::vector<double> time, x;
  std::vector<std::int32_t> event;
  for (int i = 0; i < 2000; ++i) {
    time.push_back(1 + i);
    event.push_back(i % 2);
    x.push_back(i == 1 || i == 1500 ? 1 : 0);
  }
  const CoxRegression fit = cox_regression({time, event}, {{"x"}, {x}});
  EXPECT_TRUE(fit.converged());
}

TEST(CoxRegression, NamesCollinearAndConstantColumns) {
  const LungCase lung;
  std::vector<double> sum = lung.table["age"];
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = 2 * sum[i] - lung.table["sex"][i];
  const std::vector<double> constant(sum.size(), 3.3);
  Covariates covariates = lung.covariates;
  covariates.names.insert(covariates.names.end(), {"sum", "constant"});
  covariates.columns.insert(covariates.columns.end(), {sum, constant});
  const CoxRegression fit = cox_regression(lung.records, covariates);
  EXPECT_EQ(fit.status, CoxStatus::collinear);
  ASSERT_EQ(fit.warnings.size(), 1u);
  EXPECT_NE(fit.warnings[0].find("'sum', 'constant'"), std::string::npos);
}

// The sandwich of two clusters has rank 2 at most.
TEST(CoxRegression, OfFewerClustersThanCoefficientsHasNoRobustTestOfAll) {
  LungCase lung;  // three coefficients
  std::vector<std::int32_t> half(lung.records.rows());
  for (std::size_t i = 0; i < half.size(); ++i) half[i] = static_cast<std::int32_t>(i % 2);
  lung.records.cluster = half;
  const CoxRegression fit = lung.fit();
  ASSERT_TRUE(fit.converged());
  EXPECT_FALSE(fit.robust_covariance.empty());
  EXPECT_FALSE(fit.robust_wald.has_value());
  EXPECT_FALSE(fit.robust_score.has_value());
  ASSERT_EQ(fit.warnings.size(), 1U);
  EXPECT_EQ(fit.warnings[0],
            "the robust covariance is singular (too few clusters for 3 coefficients): robust tests "
            "of all coefficients are left out");
}

TEST(CoxRegression, AColumnConstantWithinStrataIsNamed) {
  const StratifiedVeteranCase veteran;
  const CoxRegression fit =
      cox_regression(veteran.records, veteran.table.covariates({"trt", "adeno"}));
  EXPECT_EQ(fit.status, CoxStatus::collinear);
  EXPECT_NE(fit.warnings.at(0).find("'adeno'"), std::string::npos);
}

TEST(CoxRegression, SaysWhenThereIsNothingToEstimateFrom) {
  const std::vector<double> time{1, 2, 3};
  const std::vector<double> x{0, 1, 5};
  const std::vector<double> z{1, 0, 2};
  EXPECT_EQ(cox_regression({time, std::vector<std::int32_t>{0, 0, 0}}, {{"x"}, {x}}).status,
            CoxStatus::no_events);
  const std::vector<std::int32_t> one{0, 1, 0};
  EXPECT_EQ(cox_regression({time, one}, {{"x", "z"}, {x, z}}).status, CoxStatus::too_few_events);
  const std::vector<double> late{1, 1, 5};
  EXPECT_EQ(cox_regression({time, one, late}, {{"x"}, {x}}).status, CoxStatus::bad_data);
  const std::vector<double> missing{1, std::nan(""), 5};
  const CoxRegression bad = cox_regression({time, one}, {{"x"}, {missing}});
  EXPECT_EQ(bad.status, CoxStatus::bad_data);
  EXPECT_NE(bad.warnings.at(0).find("'x'"), std::string::npos);
}

}  // namespace
}  // namespace npcsim
