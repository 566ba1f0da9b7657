// The command line: --help on every level, and what is said when it is wrong.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string hint = "\n   hint: npcsim --help, or npcsim COMMAND --help\n";

TEST(Usage, HelpIsThereOnEveryLevelWithAnExample) {
  const TempFolder folder;
  const ProcessResult all = npcsim(folder, {"--help"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_EQ(all.err, "");
  for (const char* command : {"run", "check", "list", "describe", "explain", "replay", "merge",
                              "status", "report", "digest", "survival"}) {
    EXPECT_NE(all.out.find("\n  " + std::string(command) + " "), std::string::npos) << command;
    const ProcessResult one = npcsim(folder, {command, "--help"});
    EXPECT_EQ(one.exit_code, 0) << command;
    EXPECT_EQ(one.err, "") << command;
    EXPECT_NE(one.out.find("Example:\n  npcsim " + std::string(command) + " "), std::string::npos)
        << one.out;
  }
}

struct Mistake {
  std::string name;
  std::vector<std::string> words;
  std::string message;
};

class UsageMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(UsageMistake, IsExplainedAndExitsWith64) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult answer = npcsim(folder, GetParam().words);
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, "npcsim: error: " + GetParam().message + hint);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
}

INSTANTIATE_TEST_SUITE_P(
    Cases, UsageMistake,
    ::testing::Values(
        Mistake{"UnknownCommand", {"rn"}, "unknown command 'rn'; did you mean 'run'?"},
        Mistake{"OptionAsAValue",
                {"run", "study.yaml", "--out", "--json"},
                "'--out' needs a value, found the option '--json'"},
        Mistake{"NoStudy", {"run"}, "which study? give its file, e.g. configs/studies/lrrt.yaml"},
        Mistake{"TwoStudies", {"run", "study.yaml", "study.yaml"}, "one study at a time, found 2"},
        Mistake{"UnknownOption",
                {"run", "study.yaml", "--patient", "3"},
                "unrecognised option '--patient'"},
        Mistake{"NegativeThreads",
                {"run", "study.yaml", "--threads", "-1"},
                "--threads must be from 0 to 4096"},
        Mistake{"SampleAboveOne",
                {"run", "study.yaml", "--sample", "2"},
                "--sample must be above 0 and at most 1"},
        Mistake{"SetWithoutEquals",
                {"run", "study.yaml", "--set", "patients"},
                "--set needs path=value, found 'patients'"},
        Mistake{"SetTwice",
                {"run", "study.yaml", "--set", "patients=5", "--set", "patients=6"},
                "--set patients is given twice"},
        Mistake{"CheckWithoutFile",
                {"check"},
                "which documents? e.g. npcsim check configs/studies/lrrt.yaml"},
        Mistake{"CheckUnknownOption", {"check", "--jsn", "study.yaml"}, "unknown option '--jsn'"},
        Mistake{"CheckUnknownOptionAfterFiles",
                {"check", "study.yaml", "--jsn"},
                "unknown option '--jsn'"},
        Mistake{"ReplayWithoutPatient",
                {"replay", "study.yaml"},
                "which patient? --patient N with N from 0"},
        Mistake{"ReplayOfAHugePatient",
                {"replay", "study.yaml", "--patient", "99999999999"},
                "--patient needs a whole number from 0 to 4294967294, found '99999999999'"},
        Mistake{"ReplayOfHalfAPatient",
                {"replay", "study.yaml", "--patient", "1.5"},
                "--patient needs a whole number from 0 to 4294967294, found '1.5'"},
        Mistake{"ReplayOfANegativePatient",
                {"replay", "study.yaml", "--patient", "-1"},
                "--patient needs a whole number from 0 to 4294967294, found '-1'"},
        Mistake{"ReplayOfNoStrategy",
                {"replay", "study.yaml", "--patient", "1", "--strategy", "drugs"},
                "the study has no strategy 'drugs'; did you mean 'drug'?"},
        Mistake{"DigestWithoutFolder",
                {"digest"},
                "which run? give its folder, e.g. outputs/runs/lrrt"},
        Mistake{"DigestUnknownOption", {"digest", "outputs", "--json"}, "unknown option '--json'"},
        Mistake{"ReportUnknownOption", {"report", "outputs", "-q"}, "unknown option '-q'"},
        Mistake{"ReportOfTwoRuns", {"report", "a", "b"}, "one run at a time, found 2"},
        Mistake{"ExplainWithoutKey",
                {"explain"},
                "which key? e.g. npcsim explain kernel.half_life, or npcsim explain --reference"},
        Mistake{"DescribeWithoutFile",
                {"describe"},
                "which document? e.g. npcsim describe strategies/gp_pd1_lrrt.yaml"}),
    [](const auto& row) { return row.param.name; });

