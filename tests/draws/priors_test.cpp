// Priors: quantiles that are known, what a draw depends on, and rows of a file.
#include "draws_study.hpp"
#include <npcsim/model/prior.hpp>
#include <npcsim/results/results.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

Parameter with_prior(Prior::Kind kind, double first, double second = 0) {
  Parameter parameter;
  parameter.distribution = {kind, first, second, {}};
  return parameter;
}

// Quantiles of the standard normal: 0.9750021 at 1.96, 0.75 at 0.6744897501960817.
TEST(Prior, QuantilesAreThoseOfTheDistribution) {
  const double z_75 = 0.6744897501960817;
  EXPECT_NEAR(prior_quantile(with_prior(Prior::Kind::normal, -0.5, 0.2), 0.75), -0.5 + 0.2 * z_75,
              1e-14);
  EXPECT_NEAR(prior_quantile(with_prior(Prior::Kind::log_normal, 8, 0.3), 0.75),
              8 * std::exp(0.3 * z_75), 1e-13);
  // |N(0, s)| stays below s times the 3/4 quantile with probability 1/2.
  EXPECT_NEAR(prior_quantile(with_prior(Prior::Kind::half_normal, 0.3), 0.5), 0.3 * z_75, 1e-15);
  // Distribution functions x^2 and 1 - (1 - x)^3.
  EXPECT_NEAR(prior_quantile(with_prior(Prior::Kind::beta, 2, 1), 0.49), 0.7, 1e-14);
  EXPECT_NEAR(prior_quantile(with_prior(Prior::Kind::beta, 1, 3), 1 - 0.125), 0.5, 1e-14);
}

TEST(Prior, HalfNormalIsFiniteForTheLargestUniformDraw) {
  const double largest = 1 - 0x1p-53;
  EXPECT_LT(prior_quantile(with_prior(Prior::Kind::half_normal, 1), largest), 9);
}

TEST(Prior, BetaOfAValueInPerCentIsAShare) {
  Parameter parameter = with_prior(Prior::Kind::beta, 2, 1);
  parameter.suffix = "%";
  EXPECT_NEAR(prior_quantile(parameter, 0.49), 70, 1e-12);
}

TEST(ParameterDraws, DrawZeroIsTheDocument) {
  const auto study = draws_study({});
  EXPECT_EQ(study->draws->written(0, study->model.parameters),
            (std::vector<double>{0.05, -0.5, 0.5}));
  EXPECT_EQ(study->draws->values(0, study->model.parameters), study->model.parameters.values());
}

TEST(ParameterDraws, FixedParametersDoNotVary) {
  const auto study = draws_study({});
  EXPECT_EQ(study->draws->varying, (std::vector<std::int32_t>{0, 1}));
  for (std::int64_t draw = 1; draw <= 5; ++draw) {
    EXPECT_EQ(study->draws->written(draw, study->model.parameters)[2], 0.5);
  }
}

TEST(ParameterDraws, DependOnNothingButSeedNameAndNumber) {
  DrawsStudy more;
  more.draws = "{count: 50, from: prior, patients: fresh}";
  more.strategies = "[drug]";
  more.rate_prior = "fixed";
  more.log_hr = "-1";
  more.patients = 7;
  const auto one = draws_study({});
  std::string text = draws_text(more);
  text.replace(text.find("reference: control\n"), 19, "");
  const auto other = compile_text("other.yaml", text);
  for (std::int64_t draw = 1; draw <= 5; ++draw) {
    EXPECT_EQ(one->draws->written(draw, one->model.parameters)[1],
              other->draws->written(draw, other->model.parameters)[1]);
  }
  const auto seed = compile_text("seed.yaml", [] {
    std::string changed = draws_text({});
    return changed.replace(changed.find("seed: 3"), 7, "seed: 4");
  }());
  EXPECT_NE(one->draws->written(1, one->model.parameters)[1],
            seed->draws->written(1, seed->model.parameters)[1]);
}

class FileDraws : public ::testing::Test {
 protected:
  std::unique_ptr<CompiledStudy> with(const std::string& csv, const std::string& draws) {
    write_text(folder_ / "posterior.csv", csv);
    DrawsStudy how;
    how.draws = draws;
    how.file = (folder_ / "study.yaml").string();
    return draws_study(how);
  }
  TempFolder folder_;
};

