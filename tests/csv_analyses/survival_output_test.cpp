// What npcsim survival writes besides the numbers: keys, defaults, refusals, the table.
#include "survival_answers.hpp"

#include <algorithm>

namespace npcsim::testing {
namespace {

const std::string two_groups =
    "time,status,arm\n1,1,a\n2,1,b\n3,0,a\n4,1,b\n5,1,a\n6,0,b\n7,1,a\n8,1,b\n";

TEST(SurvivalOutput, HasTheKeysThatScriptsReadInTheirOrder) {
  SurvivalRequest wanted = request("time", "status", "");
  wanted.roles.group = "arm";
  const Answer found = answer_to_text(two_groups, wanted);
  std::vector<std::string> keys;
  for (const auto& member : found.json.members) keys.push_back(member.first);
  EXPECT_EQ(keys, (std::vector<std::string>{"command", "version", "input", "results", "warnings"}));
  EXPECT_EQ(found.json.at("command").text, "survival");
  const JsonValue& input = found.json.at("input");
  EXPECT_EQ(input.at("data").text, "data.csv");
  EXPECT_EQ(input.at("rows").number, 8);
  EXPECT_EQ(input.at("group").text, "arm");
  EXPECT_EQ(input.at("ties").text, "efron");
  EXPECT_EQ(input.at("conf").text, "log-log");
  for (const char* key : {"time", "at_risk", "events", "censored", "survival", "se", "lo95", "hi95",
                          "cumulative_hazard", "cumulative_hazard_se"}) {
    EXPECT_EQ(found.of("km", "a").at("curve").at(key).items.size(), 4U) << key;
  }
  for (const char* key : {"chisq", "df", "p", "z", "observed", "expected"}) {
    EXPECT_TRUE(found.of("logrank").has(key)) << key;
  }
  for (const char* key : {"name", "coef", "se", "robust_se", "lo95", "hi95"}) {
    EXPECT_TRUE(found.of("cox").at("coefficients").items[0].has(key)) << key;
  }
}

TEST(SurvivalOutput, PointsOfCurvesCanBeLeftOut) {
  SurvivalRequest wanted = request("time", "status", "km,cuminc");
  wanted.curves = false;
  const Answer found = answer_to_text(two_groups, wanted);
  EXPECT_FALSE(found.of("km").has("curve"));
  EXPECT_TRUE(found.of("km").has("quantiles"));
  EXPECT_FALSE(found.of("cuminc").has("time"));
}

TEST(SurvivalOutput, WithoutStatisticsIsTheCurveAndWithGroupsTheirComparison) {
  const Answer alone = answer_to_text(two_groups, request("time", "status", ""));
  EXPECT_EQ(alone.json.at("results").items.size(), 1U);
  SurvivalRequest wanted = request("time", "status", "");
  wanted.roles.group = "arm";
  const Answer compared = answer_to_text(two_groups, wanted);
  EXPECT_NO_THROW(compared.of("km", "a"));
  EXPECT_NO_THROW(compared.of("km", "b"));
  EXPECT_NO_THROW(compared.of("logrank"));
  EXPECT_EQ(names_of_coefficients(compared.of("cox")), std::vector<std::string>{"armb"});
}

TEST(SurvivalOutput, TableIsReadable) {
  SurvivalRequest wanted = request("time", "status", "km");
  wanted.roles.group = "arm";
  wanted.quantiles = {0.5};
  wanted.at = {0, 4};
  EXPECT_EQ(answer_to_text(two_groups, wanted).text,
            "Kaplan-Meier\n"
            "  group  n  events  median (95 % CI)\n"
            "  a      4       3        5 (1 to -)\n"
            "  b      4       3        6 (2 to -)\n"
            "\n"
            "Numbers at risk\n"
            "  at risk at  0  4\n"
            "  a           4  2\n"
            "  b           4  3\n");
}

const std::string four_weighted = "time,status,w,g\n1,1,3,a\n2,1,3,a\n3,0,3,b\n4,1,3,b\n";

// survfit(Surv(time, status) ~ g, weights = w) prints records 2 and 2, n.max 6 and 6, events 6, 3.
TEST(SurvivalOutput, RecordsAndSumsOfWeightsAreToldApart) {
  SurvivalRequest wanted = request("time", "status", "km,cuminc,logrank");
  wanted.roles.group = "g";
  wanted.quantiles = {0.5};
  const Answer plain = answer_to_text(four_weighted, wanted);
  wanted.roles.weights = "w";
  const Answer found = answer_to_text(four_weighted, wanted);
  for (const char* statistic : {"km", "cuminc"}) {
    EXPECT_EQ(found.of(statistic, "a").at("n").number, 2) << statistic;
    EXPECT_EQ(found.of(statistic, "a").at("weighted_n").number, 6) << statistic;
    EXPECT_EQ(found.of(statistic, "a").at("events").number, 6) << statistic;
    EXPECT_EQ(found.of(statistic, "b").at("weighted_n").number, 6) << statistic;
    EXPECT_EQ(found.of(statistic, "b").at("events").number, 3) << statistic;
    EXPECT_FALSE(plain.of(statistic, "a").has("weighted_n")) << statistic;
  }
  EXPECT_EQ(found.of("logrank").at("n").number, 4);
  EXPECT_EQ(found.of("logrank").at("weighted_n").number, 12);
  EXPECT_FALSE(plain.of("logrank").has("weighted_n"));
  EXPECT_EQ(found.text.substr(0, found.text.find("\nLog-rank")),
            "Kaplan-Meier\n"
            "  group  records  sum of weights  weighted events  median (95 % CI)\n"
            "  a            2               6                6      1.5 (1 to -)\n"
            "  b            2               6                3        4 (- to -)\n"
            "\n"
            "Cumulative incidence\n"
            "  group  cause  records  sum of weights  weighted events  at the end (se)\n"
            "  a          1        2               6                6            1 (0)\n"
            "  b          1        2               6                3            1 (0)\n");
}

// coxph(Surv(time, status) ~ arm, weights = w): n= 8, number of events= 6, whatever the weights.
TEST(SurvivalOutput, CoxRegressionCountsRecordsAndSaysSo) {
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"arm"};
  wanted.roles.weights = "w";
  const Answer found = answer_to_text(
      "time,status,arm,w\n1,1,a,2\n2,1,b,2\n3,0,a,2\n4,1,b,2\n5,1,a,2\n6,0,b,2\n7,1,a,2\n8,1,b,2\n",
      wanted);
  EXPECT_EQ(found.of("cox").at("n").number, 8);
  EXPECT_EQ(found.of("cox").at("events").number, 6);
  EXPECT_EQ(found.of("cox").at("weighted_n").number, 16);
  EXPECT_EQ(found.text.substr(0, found.text.find(", likelihood")),
            "Cox regression: n 8, events 6 (records; sum of weights 16)");
}

// Likelihood ratio and score tests take rows as independent. The numbers: score residuals summed
// by cluster (Lin & Wei 1989, J Am Stat Assoc 84: 1074), 40 lines of Python.
TEST(SurvivalOutput, RobustTestsStandInTheTableOfClusteredRows) {
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"arm"};
  wanted.roles.cluster = "id";
  const std::string clustered =
      "time,status,arm,id\n1,1,a,1\n2,1,b,2\n3,0,a,3\n4,1,b,4\n5,1,a,1\n6,0,b,2\n7,1,a,3\n8,1,b,"
      "4\n";
  EXPECT_EQ(
      answer_to_text(clustered, wanted).text,
      "Cox regression: n 8, events 6, robust Wald 1.418 on 1 df, p 0.234, robust score 0.8542 "
      "on 1 df, p 0.355\n"
      "          hazard ratio (95 % CI)   log HR  robust se       z      p\n"
      "  armb  0.5787 (0.2353 to 1.424)  -0.5469     0.4593  -1.191  0.234\n");
}

