// npcsim validate and check: studies of scenarios, and files beside the posterior.
#include "documents.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/report/report_page.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

ProcessResult validated(const TempFolder& folder, const std::vector<std::string>& more) {
  std::vector<std::string> words{"validate", "first",      "second",     "--base",
                                 "--out",    "validation", "--patients", "1024"};
  words.insert(words.end(), more.begin(), more.end());
  return npcsim(folder, words);
}

// The study of scenarios with one scenario that is called `stronger`.
void write_scenarios(const TempFolder& folder) {
  folder.write("configs/studies/pair.yaml",
               "study: pair\nmodel: one_hazard\nstrategies: [wait, treat]\nreference: wait\n"
               "patients: 500\nseed: 3\nhorizon: 60 months\nlandmarks: [36]\n"
               "report: {endpoints: [OS]}\n");
  folder.write("configs/studies/scenarios.yaml",
               "study: scenarios\nkind: scenarios\ntitle: What if\nbase: pair\nscenarios:\n"
               "  stronger: {title: A stronger drug, parameters: {effect: -1}, source: assumed}\n");
}

TEST(Validate, ShowsScenariosBesideTheBaseCase) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_scenarios(folder);
  const ProcessResult ran =
      npcsim(folder, {"run", "configs/studies/scenarios.yaml", "--out", "what_if", "--quiet"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const ProcessResult answer = validated(folder, {"--scenarios", "what_if"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const std::string page = read_text(folder / "validation/report.html");
  if (!report_has_figures()) {  // a page of words alone
    EXPECT_EQ(page.find("<script"), std::string::npos);
    return;
  }
  // Without an effect twins are alike: the difference of the base case is 0.
  for (const char* const row :
       {R"({"scenario":"A stronger drug","statistic":"Hazard ratio of OS: treat against wait",)",
        R"("statistic":"Difference of OS at 36 months: treat against wait","unit":"share",)",
        R"("base":0})"})
    EXPECT_NE(page.find(row), std::string::npos) << row;
}

// A mistake in another document is not one of the study.
TEST(Check, SaysWhatAStudyOfScenariosHolds) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_scenarios(folder);
  folder.write("bad.yaml", "- 1\n");
  const ProcessResult answer =
      npcsim(folder, {"check", "bad.yaml", "configs/studies/scenarios.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(
      answer.out,
      "configs/studies/scenarios.yaml: study scenarios: 1 scenario beside the base case pair, "
      "2 strategies, 500 patients\n");
}

TEST(Validate, AFolderWithoutScenariosIsRefused) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_scenarios(folder);
  const ProcessResult none = validated(folder, {"--scenarios", "nowhere"});
  EXPECT_EQ(none.exit_code, 66);
  EXPECT_EQ(none.err, "npcsim: error: cannot read 'nowhere/study.yaml': no such file\n");
  ASSERT_EQ(npcsim(folder, {"run", "pair", "--out", "pair", "--quiet"}).exit_code, 0);
  const ProcessResult other = validated(folder, {"--scenarios", "pair"});
  EXPECT_EQ(other.exit_code, 64);
  EXPECT_EQ(other.err.substr(0, other.err.find('\n')),
            "npcsim: error: --scenarios needs the folder of a study of kind: scenarios; pair is "
            "none");
}

// What was read beside the documents is part of what a folder holds.
TEST(Validate, OtherFilesMakeAnotherValidation) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("learnt.csv", "parameter,sd_ratio,note\ndeath_rate,0.3,\neffect,0.9,\n");
  ASSERT_EQ(validated(folder, {"--parameters", "learnt.csv"}).exit_code, 0);
  const std::string before = read_text(folder / "validation/figures.csv");
  ASSERT_EQ(validated(folder, {"--parameters", "learnt.csv"}).exit_code, 0);
  folder.write("learnt.csv", "parameter,sd_ratio,note\ndeath_rate,0.99,\neffect,0.9,\n");
  const ProcessResult other = validated(folder, {"--parameters", "learnt.csv"});
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(other.err.substr(0, other.err.find('\n')),
            "npcsim: error: validation holds the run of another study or other options");
  EXPECT_EQ(read_text(folder / "validation/figures.csv"), before);
}

}  // namespace
}  // namespace npcsim::testing
