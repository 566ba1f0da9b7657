#include "support/process.hpp"

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

ProcessResult in_the_project(std::vector<std::string> arguments) {
  ProcessOptions options;
  options.folder = NPCSIM_SOURCE_DIR;
  arguments.insert(arguments.begin(), NPCSIM_PROGRAM);
  return run_program(arguments, options);
}

TEST(EvidenceProgram, ListNamesEachStudyWithItsFigures) {
  const ProcessResult answer = in_the_project({"list", "evidence"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_NE(answer.out.find("fujian_2024"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("36 figures, 7 findings, retrospective, 90 patients"),
            std::string::npos)
      << answer.out;
  EXPECT_NE(answer.out.find("in all"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("315 figures of 74 studies"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("27 findings, 29 tables, 15 risk systems, 21 running trials"),
            std::string::npos)
      << answer.out;
}

TEST(EvidenceProgram, ListNamesRiskSystemsTablesAndDoubtsAboutTrials) {
  const ProcessResult answer = in_the_project({"list", "evidence"});
  EXPECT_NE(answer.out.find("risk system, 3 classes: Oligometastasis and liver\n"),
            std::string::npos)
      << answer.out;
  EXPECT_NE(answer.out.find("table, 2 groups by 2 levels: fujian_2024, Table 1\n"),
            std::string::npos)
      << answer.out;
  EXPECT_NE(answer.out.find("in doubt: Same arms and number of patients as JUPITER-02"),
            std::string::npos)
      << answer.out;
}

TEST(EvidenceProgram, StudyByRiskSystemsCompiles) {
  const ProcessResult answer = in_the_project({"check", "configs/studies/risk_systems.yaml"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("study risk_systems: 4 strategies"), std::string::npos) << answer.out;
}

TEST(EvidenceProgram, CheckReadsEvidenceDocuments) {
  const ProcessResult answer = in_the_project({"check", "configs/evidence/fujian_cohort.yaml"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("evidence fujian_cohort: 36 figures"), std::string::npos) << answer.out;
}

}  // namespace
}  // namespace npcsim::testing
