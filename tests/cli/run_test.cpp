// Runs: what is left behind, what is refused, interruption and resumption.
#include "documents.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

TEST(Run, LeavesTheFilesOfARunAndNothingElse) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult run = npcsim(folder, {"run", "study.yaml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("report.html"), std::string::npos) << run.out;
  EXPECT_EQ(names_in(folder / "outputs/runs"), std::vector<std::string>{"small/"});
  const auto names = names_in(folder / "outputs/runs/small");
  for (const char* name :
       {"provenance.json", "report.html", "results.h5", "study.yaml", "summary.csv"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
  for (const std::string& name : names) {
    EXPECT_EQ(name.find(".part"), std::string::npos) << name;
    EXPECT_NE(name, "blocks.log");
  }
}

TEST(Run, WhereNobodyIsEligibleTheDocumentIsShown) {
  const TempFolder folder;
  static_cast<void>(
      folder.write("study.yaml", right_study() + "population:\n  eligible: {age: {min: 500}}\n"));
  const ProcessResult run = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(run.exit_code, 65);
  EXPECT_NE(run.err.find(": error: the population finds fewer than one eligible patient in 20000 "
                         "candidates\n"),
            std::string::npos)
      << run.err;
  EXPECT_EQ(run.err.substr(0, 11), "study.yaml:") << run.err;
  for (const char* const words :
       {"  eligible: {age: {min: 500}}\n", "^", "   hint: a wider condition under 'eligible'\n",
        "1 error, nothing was written\n"})
    EXPECT_NE(run.err.find(words), std::string::npos) << words << '\n' << run.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/small"));
}

TEST(Run, OneIsNotMany) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult run = npcsim(folder, {"run", "study.yaml", "--patients", "1"});
  EXPECT_NE(run.out.find("\n1 patient under each strategy, followed for 60 months, seed 1\n"),
            std::string::npos)
      << run.out;
}

TEST(Run, CompiledStudyGivesTheSameBytes) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  const ProcessResult again = npcsim(folder, {"run", "outputs/runs/small/study.yaml", "--quiet",
                                              "--out", "again", "--threads", "2"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out,
            npcsim(folder, {"digest", "outputs/runs/small"}).out);
}

TEST(Run, JsonIsOneObjectOnStandardOutputAndNothingElse) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"run", "study.yaml", "--json"},
                                             {"replay", "study.yaml", "--patient", "3", "--json"},
                                             {"list", "--json"},
                                             {"explain", "every", "--json"}}) {
    const ProcessResult answer = npcsim(folder, words);
    EXPECT_EQ(answer.exit_code, 0) << words[0];
    EXPECT_EQ(answer.err, "") << words[0];
    ProcessOptions options;
    options.input = answer.out;
    const ProcessResult parsed = run_program(
        {"python3", "-c", "import json,sys; assert isinstance(json.load(sys.stdin), dict)"},
        options);
    EXPECT_EQ(parsed.exit_code, 0) << words[0] << parsed.err;
  }
}

TEST(Run, RunOfOtherOptionsIsNotOverwrittenWithoutForce) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  const std::string before = read_text(folder / "outputs/runs/small/summary.csv");
  const ProcessResult other = npcsim(folder, {"run", "study.yaml", "--seed", "2", "--quiet"});
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(other.err,
            "npcsim: error: outputs/runs/small holds the run of another study or other options\n"
            "   hint: --force replaces it, --out DIR writes elsewhere\n");
  EXPECT_EQ(read_text(folder / "outputs/runs/small/summary.csv"), before);
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--seed", "2", "--quiet", "--force"}).exit_code,
            0);
  EXPECT_NE(read_text(folder / "outputs/runs/small/summary.csv"), before);
}

TEST(Run, StrangeFolderIsNotOverwritten) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  static_cast<void>(folder.write("mine/letter.txt", "keep me"));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml", "--out", "mine"});
  EXPECT_EQ(answer.exit_code, 73);
  EXPECT_EQ(answer.err,
            "npcsim: error: mine exists and is not a run of this program\n"
            "   hint: --out DIR writes elsewhere; npcsim removes nothing but its own runs\n");
  EXPECT_EQ(read_text(folder / "mine/letter.txt"), "keep me");
}

