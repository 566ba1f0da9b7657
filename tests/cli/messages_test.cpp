// Every mistake in a document that a user can make, with the whole message: place, line, caret,
// path and hint.
#include "mistakes.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

class Mistake : public ::testing::TestWithParam<Wrong> {};

TEST_P(Mistake, IsShownWithItsPlaceAndAHint) {
  const ProcessResult answer = check(changed(right_study(), GetParam().from, GetParam().to));
  EXPECT_EQ(answer.exit_code, GetParam().exit_code);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, GetParam().message);
}

TEST(Messages, RightStudyIsRight) {
  const ProcessResult answer = check(right_study());
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out, "study.yaml: study small: 2 strategies, 500 patients, model m\n");
}

TEST(Messages, AllMistakesOfADocumentAreShownAtOnceInTheOrderOfItsLines) {
  std::string text = changed(right_study(), "patients: 500", "patients: 0");
  text = changed(text, "hr: 0.6", "hr: -0.6");
  text = changed(text, "bernoulli: 0.5", "bernoulli: 1.5");
  text = changed(text, "give: drug, cycles", "give: drugg, cycles");
  const ProcessResult answer = check(text);
  EXPECT_EQ(answer.exit_code, 65);
  std::size_t last = 0;
  for (const char* message :
       {"'probability' must be from 0 to 1, found 1.5", "'hr' must be at least 0, found -0.6",
        "has no agent or regimen 'drugg'", "'patients' must be from 1 to 4294967295, found 0",
        "4 errors, nothing was run"}) {
    const auto at = answer.err.find(message);
    EXPECT_NE(at, std::string::npos) << message << "\n" << answer.err;
    EXPECT_GT(at, last) << message;
    last = at;
  }
}

TEST(Messages, AtMostTwentyAreShown) {
  std::string text = right_study();
  std::string wrong;
  for (int i = 0; i < 25; ++i) wrong += "wrong_" + std::to_string(i) + ": 1\n";
  const ProcessResult answer = check(text + wrong);
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.err.find("... and 5 more\n25 errors, nothing was run\n"), std::string::npos)
      << answer.err;
}

struct Doubt {
  std::string from;
  std::string to;
  std::string message;
};

TEST(Messages, WhatDoesNothingIsAWarning) {
  for (const Doubt& doubt :
       {Doubt{
            "landmarks: [12, 24]", "landmarks: [12, 24]\nsample: 0.5",
            R"(study.yaml:55:9: warning: 'sample' does nothing: no rows of single patients are kept
   55 | sample: 0.5
      |         ^~~
   hint: output: patients, or output: journal, keeps them
)"},
        Doubt{"from: [alive, progressed]", "from: [alive, progressed, dead]",
              R"(study.yaml:6:12: warning: no state is final: nobody's life ends before the horizon
    6 |   states: [alive, progressed, dead]
      |            ^~~~~
   hint: a state that no process leaves is final: leave the state of the dead out of every 'from'
)"},
        Doubt{
            "  copulas:", "  first_dose: 61 months\n  copulas:",
            R"(study.yaml:12:15: warning: the first dose comes after the horizon: nobody is treated
   12 |   first_dose: 61 months
      |               ^~~~~~~~~
   in model > first_dose
)"}}) {
    const ProcessResult answer = check(changed(right_study(), doubt.from, doubt.to));
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_EQ(answer.err, doubt.message);
  }
}

// The document of a run says every default, also the width of steps that there are not.
TEST(Messages, ADurableShareAloneIsNoMistakeNorIsTheDocumentOfItsRun) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml", changed(right_study(), "hr: 0.6}", "hr: 0.6, kernel: {durable: 0.2}}")));
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--out", "out"}).exit_code, 0);
  const ProcessResult answer = npcsim(folder, {"check", "out/study.yaml"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
}

TEST(Messages, HazardRatioOfZeroSwitchesAProcessOff) {
  EXPECT_EQ(check(changed(right_study(), "hr: 0.6", "hr: 0")).exit_code, 0);
}

TEST(Messages, NaturalSpellingsAreUnderstood) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"{exponential: 0.05 per month}", "0.05 per month"},
           {"{exponential: 0.05 per month}", "{exponential: {rate: 0.05/month}}"},
           {"{exponential: 0.05 per month}", "5 % within 12 months"},
           {"{normal: {mean: 50, sd: 10}", "{normal: [50, 10]"},
           {"bernoulli: 0.5", "bernoulli: 50 %"},
           {"bernoulli: 0.5", "bernoulli: {probability: 0.5}"},
           {"{age: {min: 65}}", "{age: {min: 65 years}}"},
           {"hr: 0.6}]", "hr: 0.6, source: assumed}]"},
           {"levels: [CR, PR, SD, PD]", "levels: [CR, PR, 2+, 3]"},
           {"per_cycle: 0.02", "per_cycle: 2 %"}}) {
    const ProcessResult answer = check(changed(right_study(), from, to));
    EXPECT_EQ(answer.exit_code, 0) << to << "\n" << answer.err;
  }
}

INSTANTIATE_TEST_SUITE_P(OfDiseases, Mistake, ::testing::ValuesIn(mistakes_of_diseases()),
                         [](const auto& row) { return row.param.name; });
INSTANTIATE_TEST_SUITE_P(OfCombinations, Mistake, ::testing::ValuesIn(mistakes_of_combinations()),
                         [](const auto& row) { return row.param.name; });
INSTANTIATE_TEST_SUITE_P(OfTreatments, Mistake, ::testing::ValuesIn(mistakes_of_treatments()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace npcsim::testing