TEST(SurvivalOutput, ColumnsThatNoStatisticUsesAreNamed) {
  SurvivalRequest curves = request("time", "status", "km");
  curves.roles.strata = {"arm"};
  EXPECT_EQ(answer_to_text(two_groups, curves).warnings,
            std::vector<std::string>{"km: --strata is not used here"});
  SurvivalRequest tests = request("time", "status", "km,cox");
  tests.roles.strata = {"arm"};
  tests.roles.covariates = {"x"};
  EXPECT_EQ(answer_to_text("time,status,arm,x\n1,1,a,3\n2,1,b,1\n3,0,a,2\n4,1,b,5\n5,1,a,4\n"
                           "6,0,b,6\n7,1,a,7\n8,1,b,2\n",
                           tests)
                .warnings,
            std::vector<std::string>{});
}

TEST(SurvivalOutput, ACodeOfCensoringThatChangesNothingIsNamed) {
  SurvivalRequest named = request("time", "status==1", "km");
  named.roles.censored = "0";
  EXPECT_EQ(answer_to_text(two_groups, named).warnings,
            std::vector<std::string>{"--censored is not used here: --event status==1 says which "
                                     "rows are events, and no statistic has competing causes"});
  SurvivalRequest alone = request("time", "status", "km");
  alone.roles.censored = "0";
  EXPECT_EQ(answer_to_text(two_groups, alone).warnings, std::vector<std::string>{});
  SurvivalRequest causes = request("time", "status==1", "km,cuminc");
  causes.roles.censored = "0";
  EXPECT_EQ(answer_to_text(two_groups, causes).warnings, std::vector<std::string>{});
}

