// The folder of a run: who may write it, what is removed, and what killed programs have left.
#include "documents.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

namespace fs = std::filesystem;

// The study in a folder, and the digest of what a run of it gives.
struct StudyFolder {
  StudyFolder() { static_cast<void>(folder.write("study.yaml", right_study())); }
  ProcessResult run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"run", "study.yaml", "--quiet"});
    return npcsim(folder, std::move(more));
  }
  std::string digest(const std::string& run) const { return npcsim(folder, {"digest", run}).out; }
  TempFolder folder;
};

TEST(RunFolder, IsWrittenByOneProgramAtATime) {
  const StudyFolder study;
  ProcessOptions options;
  options.folder = study.folder.path();
  Process first({NPCSIM_PROGRAM, "run", "study.yaml", "--patients", "100000000", "--threads", "1",
                 "--quiet", "--out", "a"},
                options);
  for (int i = 0; i < 1000 && !fs::exists(study.folder / "a.part/run.yaml"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string manifest = read_text(study.folder / "a.part/run.yaml");
  for (const char* const more : {"--force", "--resume"}) {
    const ProcessResult second = study.run({"--out", "a", more});
    EXPECT_EQ(second.exit_code, 73) << more;
    EXPECT_EQ(second.err,
              "npcsim: error: another npcsim is working in a.part\n"
              "   hint: wait until it has ended; --out DIR writes elsewhere\n");
  }
  EXPECT_EQ(read_text(study.folder / "a.part/run.yaml"), manifest);
  first.send_signal(SIGKILL);
  EXPECT_EQ(first.wait().exit_code, 128 + SIGKILL);
  EXPECT_EQ(study.run({"--out", "a"}).exit_code, 0);  // the dead lock nothing
}

// `sample` is a part of the study, so that its document gives the same bytes again.
TEST(RunFolder, HoldsTheSampleThatWasAskedFor) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--output", "patients", "--out", "all"}).exit_code, 0);
  const ProcessResult other =
      study.run({"--output", "patients", "--sample", "0.25", "--out", "all"});
  EXPECT_EQ(other.exit_code, 73) << other.err;
  ASSERT_EQ(study.run({"--output", "patients", "--sample", "0.25", "--out", "some"}).exit_code, 0);
  EXPECT_NE(study.digest("some"), study.digest("all"));
  ASSERT_EQ(npcsim(study.folder, {"run", "some/study.yaml", "--quiet", "--out", "again"}).exit_code,
            0);
  EXPECT_EQ(study.digest("again"), study.digest("some"));
  for (const char* const blocks : {"1/2", "2/2"}) {
    ASSERT_EQ(study
                  .run({"--output", "patients", "--sample", "0.25", "--block-size", "64",
                        "--blocks", blocks, "--out", "shares"})
                  .exit_code,
              0);
  }
  const ProcessResult merged =
      npcsim(study.folder, {"merge", "shares.blocks", "--quiet", "--out", "merged"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(study.digest("merged"), study.digest("some"));
}

TEST(RunFolder, FilesOfTheUserAreNotRemoved) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "a"}).exit_code, 0);
  static_cast<void>(study.folder.write("a/notes.txt", "mine"));
  static_cast<void>(study.folder.write("a/plot.png", "mine"));
  const ProcessResult again = study.run({"--out", "a"});
  EXPECT_EQ(again.exit_code, 73);
  EXPECT_EQ(again.err,
            "npcsim: error: a holds files that npcsim has not written: notes.txt, plot.png\n"
            "   hint: move them elsewhere; --force removes them with the run\n");
  EXPECT_EQ(read_text(study.folder / "a/notes.txt"), "mine");
  EXPECT_EQ(study.run({"--out", "a", "--force"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(study.folder / "a/notes.txt"));
}

// Whatever it is called: only folders with nothing else in them are taken for unfinished runs.
TEST(RunFolder, FilesOfTheUserBesideARunAreNotRemoved) {
  const StudyFolder study;
  static_cast<void>(study.folder.write("paper.part/summary.csv", "mine"));
  static_cast<void>(study.folder.write("paper.part/thesis.docx", "mine"));
  for (const char* const more : {"--force", "--resume"}) {
    const ProcessResult answer = study.run({"--out", "paper", more});
    EXPECT_EQ(answer.exit_code, 73);
    EXPECT_EQ(answer.err,
              "npcsim: error: paper.part holds files that npcsim has not written: thesis.docx\n"
              "   hint: move them elsewhere, or --out DIR writes elsewhere\n");
  }
  EXPECT_EQ(names_in(study.folder / "paper.part"),
            (std::vector<std::string>{"summary.csv", "thesis.docx"}));
}

TEST(RunFolder, IsNotCalledLikeAnUnfinishedOne) {
  const StudyFolder study;
  for (const std::string name : {"a.part", "a.part/", "a.part-12"}) {
    const ProcessResult answer = study.run({"--out", name});
    EXPECT_EQ(answer.exit_code, 64) << name;
    EXPECT_EQ(answer.err.substr(0, answer.err.find('\n')),
              "npcsim: error: a run cannot be called '" + name.substr(0, name.find('/')) +
                  "': npcsim gives such names to runs that are not finished; --out DIR writes "
                  "elsewhere");
  }
  EXPECT_EQ(study.run({"--out", "a.part-b"}).exit_code, 0);
}

// Each of the files that an interrupted command may leave alone.
TEST(RunFolder, WhatIsLeftOfAnUnfinishedRunIsNoObstacle) {
  const StudyFolder study;
  for (const char* const name :
       {"blocks.log", "draws.log", "tallies.snapshot", "inputs/a.csv", "finished/0.csv",
        "provenance.json", "report.html", "evaluations.log", "run.yaml"}) {
    static_cast<void>(study.folder.write("a.part/" + std::string(name), "x"));
    const ProcessResult run = study.run({"--out", "a"});
    EXPECT_EQ(run.exit_code, 0) << name << "\n" << run.err;
    EXPECT_FALSE(fs::exists(study.folder / "a.part")) << name;
  }
}

TEST(RunFolder, GoesOnWithoutTheFilesOfAnotherRun) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "whole"}).exit_code, 0);
  for (const std::string seed : {"1", "5"}) {
    ASSERT_EQ(study.run({"--blocks", "1/1", "--seed", seed, "--out", "begun", "--force"}).exit_code,
              0);
    fs::rename(study.folder / "begun.blocks/1-of-1", study.folder / "a.part");
    static_cast<void>(study.folder.write("a.part/figures.csv", "of a validation"));
    static_cast<void>(study.folder.write("a.part/inputs/a.csv.part-12", "a fragment"));
    ASSERT_EQ(study.run({"--out", "a", "--resume", "--force"}).exit_code, 0);
    EXPECT_EQ(names_in(study.folder / "a"), names_in(study.folder / "whole"));
    EXPECT_EQ(study.digest("a"), study.digest("whole"));
  }
}

