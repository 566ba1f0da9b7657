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
        Wrong{"UnknownParameter", "{drug_log_hr: 0}", "{drug_log_rh: 0}", ""},
        Wrong{"WrongValue", "{drug_log_hr: 0}", "{drug_log_hr: 5 months}", ""},
        Wrong{"UnknownKey", "useless: {parameters", "useless: {parameter", ""},
        Wrong{"NoSource", "{drug_log_hr: 0}, source: assumed}", "{drug_log_hr: 0}}", ""},
        Wrong{"ChangesNothing", "parameters: {drug_log_hr: 0}, ", "", ""},
        Wrong{"NamedBase", "useless:", "base:", ""},
        Wrong{"NoSuchPath", "model.processes.death.hazard", "model.processes.deaths.hazard", ""},
        Wrong{"NoSuchLastKey", "model.processes.death.hazard", "model.processes.death.hazzard", ""},
        Wrong{"NotToBeChanged", "model.processes.death.hazard", "seed", ""},
        Wrong{"WrongAtThePath", "{exponential: 0.02 per month, source: assumed}",
              "{exponential: 2 months}", ""},
        Wrong{"OtherNames",
              "{model.processes.death.hazard: {exponential: 0.02 per month, source: assumed}}",
              "{strategies.drug.strategy: drugs}", ""},
        Wrong{"NoBase", "base: base.yaml", "bases: base.yaml", ""},
        Wrong{"UnknownBase", "base: base.yaml", "base: lrrtt", ""},
        Wrong{"BaseOfAnotherKind", "base: base.yaml", "base: scenarios.yaml", ""},
        Wrong{"BaseThatIsNoStudy", "base: base.yaml", "base: {model: m}", ""},
        Wrong{"WrongPatients", "base: base.yaml", "base: base.yaml\npatients: -1", ""}),
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
