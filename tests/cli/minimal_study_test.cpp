// A study of nothing but its required keys: what a run writes down reads back to the same run.
#include "documents.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string model =
    "{model: m, states: [alive, dead], final: [dead], "
    "processes: {death: {from: alive, to: dead, hazard: 0.1 per month}}, "
    "endpoints: {OS: {states: [dead]}}}";

std::string minimal_study(const std::string& horizon) {
  return "study: s\nmodel: " + model +
         "\nstrategies: [{strategy: x}]\npatients: 100\nhorizon: " + horizon + "\nseed: 1\n";
}

std::string digest_of(const TempFolder& folder, const std::string& run) {
  const ProcessResult digest = npcsim(folder, {"digest", run});
  EXPECT_EQ(digest.exit_code, 0) << digest.err;
  return digest.out;
}

void done_in_silence(const TempFolder& folder, const std::vector<std::string>& words) {
  const ProcessResult done = npcsim(folder, words);
  EXPECT_EQ(done.exit_code, 0) << words[0];
  EXPECT_EQ(done.err, "") << words[0];
}

TEST(MinimalStudy, WhatARunWritesDownRunsAgainToTheSameBytes) {
  // The second horizon comes before most of the usual landmarks.
  for (const char* const horizon : {"60 months", "18 months"}) {
    const TempFolder folder;
    static_cast<void>(folder.write("s.yaml", minimal_study(horizon)));
    done_in_silence(folder, {"run", "s.yaml", "--out", "first", "--quiet"});
    EXPECT_NE(
        read_text(folder / "first/study.yaml").find("landmarks:\n  - 12\n  - 24\n  - 36\n  - 60\n"),
        std::string::npos);
    done_in_silence(folder, {"run", "first/study.yaml", "--out", "second", "--quiet"});
    EXPECT_EQ(digest_of(folder, "second"), digest_of(folder, "first"));
    EXPECT_EQ(read_text(folder / "second/study.yaml"), read_text(folder / "first/study.yaml"));
    const std::string page = read_text(folder / "first/report.html");
    done_in_silence(folder, {"report", "first"});
    EXPECT_EQ(read_text(folder / "first/report.html"), page);
  }
}

// One tick, 1/32 day, is the least that is recorded.
TEST(MinimalStudy, TheShortestHorizonHasAReport) {
  const TempFolder folder;
  static_cast<void>(folder.write("s.yaml", minimal_study("0.03125 d")));
  done_in_silence(folder, {"run", "s.yaml", "--out", "run", "--quiet"});
  EXPECT_TRUE(std::filesystem::exists(folder / "run/report.html"));
}

TEST(MinimalStudy, ItsBlocksAreJoined) {
  const TempFolder folder;
  static_cast<void>(folder.write("s.yaml", minimal_study("60 months")));
  done_in_silence(folder, {"run", "s.yaml", "--out", "whole", "--quiet"});
  for (const char* const blocks : {"1/2", "2/2"})
    done_in_silence(folder, {"run", "s.yaml", "--block-size", "16", "--blocks", blocks, "--quiet"});
  done_in_silence(folder, {"merge", "outputs/runs/s", "--out", "joined", "--quiet"});
  EXPECT_EQ(digest_of(folder, "joined"), digest_of(folder, "whole"));
}

TEST(MinimalStudy, ScenariosOfItRunAgainToTheSameBytes) {
  const TempFolder folder;
  static_cast<void>(folder.write("s.yaml", minimal_study("18 months")));
  static_cast<void>(folder.write("all.yaml",
                                 "study: all\nkind: scenarios\nbase: s.yaml\nscenarios:\n"
                                 "  slower: {set: {model.processes.death.hazard: 0.05 per month}, "
                                 "source: assumed}\n"));
  done_in_silence(folder, {"run", "all.yaml", "--out", "first", "--quiet"});
  done_in_silence(folder, {"run", "first/study.yaml", "--out", "second", "--quiet"});
  EXPECT_EQ(digest_of(folder, "second"), digest_of(folder, "first"));
  done_in_silence(folder, {"report", "first"});
}

}  // namespace
}  // namespace npcsim::testing
