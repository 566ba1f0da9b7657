// npcsim survival: options, messages, exit codes, and that --json is all there is on standard
// output.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string data =
    "time,status,arm,age\n1,1,a,50\n2,1,b,51\n3,0,a,\n4,1,b,61\n5,1,a,47\n6,0,b,58\n7,1,a,62\n"
    "8,1,b,49\n";

ProcessResult survival(const std::string& text, std::vector<std::string> words) {
  const TempFolder folder;
  static_cast<void>(folder.write("data.csv", text));
  words.insert(words.begin(), {"survival", "data.csv"});
  const ProcessResult answer = npcsim(folder, words);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"data.csv"});
  return answer;
}

TEST(Survival, PrintsATable) {
  const ProcessResult answer = survival(data, {"--time", "time", "--event", "status", "--statistic",
                                               "km", "--quantiles", "0.5", "--group", "arm"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out,
            "Kaplan-Meier\n"
            "  group  n  events  median (95 % CI)\n"
            "  a      4       3        5 (1 to -)\n"
            "  b      4       3        6 (2 to -)\n");
}

TEST(Survival, JsonIsOneObjectAndNothingElse) {
  const ProcessResult answer =
      survival(data, {"--time", "time", "--event", "status==1", "--group", "arm", "--covariates",
                      "age", "--statistic", "logrank,cox", "--json"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out.substr(0, 33), R"({"command":"survival","version":")");
  EXPECT_EQ(answer.out.substr(answer.out.size() - 3), "]}\n");
  EXPECT_NE(answer.out.find(R"js("warnings":["1 row left out: 'age' is missing (line 4)"])js"),
            std::string::npos);
}

TEST(Survival, WarningsGoToStandardErrorWithoutJson) {
  const ProcessResult answer = survival(
      data, {"--time", "time", "--event", "status", "--covariates", "age", "--statistic", "cox"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "warning: 1 row left out: 'age' is missing (line 4)\n");
}

struct BadData {
  std::string name;
  std::string text;
  std::vector<std::string> words;
  std::string message;
};

class WrongData : public ::testing::TestWithParam<BadData> {};

TEST_P(WrongData, IsShownWithItsPlaceAndExitsWith65) {
  std::vector<std::string> words{"--time", "time", "--event", "status", "--json"};
  words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
  const ProcessResult answer = survival(GetParam().text, words);
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongData,
    ::testing::Values(
        BadData{"MissingColumn",
                "time,staus\n1,1\n",
                {},
                "data.csv:1:1: error: missing column 'status' (--event)\n"
                "    1 | time,staus\n"
                "      | ^\n"
                "   hint: did you mean 'staus'?\n"
                "1 error, nothing was computed\n"},
        BadData{"TextForATime",
                "time,status\r\n1,1\r\nlate,0\r\n",
                {},
                "data.csv:3:1: error: column 'time' (--time) needs a number, found 'late'\n"
                "    3 | late,0\n"
                "      | ^~~~\n"
                "   hint: leave the cell empty if the value is missing\n"
                "1 error, nothing was computed\n"},
        BadData{"NegativeTime",
                "time,status\n-1,1\n",
                {},
                "data.csv:2:1: error: a time must be 0 or above and finite\n"
                "    2 | -1,1\n"
                "      | ^~\n"
                "   hint: times count from the start of follow-up\n"
                "1 error, nothing was computed\n"},
        BadData{"EntryAfterExit",
                "time,status,from\n3,1,4\n",
                {"--entry", "from"},
                "data.csv:2:5: error: entry must be below the time of exit ('time')\n"
                "    2 | 3,1,4\n"
                "      |     ^\n"
                "   hint: a row is at risk from its entry to its time\n"
                "1 error, nothing was computed\n"},
        BadData{"UnknownCode",
                "time,status\n3,0\n4,1\n5,2\n",
                {},
                "data.csv:1:6: error: event code unknown: column 'status' holds 0 (1 row), 1 (1 "
                "row), 2 (1 row)\n"
                "    1 | time,status\n"
                "      |      ^~~~~~\n"
                "   hint: say which code is the event, e.g. --event 'status==1'\n"
                "1 error, nothing was computed\n"},
        BadData{"OpenQuotationMark",
                "time,status,g\n3,0,\"a\n4,1,b\n",
                {"--group", "g"},
                "data.csv:2:5: error: the quotation marks of this cell are wrong\n"
                "    2 | 3,0,\"a\n"
                "      |     ^~\n"
                "   hint: \" begins and ends the cell; inside it is written twice\n"
                "1 error, nothing was computed\n"},
        BadData{"ConstantCovariate",
                "time,status,x\n3,0,7\n4,1,7\n",
                {"--covariates", "x"},
                "data.csv:1:13: error: covariate 'x' is the same in all rows that are used\n"
                "    1 | time,status,x\n"
                "      |             ^\n"
                "1 error, nothing was computed\n"},
        BadData{"EmptyFile",
                "",
                {},
                "data.csv: error: the file is empty\n"
                "   hint: expected a header line with the names of the columns\n"
                "1 error, nothing was computed\n"}),
    [](const auto& row) { return row.param.name; });

TEST(Survival, WhatDoesNotConvergeExitsWith65AndHasNoNumbers) {
  const ProcessResult answer = survival(
      "time,status,x\n1,1,1\n2,0,0\n3,1,1\n4,0,0\n5,1,1\n",
      {"--time", "time", "--event", "status", "--covariates", "x", "--statistic", "cox", "--json"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.out.find(R"("converged":false)"), std::string::npos);
  EXPECT_EQ(answer.out.find("coefficients"), std::string::npos);
}

TEST(Survival, AFileThatCannotBeReadExitsWith66) {
  const TempFolder folder;
  const ProcessResult answer =
      npcsim(folder, {"survival", "absent.csv", "--time", "t", "--event", "e"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err, "npcsim: error: cannot read 'absent.csv': No such file or directory\n");
}

struct BadUse {
  std::string name;
  std::vector<std::string> words;
  std::string message;
};

class WrongUse : public ::testing::TestWithParam<BadUse> {};

TEST_P(WrongUse, IsExplainedAndExitsWith64) {
  std::vector<std::string> words{"--time", "time", "--event", "status"};
  words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
  const ProcessResult answer = survival(data, words);
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, "npcsim: error: " + GetParam().message +
                            "\n   hint: npcsim --help, or npcsim COMMAND --help\n");
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongUse,
    ::testing::Values(
        BadUse{"UnknownStatistic",
               {"--statistic", "km,logrnk"},
               "unknown statistic 'logrnk'; did you mean 'logrank'?"},
        BadUse{"StatisticWithoutTime",
               {"--statistic", "rmst"},
               "statistic 'rmst' must be rmst:T with T above 0"},
        BadUse{"AreaUpToTimeZero",
               {"--statistic", "rmst:0"},
               "statistic 'rmst:0' must be rmst:T with T above 0"},
        BadUse{"AUCAtTimeZero",
               {"--statistic", "auc:0", "--marker", "age"},
               "statistic 'auc:0' must be auc:T with T above 0"},
        BadUse{"ConcordanceUpToTimeZero",
               {"--statistic", "uno:0", "--marker", "age"},
               "statistic 'uno:0' must be uno[:T] with T above 0"},
        BadUse{"MilestoneBeforeTheStart",
               {"--statistic", "milestone:-1"},
               "statistic 'milestone:-1' must be milestone:T with T at least 0"},
        BadUse{"NegativePower",
               {"--statistic", "fh:0:-1", "--group", "arm"},
               "statistic 'fh:0:-1' must be fh:RHO:GAMMA with numbers that are not negative"},
        BadUse{"NoStatistic", {"--statistic", ","}, "--statistic names nothing, found ','"},
        BadUse{"NoCovariate", {"--covariates", ""}, "--covariates names nothing, found ''"},
        BadUse{"NoQuantile", {"--quantiles", ", ,"}, "--quantiles names nothing, found ', ,'"},
        BadUse{"CovariatesWithoutRegression",
               {"--statistic", "km,logrank", "--group", "arm", "--covariates", "age"},
               "--covariates goes with --statistic cox, zph, brier, calibration, finegray, "
               "concordance, uno or auc"},
        BadUse{"CovariatesBesideAMarker",
               {"--statistic", "uno", "--marker", "age", "--covariates", "arm"},
               "--covariates goes with --statistic cox, zph, brier, calibration, finegray, "
               "concordance, uno or auc (these three without --marker)"},
        BadUse{
            "TiesWithoutCox",
            {"--statistic", "km", "--ties", "breslow"},
            "--ties goes with --statistic cox, zph, brier, calibration, concordance, uno or auc"},
        BadUse{
            "TiesOfCurvesAlone",
            {"--ties", "efron"},
            "--ties goes with --statistic cox, zph, brier, calibration, concordance, uno or auc"},
        BadUse{"ScaleWithoutCurves",
               {"--statistic", "rmst:5,cox", "--group", "arm", "--conf", "log"},
               "--conf goes with --statistic km, milestone or cuminc"},
        BadUse{
            "TestWithoutGroups", {"--statistic", "logrank"}, "statistic 'logrank' needs --group"},
        BadUse{"CoxWithoutCovariates",
               {"--statistic", "cox"},
               "statistic 'cox' needs --covariates or --group"},
        BadUse{
            "UnknownTies", {"--ties", "exact"}, "--ties must be efron or breslow, found 'exact'"},
        BadUse{"UnknownScale",
               {"--conf", "loglog"},
               "--conf must be log-log, plain, log or logit, found 'loglog'"},
        BadUse{
            "QuantileAboveOne", {"--quantiles", "1.5"}, "--quantiles must be above 0 and below 1"},
        BadUse{"TimesWithoutCurves",
               {"--statistic", "rmst:5", "--at", "3"},
               "--at goes with --statistic km"},
        BadUse{"QuantilesWithoutCurves",
               {"--statistic", "logrank", "--group", "arm", "--quantiles", "0.5"},
               "--quantiles goes with --statistic km"},
        BadUse{"MarkerOfNoStatistic",
               {"--marker", "age"},
               "--marker goes with --statistic concordance, uno or auc"},
        BadUse{"TreatedShareOfNoStatistic",
               {"--statistic", "km", "--treated-share", "age"},
               "--treated-share goes with --statistic rpsft"},
        BadUse{"CensoringTimeOfNoStatistic",
               {"--statistic", "km", "--censoring-time", "age"},
               "--censoring-time goes with --statistic rpsft"},
        BadUse{"TwoFiles", {"more.csv"}, "one file at a time, found 2"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace npcsim::testing
