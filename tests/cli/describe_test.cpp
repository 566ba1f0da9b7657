#include "documents.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// Characters, not bytes.
std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::size_t now = 0;
  for (const char c : text) {
    if (c == '\n') {
      longest = std::max(longest, now);
      now = 0;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++now;
    }
  }
  return longest;
}

// Text with every break and indent as one blank.
std::string flat(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

void expect_told(const TempFolder& folder, const std::string& document,
                 const std::vector<std::string>& sentences) {
  const ProcessResult told = npcsim(folder, {"describe", document});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_LE(longest_line(told.out), 100U) << document;
  for (const std::string& words : sentences)
    EXPECT_NE(flat(told.out).find(words), std::string::npos) << words << "\n" << told.out;
}

TEST(Describe, EveryDocumentOfTheProjectIsToldAt100Columns) {
  const TempFolder folder;
  for (const char* kind : {"configs/models", "configs/populations", "configs/studies",
                           "configs/evidence", "strategies"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(NPCSIM_SOURCE_DIR) / kind)) {
      if (entry.path().extension() != ".yaml") continue;
      const ProcessResult told = npcsim(folder, {"describe", entry.path().string()});
      EXPECT_EQ(told.exit_code, 0) << entry.path() << "\n" << told.err;
      EXPECT_NE(told.out, "") << entry.path();
      EXPECT_LE(longest_line(told.out), 100U) << entry.path();
    }
  }
}

TEST(Describe, StrategyIsReadAloud) {
  const TempFolder folder;
  const ProcessResult told =
      npcsim(folder, {"describe", NPCSIM_SOURCE_DIR "/strategies/gp_pd1_lrrt.yaml"});
  EXPECT_NE(
      told.out.find(
          "   1. Give gemcitabine and cisplatin plus PD-1 inhibitor for 6 cycles (induction).\n"),
      std::string::npos);
  EXPECT_NE(told.out.find("   5. If response is CR or PR: give locoregional radiotherapy, 70 Gy in "
                          "33 fractions, with cisplatin\n"
                          "      during radiotherapy for 2 cycles (radiotherapy).\n"),
            std::string::npos)
      << told.out;
}

TEST(Describe, StrategyWithoutARuleForTheFirstProgressionSaysSo) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml", changed(right_study(), "    on_progression:", "    on_second_progression:")));
  expect_told(folder, "study.yaml",
              {"When progression is documented, nothing is given. After the next documented "
               "progression 1. Give drug."});
}

TEST(Describe, PopulationNeedsNoName) {
  const TempFolder folder;
  static_cast<void>(
      folder.write("study.yaml", right_study() + "population:\n  eligible: {male: true}\n"));
  expect_told(folder, "study.yaml", {"500 virtual patients live through model m for 60 months."});
}

TEST(Describe, EffectOfAProcedureEndsWithItsDuration) {
  const TempFolder folder;
  const std::string model = changed(right_study(), "study: small\n", "");
  const auto first = model.find("  model: m\n");
  std::string own = model.substr(first, model.find("strategies:\n") - first);
  own = changed(own, "  markers:",
                "    operation:\n      procedure: true\n      effects:\n"
                "        - {process: progression, hr: 0.5, kernel: {duration: 6 months}}\n"
                "  markers:");
  std::string text;
  for (std::size_t at = 0; at < own.size();) {
    const auto end = own.find('\n', at);
    text += own.substr(at + 2, end - at - 1);
    at = end + 1;
  }
  static_cast<void>(folder.write("m.yaml", text));
  expect_told(folder, "m.yaml",
              {"begins with the first dose; 6 months after it began 0 of it is left, whatever the "
               "dosing"});
}

TEST(Describe, PictureIsOneSvgElementWithABoxForEachStateAndThePageHoldsIt) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult told =
      npcsim(folder, {"describe", "study.yaml", "--svg", "states.svg", "--html", "page.html"});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  const std::string svg = read_text(folder / "states.svg");
  EXPECT_EQ(svg.rfind("<svg xmlns=", 0), 0U);
  std::size_t boxes = 0;
  for (auto at = svg.find("class=\"box"); at != std::string::npos;
       at = svg.find("class=\"box", at + 1))
    ++boxes;
  EXPECT_EQ(boxes, 3U);
  const std::string page = read_text(folder / "page.html");
  EXPECT_NE(page.find(svg), std::string::npos);
  EXPECT_NE(page.find("Not medical advice."), std::string::npos);
  EXPECT_NE(page.find("name=\"viewport\""), std::string::npos);
}

TEST(Describe, WrongDocumentIsNotDescribed) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", changed(right_study(), "every: 21 d", "every: 21")));
  const ProcessResult told = npcsim(folder, {"describe", "study.yaml", "--svg", "states.svg"});
  EXPECT_EQ(told.exit_code, 65);
  EXPECT_EQ(told.out, "");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
}

TEST(Describe, WhatCannotBeToldNamesWhatCan) {
  const TempFolder folder;
  static_cast<void>(folder.write("v.yaml", "thing: v\n"));
  const ProcessResult thing = npcsim(folder, {"describe", "v.yaml"});
  EXPECT_EQ(thing.exit_code, 65);
  EXPECT_EQ(thing.err,
            "v.yaml:1:1: error: this document cannot be told: it is neither a model, strategy, "
            "population, study, calibration nor evidence\n"
            "    1 | thing: v\n"
            "      | ^\n"
            "   hint: its first key says what it is, e.g. model: NAME\n"
            "1 error, nothing was described\n");
}