TEST(SurvivalOutput, WhatCannotBeComputedIsAWarningAndAFailure) {
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"x"};
  // Every event has x = 1 and every censoring x = 0: the coefficient is infinite.
  const Answer found = answer_to_text("time,status,x\n1,1,1\n2,0,0\n3,1,1\n4,0,0\n5,1,1\n", wanted);
  EXPECT_TRUE(found.failed);
  EXPECT_EQ(found.of("cox").at("converged").text, "false");
  EXPECT_FALSE(found.of("cox").has("coefficients"));
  EXPECT_FALSE(found.warnings.empty());
  EXPECT_EQ(found.json.at("warnings").items.size(), found.warnings.size());
}

TEST(SurvivalOutput, OneGroupCannotBeCompared) {
  SurvivalRequest wanted = request("time", "status", "logrank,cox");
  wanted.roles.group = "g";
  const Answer found = answer_to_text("time,status,g\n1,1,a\n2,0,a\n", wanted);
  EXPECT_TRUE(found.failed);
  EXPECT_EQ(found.warnings, (std::vector<std::string>{"logrank: there is only one group",
                                                      "cox: there is only one group"}));
}

// Twelve patients; `shift` is added to the covariate, which changes neither Cox regression nor
// risks.
std::string patients(int shift) {
  const int age[12] = {61, 48, 70, 55, 66, 43, 59, 73, 50, 64, 46, 57};
  const char* event = "110110101101";
  std::string text = "time,status,age,w\n";
  for (int i = 0; i < 12; ++i) {
    text += std::to_string(i + 1) + "," + event[i] + "," + std::to_string(age[i] + shift) +
            (i % 2 == 0 ? ",0.5\n" : ",1\n");
  }
  return text;
}

TEST(SurvivalOutput, PredictedRisksDoNotDependOnTheOriginOfACovariate) {
  SurvivalRequest wanted = request("time", "status", "brier:6,calibration:6");
  wanted.roles.covariates = {"age"};
  const Answer near = answer_to_text(patients(0), wanted);
  const Answer far = answer_to_text(patients(100000), wanted);
  EXPECT_FALSE(near.failed);
  EXPECT_FALSE(far.failed);
  const auto expect_same = [&](const char* statistic, const char* key) {
    const double expected = near.of(statistic).at(key).number;
    EXPECT_NEAR(far.of(statistic).at(key).number, expected, 1e-8) << statistic << " " << key;
    EXPECT_NE(expected, 0) << statistic << " " << key;
  };
  expect_same("brier:6", "estimate");
  expect_same("brier:6", "index_of_prediction_accuracy");
  expect_same("calibration:6", "slope");
  expect_same("calibration:6", "observed_over_expected");
}

TEST(SurvivalOutput, AnUndefinedCalibrationSaysWhyAndHasNoNumbers) {
  SurvivalRequest wanted = request("time", "status", "calibration:6");
  wanted.roles.covariates = {"age"};
  wanted.roles.weights = "w";
  const Answer weighted = answer_to_text(patients(0), wanted);
  EXPECT_TRUE(weighted.failed);
  EXPECT_FALSE(weighted.of("calibration:6").has("slope"));
  EXPECT_FALSE(weighted.of("calibration:6").has("observed_over_expected"));
  EXPECT_EQ(weighted.warnings,
            std::vector<std::string>{"calibration:6: calibration does not know entry times and "
                                     "weights"});
  SurvivalRequest early = request("time", "status", "calibration:0.5");
  early.roles.covariates = {"age"};
  const Answer before = answer_to_text(patients(0), early);
  EXPECT_TRUE(before.failed);
  EXPECT_FALSE(before.of("calibration:0.5").has("slope"));
  EXPECT_EQ(before.warnings,
            std::vector<std::string>{
                "calibration:0.5: every predicted risk is 0: no event by this time"});
}

