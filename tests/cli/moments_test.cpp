// What comes at the wrong moment: files of others, other programs, signals, a disk that refuses.
#include "documents.hpp"
#include "tiny_calibration.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

namespace fs = std::filesystem;

using Variables = std::vector<std::pair<std::string, std::string>>;

// A folder with a study, in which the program runs with the library of tests/engine/killer.cpp.
class Moments : public ::testing::Test {
 protected:
  void SetUp() override { static_cast<void>(folder.write("study.yaml", right_study())); }

  ProcessResult with(const Variables& variables, std::vector<std::string> command) const {
    ProcessOptions options;
    options.folder = folder.path();
    options.environment = {{"NO_COLOR", "1"}, {"LD_PRELOAD", NPCSIM_KILLER}};
    options.environment.insert(options.environment.end(), variables.begin(), variables.end());
    return run_program(command, options);
  }
  ProcessResult run(const Variables& variables, std::vector<std::string> more = {}) const {
    std::vector<std::string> command{NPCSIM_PROGRAM, "run", "study.yaml", "--out", "a"};
    command.insert(command.end(), more.begin(), more.end());
    return with(variables, command);
  }
  // Leaves what a run in blocks has when all of them are finished.
  void begin(const std::string& part, const std::string& output) const {
    ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--blocks", "1/1", "--output", output, "--quiet",
                              "--out", "begun"})
                  .exit_code,
              0);
    fs::rename(folder / "begun.blocks/1-of-1", folder / part);
  }

  const std::string shell_run = "'" NPCSIM_PROGRAM "' run study.yaml --quiet --out ";
  TempFolder folder;
};

TEST_F(Moments, FilesPutIntoTheFolderWhileItIsComputedStay) {
  ASSERT_EQ(run({}).exit_code, 0);
  const ProcessResult answer =
      run({{"NPCSIM_AT_OPEN", "a.part/summary.csv"}, {"NPCSIM_THEN", "echo mine > a/notes.txt"}});
  EXPECT_EQ(answer.exit_code, 73);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err,
            "npcsim: error: a holds files that npcsim has not written: notes.txt\n"
            "   hint: move them elsewhere; --force removes them with the run\n"
            "   the results are complete and stay in a.part\n");
  EXPECT_EQ(read_text(folder / "a/notes.txt"), "mine\n");
  fs::rename(folder / "a/notes.txt", folder / "notes.txt");
  EXPECT_EQ(run({}, {"--resume"}).exit_code, 0);
}

TEST_F(Moments, AFolderMadeWhileARunIsComputedStays) {
  const ProcessResult answer = run({{"NPCSIM_AT_OPEN", "a.part/summary.csv"},
                                    {"NPCSIM_THEN", "mkdir a; echo mine > a/notes.txt"}});
  EXPECT_EQ(answer.exit_code, 73);
  EXPECT_EQ(answer.err.rfind("npcsim: error: a exists and is not a run of this program\n", 0), 0U)
      << answer.err;
  EXPECT_EQ(read_text(folder / "a/notes.txt"), "mine\n");
}

// The run ends when the validation has looked at the folder, or just before.
TEST_F(Moments, ARunThatEndsWhileAValidationBeginsStays) {
  write_tiny_calibration(folder);
  const ProcessResult answer =
      with({{"NPCSIM_AT_OPEN", "v.part"}, {"NPCSIM_THEN", shell_run + "v"}},
           {NPCSIM_PROGRAM, "validate", "first", "--base", "--patients", "64", "--out", "v"});
  EXPECT_EQ(answer.exit_code, 73);
  EXPECT_EQ(answer.err,
            "npcsim: error: v holds the run of another study or other options\n"
            "   hint: --force replaces it, --out DIR writes elsewhere\n");
  EXPECT_TRUE(fs::exists(folder / "v/summary.csv"));
  EXPECT_FALSE(fs::exists(folder / "v.part"));
}

TEST_F(Moments, NobodyTakesTheOldRunWhileItIsRemoved) {
  ASSERT_EQ(run({}).exit_code, 0);
  const Variables moment{{"NPCSIM_AT_REMOVAL", "provenance.json"},
                         {"NPCSIM_THEN", shell_run + "a > said 2>&1; echo $? >> said"}};
  EXPECT_EQ(run(moment).exit_code, 0);
  EXPECT_EQ(read_text(folder / "said"),
            "npcsim: error: another npcsim is working in a.part\n"
            "   hint: wait until it has ended; --out DIR writes elsewhere\n73\n");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"a/", "said", "study.yaml"}));
  // In two steps, nobody needs to wait, and nobody removes what another is removing.
  Variables two_steps = moment;
  two_steps.emplace_back("NPCSIM_NO_EXCHANGE", "1");
  EXPECT_EQ(run(two_steps).exit_code, 0);
  EXPECT_EQ(read_text(folder / "said"), "0\n");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"a/", "said", "study.yaml"}));
}

TEST_F(Moments, AnOldRunThatCannotBeRemovedIsNoFailure) {
  ASSERT_EQ(run({}).exit_code, 0);
  const auto names = names_in(folder / "a");
  const ProcessResult answer = run({{"NPCSIM_KEEPS", "report.html"}});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_NE(answer.out.find("a/report.html"), std::string::npos) << answer.out;
  EXPECT_EQ(answer.err,
            "npcsim: warning: a is complete, but cannot remove 'a.part': Permission denied\n"
            "   hint: a.part is not needed any more\n");
  EXPECT_EQ(names_in(folder / "a"), names);
  EXPECT_EQ(run({}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder / "a.part"));
}