// Whatever --out and --force say, nothing is removed that this program has not made.
TEST(Run, ForceDoesNotReplaceWhatIsNoRun) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  static_cast<void>(folder.write("mine/letter.txt", "keep me"));
  static_cast<void>(folder.write("half.part/letter.txt", "keep me"));
  static_cast<void>(folder.write("plain", "keep me"));
  static_cast<void>(folder.write("empty", ""));
  static_cast<void>(folder.write("file.part", "keep me"));
  const auto before = names_in(folder.path());
  for (const char* const out :
       {"mine", "mine/", ".", "..", "new/..", "mine/../mine", "plain", "empty"}) {
    const ProcessResult answer =
        npcsim(folder, {"run", "study.yaml", "--patients", "10", "--out", out, "--force"});
    EXPECT_EQ(answer.exit_code, 73) << out << "\n" << answer.err;
    EXPECT_NE(answer.err.find(" exists and is not a run of this program\n   hint: --out DIR"),
              std::string::npos)
        << answer.err;
  }
  const ProcessResult half =
      npcsim(folder, {"run", "study.yaml", "--patients", "10", "--out", "half", "--force"});
  EXPECT_EQ(half.exit_code, 73);
  EXPECT_EQ(half.err,
            "npcsim: error: half.part holds files that npcsim has not written: letter.txt\n"
            "   hint: move them elsewhere, or --out DIR writes elsewhere\n");
  const ProcessResult file =
      npcsim(folder, {"run", "study.yaml", "--patients", "10", "--out", "file", "--force"});
  EXPECT_EQ(file.exit_code, 73);
  EXPECT_EQ(file.err,
            "npcsim: error: file.part exists and was not left behind by this program\n"
            "   hint: --out DIR writes elsewhere; npcsim removes nothing but its own runs\n");
  EXPECT_EQ(names_in(folder.path()), before);
  EXPECT_EQ(read_text(folder / "mine/letter.txt"), "keep me");
}

TEST(Run, NamesCannotLeaveTheFolderOfRuns) {
  const TempFolder folder;
  for (const char* const name : {"../../evil", "..", "a/b", "''", "'a b'"}) {
    static_cast<void>(folder.write(
        "study.yaml", changed(right_study(), "study: small", std::string("study: ") + name)));
    const ProcessResult answer = npcsim(folder, {"run", "study.yaml", "--patients", "10"});
    EXPECT_EQ(answer.exit_code, 65) << name;
    EXPECT_NE(answer.err.find("study.yaml:1:8: error: 'study' must be a letter and then letters, "
                              "digits, '_', '-' or '.', at most 100, found '"),
              std::string::npos)
        << answer.err;
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
  }
}

TEST(Run, NothingIsWrittenWhenADocumentIsWrong) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", changed(right_study(), "every: 21 d", "every: 21")));
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml"}).exit_code, 65);
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
}

TEST(Run, ColourIsOnlyForTerminals) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", changed(right_study(), "every: 21 d", "every: 21")));
  ProcessOptions options;
  options.folder = folder.path();
  const ProcessResult piped = run_program({NPCSIM_PROGRAM, "check", "study.yaml"}, options);
  EXPECT_EQ(piped.err.find('\033'), std::string::npos);
  // `script` gives the program a terminal; there NO_COLOR decides.
  const std::string command = "script -qec \"'" NPCSIM_PROGRAM "' check study.yaml\" /dev/null";
  // It is in bsdutils, which every Debian and Ubuntu has.
  ASSERT_EQ(run_program({"/bin/sh", "-c", "command -v script"}).exit_code, 0);
  options.environment = {{"NO_COLOR", ""}};
  EXPECT_NE(run_program({"/bin/sh", "-c", command}, options).out.find("\033[1;31m"),
            std::string::npos);
  options.environment = {{"NO_COLOR", "1"}};
  EXPECT_EQ(run_program({"/bin/sh", "-c", command}, options).out.find("\033["), std::string::npos);
}

