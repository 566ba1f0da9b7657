// npcsim fit: options, messages, exit codes, files, and that --json is all there is on standard
// output.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string data =
    "time,status,arm,age\n1,1,a,50\n2,1,b,51\n3,0,a,\n4,1,b,61\n5,1,a,47\n6,0,b,58\n7,1,a,62\n"
    "8,1,b,49\n";

ProcessResult fitted(const TempFolder& folder, std::vector<std::string> words) {
  static_cast<void>(folder.write("data.csv", data));
  words.insert(words.begin(), {"fit", "data.csv"});
  return npcsim(folder, words);
}

ProcessResult fitted(const std::vector<std::string>& words) {
  const TempFolder folder;
  return fitted(folder, words);
}

TEST(Fit, PrintsATable) {
  // Six events in 36 units of time: rate 1/6, log rate -1.79176, se 1/sqrt(6) = 0.40825.
  const ProcessResult answer =
      fitted({"--time", "time", "--event", "status", "--model", "exponential"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out.substr(0, answer.out.find("  maximum")),
            "exponential: 8 rows, 6 events, log-likelihood -16.751, AIC 35.50, BIC 35.58\n"
            "  parameter  estimate          95 % interval  scale of the fit  estimate      se\n"
            "  rate       0.166667  0.0748768 to 0.370980  log               -1.79176  0.4082\n");
}

// It would have twice its weight in averages.
TEST(Fit, RefusesOneModelUnderTwoNames) {
  const ProcessResult answer = fitted(
      {"--time", "time", "--event", "status", "--model", "weibull,lnorm", "--model", "log_normal"});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.err,
            "npcsim: error: --model names 'lnorm' twice, the second time as 'log_normal'\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
}

TEST(Fit, JsonIsOneObjectAndNothingElse) {
  const ProcessResult answer = fitted({"--time", "time", "--event", "status", "--covariates", "age",
                                       "--model", "exp,weibull", "--json"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out.substr(0, 27), R"({"command":"fit","version":)");
  EXPECT_EQ(answer.out.substr(answer.out.size() - 3), "]}\n");
  EXPECT_NE(answer.out.find(R"json("warnings":["1 row left out: 'age' is missing (line 4)"])json"),
            std::string::npos);
}

TEST(Fit, WhatHasNoMaximumExitsWith65) {
  const ProcessResult answer =
      fitted({"--time", "time", "--event", "status", "--model", "genf", "--json"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.out.find(R"("converged":false,"estimates":[],"covariance":[],"loglik":null)"),
            std::string::npos);
}

TEST(Fit, WritesTheFilesThatAreAskedFor) {
  const TempFolder folder;
  const ProcessResult answer =
      fitted(folder, {"--time", "time", "--event", "status", "--model", "weibull", "--time-unit",
                      "months", "--hazard", "hazard.yaml", "--draws", "3", "--out", "pages"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(names_in(folder.path()),
            (std::vector<std::string>{"data.csv", "hazard.yaml", "pages/"}));
  EXPECT_EQ(names_in(folder / "pages"),
            (std::vector<std::string>{"draws.csv", "fit.html", "fit.json"}));
  const std::string page = read_text(folder / "pages/fit.html");
  for (const char* const name :
       {">time, months</text>", ">survival</text>", ">hazard per month</text>",
        "Not medical advice.", "curves are extrapolations", "name=\"viewport\""})
    EXPECT_NE(page.find(name), std::string::npos) << name;
}

struct WrongOption {
  std::string name;
  std::vector<std::string> words;
  std::string message;
};

class WrongFitOption : public ::testing::TestWithParam<WrongOption> {};

TEST_P(WrongFitOption, IsExplainedAndExitsWith64) {
  std::vector<std::string> words{"--time", "time", "--event", "status"};
  words.insert(words.end(), GetParam().words.begin(), GetParam().words.end());
  const ProcessResult answer = fitted(words);
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err.substr(0, answer.err.find('\n')), "npcsim: error: " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongFitOption,
    ::testing::Values(
        WrongOption{"UnknownModel",
                    {"--model", "weibul"},
                    "there is no model 'weibul'; did you mean 'weibull'? (npcsim fit --help lists "
                    "them)"},
        WrongOption{"FallingChangeTimes",
                    {"--model", "piecewise:5:3"},
                    "'piecewise:5:3' needs change times above 0 that increase, e.g. "
                    "piecewise:12:24"},
        WrongOption{"KnotsOfASplineAreCounted",
                    {"--model", "spline_hazard:1.5"},
                    "'spline_hazard:1.5' needs the number of its inner knots, 0 to 20, e.g. "
                    "spline_hazard:2"},
        WrongOption{
            "NoTimesToPredictAt", {"--predict", "survival"}, "--predict survival needs --at"},
        WrongOption{"UnknownPrediction",
                    {"--predict", "surv", "--at", "3"},
                    "--predict must be survival, hazard, cumhaz, quantile, median, mean or rmst, "
                    "found 'surv'"},
        WrongOption{"OnWithoutAColon",
                    {"--on", "shape"},
                    "--on needs two names with a colon between them, found 'shape'"},
        WrongOption{"HazardWithoutUnit",
                    {"--model", "exp", "--hazard", "x.yaml"},
                    "--hazard needs --time-unit days, months or years"},
        WrongOption{"HazardOfSeveralModels",
                    {"--hazard", "x.yaml", "--time-unit", "days"},
                    "--hazard writes one model: name it with --model"},
        WrongOption{"LifeTableWithoutAge",
                    {"--life-table", "x.csv"},
                    "--life-table needs --age COLUMN (years at time 0)"},
        WrongOption{"TimesWithoutAPrediction",
                    {"--at", "180"},
                    "--at goes with --predict survival, hazard, cumhaz, quantile or rmst"},
        WrongOption{"TimesOfAMedian",
                    {"--predict", "median", "--at", "180"},
                    "--at goes with --predict survival, hazard, cumhaz, quantile or rmst"},
        WrongOption{"AShareAboveOne",
                    {"--predict", "quantile", "--at", "0.5,180"},
                    "--predict quantile needs shares above 0 and below 1 in --at, found 180"},
        WrongOption{"DrawsThatGoNowhere",
                    {"--draws", "5"},
                    "--draws goes with --out FILE.csv or --out DIR, which take them"},
        WrongOption{"SeedOfNothing", {"--seed", "5"}, "--seed goes with --draws or --bootstrap"},
        WrongOption{
            "ClockWithoutTransitions", {"--clock", "reset"}, "--clock goes with --transition"},
        WrongOption{"AverageOfNothing", {"--average"}, "--average goes with --predict"},
        WrongOption{"HorizonWithoutAPage",
                    {"--horizon", "100"},
                    "--horizon goes with --out DIR, which has the page"},
        WrongOption{
            "ProcessWithoutHazard", {"--process", "death"}, "--process goes with --hazard FILE"},
        WrongOption{"SourceWithoutHazard", {"--source", "key"}, "--source goes with --hazard FILE"},
        WrongOption{"OnNoParameterOfTheModels",
                    {"--model", "weibull,exp", "--on", "nope:arm"},
                    "--on nope:arm: no model of this fit has a parameter 'nope'"},
        WrongOption{"OnAParameterOfCureModels",
                    {"--model", "piecewise:3,spline_hazard:1", "--on", "theta:arm"},
                    "--on theta:arm: no model of this fit has a parameter 'theta'"},
        WrongOption{"UnitOfNothing",
                    {"--model", "exp", "--time-unit", "days"},
                    "--time-unit goes with --hazard, --life-table or --out DIR"},
        WrongOption{"UnitOfDrawsAlone",
                    {"--model", "exp", "--time-unit", "days", "--draws", "3", "--out", "d.csv"},
                    "--time-unit goes with --hazard, --life-table or --out DIR"},
        WrongOption{"OneSample",
                    {"--model", "exp", "--bootstrap", "1"},
                    "--bootstrap needs a whole number from 2 to 1000000, since a standard error "
                    "takes two samples, found '1'"},
        WrongOption{"NoModel", {"--model", ","}, "--model names nothing, found ','"},
        WrongOption{"NoPrediction", {"--predict", ""}, "--predict names nothing, found ''"},
        WrongOption{"NegativeTime",
                    {"--predict", "hazard", "--at", "-1"},
                    "--at needs a number that is not negative, found '-1'"}),
    [](const auto& row) { return row.param.name; });

TEST(Fit, TermsMayBeOnParametersThatRepeatAndOfSomeModelsOnly) {
  const ProcessResult rates = fitted(
      {"--time", "time", "--event", "status", "--model", "piecewise:3", "--on", "rate_1:arm"});
  EXPECT_EQ(rates.exit_code, 0) << rates.err;
  const ProcessResult some = fitted({"--time", "time", "--event", "status", "--model",
                                     "cure_mixture_exp,weibull", "--on", "shape:arm"});
  EXPECT_EQ(some.exit_code, 65);  // one of them has no shape
  EXPECT_NE(some.err.find("the model has no parameter 'shape'; it has theta, rate"),
            std::string::npos)
      << some.err;
}

// A model document that includes the hazard and declares its attributes.
std::string model_with(const std::string& attributes) {
  return "model: fitted\ninclude: hazard.yaml\nstates: [alive, dead]\nattributes: {" + attributes +
         "}\nprocesses:\n  death: {from: alive, to: dead}\nendpoints: {OS: {states: [dead]}}\n";
}

TEST(Fit, AHazardOfTermsWithLikeNamesIsARightDocument) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "data.csv",
      "time,status,arm,my var,my_var,größe\n1,1,50,2,1,ä\n2,1,<50,1,2,ö\n3,1,>=50,3,1,ü\n"
      "4,1,50,1,4,ä\n5,1,<50,5,2,ö\n6,0,>=50,2,3,ü\n7,1,>=50,4,4,ä\n8,1,50,3,5,ö\n9,1,<50,1,1,ü\n"
      "10,0,50,5,3,ä\n"));
  const ProcessResult fit =
      npcsim(folder, {"fit", "data.csv", "--time", "time", "--event", "status", "--covariates",
                      "factor(arm),my var,my_var,größe", "--model", "exp", "--time-unit", "months",
                      "--hazard", "hazard.yaml", "--process", "death"});
  EXPECT_EQ(fit.exit_code, 0) << fit.err;
  EXPECT_EQ(fit.err,
            "warning: the hazard calls 'my var' my_var_2: another term has the name my_var\n"
            "warning: the hazard calls 'größeü' gr_e_2: another term has the name gr_e\n");
  static_cast<void>(folder.write(
      "model.yaml", model_with("factor_arm_below_50: {constant: 1}, factor_arm_at_least_50: "
                               "{constant: 0}, my_var: {constant: 2}, my_var_2: {constant: 3}, "
                               "gr_e: {constant: 0}, gr_e_2: {constant: 1}")));
  const ProcessResult check = npcsim(folder, {"check", "model.yaml"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err << read_text(folder / "hazard.yaml");
}

TEST(Fit, HazardsOfTransitionsWithLikeNamesAreARightDocument) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "data.csv", "time,status,from,to\n1,1,a_b,c\n2,1,a_b,c\n3,1,a,b_c\n4,1,a,b_c\n5,0,a,b_c\n"));
  const ProcessResult fit =
      npcsim(folder, {"fit", "data.csv", "--time", "time", "--event", "status", "--transition",
                      "from:to", "--model", "exp", "--time-unit", "months", "--hazard",
                      "hazard.yaml", "--process", "p"});
  EXPECT_EQ(fit.exit_code, 0) << fit.err;
  EXPECT_EQ(fit.err,
            "warning: the hazard calls 'a_b -> c' p_a_b_c_2: another process has the name "
            "p_a_b_c\n");
  static_cast<void>(
      folder.write("model.yaml",
                   "model: fitted\ninclude: hazard.yaml\nstates: [a_b, a, c, b_c]\nprocesses:\n"
                   "  begin: {from: a_b, to: a, hazard: 0.1 per month}\n"
                   "  p_a_b_c: {from: a, to: b_c}\n  p_a_b_c_2: {from: a_b, to: c}\n"
                   "endpoints: {OS: {states: [c]}}\n"));
  const ProcessResult check = npcsim(folder, {"check", "model.yaml"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err << read_text(folder / "hazard.yaml");
}

TEST(Fit, AnEventAtTimeZeroHasItsPlace) {
  const TempFolder folder;
  static_cast<void>(folder.write("data.csv", "time,status\n2,1\n,1\n0,1\n3,0\n4,1\n"));
  const ProcessResult answer = npcsim(
      folder, {"fit", "data.csv", "--time", "time", "--event", "status", "--model", "weibull"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(
      answer.err,
      "warning: 1 row left out: 'time' is missing (line 3)\n"
      "warning: weibull: not fitted: data.csv:4: an event at time 0 has no density under this "
      "model (give it a small positive time or an upper bound), found 0\n");
  EXPECT_EQ(
      answer.out,
      "weibull: 4 rows, 3 events\n"
      "  not fitted: data.csv:4: an event at time 0 has no density under this model (give it a "
      "small positive time or an upper bound), found 0\n");
}

TEST(Fit, AColumnThatIsMissingIsAskedForByItsOption) {
  const ProcessResult answer =
      fitted({"--time", "time", "--event", "statu", "--model", "weibull", "--on", "shape:agr"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "data.csv:1:1: error: missing column 'agr' (--on)\n"
            "    1 | time,status,arm,age\n"
            "      | ^\n"
            "   hint: did you mean 'age'?\n"
            "data.csv:1:1: error: missing column 'statu' (--event)\n"
            "    1 | time,status,arm,age\n"
            "      | ^\n"
            "   hint: did you mean 'status'?\n"
            "2 errors, nothing was fitted\n");
}

TEST(Fit, ATextAmongNumbersOfNewDataHasItsPlace) {
  const TempFolder folder;
  static_cast<void>(folder.write("new.csv", "age\n50\n6O\n70\n"));
  const ProcessResult answer =
      fitted(folder, {"--time", "time", "--event", "status", "--model", "exp", "--covariates",
                      "age", "--predict", "median", "--newdata", "new.csv"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "new.csv:3:1: error: 'age' must be a number, found '6O'\n"
            "    3 | 6O\n"
            "      | ^~\n"
            "   hint: the data that were fitted hold numbers\n"
            "1 error, nothing was fitted\n");
}

TEST(Fit, NewDataNeedsTheCovariates) {
  const TempFolder folder;
  static_cast<void>(folder.write("new.csv", "agr,x\n50,1\n"));
  const ProcessResult answer =
      fitted(folder, {"--time", "time", "--event", "status", "--model", "exp", "--covariates",
                      "age", "--predict", "median", "--newdata", "new.csv"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "new.csv:1:1: error: missing column 'age' (--newdata)\n"
            "    1 | agr,x\n"
            "      | ^\n"
            "   hint: did you mean 'agr'?\n"
            "1 error, nothing was fitted\n");
}

}  // namespace
}  // namespace npcsim::testing
