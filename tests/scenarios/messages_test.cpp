// Every mistake in a study of scenarios, with the whole message.
#include "small_scenarios.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

struct Wrong {
  std::string name;
  std::string from;
  std::string to;
  std::string message;
};

class ScenarioMistake : public ::testing::TestWithParam<Wrong> {};

TEST_P(ScenarioMistake, IsShownWithItsPlaceAndAHint) {
  const TempFolder folder;
  write_studies(folder, changed(scenario_study(), GetParam().from, GetParam().to));
  const ProcessResult answer = npcsim(folder, {"check", "scenarios.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ScenarioMistake,
    ::testing::Values(
        Wrong{"UnknownParameter", "{drug_log_hr: 0}", "{drug_log_rh: 0}",
              R"(scenarios.yaml:7:26: error: the model has no parameter 'drug_log_rh'
    7 |   useless: {parameters: {drug_log_rh: 0}, source: assumed}
      |                          ^~~~~~~~~~~
   in scenarios > useless
   hint: did you mean 'drug_log_hr'?
1 error, nothing was run
)"},
        Wrong{
            "WrongValue", "{drug_log_hr: 0}", "{drug_log_hr: 5 months}",
            R"(scenarios.yaml:7:39: error: wrong unit 'months' for 'drug_log_hr': expected a number without unit
    7 |   useless: {parameters: {drug_log_hr: 5 months}, source: assumed}
      |                                       ^~~~~~~~
   in scenarios > useless
   hint: the model has -0.5108256237659907
1 error, nothing was run
)"},
        Wrong{"UnknownKey", "useless: {parameters", "useless: {parameter",
              R"(scenarios.yaml:7:13: error: unknown key 'parameter'
    7 |   useless: {parameter: {drug_log_hr: 0}, source: assumed}
      |             ^~~~~~~~~
   in scenarios > useless
   hint: did you mean 'parameters'?
1 error, nothing was run
)"},
        Wrong{"NoSource", "{drug_log_hr: 0}, source: assumed}", "{drug_log_hr: 0}}",
              R"(scenarios.yaml:7:12: error: missing key 'source'
    7 |   useless: {parameters: {drug_log_hr: 0}}
      |            ^
   in scenarios > useless
   hint: citation keys, or assumed; e.g. source: assumed
1 error, nothing was run
)"},
        Wrong{"ChangesNothing", "parameters: {drug_log_hr: 0}, ", "",
              R"(scenarios.yaml:7:3: error: the scenario changes nothing
    7 |   useless: {source: assumed}
      |   ^~~~~~~
   in scenarios > useless
   hint: give parameters: {NAME: VALUE}, or set: {PATH: VALUE}
1 error, nothing was run
)"},
        Wrong{"NamedBase",
              "useless:", "base:", R"(scenarios.yaml:7:3: error: 'base' is the name of the base case
    7 |   base: {parameters: {drug_log_hr: 0}, source: assumed}
      |   ^~~~
   hint: choose another name
1 error, nothing was run
)"},
        Wrong{
            "NoSuchPath", "model.processes.death.hazard", "model.processes.deaths.hazard",
            R"(scenarios.yaml:10:11: error: there is no 'deaths' in 'model.processes.deaths.hazard'
   10 |     set: {model.processes.deaths.hazard: {exponential: 0.02 per month, source: assumed}}
      |           ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
   in scenarios > slower
   hint: did you mean 'death'?
1 error, nothing was run
)"},
        Wrong{
            "NoSuchLastKey", "model.processes.death.hazard", "model.processes.death.hazzard",
            R"(scenarios.yaml:10:11: error: there is no 'hazzard' in 'model.processes.death.hazzard'
   10 |     set: {model.processes.death.hazzard: {exponential: 0.02 per month, source: assumed}}
      |           ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
   in scenarios > slower
   hint: did you mean 'hazard'?
1 error, nothing was run
)"},
        Wrong{"NotToBeChanged", "model.processes.death.hazard", "seed",
              R"(scenarios.yaml:10:11: error: a scenario cannot change 'seed'
   10 |     set: {seed: {exponential: 0.02 per month, source: assumed}}
      |           ^~~~
   in scenarios > slower
   hint: a path begins with model, population or strategies, e.g. model.processes.NAME.hazard; everything else is the base's
1 error, nothing was run
)"},
        Wrong{
            "WrongAtThePath", "{exponential: 0.02 per month, source: assumed}",
            "{exponential: 2 months}",
            R"(scenarios.yaml:10:55: error: wrong unit 'months' for 'exponential': expected a rate such as 0.05 per month, or 5 % within 12 months
   10 |     set: {model.processes.death.hazard: {exponential: 2 months}}
      |                                                       ^~~~~~~~
   in scenarios > slower > processes > death > hazard
   hint: the rate
1 error, nothing was run
)"},
        Wrong{"OtherNames",
              "{model.processes.death.hazard: {exponential: 0.02 per month, source: assumed}}",
              "{strategies.drug.strategy: drugs}",
              R"(scenarios.yaml:8:3: error: a scenario has the strategies and endpoints of its base
    8 |   slower:
      |   ^~~~~~
   in scenarios > slower
   hint: their names cannot change
1 error, nothing was run
)"},
        Wrong{"NoBase", "base: base.yaml", "bases: base.yaml",
              R"(scenarios.yaml:4:1: error: unknown key 'bases'
    4 | bases: base.yaml
      | ^~~~~
   hint: did you mean 'base'?
1 error, nothing was run
)"},
        Wrong{"UnknownBase", "base: base.yaml", "base: lrrtt",
              R"(scenarios.yaml:4:7: error: cannot find the study 'lrrtt'
    4 | base: lrrtt
      |       ^~~~~
   hint: did you mean 'lrrt'?
1 error, nothing was run
)"},
        Wrong{
            "BaseOfAnotherKind", "base: base.yaml", "base: scenarios.yaml",
            R"(scenarios.yaml:4:7: error: the base must be a comparison, found a study of kind 'scenarios'
    4 | base: scenarios.yaml
      |       ^~~~~~~~~~~~~~
   hint: scenarios repeat a study of kind comparison, e.g. lrrt
1 error, nothing was run
)"},
        Wrong{"BaseThatIsNoStudy", "base: base.yaml", "base: {model: m}",
              R"(scenarios.yaml:4:7: error: the base is not a study document: it has no key 'study'
    4 | base: {model: m}
      |       ^
   hint: scenarios repeat a study of kind comparison, e.g. lrrt
1 error, nothing was run
)"},
        Wrong{"WrongPatients", "base: base.yaml", "base: base.yaml\npatients: -1",
              R"(scenarios.yaml:5:11: error: 'patients' must be from 1 to 4294967295, found -1
    5 | patients: -1
      |           ^~
   hint: number of virtual patients
1 error, nothing was run
)"}),
    [](const auto& row) { return row.param.name; });

TEST(ScenarioMessages, AllMistakesAreShownAtOnce) {
  const TempFolder folder;
  std::string text = changed(scenario_study(), "{drug_log_hr: 0}", "{drug_log_rh: 0}");
  text = changed(text, "title: Fewer deaths", "titel: Fewer deaths");
  write_studies(folder, changed(text, "model.processes.death.hazard", "model.deaths"));
  const ProcessResult answer = npcsim(folder, {"run", "scenarios.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.err.find("3 errors, nothing was run\n"), std::string::npos) << answer.err;
}

TEST(ScenarioMessages, WhatScenariosCannotDoIsRefused) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult shares = npcsim(folder, {"run", "scenarios.yaml", "--blocks", "1/2"});
  EXPECT_EQ(shares.exit_code, 64);
  EXPECT_EQ(shares.err,
            "npcsim: error: a study of scenarios is not split by --blocks; give each scenario's "
            "share as a study of its own\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
  EXPECT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--output", "patients"}).exit_code, 64);
  const ProcessResult draws = npcsim(folder, {"run", "scenarios.yaml", "--draws", "3"});
  EXPECT_EQ(draws.exit_code, 64);
  EXPECT_EQ(draws.err,
            "npcsim: error: a study of scenarios has no draws of the parameters; --draws is for "
            "comparisons, such as its base\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
  const ProcessResult life = npcsim(folder, {"replay", "scenarios.yaml", "--patient", "1"});
  EXPECT_EQ(life.exit_code, 65);
  EXPECT_EQ(life.err,
            "scenarios.yaml:2:7: error: this command needs one comparison, found a study of "
            "scenarios\n"
            "    2 | kind: scenarios\n"
            "      |       ^~~~~~~~~\n"
            "   hint: give the study that it names under 'base'\n"
            "1 error, nothing was run\n");
}

TEST(ScenarioMessages, DrawsOfTheBaseAreLeftOut) {
  const TempFolder folder;
  write_studies(folder);
  const std::vector<std::string> words = {"run", "scenarios.yaml", "--patients", "200"};
  const ProcessResult without = npcsim(folder, words);
  ASSERT_EQ(without.exit_code, 0) << without.err;
  const auto path = folder / "outputs/runs/scenarios";
  const auto first = names_in(path);
  const std::string rows = read_text(path / "scenarios.csv");

  const std::string drawn =
      changed(base_study(), "drug_log_hr: {value: -0.5108256237659907,",
              "drug_log_hr: {value: -0.5108256237659907, prior: {normal: [-0.5, 0.2]},");
  static_cast<void>(folder.write(
      "base.yaml", changed(drawn, "idle: {value: 3,", "idle: {value: 3, prior: fixed,") +
                       "draws: {count: 3, from: prior}\n"));
  const ProcessResult with =
      npcsim(folder, {"run", "scenarios.yaml", "--patients", "200", "--force"});
  ASSERT_EQ(with.exit_code, 0) << with.err;
  EXPECT_NE(
      with.err.find(
          R"(base.yaml:25:8: warning: scenarios are simulated at the values of the documents, not at the draws of the base
   25 | draws: {count: 3, from: prior}
      |        ^
   hint: run the base itself for the uncertainty of its parameters
)"),
      std::string::npos)
      << with.err;
  EXPECT_EQ(names_in(path), first);
  EXPECT_EQ(read_text(path / "scenarios.csv"), rows);
  EXPECT_EQ(read_text(path / "study.yaml").find("draws:"), std::string::npos);
}

TEST(ScenarioMessages, RightStudyIsRight) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult answer = npcsim(folder, {"check", "scenarios.yaml"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(
      answer.out,
      "scenarios.yaml: study scenarios: 3 scenarios beside the base case small, 2 strategies, "
      "20000 patients\n");
}

TEST(ScenarioMessages, OptionsAreAboutTheBaseAndTheDocument) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult run = npcsim(
      folder, {"run", "scenarios.yaml", "--patients", "100", "--seed", "9", "--json", "--set",
               "base.horizon=30 months", "--set", "scenarios.useless.parameters.drug_log_hr=0.1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("\"seed\":9,\"patients\":100,\"horizon_months\":30"), std::string::npos);
  EXPECT_NE(run.out.find("\"scenario\":\"0.1\""), std::string::npos);
}

}  // namespace
}  // namespace npcsim::testing