// Patients of a run that takes about a second on a fast machine; with sanitizers it takes thirty
// times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const std::string many = "200000";
#else
const std::string many = "3000000";
#endif

// Starts a run that takes long enough, sends the signal when it has begun, and gives back what it
// said.
ProcessResult interrupted(const TempFolder& folder, int signal) {
  ProcessOptions options;
  options.folder = folder.path();
  Process run(
      {NPCSIM_PROGRAM, "run", "study.yaml", "--patients", many, "--threads", "1", "--quiet"},
      options);
  for (int i = 0; i < 500 && !std::filesystem::exists(folder / "outputs/runs/small.part"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  run.send_signal(signal);
  return run.wait();
}

TEST(Run, InterruptExitsWith130AndResumeEndsWithTheSameBytes) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult stopped = interrupted(folder, SIGINT);
  ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_EQ(stopped.err,
            "npcsim: interrupted; what is finished is kept in outputs/runs/small.part\n"
            "   hint: the same command with --resume goes on\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/small"));
  const ProcessResult resumed =
      npcsim(folder, {"run", "study.yaml", "--patients", many, "--quiet", "--resume"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--patients", many, "--quiet", "--out", "whole"})
                .exit_code,
            0);
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/small"}).out,
            npcsim(folder, {"digest", "whole"}).out);
  EXPECT_EQ(names_in(folder / "outputs/runs"), std::vector<std::string>{"small/"});
}

// Lives with a million events each: one block of patients takes minutes.
TEST(Run, ASignalInTheMiddleOfABlockIsHeard) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", R"(study: small
model:
  model: ping_pong
  states: [a, b, dead]
  processes:
    there: {from: a, to: b, clock: reset, hazard: 10000 per month}
    back: {from: b, to: a, clock: reset, hazard: 10000 per month}
    death: {from: [a, b], to: dead, hazard: 0 per month}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: nothing}]
seed: 1
horizon: 60 months
)"));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(interrupted(folder, SIGTERM).exit_code, 143);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
}

TEST(Run, AMisspeltSexOfALifeTableIsAMistake) {
  const TempFolder folder;
  static_cast<void>(folder.write("table.csv", "sex,age_from,rate\nmael,0,0.01\nfemale,0,0.02\n"));
  static_cast<void>(
      folder.write("study.yaml", changed(right_study(), "hazard: {exponential: 0.05 per month}",
                                         "hazard: {life_table: table.csv}\n      clock: age")));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.err.find("study.yaml:23:28: error: row 1 of the life table: sex must be male, "
                            "female or both, found 'mael'"),
            std::string::npos)
      << answer.err;
}

TEST(Run, CellsOfALifeTableThatAreNoNumbersAreNamed) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "table.csv", "age_from,age_to,rate\n0,50,0.01\n50,60,low\n60,70,\n71,,0.3\n80,,-1\n"));
  static_cast<void>(
      folder.write("study.yaml", changed(right_study(), "hazard: {exponential: 0.05 per month}",
                                         "hazard: {life_table: table.csv}\n      clock: age")));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(
      answer.err,
      R"(study.yaml:23:28: error: row 2 of the life table: 'rate' must be a number, found 'low'
   23 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
study.yaml:23:28: error: row 3 of the life table: 'rate' is empty
   23 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
study.yaml:23:28: error: row 5: death rate must be 0 or above, found -1
   23 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
study.yaml:23:28: error: row 4: gap with row 3, which ends at age 70, found start 71
   23 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
study.yaml:23:28: error: row 5: overlap with row 4, which ends at age inf, found start 80
   23 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
5 errors, nothing was run
)");
}

TEST(Run, TerminationExitsWith143) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  EXPECT_EQ(interrupted(folder, SIGTERM).exit_code, 143);
}

}  // namespace
}  // namespace npcsim::testing