// On file systems that cannot exchange folders, a killed program leaves the one it has replaced.
TEST(RunFolder, WhatAKilledProgramHasReplacedIsRemoved) {
  const StudyFolder study;
  static_cast<void>(study.folder.write("a.part-12/summary.csv", "of a run"));
  static_cast<void>(study.folder.write("a.part-13/thesis.docx", "mine"));
  static_cast<void>(study.folder.write("a.part-x/summary.csv", "mine"));
  static_cast<void>(study.folder.write("b.part-14/summary.csv", "of another run"));
  ASSERT_EQ(study.run({"--out", "a"}).exit_code, 0);
  EXPECT_EQ(
      names_in(study.folder.path()),
      (std::vector<std::string>{"a.part-13/", "a.part-x/", "a/", "b.part-14/", "study.yaml"}));
}

// What programs leave that are killed while they write a file.
TEST(RunFolder, FragmentsStandInNobodysWay) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "whole"}).exit_code, 0);
  for (const char* const more : {"--resume", "--force"}) {
    static_cast<void>(study.folder.write("a.part/run.yaml.part-12", "study"));
    static_cast<void>(study.folder.write("a.part/tallies.snapshot.part-13", "xyz"));
    const ProcessResult run = study.run({"--out", "a", more});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(names_in(study.folder / "a"), names_in(study.folder / "whole"));
  }
}