TEST_F(Moments, FilesOfProgressThatCannotBeRemovedAreNoFailure) {
  const ProcessResult answer = run({{"NPCSIM_KEEPS", "run.yaml"}});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err,
            "npcsim: warning: a is complete, but cannot remove 'a/run.yaml': Permission denied\n"
            "   hint: a/run.yaml is not needed any more\n");
  EXPECT_FALSE(fs::exists(folder / "a/tallies.snapshot"));
}

TEST_F(Moments, FilesThatComeWhileTwoFoldersAreExchangedStay) {
  ASSERT_EQ(run({}).exit_code, 0);
  const ProcessResult answer =
      run({{"NPCSIM_AT_EXCHANGE", "a"}, {"NPCSIM_THEN", "echo mine > a/notes.txt"}}, {"--quiet"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err,
            "npcsim: warning: a is complete, but what it replaced holds files that npcsim has not "
            "written: notes.txt\n   hint: the rest of a.part is not needed any more\n");
  EXPECT_EQ(read_text(folder / "a.part/notes.txt"), "mine\n");
  EXPECT_EQ(run({}).err,
            "npcsim: error: a.part holds files that npcsim has not written: notes.txt\n"
            "   hint: move them elsewhere, or --out DIR writes elsewhere\n");
}

const Variables signal_at_study{{"NPCSIM_AT_OPEN", "study.yaml"},
                                {"NPCSIM_THEN", "kill -TERM $PPID"}};

TEST_F(Moments, ASignalWhileDocumentsAreReadLosesNothing) {
  begin("a.part", "patients");
  const auto names = names_in(folder / "a.part");
  const ProcessResult answer = run(signal_at_study, {"--output", "patients"});
  EXPECT_EQ(answer.exit_code, 143);
  EXPECT_NE(answer.err.find("npcsim: interrupted; what is finished is kept in a.part\n"
                            "   hint: the same command with --resume goes on\n"),
            std::string::npos)
      << answer.err;
  EXPECT_EQ(names_in(folder / "a.part"), names);
  fs::remove_all(folder / "a.part");
  const ProcessResult nothing = run(signal_at_study);
  EXPECT_EQ(nothing.exit_code, 143);
  EXPECT_EQ(nothing.err, "npcsim: interrupted; nothing was written\n");
  EXPECT_FALSE(fs::exists(folder / "a.part"));
}

TEST_F(Moments, ASignalWhileScenariosAreReadLosesNothing) {
  static_cast<void>(folder.write("scenarios.yaml",
                                 "study: scenarios\nkind: scenarios\nbase: study.yaml\nscenarios:\n"
                                 "  without: {parameters: {log_hr_drug: 0}, source: assumed}\n"));
  static_cast<void>(folder.write("a.part/finished/0.csv", "kept"));
  const ProcessResult answer =
      with(signal_at_study, {NPCSIM_PROGRAM, "run", "scenarios.yaml", "--out", "a"});
  EXPECT_EQ(answer.exit_code, 143) << answer.err;
  EXPECT_TRUE(fs::exists(folder / "a.part/finished/0.csv"));
}

// Reading it ends at a signal; what comes then is short.
TEST_F(Moments, ASignalBeforeACalibrationBeginsLosesNothing) {
  write_tiny_calibration(folder);
  static_cast<void>(folder.write("a.part/evaluations.log", "kept"));
  const ProcessResult answer =
      with({{"NPCSIM_AT_OPEN", "a.part"}, {"NPCSIM_THEN", "kill -TERM $PPID"}},
           {NPCSIM_PROGRAM, "calibrate", "configs/calibrations/tiny.yaml", "--out", "a"});
  EXPECT_EQ(answer.exit_code, 143) << answer.err;
  EXPECT_EQ(read_text(folder / "a.part/evaluations.log"), "kept");
}

// As after nohup, or with `&` in a script.
TEST_F(Moments, ASignalThatIsIgnoredIsIgnored) {
  const ProcessResult answer =
      with(signal_at_study, {"/bin/sh", "-c", "trap '' INT TERM; exec " + shell_run + "a"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_TRUE(fs::exists(folder / "a/summary.csv"));
}

TEST_F(Moments, ClosedStreamsDoNotGiveTheirNumbersToFiles) {
  const ProcessResult answer =
      with({{"NPCSIM_AT_OPEN", "blocks.log"},
            {"NPCSIM_THEN", "readlink /proc/$PPID/fd/0 /proc/$PPID/fd/1 /proc/$PPID/fd/2 > fds"}},
           {"/bin/sh", "-c", "exec " + shell_run + "a --output patients --threads 1 <&- >&- 2>&-"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(read_text(folder / "fds"), "/dev/null\n/dev/null\n/dev/null\n");
  // What cannot be printed is an error as before.
  EXPECT_EQ(with({}, {"/bin/sh", "-c", "exec '" NPCSIM_PROGRAM "' digest a >&-"}).exit_code, 74);
}

TEST_F(Moments, ARunThatEndsWhileStatusLooksIsFound) {
  begin("a.part", "summary");
  const ProcessResult answer =
      with({{"NPCSIM_AT_OPEN", "a.part/run.yaml"}, {"NPCSIM_THEN", "mv a.part a"}},
           {NPCSIM_PROGRAM, "status", "a"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out, "a: finished, 500 of 500 patients (100 %)\n");
}

}  // namespace
}  // namespace npcsim::testing
