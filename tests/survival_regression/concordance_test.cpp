#include "survival_regression/cox_cases.hpp"
#include "survival_regression/near.hpp"
#include <npcsim/survival/concordance.hpp>
#include <npcsim/survival/cox_prediction.hpp>

namespace npcsim {
namespace {

// Expected numbers: concordance(..., reverse = TRUE) of R's package survival 3.5-3: value, standard
// error, and numbers of pairs (concordant, discordant, tied in marker, in time, in both).
void expect_concordance(const Concordance& found, const std::vector<double>& expected) {
  ASSERT_TRUE(found.defined);
  expect_near({found.value, found.se_fixed_weights, found.pairs.concordant, found.pairs.discordant,
               found.pairs.tied_marker, found.pairs.tied_time, found.pairs.tied_both},
              expected, 1e-10, "concordance");
}

struct WholeLung {
  WholeLung() : table(DataTable::load("lung")), event(table.equals("status", 2)) {
    records = {table["time"], event};
  }
  DataTable table;
  std::vector<std::int32_t> event;
  TimeToEvent records;
};

TEST(ConcordanceTest, AgreesWithR) {
  const WholeLung lung;
  expect_concordance(concordance(lung.records, lung.table["age"]),
                     {0.550239832117518, 0.0251421115943329, 10717, 8706, 591, 27, 1});
  // A marker of two values.
  expect_concordance(concordance(lung.records, lung.table["sex"]),
                     {0.421355051463975, 0.0206647217050626, 3133, 6281, 10600, 11, 17});
  // ymax = 500
  expect_concordance(concordance(lung.records, lung.table["age"], 500),
                     {0.550460130584546, 0.025747058521061, 10423, 8460, 568, 26, 1});
}

TEST(ConcordanceTest, AgreesWithRWeights) {
  WholeLung lung;
  std::vector<double> weight = lung.table["age"];
  for (double& w : weight) w = 1 + (w - 39) / 40;
  lung.records.weight = weight;
  expect_concordance(concordance(lung.records, lung.table["age"]),
                     {0.5515900379297, 0.0253834572769394, 27274.359375, 22027.228125, 1552.525625,
                      71.590625, 2.175625});
}

TEST(ConcordanceTest, AgreesWithRStrataTruncationAndClusters) {
  const StratifiedVeteranCase veteran;
  // Counts of the four strata added up.
  expect_concordance(concordance(veteran.records, veteran.table["karno"]),
                     {0.305058874836459, 0.0253173736831442, 551, 1445, 297, 10, 1});
  HeartCase heart;
  expect_concordance(concordance(heart.records, heart.table["age"]),
                     {0.575459172383271, 0.0377558490936552, 2600, 1918, 1, 16, 0});
  heart.records.cluster = heart.cluster;
  EXPECT_NEAR(concordance(heart.records, heart.table["age"]).se, 0.0364389983088519, 1e-12);
}

TEST(ConcordanceTest, OfALinearPredictorIsThatOfTheFit) {
  // concordance(coxph(Surv(time, status) ~ age + sex + ph.ecog, lung))
  const LungCase lung;
  const Concordance found =
      concordance(lung.records, linear_predictor(lung.covariates, lung.fit()));
  EXPECT_NEAR(found.value, 0.637135493000455, 1e-10);
  EXPECT_NEAR(found.se, 0.0250679738530796, 1e-10);
}

TEST(ConcordanceTest, ManyTiedRecordsAgreeWithR) {
  const DataTable rotterdam = DataTable::load("rotterdam");
  const std::vector<std::int32_t> death = rotterdam.integers("death");
  const TimeToEvent records{rotterdam["dtime"], death};
  expect_concordance(concordance(records, rotterdam["nodes"]),
                     {0.674429041301178, 0.00772050159204694, 1518501, 607830, 484103, 201, 33});
}

TEST(UnoConcordance, AgreesWithR) {
  // timewt = "n/G2"; R counts an event at ymax, we one before `until`
  const WholeLung lung;
  const Concordance all = uno_concordance(lung.records, lung.table["age"]);
  EXPECT_NEAR(all.value, 0.549230725746676, 1e-12);
  EXPECT_NEAR(all.se_fixed_weights, 0.0230305791000658, 1e-12);
  const Concordance early = uno_concordance(lung.records, lung.table["age"], 500.5);
  EXPECT_NEAR(early.value, 0.550282562672205, 1e-12);
  EXPECT_NEAR(early.se_fixed_weights, 0.0241357621301143, 1e-12);
  EXPECT_NEAR(early.pairs.concordant, 12649.3653175145, 1e-8);
}

TEST(UnoConcordance, StandardErrorIsTheDerivativeInEachWeight) {
  // The statistic written out in R and differentiated in the weights with numDeriv::grad: sqrt of
  // the sum of squares.
  const DataTable ovarian = DataTable::load("ovarian");
  const std::vector<std::int32_t> event = ovarian.integers("fustat");
  const Concordance found = uno_concordance({ovarian["futime"], event}, ovarian["age"], 600);
  EXPECT_NEAR(found.value, 0.775946907871959, 1e-12);
  EXPECT_NEAR(found.se, 0.0832549346987406, 1e-8);
  EXPECT_NEAR(found.se_fixed_weights, 0.0831027873700099, 1e-12);
}

TEST(ConcordanceTest, SaysWhenNoPairCanBeOrdered) {
  const std::vector<double> time{3, 2, 1};
  const std::vector<std::int32_t> event{1, 0, 0};
  const std::vector<double> marker{1, 2, 3};
  EXPECT_FALSE(concordance({time, event}, marker).defined);
  const std::vector<double> entry{0, 0, 0};
  EXPECT_FALSE(uno_concordance({time, event, entry}, marker).defined);
}

}  // namespace
}  // namespace npcsim