// The new run was put in its place, and the program killed while it removed the old one.
TEST(RunFolder, AHalfRemovedRunIsNoObstacle) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "a"}).exit_code, 0);
  ASSERT_EQ(study.run({"--out", "b", "--seed", "5"}).exit_code, 0);
  fs::rename(study.folder / "b", study.folder / "a.part");
  fs::remove(study.folder / "a.part/provenance.json");
  fs::remove(study.folder / "a.part/study.yaml");
  EXPECT_EQ(study.run({"--out", "a", "--seed", "5", "--force"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(study.folder / "a.part"));
}

TEST(RunFolder, AnotherKindOfOutputDoesNotTakeOverWhatWasBegun) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--output", "patients", "--blocks", "1/1", "--out", "a"}).exit_code, 0);
  fs::rename(study.folder / "a.blocks/1-of-1", study.folder / "a.part");
  const ProcessResult other = study.run({"--out", "a", "--resume"});
  EXPECT_EQ(other.exit_code, 66);
  EXPECT_NE(other.err.find("'a.part': it was begun with --output patients\n"), std::string::npos)
      << other.err;
  EXPECT_EQ(study.run({"--output", "patients", "--out", "a", "--resume"}).exit_code, 0);
}

TEST(RunFolder, OneShareOfOneIsAShare) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "whole"}).exit_code, 0);
  ASSERT_EQ(study.run({"--blocks", "1/1", "--out", "a"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(study.folder / "a.blocks/1-of-1/run.yaml"));
  const ProcessResult merged =
      npcsim(study.folder, {"merge", "a.blocks", "--quiet", "--out", "merged"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(study.digest("merged"), study.digest("whole"));
}

TEST(RunFolder, ALinkLeadsToTheRun) {
  const StudyFolder study;
  ASSERT_EQ(study.run({"--out", "large_disk/a"}).exit_code, 0);
  fs::create_directory_symlink("large_disk/a", study.folder / "link");
  ASSERT_EQ(study.run({"--out", "link"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(study.folder / "link"));
  EXPECT_TRUE(fs::exists(study.folder / "large_disk/a/summary.csv"));
}

TEST(RunFolder, ALinkToNothingIsRefusedBeforeTheRun) {
  const StudyFolder study;
  fs::create_directory_symlink("large_disk/a", study.folder / "link");
  const ProcessResult answer = study.run({"--out", "link"});
  EXPECT_EQ(answer.exit_code, 73);
  EXPECT_EQ(answer.err,
            "npcsim: error: link is a link to large_disk/a, where there is nothing\n"
            "   hint: make that folder; --out DIR writes elsewhere\n");
  EXPECT_FALSE(fs::exists(study.folder / "link.part"));
  EXPECT_TRUE(fs::is_symlink(study.folder / "link"));
}

TEST(RunFolder, OptionsThatSayNothingAreMistakes) {
  const StudyFolder study;
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--out", ""}, "--out names no folder"},
      {{"--strategies", ""}, "--strategies names no strategy"},
      {{"--strategies", "drug,drug"}, "--strategies names 'drug' twice"},
      {{"--strategies", "drug", "--strategies", "drug"}, "--strategies names 'drug' twice"},
      {{"--seed", "3", "--set", "seed=2"}, "--seed and --set seed contradict each other"},
      {{"--draws", "2", "--set", "draws.count=3"},
       "--draws and --set draws.count contradict each other"},
      {{"--sample", "0"}, "--sample must be above 0 and at most 1"}};
  for (const auto& [words, message] : cases) {
    const ProcessResult answer = study.run(words);
    EXPECT_EQ(answer.exit_code, 64) << message;
    EXPECT_EQ(answer.err.substr(0, answer.err.find('\n')), "npcsim: error: " + message);
  }
}

}  // namespace
}  // namespace npcsim::testing
