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

TEST(Describe, EveryDocumentOfTheProjectIsToldAt100Columns) {
  const TempFolder folder;
  for (const char* kind :
       {"configs/models", "configs/populations", "configs/studies", "strategies"}) {
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
  EXPECT_NE(read_text(folder / "page.html").find(svg), std::string::npos);
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
  static_cast<void>(folder.write("e.yaml", "study: e\nkind: emulation\n"));
  const ProcessResult emulation = npcsim(folder, {"describe", "e.yaml"});
  EXPECT_EQ(emulation.exit_code, 65);
  EXPECT_EQ(emulation.err,
            "e.yaml:2:7: error: emulations of published studies cannot be told, only models, "
            "strategies, populations, studies and calibrations\n"
            "    2 | kind: emulation\n"
            "      |       ^~~~~~~~~\n"
            "   hint: npcsim check FILE reads an emulation, npcsim run FILE simulates it\n"
            "1 error, nothing was described\n");
  static_cast<void>(folder.write("v.yaml", "evidence: v\n"));
  const ProcessResult evidence = npcsim(folder, {"describe", "v.yaml"});
  EXPECT_EQ(evidence.exit_code, 65);
  EXPECT_EQ(evidence.err,
            "v.yaml:1:1: error: this document cannot be told: it is neither a model, strategy, "
            "population, study nor calibration\n"
            "    1 | evidence: v\n"
            "      | ^\n"
            "   hint: its first key says what it is, e.g. model: NAME\n"
            "1 error, nothing was described\n");
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