TEST_F(FileDraws, AreTheRowsInTheirOrder) {
  const auto study = with("draw,log_hr,study_a,hyper_tau,rate\n11,-1,9,9,0.1\n12,-2,9,9,0.2\n",
                          "{from: posterior.csv}");
  ASSERT_EQ(study->draws->count, 2);
  EXPECT_EQ(study->draws->written(1, study->model.parameters), (std::vector<double>{0.1, -1, 0.5}));
  EXPECT_EQ(study->draws->written(2, study->model.parameters), (std::vector<double>{0.2, -2, 0.5}));
  // 0.2 per month in 30.4375 days.
  EXPECT_EQ(study->draws->values(2, study->model.parameters)[0], 0.2 / 30.4375);
}

TEST_F(FileDraws, AreEvenlySpacedRowsIfThereAreMore) {
  std::string csv = "log_hr\n";
  for (int row = 0; row < 10; ++row) csv += "-" + std::to_string(row) + "\n";
  const auto study = with(csv, "{count: 4, from: posterior.csv}");
  const std::vector<double> expected = {0, -2, -5, -7};  // rows 0, 2.5, 5, 7.5, rounded down
  for (std::int64_t draw = 1; draw <= 4; ++draw) {
    EXPECT_EQ(study->draws->written(draw, study->model.parameters)[1],
              expected[static_cast<std::size_t>(draw - 1)]);
  }
}

TEST_F(FileDraws, AParameterWithoutColumnKeepsItsValue) {
  const auto study = with("log_hr\n-1\n", "{from: posterior.csv}");
  EXPECT_EQ(study->draws->written(1, study->model.parameters),
            (std::vector<double>{0.05, -1, 0.5}));
}

// The same number that it would have without a file; what is fixed stays.
TEST_F(FileDraws, AParameterWithoutColumnIsDrawnFromItsPriorIfTheStudySaysSo) {
  const auto study = with("log_hr\n-1\n-2\n-3\n", "{from: posterior.csv, others: prior}");
  const auto priors = draws_study({});
  ASSERT_EQ(study->draws->count, 3);
  for (std::int64_t draw = 1; draw <= 3; ++draw) {
    const double by_prior = priors->draws->written(draw, priors->model.parameters)[0];
    EXPECT_EQ(study->draws->written(draw, study->model.parameters),
              (std::vector<double>{by_prior, -static_cast<double>(draw), 0.5}));
  }
  EXPECT_EQ(draws_in_words(*study),
            "2 of 3 parameters vary, 1 by the rows of posterior.csv and 1 by its prior; the same "
            "patients in all draws");
}

TEST_F(FileDraws, RemarksSayWhatIsKnownByItsPriorOnly) {
  const auto study = with("# made by hand\n# prior only: rate, log_hr\nlog_hr,rate\n-1,0.1\n",
                          "{from: posterior.csv}");
  EXPECT_EQ(study->draws->prior_only, (std::vector<std::string>{"rate", "log_hr"}));
}

// Cuts of an ordered marker have to decrease; these priors let them cross in about 24 % of vectors:
// P(N(0, 1) > 0.7) with both sd 1 / sqrt 2.
TEST(PriorDraws, VectorsThatContradictTheModelAreDrawnAgain) {
  std::string text = draws_text({});
  const auto put = [&text](const std::string& before, const std::string& what) {
    text.insert(text.find(before), what);
  };
  put("  states:",
      "    high: {value: 0.7, prior: {normal: [0.7, 0.7071]}, source: assumed}\n"
      "    low: {value: 0, prior: {normal: [0, 0.7071]}, source: assumed}\n");
  put("  endpoints:",
      "  markers:\n    response: {levels: [CR, PR, SD], ordered_probit: {cuts: [$high, $low], "
      "patient_effect: 0.8}}\n");
  text.replace(text.find("count: 5"), 8, "count: 400");
  const auto study = compile_text("cuts.yaml", text);
  for (std::int64_t draw = 1; draw <= 400; ++draw) {
    const auto written = study->draws->written(draw, study->model.parameters);
    EXPECT_GT(written[3], written[4]);
  }
  // 400 draws, each redrawn with probability 0.242: standard deviation 8.6, one false alarm in a
  // million.
  EXPECT_NEAR(static_cast<double>(study->draws->redrawn()), 400 * 0.242, 4.9 * 8.6);
}

}  // namespace

}  // namespace npcsim::testing