struct SetCase {
  std::string name;
  std::string setting;
  std::string message;
};

class WrongSetting : public ::testing::TestWithParam<SetCase> {};

TEST_P(WrongSetting, PointsAtTheSettingAndRunsNothing) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml", "--set", GetParam().setting});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, GetParam().message);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongSetting,
    ::testing::Values(
        SetCase{"UnknownPath", "patiens=5",
                R"(--set patiens=5:1:1: error: unknown key 'patiens'
    1 | 5
      | ^
   hint: did you mean 'patients'?
1 error, nothing was run
)"},
        SetCase{
            "UnknownPathBelow", "model.parameter.log_hr_drug=-0.9",
            R"(--set model.parameter.log_hr_drug=-0.9:1:1: error: there is no 'parameter' in --set model.parameter.log_hr_drug=-0.9
    1 | -0.9
      | ^~~~
   hint: did you mean 'parameters'?
1 error, nothing was run
)"},
        SetCase{
            "UnknownStrategy", "strategies.drugs.title=x",
            R"(--set strategies.drugs.title=x:1:1: error: there is no 'drugs' in --set strategies.drugs.title=x
    1 | x
      | ^
   hint: did you mean 'drug'?
1 error, nothing was run
)"},
        SetCase{
            "WrongUnit", "horizon=5 Gy",
            R"(--set horizon=5 Gy:1:1: error: wrong unit 'Gy' for 'horizon': expected a duration such as 21 d or 6 months
    1 | 5 Gy
      | ^~~~
   hint: follow-up of every patient; outcomes are recorded in 1/32 d
1 error, nothing was run
)"},
        SetCase{"OneValueForAMap", "model=dmnpc",
                R"(--set model=dmnpc:1:1: error: 'model' has keys of its own, found one value
    1 | dmnpc
      | ^~~~~
   hint: set a key in it, or change the study
1 error, nothing was run
)"},
        SetCase{"NotANumber", "patients=many",
                R"(--set patients=many:1:1: error: 'patients' must be a whole number, found 'many'
    1 | many
      | ^~~~
   hint: number of virtual patients
1 error, nothing was run
)"},
        SetCase{"NotYaml", "patients={",
                R"(--set patients={:1:1: error: this '{' is never closed
    1 | {
      | ^
   hint: or a ',' is missing between two entries
1 error, nothing was run
)"}),
    [](const auto& row) { return row.param.name; });

TEST(Usage, SettingAParameterSetsItsValue) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult answer = npcsim(
      folder, {"run", "study.yaml", "--quiet", "--set", "model.parameters.log_hr_drug=-0.9"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(read_text(folder / "outputs/runs/small/study.yaml").find("value: -0.9"),
            std::string::npos);
}

TEST(Usage, NumbersOfTheCommandLineAreCheckedThere) {
  const TempFolder folder;
  folder.write("study.yaml", right_study());
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--patients", "-5"}, "--patients needs a whole number from 1 on, found '-5'"},
      {{"--patients", "many"}, "--patients needs a whole number from 1 on, found 'many'"},
      {{"--seed", "1.5"}, "--seed needs a whole number from 0 on, found '1.5'"},
      {{"--seed", "9223372036854775808"},
       "--seed needs a whole number from 0 to below 2^63, found '9223372036854775808'"},
      {{"--draws", "0"}, "--draws needs a whole number from 1 on, found '0'"},
      // These are judged where documents are.
      {{"--patients", "4294967296"}, "--patients:1:1: error: 'patients' must be "},
      {{"--output", "rubbish"}, "--output:1:1: error: "},
      {{"--strategies", "nope"}, "--strategies:1:1: error: the study has no strategy 'nope'"}};
  for (const auto& [words, message] : cases) {
    std::vector<std::string> all{"run", "study.yaml"};
    all.insert(all.end(), words.begin(), words.end());
    const ProcessResult answer = npcsim(folder, all);
    EXPECT_EQ(answer.exit_code, 64) << message;
    EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  }
}

}  // namespace
}  // namespace npcsim::testing
