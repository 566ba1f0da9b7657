// Files that are missing, too large, not text, and disks that are full.
#include "documents.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

TEST(World, MissingFileExitsWith66) {
  const TempFolder folder;
  const ProcessResult answer = npcsim(folder, {"check", "nothing.yaml"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err, "npcsim: error: cannot read 'nothing.yaml': No such file or directory\n");
}

TEST(World, CheckGoesOnAfterAFileThatCannotBeRead) {
  const TempFolder folder;
  static_cast<void>(folder.write("good.yaml", right_study()));
  static_cast<void>(folder.write("wrong.yaml", changed(right_study(), "seed: 1", "sed: 1")));
  const ProcessResult answer = npcsim(folder, {"check", "nothing.yaml", "wrong.yaml", "good.yaml"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.out, "good.yaml: study small: 2 strategies, 500 patients, model m\n");
  EXPECT_EQ(
      answer.err.rfind("npcsim: error: cannot read 'nothing.yaml': No such file or directory\n"
                       "wrong.yaml:52:1: error: ",
                       0),
      0U)
      << answer.err;
}

TEST(World, CheckTakesNames) {
  const TempFolder folder;
  static_cast<void>(folder.write("configs/studies/small.yaml", right_study()));
  const ProcessResult answer = npcsim(folder, {"check", "small", "smal"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_NE(answer.out.find("/configs/studies/small.yaml: study small: 2 strategies, 500 patients, "
                            "model m\n"),
            std::string::npos)
      << answer.out;
  EXPECT_EQ(answer.err, "npcsim: error: cannot find the document 'smal': did you mean 'small'?\n");
}

TEST(World, FoldersOfOtherCommandsHaveNoDigestAndNoNewReport) {
  const TempFolder folder;
  for (const char* const run : {"c", "v"})
    static_cast<void>(folder.write(std::string(run) + "/provenance.json", "{}"));
  static_cast<void>(folder.write("c/posterior.csv", "draw\n"));
  static_cast<void>(folder.write("v/figures.csv", "name\n"));
  for (const char* const command : {"report", "digest"}) {
    const ProcessResult calibration = npcsim(folder, {command, "c"});
    EXPECT_EQ(calibration.exit_code, 66);
    EXPECT_EQ(calibration.err,
              "npcsim: error: c holds a calibration; report and digest are for runs of studies\n"
              "   hint: its report.html is there already, its numbers are in posterior.csv\n");
    const ProcessResult validation = npcsim(folder, {command, "v"});
    EXPECT_EQ(validation.exit_code, 66);
    EXPECT_EQ(validation.err,
              "npcsim: error: v holds a validation of published studies; report and digest are for "
              "runs of studies\n"
              "   hint: its report.html is there already, its numbers are in figures.csv\n");
  }
}

TEST(World, FolderInsteadOfAFileExitsWith66) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "study.yaml");
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err, "npcsim: error: cannot read 'study.yaml': Is a directory\n");
}

TEST(World, BinaryFileIsNoDocument) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", std::string("\x00\x01\x02\xff", 4)));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "study.yaml: error: this is not a text file\n"
            "   hint: expected UTF-8 text\n"
            "1 error, nothing was run\n");
}

TEST(World, FileOf100MegabytesIsRefusedWithoutReadingIt) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", "study: x\n"));
  std::filesystem::resize_file(folder / "study.yaml", 100'000'000);
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "study.yaml: error: too large for a document: 100 MB, at most 20 MB\n"
            "   hint: large tables belong in a CSV file\n"
            "1 error, nothing was run\n");
}

