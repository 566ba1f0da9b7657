#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>

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

TEST(EvidenceProgram, ListAndDescribeSayInWhichDocumentAStudyIs) {
  const ProcessResult list = in_the_project({"list", "evidence"});
  const auto line = list.out.find("  globocan_2020 ");
  ASSERT_NE(line, std::string::npos);
  const std::string words = list.out.substr(line, list.out.find('\n', line) - line);
  EXPECT_NE(words.find(" epidemiology "), std::string::npos) << words;
  const ProcessResult json = in_the_project({"list", "evidence", "--json"});
  EXPECT_NE(json.out.find("\"document\": \"epidemiology\""), std::string::npos);
  const ProcessResult part = in_the_project({"describe", "globocan_2020"});
  EXPECT_EQ(part.exit_code, 66);
  EXPECT_EQ(part.err,
            "npcsim: error: cannot find the document 'globocan_2020': it is a part of the evidence "
            "in 'epidemiology'\n");
  EXPECT_EQ(in_the_project({"describe", "epidemiology"}).exit_code, 0);
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

TEST(EvidenceProgram, StudyByRiskSystemsPutsPublishedSurvivalBesideItsOwn) {
  const TempFolder folder;
  const std::string out = (folder / "run").string();
  const std::vector<std::string> arguments = {
      "run", "configs/studies/risk_systems.yaml", "--patients", "200", "--out", out};
  const ProcessResult answer = in_the_project(arguments);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find(out + "/risk_classes.csv"), std::string::npos) << answer.out;
  const std::string table = read_text(folder / "run/risk_classes.csv");
  // Fourteen of fifteen systems can classify patients; all of them have a figure of survival.
  for (const char* const system :
       {"shen_2015,", "shen_2016,", "tian_2016,", "zou_2017,", "shen_bone,", "sun_2019,",
        "zheng_2020,", "yang_2021,", "chan_2022_anatomic,", "chan_2022_ebv_set1,",
        "chan_2022_ebv_set2,", "qiu_2022,", "yao_2023,", "fujian_nomogram,"}) {
    EXPECT_NE(table.find("\n" + std::string(system)), std::string::npos) << system;
  }
  EXPECT_EQ(table.find("\njiang_2016,"), std::string::npos);
  // The folder is known as a run of this program and may be written again.
  EXPECT_EQ(in_the_project(arguments).exit_code, 0);
}

TEST(EvidenceProgram, StudyWithoutClassesHasNoTableOfThem) {
  const TempFolder folder;
  const ProcessResult answer =
      in_the_project({"run", "configs/studies/risk_systems.yaml", "--patients", "64", "--set",
                      "report.subgroups=[liver]", "--out", (folder / "run").string()});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "run/risk_classes.csv"));
}

TEST(EvidenceProgram, MistakesInTheEvidenceLeaveOutWhatIsPublishedAndSaySo) {
  const TempFolder folder;
  folder.write("configs/evidence/mine.yaml", "evidence: mine\ntargets: 7\n");
  ProcessOptions options;
  options.folder = folder.path().string();
  const std::string study = std::string(NPCSIM_SOURCE_DIR) + "/configs/studies/risk_systems.yaml";
  const ProcessResult answer = run_program(
      {NPCSIM_PROGRAM, "run", study, "--patients", "64", "--out", (folder / "run").string()},
      options);
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.err.find(
                "npcsim: warning: documents in configs/evidence have mistakes or cannot be read: "
                "published figures are left out\n   hint: npcsim check configs/evidence/*.yaml "
                "says why\n"),
            std::string::npos)
      << answer.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "run/summary.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/risk_classes.csv"));
}

TEST(EvidenceProgram, CheckReadsEvidenceDocuments) {
  const ProcessResult answer = in_the_project({"check", "configs/evidence/fujian_cohort.yaml"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("evidence fujian_cohort: 36 figures"), std::string::npos) << answer.out;
}

}  // namespace
}  // namespace npcsim::testing