TEST(SurvivalOutput, AnUndefinedBrierScoreGivesTheTrueReason) {
  SurvivalRequest wanted = request("time", "status", "brier:6");
  wanted.roles.covariates = {"age"};
  wanted.roles.weights = "w";
  const Answer weighted = answer_to_text(patients(0), wanted);
  EXPECT_TRUE(weighted.failed);
  EXPECT_EQ(weighted.warnings,
            std::vector<std::string>{"brier:6: takes neither entries nor weights"});
  SurvivalRequest late = request("time", "status", "brier:12");
  late.roles.covariates = {"age"};
  EXPECT_EQ(answer_to_text(patients(0), late).warnings,
            std::vector<std::string>{"brier:12: nobody is followed beyond this time"});
  SurvivalRequest early = request("time", "status", "brier:0.5");
  early.roles.covariates = {"age"};
  const Answer before = answer_to_text(patients(0), early);
  EXPECT_FALSE(before.failed);
  EXPECT_EQ(before.of("brier:0.5").at("estimate").number, 0);  // all live, as was predicted
  EXPECT_TRUE(std::isnan(before.of("brier:0.5").at("index_of_prediction_accuracy").number));
  EXPECT_EQ(before.warnings,
            std::vector<std::string>{
                "brier:0.5: there is no event by this time, so that index_of_prediction_accuracy "
                "is not defined"});
}

TEST(SurvivalOutput, RpsftRefusesWhatItWouldIgnore) {
  SurvivalRequest wanted = request("time", "status", "rpsft");
  wanted.roles.group = "arm";
  wanted.roles.weights = "w";
  wanted.roles.entry = "start";
  wanted.switched_share = "share";
  wanted.landmark = 1.5;
  const Answer found = answer_to_text(
      "time,status,arm,share,w,start\n2,1,0,0,1,0\n3,1,0,0.5,2,0\n5,0,0,0.2,1,0\n4,1,1,1,1,0\n"
      "6,0,1,1,1,1\n8,1,1,1,2,0\n",
      wanted);
  EXPECT_TRUE(found.failed);
  EXPECT_FALSE(found.of("rpsft").has("estimate"));
  for (const char* words :
       {"rpsft: does not take --weights",
        "rpsft: does not take --entry: time counts from randomisation",
        "rpsft: does not take --landmark: shares of time on treatment and times of administrative "
        "censoring count from randomisation"}) {
    EXPECT_EQ(std::count(found.warnings.begin(), found.warnings.end(), words), 1) << words;
  }
}

TEST(SurvivalOutput, TestsOfGroupsNeedWeightsThatCountPatients) {
  const auto with_weights = [](const std::string& first, const std::string& second) {
    std::string text = "time,status,arm,w\n";
    for (int i = 1; i <= 8; ++i) {
      text += std::to_string(i) + "," + (i == 3 || i == 6 ? "0," : "1,") +
              (i % 3 == 0 ? "a," : "b,") + (i % 2 == 0 ? first : second) + "\n";
    }
    return text;
  };
  SurvivalRequest wanted =
      request("time", "status", "logrank,fh:0:1,mwlr:2,gehan,tarone,peto,trend,maxcombo");
  wanted.roles.group = "arm";
  wanted.roles.weights = "w";
  const Answer fractional = answer_to_text(with_weights("0.5", "1.5"), wanted);
  EXPECT_TRUE(fractional.failed);
  EXPECT_EQ(fractional.warnings.size(), 8U);
  EXPECT_FALSE(fractional.of("logrank").has("chisq"));
  EXPECT_FALSE(fractional.of("maxcombo").has("p"));
  EXPECT_EQ(fractional.warnings.front(),
            "logrank: weights that are not whole numbers do not count patients, which this test "
            "needs; cox has a robust standard error and a robust score test for them");
  const Answer whole = answer_to_text(with_weights("1", "2"), wanted);
  EXPECT_FALSE(whole.failed);
  EXPECT_TRUE(whole.of("logrank").has("chisq"));
}

// Forty rows of ten subjects in two strata; the third column is a marker.
std::string rows_of_subjects() {
  std::string text = "time,status,arm,id,site,marker\n";
  for (int i = 0; i < 40; ++i) {
    text += std::to_string(1 + i * 7 % 40) + "," + std::to_string(i % 4 == 3 ? 0 : 1 + i % 5 / 4) +
            (i % 3 == 0 ? ",a," : ",b,") + std::to_string(i * i % 10) + "," +
            std::to_string(i % 7 / 4) + "," + std::to_string(i * 11 % 17) + "\n";
  }
  return text;
}

struct Written {
  std::string results;
  std::string warnings;
};