// A list, or nothing, where a document is named. What cannot be read must not be left out.
TEST(World, WhatIsNoDocumentIsNotPassedOver) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml",
                                 "study: s\nmodel: [m]\npopulation: [p]\n"
                                 "strategies: [[a], ~]\nhorizon: 12 months\n"));
  for (const char* const command : {"check", "run"}) {
    const ProcessResult answer = npcsim(folder, {command, "study.yaml"});
    EXPECT_EQ(answer.exit_code, 65) << command;
    for (const char* const message :
         {"study.yaml:2:8: error: a model is a name, a path or a map, found a list\n",
          "study.yaml:3:13: error: a population is a name, a path or a map, found a list\n",
          "study.yaml:4:14: error: a strategy is a name, a path or a map, found a list\n",
          "study.yaml:4:19: error: a strategy is a name, a path or a map, found nothing\n"})
      EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  }
}

TEST(World, ACheckOfDrawsOutlivesAStrategyThatIsNotThere) {
  const TempFolder folder;
  const std::string study = changed(right_study(), "  - strategy: nothing\n", "  - nothin\n");
  static_cast<void>(folder.write(
      "study.yaml", changed(study, "reference: nothing\n", "draws: {count: 5, from: prior}\n")));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65) << answer.err;
  EXPECT_NE(answer.err.find("error: cannot find the strategy 'nothin'\n"), std::string::npos)
      << answer.err;
}

TEST(World, AnEmulationWithoutANameIsAnError) {
  const TempFolder folder;
  static_cast<void>(folder.write("e.yaml", "kind: emulation\n"));
  for (const char* const command : {"check", "run", "validate"}) {
    const ProcessResult answer = npcsim(folder, {command, "e.yaml"});
    EXPECT_TRUE(answer.exit_code == 65 || answer.exit_code == 64) << command << answer.err;
    EXPECT_NE(answer.err.find("error: "), std::string::npos) << answer.err;
  }
}

TEST(World, EmptyDocumentSaysSo) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", ""));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err, "study.yaml: error: the document is empty\n1 error, nothing was run\n");
}

// A shell limits the size of files (in blocks of 512 bytes), as a full disk would.
ProcessResult with_small_files(const TempFolder& folder, const std::string& words) {
  ProcessOptions options;
  options.folder = folder.path();
  options.environment = {{"NO_COLOR", "1"}};
  return run_program(
      {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 8; exec '" NPCSIM_PROGRAM "' " + words}, options);
}

TEST(World, FullDiskExitsWith74AndLeavesNoRun) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult answer =
      with_small_files(folder, "run study.yaml --patients 20000 --output patients");
  EXPECT_EQ(answer.exit_code, 74) << answer.err;
  EXPECT_NE(answer.err.find("File too large"), std::string::npos) << answer.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/small"));
}

// The first fits into the buffer that is flushed at the end; the second does not.
TEST(World, OutputThatCannotBeWrittenIsNotDone) {
  const TempFolder folder;
  ProcessOptions options;
  options.folder = folder.path();
  for (const std::string words : {"list hazards", "explain --reference"}) {
    const ProcessResult answer = run_program(
        {"/bin/sh", "-c", "exec '" NPCSIM_PROGRAM "' " + words + " > /dev/full"}, options);
    EXPECT_EQ(answer.exit_code, 74) << words;
    EXPECT_EQ(answer.err, "npcsim: error: cannot write standard output\n") << words;
  }
}

TEST(World, RunThatCannotBeCreatedExitsWith73) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  static_cast<void>(folder.write("outputs", "a file where a folder should be"));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 73) << answer.err;
  EXPECT_EQ(
      answer.err.rfind("npcsim: error: cannot create the folder 'outputs/runs/small.part'", 0), 0U)
      << answer.err;
}

TEST(World, ADocumentOutOfAPipeIsRefusedWithTheReason) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const char* const command : {"check", "run", "describe"}) {
    const ProcessResult answer = npcsim(folder, {command, "pipe"});
    EXPECT_EQ(answer.exit_code, 66) << command;
    EXPECT_NE(answer.err.find("cannot read 'pipe': a document must be a file, since it is read "
                              "more than once; this is a pipe or a device\n"),
              std::string::npos)
        << answer.err;
  }
}

}  // namespace
}  // namespace npcsim::testing
