#include "survival_regression/cox_cases.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/cox_prediction.hpp>
#include <npcsim/survival/cox_residuals.hpp>
#include <npcsim/survival/proportional_hazards.hpp>

namespace npcsim {
namespace {

// Expected numbers: R's package survival 3.5-3 at fits with eps = 1e-14.

std::vector<double> sums_of_squares(const std::vector<std::vector<double>>& columns) {
  std::vector<double> sums;
  for (const auto& column : columns) sums.push_back(sum_of_squares(column));
  return sums;
}

std::vector<double> firsts(const std::vector<std::vector<double>>& columns) {
  std::vector<double> values;
  for (const auto& column : columns) values.push_back(column[0]);
  return values;
}

TEST(CoxResiduals, AgreeWithR) {
  const LungCase lung;
  const CoxResiduals r = cox_residuals(lung.records, lung.covariates, lung.fit());
  // residuals(fit, "martingale")[1:4], and the sum of squares of all
  expect_near({r.martingale[0], r.martingale[1], r.martingale[2], r.martingale[3]},
              {0.0438187707579248, 0.0445889152718615, -2.22187896914827, 0.513520124303011}, 1e-9,
              "martingale");
  EXPECT_NEAR(sum_of_squares(r.martingale), 176.863942246737, 1e-8);
  EXPECT_NEAR(r.deviance[2], -2.10802228126188, 1e-9);
  EXPECT_NEAR(sum_of_squares(r.deviance), 289.155061046791, 1e-8);
  expect_near(firsts(r.score), {0.342022699413193, -0.0659532531350252, 0.0584580226217678}, 1e-8,
              "score");
  expect_near(sums_of_squares(r.score), {13649.8553130568, 33.8206255085276, 94.5634333767279},
              1e-9, "score");
  expect_near(firsts(r.dfbeta), {1.84408617083506e-05, -0.00190858347945078, 0.000753131571756213},
              1e-8, "dfbeta");
  expect_near(sums_of_squares(r.dfbeta),
              {9.76419232737362e-05, 0.027142044511979, 0.0154154196862547}, 1e-9, "dfbeta");
}

TEST(CoxResiduals, AgreeWithRForTruncatedWeightedAndStratifiedRecords) {
  const HeartCase heart;
  const CoxResiduals h = cox_residuals(heart.records, heart.covariates, heart.fit());
  EXPECT_NEAR(sum_of_squares(h.martingale), 73.4814495861316, 1e-8);
  expect_near(sums_of_squares(h.score),
              {5983.05459484681, 221.366076831016, 6.95156168622326, 10.8965639874626}, 1e-9,
              "heart");
  const WeightedLungCase weighted;
  const CoxResiduals w = cox_residuals(weighted.records, weighted.covariates, weighted.fit());
  EXPECT_NEAR(sum_of_squares(w.martingale), 175.815729280138, 1e-8);
  expect_near(sums_of_squares(w.score), {13611.6171462936, 33.2865518222781, 93.5351205316166},
              1e-9, "weighted");
  const StratifiedVeteranCase strata;
  const CoxResiduals s = cox_residuals(strata.records, strata.covariates, strata.fit());
  expect_near(sums_of_squares(s.score), {19.7679225139742, 25356.606042642, 12932.0331402279}, 1e-9,
              "strata");
}

TEST(SchoenfeldResidualsTest, AgreeWithR) {
  const LungCase lung;
  const SchoenfeldResiduals r = schoenfeld_residuals(lung.records, lung.covariates, lung.fit());
  expect_near(firsts(r.raw), {0.850147025581009, 0.731110089619475, -1.20822216488952}, 1e-8,
              "raw");
  expect_near(sums_of_squares(r.raw), {12215.0543285576, 34.7284783535156, 80.8378324102494}, 1e-9,
              "raw");
  expect_near(firsts(r.scaled), {0.0596552515493126, 3.00589500392621, -2.22926457201057}, 1e-8,
              "scaled");
  expect_near(sums_of_squares(r.scaled), {2.46725789334598, 783.665443978683, 397.821485567812},
              1e-9, "scaled");
}

std::vector<double> statistics(const ProportionalHazardsTest& test) {
  std::vector<double> values;
  for (const auto& term : test.terms) values.push_back(term.test.chi_square);
  values.push_back(test.global.chi_square);
  return values;
}

TEST(ProportionalHazards, AgreesWithCoxZphOnEveryScale) {
  // cox.zph(coxph(Surv(time, status) ~ trt + karno + celltype, veteran), transform, terms = FALSE)
  const VeteranCase veteran;
  const CoxRegression fit = veteran.fit();
  const auto test = [&](TimeScale scale) {
    return statistics(proportional_hazards_test(veteran.records, veteran.covariates, fit, scale));
  };
  expect_near(test(TimeScale::km),
              {0.206307412063779, 12.8133255911361, 4.0468683482227, 6.84113944406079,
               5.03256268285623, 22.8596852749608},
              1e-8, "km");
  expect_near(test(TimeScale::identity),
              {0.00493118418546883, 6.05159505980777, 5.16749058429547, 10.3698073816626,
               6.04230235027062, 20.8708584438743},
              1e-8, "identity");
  expect_near(test(TimeScale::log),
              {0.214861003375032, 10.0791754157091, 2.29120396388696, 5.3945460007669,
               4.6412828397428, 21.4513567682656},
              1e-8, "log");
  expect_near(test(TimeScale::rank),
              {0.215103061585353, 13.3938961658269, 4.1592089501865, 6.96176213250844,
               4.99610585750183, 23.2937996024588},
              1e-8, "rank");
}

TEST(ProportionalHazards, TestsTheContrastsOfATermTogether) {
  const VeteranCase veteran;
  const ProportionalHazardsTest test = proportional_hazards_test(
      veteran.records, veteran.covariates, veteran.fit(), TimeScale::km, {}, {{0}, {1}, {2, 3, 4}});
  expect_near(statistics(test),
              {0.206307412063779, 12.8133255911361, 14.5317103964116, 22.8596852749608}, 1e-8,
              "terms");
  EXPECT_EQ(test.terms[2].test.df, 3);
}

TEST(ProportionalHazards, AgreesWithCoxZphForStrataAndTruncation) {
  const StratifiedVeteranCase strata;
  expect_near(
      statistics(proportional_hazards_test(strata.records, strata.covariates, strata.fit())),
      {0.00465549745362982, 6.72046454447685, 2.52332333669141, 12.1840308911068}, 1e-8, "km");
  expect_near(statistics(proportional_hazards_test(strata.records, strata.covariates, strata.fit(),
                                                   TimeScale::rank)),
              {0.00524437332208582, 7.10479639907138, 2.44000418089946, 12.5821751988308}, 1e-8,
              "rank");
  const HeartCase heart;
  const CoxRegression fit = heart.fit();
  expect_near(
      statistics(proportional_hazards_test(heart.records, heart.covariates, fit)),
      {0.86687471091555, 1.716414429208, 0.0973950591168627, 0.202934388152779, 3.47310229884577},
      1e-8, "heart km");
  expect_near(
      statistics(
          proportional_hazards_test(heart.records, heart.covariates, fit, TimeScale::identity)),
      {1.75729093008017, 1.51220047556485, 1.37611056122532, 0.122029301620106, 4.68794841096407},
      1e-8, "heart identity");
}

TEST(CoxPrediction, AgreesWithSurvfitCoxph) {
  // summary(survfit(fit, newdata), times = c(50, 180, 365, 700))
  LungCase lung;
  const std::vector<double> values{60, 2, 1};
  const auto at_times = [](const PredictedSurvival& curve, const std::vector<double>& times) {
    std::vector<double> numbers;
    for (const double t : times) numbers.push_back(curve.survival_at(t));
    for (const double t : times) numbers.push_back(curve.survival_se_at(t));
    return numbers;
  };
  const auto efron = predict_survival(lung.records, lung.covariates, lung.fit(), values);
  ASSERT_EQ(efron.size(), 1u);
  expect_near(at_times(efron[0], {50, 180, 365, 700}),
              {0.968470673377801, 0.804994341993782, 0.533743834171484, 0.247019220451918,
               0.0101730767311587, 0.0310395957715603, 0.0515031697758849, 0.0549321017582595},
              1e-9, "Efron");
  lung.options.ties = Ties::breslow;
  const auto breslow =
      predict_survival(lung.records, lung.covariates, lung.fit(), values, lung.options);
  expect_near(at_times(breslow[0], {50, 180, 365, 700}),
              {0.968518535170883, 0.805237240073893, 0.53411736490162, 0.247323184967929,
               0.0101594334165457, 0.0310085118925923, 0.051476552257145, 0.0549580016634991},
              1e-9, "Breslow");
  const WeightedLungCase weighted;
  const auto curve =
      predict_survival(weighted.records, weighted.covariates, weighted.fit(), values);
  expect_near(at_times(curve[0], {50, 180, 365, 700}),
              {0.964974889688905, 0.807471634518562, 0.542104784047802, 0.251990949121488,
               0.009058672450759, 0.0288985952387155, 0.0493047294636856, 0.0519200484107899},
              1e-9, "weighted");
  // n.risk of summary() at a time between two is that of the later one.
  EXPECT_NEAR(curve[0].at_risk[curve[0].index_at(50) + 1], 339.9, 1e-9);
}

TEST(CoxPrediction, AgreesWithSurvfitCoxphForStrataAndTruncation) {
  const StratifiedVeteranCase strata;
  const auto curves = predict_survival(strata.records, strata.covariates, strata.fit(),
                                       std::vector<double>{1, 60, 58});
  ASSERT_EQ(curves.size(), 4u);
  std::vector<double> survival, se;
  for (const auto& curve : curves) {
    survival.push_back(curve.survival_at(100));
    se.push_back(curve.survival_se_at(100));
  }
  expect_near(survival,
              {0.674244861995261, 0.300664019225378, 0.188885770374696, 0.700493084689665}, 1e-9,
              "strata");
  expect_near(se, {0.0833382983411134, 0.0755030241144061, 0.102283128834486, 0.0964268931925561},
              1e-9, "strata");
  const HeartCase heart;
  const auto curve = predict_survival(heart.records, heart.covariates, heart.fit(),
                                      std::vector<double>{0, 3, 0, 1});
  EXPECT_NEAR(curve[0].survival_at(30), 0.750281536984639, 1e-9);
  EXPECT_NEAR(curve[0].survival_at(365), 0.245737511305082, 1e-9);
  EXPECT_NEAR(curve[0].survival_se_at(100), 0.0757473760558049, 1e-9);
  EXPECT_EQ(curve[0].at_risk[curve[0].index_at(100)], 50);
}

TEST(CoxPrediction, BaselineIsThatOfCovariatesZero) {
  // basehaz(fit, centered = FALSE)
  const LungCase lung;
  const auto base = baseline_hazard(lung.records, lung.covariates, lung.fit());
  EXPECT_NEAR(base[0].cumulative_hazard[base[0].index_at(180)], 0.212091800299267, 1e-10);
  EXPECT_NEAR(base[0].cumulative_hazard.back(), 2.0776278757337, 1e-9);
}

}  // namespace
}  // namespace npcsim