// Both as they stand in the JSON, which begins with the names of the columns.
Written written(const std::string& rows, const SurvivalRequest& wanted) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", rows, diagnostics);
  if (!file) throw std::runtime_error(diagnostics.text(""));
  const auto output = survival_analysis(*file, wanted, "0", diagnostics);
  if (!output) throw std::runtime_error(diagnostics.text(""));
  const auto results = output->json.find("\"results\"");
  const auto warnings = output->json.find("\"warnings\"", results);
  return {output->json.substr(results, warnings - results), output->json.substr(warnings)};
}

TEST(SurvivalOutput, AColumnIsUsedOrIsSaidNotToBe) {
  const std::string rows = rows_of_subjects();
  int unused = 0;
  for (const char* name : {"logrank",  "fh:0:1",         "mwlr:12",     "gehan",  "tarone",
                           "peto",     "trend",          "maxcombo",    "cox",    "zph",
                           "rmst:20",  "milestone:20",   "concordance", "uno:30", "auc:20",
                           "brier:20", "calibration:20", "cuminc",      "gray",   "finegray"}) {
    const std::string statistic = name;
    const bool causes = statistic == "cuminc" || statistic == "gray" || statistic == "finegray";
    SurvivalRequest plain = request("time", causes ? "status" : "status!=0", name);
    plain.roles.group = "arm";
    if (statistic.starts_with("uno") || statistic.starts_with("auc")) plain.marker = "marker";
    if (statistic.starts_with("concordance") || statistic.starts_with("brier") ||
        statistic.starts_with("calibration") || statistic == "zph")
      plain.roles.covariates = {"marker"};
    SurvivalRequest clustered = plain;
    clustered.roles.cluster = "id";
    SurvivalRequest stratified = plain;
    stratified.roles.strata = {"site"};
    const std::string without = written(rows, plain).results;
    const auto check = [&](const SurvivalRequest& wanted, const std::string& option) {
      const Written with = written(rows, wanted);
      const bool said =
          with.warnings.find(statistic + ": " + option + " is not used here") != std::string::npos;
      EXPECT_EQ(with.results != without, !said) << statistic << " with " << option;
      unused += said ? 1 : 0;
    };
    check(clustered, "--cluster");
    check(stratified, "--strata");
  }
  EXPECT_GT(unused, 10);
}

TEST(SurvivalOutput, AGroupWithoutEventsIsNamed) {
  SurvivalRequest wanted = request("time", "status", "km");
  wanted.roles.group = "g";
  const Answer found = answer_to_text("time,status,g\n1,1,a\n2,0,b\n", wanted);
  EXPECT_EQ(found.warnings, std::vector<std::string>{"km: no events in b"});
  EXPECT_FALSE(found.failed);
}

TEST(SurvivalOutput, TheOnlyCovariateIsTheMarkerOfTheAuc) {
  SurvivalRequest wanted = request("time", "status==2", "auc:365");
  wanted.roles.covariates = {"age"};
  EXPECT_EQ(answer("lung", wanted).of("auc:365").at("marker").text, "age");
  wanted.roles.covariates = {"age", "sex"};
  EXPECT_EQ(answer("lung", wanted).of("auc:365").at("marker").text, "cox");
}

TEST(StatisticRequest, NamesAndNumbersAreChecked) {
  std::string problem;
  EXPECT_EQ(parse_statistic("fh:0:0.5", problem)->numbers, (std::vector<double>{0, 0.5}));
  for (const char* text : {"rmst", "rmst:", "rmst:-3", "rmst:1:2", "rmst:x", "km:3", "fh:1",
                           "milestone:inf", "auc:0"}) {
    problem.clear();
    EXPECT_FALSE(parse_statistic(text, problem).has_value()) << text;
    EXPECT_NE(problem, "") << text;
  }
  EXPECT_FALSE(parse_statistic("logrnk", problem).has_value());
  EXPECT_EQ(problem, "unknown statistic 'logrnk'; did you mean 'logrank'?");
}

TEST(Figure, RoundsForPeople) {
  EXPECT_EQ(figure(112.0), "112");
  EXPECT_EQ(figure(0.587963), "0.5880");
  EXPECT_EQ(figure(0.00012345678), "0.0001235");
  EXPECT_EQ(figure(1234.567), "1235");
  EXPECT_EQ(figure(std::nan("")), "-");
  EXPECT_EQ(p_value_text(0.0004), "<0.001");
  EXPECT_EQ(p_value_text(0.0416), "0.042");
}

}  // namespace
}  // namespace npcsim::testing