TEST(Describe, WrongEmulationAndEvidenceAreNotDescribed) {
  const TempFolder folder;
  static_cast<void>(folder.write("e.yaml", "study: e\nkind: emulation\n"));
  const ProcessResult emulation = npcsim(folder, {"describe", "e.yaml"});
  EXPECT_EQ(emulation.exit_code, 65);
  EXPECT_EQ(emulation.out, "");
  EXPECT_NE(emulation.err.find("missing key 'model'"), std::string::npos) << emulation.err;
  static_cast<void>(folder.write("v.yaml", "evidence: v\n"));
  const ProcessResult evidence = npcsim(folder, {"describe", "v.yaml"});
  EXPECT_EQ(evidence.exit_code, 65);
  EXPECT_EQ(evidence.out, "");
  EXPECT_NE(evidence.err.find("missing key 'title'"), std::string::npos) << evidence.err;
}

TEST(Describe, EvidenceIsReadAloud) {
  const TempFolder folder;
  expect_told(
      folder, "fujian_cohort",
      {"evidence fujian_cohort: 1 study, 36 figures, 7 findings, 29 tables ",
       "fujian_2024: Fujian cohort, chemotherapy and PD-1 inhibitor, with or without locoregional "
       "radiotherapy (retrospective, dmnpc, 90 patients, time from diagnosis). Source: chen_2024.",
       "fujian_high_risk_lrrt_os_hr: without_lrrt against lrrt, OS, hazard ratio 2.46 (95 % "
       "interval "
       "1.01 to 6), P 0.049; 51 patients, n by the rule interval; treatment was chosen; population "
       "fujian_high_risk; Abstract. In doubt: The direction is not printed",
       "Not used in calibration: length of follow-up is an input",
       "fujian_bone_dose: Dose to bone metastases, lowest and highest: 20, 50 Gy, of 16 patients; "
       "Methods, Treatment.",
       "high_lrrt against high_without_lrrt: P 0.739 in print. In doubt: Fisher's exact test",
       "by_radiotherapy_sex: fujian_2024, Table 1. patients lrrt without_lrrt male 56 17 female 13 "
       "4"});
  expect_told(
      folder, "ongoing_trials",
      {"nct03581786: NCT03581786, phase 3, 289 patients planned; Table 4, quoted in liu_2023. "
       "experimental: gemcitabine, cisplatin, toripalimab. Strategies: gp_toripalimab.",
       "In doubt: Same arms and number of patients as JUPITER-02"});
  expect_told(folder, "decision_algorithms",
              {"first line 1: chemo with gp or tp, 4 or 6 cycles; pd1, with chemo, encouraged.",
               "first line 3: if response is CR or PR: lrrt, 66 to 70 Gy."});
  expect_told(folder, "arms",
              {"you_2020 pf_lrrt_restaged", "tomotherapy: a technique, and all stages"});
  expect_told(folder, "exclusions",
              {"2 figures, a drug that no strategy of the model gives: tt_gefitinib_orr, "
               "tt_erlotinib_orr.",
               "half_of_trial: 0.5 of study; an arm of a trial"});
}

TEST(Describe, ConditionsOfRiskClassesAreTold) {
  const TempFolder folder;
  expect_told(
      folder, NPCSIM_SOURCE_DIR "/configs/evidence/risk_systems.yaml",
      {"M1a (zou_2017_m1a): oligometastases without liver; lesion_count <= $zou_2017_oligo and "
       "no liver.",
       "M1a (chan_2022_anatomic_m1a): not both liver and bone; not (liver and bone).",
       "Group B (shen_bone_b): at most three with spine, or more without; bone_only and "
       "((lesions_bone <= 3 and spine) or (lesions_bone >= 4 and no spine)).",
       "High (yang_2021_high): more than five lesions or several organs; lesion_count >= 6 or "
       "organ_count >= 2."});
}

TEST(Describe, EmulationsAndTrialsAreReadAloud) {
  const TempFolder folder;
  expect_told(
      folder, "zeng_2014",
      {"emulation zeng_2014, published as zeng_2014 (retrospective), model dmnpc",
       "234 patients of population review. Time runs from diagnosis. Followed for 6 months to "
       "90 months. Progression is looked for as this study did: every 91 d.",
       "chemo_lrrt: strategy pf_lrrt_all (PF + LRRT for all), those who received lrrt.",
       "Treatment is chosen, not assigned; whoever is not chosen is in the first arm: "
       "logit P(chemo_lrrt) = ",
       "zeng_2014_chemo_lrrt_os_36m 0.48 140",
       "zeng_2014_followup_median is not simulated: no result of a simulated study"});
  expect_told(
      folder, "you_2020",
      {"of population high_burden. Time runs from 2.53 months after diagnosis. Whoever enters "
       "then: objective_response.",
       "Patients are randomised."});
  expect_told(
      folder, "nct03581786",
      {"emulation nct03581786, running trial, model dmnpc NCT03581786, phase 3, 289 patients "
       "planned. It had not read out. In doubt: Same arms and number of patients as "
       "JUPITER-02: probably the same trial, do not count it twice.",
       "control: strategy gp (GP), 50 % of the patients.",
       "Figures predicted nct03581786_control_pfs_median"});
}

TEST(List, UnknownKindIsAUsageError) {
  const TempFolder folder;
  const ProcessResult answer = npcsim(folder, {"list", "modles"});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.err,
            "npcsim: error: there is no list of 'modles'; did you mean 'models'?\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
}

TEST(List, FindsTheDocumentsOfTheProjectByKind) {
  ProcessOptions options;
  options.folder = NPCSIM_SOURCE_DIR;
  const ProcessResult answer = run_program({NPCSIM_PROGRAM, "list", "studies", "models"}, options);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_NE(answer.out.find("models\n"), std::string::npos);
  EXPECT_NE(
      answer.out.find("  three_state          Illness-death model of a textbook oncology trial\n"),
      std::string::npos)
      << answer.out;
}

}  // namespace
}  // namespace npcsim::testing
