// Draws of the parameters on the command line: what can be wrong, files, interruption, replay.
#include "documents.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// The right study with another parameter and draws.
std::string study_with(const std::string& draws,
                       const std::string& share_prior = "{beta: [8, 8]}") {
  const std::string share = "    share: {value: 0.5" +
                            (share_prior.empty() ? "" : ", prior: " + share_prior) +
                            ", source: assumed}\n";
  const std::string text = changed(right_study(), "  states: [", share + "  states: [");
  return changed(text, "bernoulli: 0.5", "bernoulli: $share") +
         (draws.empty() ? "" : "draws: " + draws + "\n");
}

std::string complaint(const std::string& study, const std::string& csv = {}) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study));
  if (!csv.empty()) static_cast<void>(folder.write("p.csv", csv));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65) << answer.out;
  return answer.err;
}

TEST(DrawsMessages, RightDrawsAreRight) {
  const ProcessResult answer = check(study_with("{count: 20, from: prior}"));
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out,
            "study.yaml: study small: 2 strategies, 500 patients, model m, 20 draws of 2 "
            "parameters\n");
}

TEST(DrawsMessages, NoDrawsAtAll) {
  EXPECT_EQ(complaint(study_with("{count: 0, from: prior}")),
            R"(study.yaml:57:16: error: 'count' must be from 1 to 100000, found 0
   57 | draws: {count: 0, from: prior}
      |                ^
   in draws
   hint: how many draws; from a file with more rows, evenly spaced ones; default with a file: all its rows
1 error, nothing was run
)");
}

TEST(DrawsMessages, OthersWithoutAFile) {
  EXPECT_EQ(
      complaint(study_with("{count: 5, from: prior, others: prior}")),
      R"(study.yaml:57:40: error: 'others' says what happens to parameters that a file leaves out, and these draws come from no file
   57 | draws: {count: 5, from: prior, others: prior}
      |                                        ^~~~~
   in draws
   hint: without 'others' every parameter is drawn from its prior
1 error, nothing was run
)");
}

TEST(DrawsMessages, OthersThatHaveNoPriorOrLeaveTheirRange) {
  const std::string none =
      complaint(study_with("{from: p.csv, others: prior}", ""), "log_hr_drug\n-1\n");
  EXPECT_NE(none.find("parameter 'share' has no prior, and the study draws parameters from their "
                      "priors"),
            std::string::npos)
      << none;
  const std::string beyond = complaint(
      study_with("{from: p.csv, others: prior}", "{normal: [2, 0.01]}"), "log_hr_drug\n-1\n");
  EXPECT_NE(beyond.find("a prior that keeps the range, e.g. beta for shares"), std::string::npos)
      << beyond;
}

TEST(DrawsMessages, CellsThatAreNoNumbersAloneSayInWhichUnitTheyAre) {
  EXPECT_EQ(complaint(study_with("{from: p.csv}"), "share\n0.3 per year\n0.4\n\"\"\n"),
            R"(p.csv:2:1: error: column 'share' needs a number, found '0.3 per year'
    2 | 0.3 per year
      | ^~~~~~~~~~~~
   hint: write the number alone: numbers are in the unit in which the model writes the value
p.csv:4:1: error: 'share' has no value in this row
    4 | ""
      | ^~
   hint: a draw has a number for every parameter of the file
2 errors, nothing was run
)");
}

TEST(DrawsMessages, PriorsWithoutACount) {
  EXPECT_EQ(complaint(study_with("{from: prior}")),
            R"(study.yaml:57:8: error: draws from the prior need 'count'
   57 | draws: {from: prior}
      |        ^
   in draws
   hint: how many, e.g. count: 200
1 error, nothing was run
)");
}

TEST(DrawsMessages, AParameterWithoutPrior) {
  EXPECT_EQ(
      complaint(study_with("{count: 5, from: prior}", "")),
      R"(study.yaml:6:20: error: parameter 'share' has no prior, and the study draws parameters from their priors
    6 |     share: {value: 0.5, source: assumed}
      |                    ^~~
   in parameters > share
   hint: write a distribution, or prior: fixed
1 error, nothing was run
)");
}

// The number by another program (Philox4x32-10 of Salmon et al. 2011 in Python): seed 1, patient
// 2^32 - 1, FNV-1a hash of "parameter share", occurrence 1: u = 0.49050712991879236, and
// 7 + 0.001 x the normal quantile of u is 6.9999762.
TEST(DrawsMessages, APriorThatLeavesTheRange) {
  EXPECT_EQ(
      complaint(study_with("{count: 100, from: prior}", "{normal: [7, 0.001]}")),
      R"(study.yaml:6:32: error: draw 1 of 'share' is 6.99998; it makes 'probability' 6.99998, which must be from 0 to 1
    6 |     share: {value: 0.5, prior: {normal: [7, 0.001]}, source: assumed}
      |                                ^
   in attributes > male
   hint: a prior that keeps the range, e.g. beta for shares, log_normal above 0
1 error, nothing was run
)");
}

TEST(DrawsMessages, WrongPriors) {
  for (const auto& [prior, message] : std::vector<std::pair<std::string, std::string>>{
           {"0.3", "error: a prior must be 'fixed' or one distribution, found '0.3'"},
           {"{gaussian: [0, 1]}", "error: unknown prior 'gaussian'"},
           {"{beta: [2]}", "error: the prior 'beta' takes 2 numbers, found 1"},
           {"{half_normal: [1, 2]}", "error: the prior 'half_normal' takes 1 number, found 2"},
           {"{normal: [0, 0]}", "error: this number of the prior must be above 0, found 0"},
           {"{log_normal: [-1, 0.3]}", "error: this number of the prior must be above 0, found -1"},
           {"{normal: [0 months, 1]}", "error: a prior is made of numbers, found '0 months'"}}) {
    const std::string text = complaint(study_with("", prior));
    EXPECT_NE(text.find(message), std::string::npos) << text;
    EXPECT_NE(text.find("study.yaml:6:"), std::string::npos) << text;
  }
}

TEST(DrawsMessages, AFileThatIsNotThere) {
  EXPECT_EQ(complaint(study_with("{from: p.csv}")),
            R"(study.yaml:57:15: error: cannot find the file 'p.csv'
   57 | draws: {from: p.csv}
      |               ^~~~~
   hint: it is looked for beside this document, then in configs/
1 error, nothing was run
)");
}

TEST(DrawsMessages, AllThatIsWrongInAFileAtOnce) {
  EXPECT_EQ(complaint(study_with("{count: 3, from: p.csv}"),
                      "draw,shares,log_hr_drug,study_a\n1,0.5,,1\n2,0.5,-1,1\n"),
            R"(study.yaml:57:16: error: 'p.csv' has 2 rows, which are too few for 3 draws
   57 | draws: {count: 3, from: p.csv}
      |                ^
   in draws
   hint: at most as many draws as rows; without 'count' all rows are used
p.csv:1:6: error: the model has no parameter 'shares'
    1 | draw,shares,log_hr_drug,study_a
      |      ^~~~~~
   hint: did you mean 'share'?
p.csv:2:7: error: 'log_hr_drug' has no value in this row
    2 | 1,0.5,,1
      |       ^
   hint: a draw has a number for every parameter of the file
3 errors, nothing was run
)");
}

TEST(DrawsMessages, AValueOutsideItsRange) {
  EXPECT_EQ(
      complaint(study_with("{from: p.csv}", "{normal: [0.5, 0.1]}"), "share\n0.5\n1.5\n"),
      R"(p.csv:3:1: error: 'share' is 1.5; it makes 'probability' 1.5, which must be from 0 to 1
    3 | 1.5
      | ^~~
   in attributes > male
   hint: numbers are in the unit in which the model writes the value
1 error, nothing was run
)");
}

TEST(DrawsMessages, AValueThatThePriorDoesNotAllow) {
  EXPECT_EQ(complaint(study_with("{from: p.csv}"), "share\n0.5\n-0.5\n"),
            R"(p.csv:3:1: error: 'share' is -0.5; its prior allows only what is from 0 to 1
    3 | -0.5
      | ^~~~
   hint: numbers are in the unit in which the model writes the value
1 error, nothing was run
)");
}

TEST(DrawsMessages, AColumnOfAFixedParameterIsNotUsed) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{from: p.csv}", "fixed")));
  static_cast<void>(folder.write("p.csv", "share,log_hr_drug\n0.4,-1\n"));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err,
            R"(p.csv:1:1: warning: 'share' is fixed in the model: this column is not used
    1 | share,log_hr_drug
      | ^~~~~
   hint: to draw it, give it a prior that is not fixed
)");
}

TEST(DrawsRun, TheCommandLineSetsTheNumber) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("")));
  const ProcessResult run = npcsim(folder, {"run", "study.yaml", "--draws", "4"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("over 4 draws of the parameters: base case (95 % interval)\n"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("2 of 2 parameters vary, each by its prior; the same patients in all "
                         "draws\n"),
            std::string::npos);
  EXPECT_NE(run.err.find("base case and 4 draws of the parameters: 2,500 patients"),
            std::string::npos)
      << run.err;
  const ProcessResult again = npcsim(folder, {"run", "outputs/runs/small/study.yaml", "--quiet",
                                              "--out", "again", "--threads", "3"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  for (const char* const name : {"draws.csv", "draws_summary.csv", "summary.csv", "study.yaml"}) {
    EXPECT_EQ(read_text(folder / "again" / name), read_text(folder / "outputs/runs/small" / name))
        << name;
  }
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out,
            npcsim(folder, {"digest", "outputs/runs/small"}).out);
}

TEST(DrawsRun, TheCommandLineTakesThePosteriorOfTheModel) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("")));
  const std::string rows = "# prior only: share\nshare,log_hr_drug\n0.4,-1\n0.5,-0.5\n0.6,-0.1\n";
  static_cast<void>(folder.write("configs/models/posterior/m.csv", rows));
  static_cast<void>(folder.write("configs/models/posterior/other.csv", "nothing\n1\n"));
  const ProcessResult run = npcsim(folder, {"run", "study.yaml", "--draws", "3"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("2 of 2 parameters vary, by the rows of m.csv"), std::string::npos)
      << run.out;
  EXPECT_EQ(read_text(folder / "outputs/runs/small/inputs/m.csv"), rows);
  // What the study says goes first.
  const ProcessResult prior = npcsim(
      folder, {"run", "study.yaml", "--draws", "3", "--set", "draws.from=prior", "--out", "prior"});
  ASSERT_EQ(prior.exit_code, 0) << prior.err;
  EXPECT_NE(prior.out.find("each by its prior"), std::string::npos) << prior.out;
  const ProcessResult more = npcsim(folder, {"run", "study.yaml", "--draws", "4", "--out", "more"});
  EXPECT_EQ(more.exit_code, 64);  // the number stands on the command line
  EXPECT_NE(more.err.find("'m.csv' has 3 rows, which are too few for 4 draws"), std::string::npos)
      << more.err;
}

TEST(DrawsRun, FileIsKeptWithTheRun) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{from: p.csv}")));
  static_cast<void>(folder.write("p.csv", "share,log_hr_drug\n0.4,-1\n0.6,-0.1\n"));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  EXPECT_EQ(read_text(folder / "outputs/runs/small/inputs/p.csv"), read_text(folder / "p.csv"));
  std::filesystem::remove(folder / "p.csv");
  const ProcessResult again =
      npcsim(folder, {"run", "outputs/runs/small/study.yaml", "--quiet", "--out", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read_text(folder / "again/draws.csv"),
            read_text(folder / "outputs/runs/small/draws.csv"));
}

TEST(DrawsRun, ThePageSaysThatThePosteriorFailedItsChecks) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{from: fit/posterior.csv}")));
  static_cast<void>(folder.write("fit/posterior.csv", "share,log_hr_drug\n0.4,-1\n0.6,-0.1\n"));
  static_cast<void>(folder.write("fit/gates.csv",
                                 "gate,value,must_be,limit,passed\n"
                                 "largest split R-hat,1.2,at most,1.01,no\n"
                                 "smallest effective sample size,2000,at least,1000,yes\n"));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  const auto run = folder / "outputs/runs/small";
  const std::string page = read_text(run / "report.html");
  EXPECT_NE(page.find("The calibration behind the posterior failed 1 of its 2 checks: "
                      "largest split R-hat. These intervals are no better than it."),
            std::string::npos);
  // The page that is made again from the folder says so too, without the first files.
  std::filesystem::remove_all(folder / "fit");
  ASSERT_EQ(npcsim(folder, {"report", "outputs/runs/small"}).exit_code, 0);
  EXPECT_EQ(read_text(run / "report.html"), page);
}

TEST(DrawsRun, SharesOfArrayJobsAreJoined) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{count: 5, from: prior}")));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet", "--out", "whole"}).exit_code, 0);
  for (const char* const share : {"1/3", "2/3", "3/3"}) {
    ASSERT_EQ(
        npcsim(folder, {"run", "study.yaml", "--quiet", "--block-size", "64", "--blocks", share})
            .exit_code,
        0);
  }
  const ProcessResult status = npcsim(folder, {"status", "outputs/runs/small"});
  // 8 blocks of 64, the last of 52: 2, 3 and 3; and 1, 2 and 2 of 5 draws of 500 patients.
  EXPECT_NE(status.out.find("1-of-3: finished, 628 of 628 patients (100 %)"), std::string::npos)
      << status.out;
  EXPECT_NE(status.out.find("2-of-3: finished, 1192 of 1192"), std::string::npos) << status.out;
  const ProcessResult merged = npcsim(folder, {"merge", "outputs/runs/small", "--quiet"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(read_text(folder / "outputs/runs/small/draws.csv"),
            read_text(folder / "whole/draws.csv"));
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/small"}).out,
            npcsim(folder, {"digest", "whole"}).out);
}

TEST(DrawsRun, KilledAmongItsDrawsItGoesOnWithTheSameBytes) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{count: 300, from: prior}")));
  const std::vector<std::string> words = {"run",       "study.yaml", "--patients", "3000",
                                          "--threads", "2",          "--quiet"};
  const auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  ProcessOptions options;
  options.folder = folder.path();
  std::vector<std::string> command = words;
  command.insert(command.begin(), NPCSIM_PROGRAM);
  Process run(command, options);
  const auto log = folder / "outputs/runs/small.part/draws.log";
  for (int i = 0; i < 6000; ++i) {
    std::error_code none;
    if (std::filesystem::exists(log, none) && std::filesystem::file_size(log, none) > 4000) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  run.send_signal(SIGKILL);
  static_cast<void>(run.wait());
  ASSERT_FALSE(std::filesystem::exists(folder / "outputs/runs/small")) << "it was too quick";
  const ProcessResult resumed = npcsim(folder, with({"--resume"}));
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  ASSERT_EQ(npcsim(folder, with({"--out", "whole"})).exit_code, 0);
  EXPECT_EQ(read_text(folder / "outputs/runs/small/draws.csv"),
            read_text(folder / "whole/draws.csv"));
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/small"}).out,
            npcsim(folder, {"digest", "whole"}).out);
  EXPECT_EQ(names_in(folder / "outputs/runs/small"), names_in(folder / "whole"));
}

TEST(DrawsReplay, ShowsALifeInADraw) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", study_with("{from: p.csv}")));
  static_cast<void>(folder.write("p.csv", "share\n0\n1\n"));
  for (const auto& [draw, sex] :
       std::vector<std::pair<std::string, std::string>>{{"1", "no"}, {"2", "yes"}}) {
    const ProcessResult life =
        npcsim(folder, {"replay", "study.yaml", "--patient", "3", "--draw", draw});
    ASSERT_EQ(life.exit_code, 0) << life.err;
    EXPECT_NE(life.out.find("seed 1, draw " + draw + " of the parameters\n"), std::string::npos);
    EXPECT_NE(life.out.find("male   " + sex), std::string::npos) << life.out;
  }
  const ProcessResult beyond =
      npcsim(folder, {"replay", "study.yaml", "--patient", "3", "--draw", "3"});
  EXPECT_EQ(beyond.exit_code, 64);
  EXPECT_NE(beyond.err.find("the study has 2 draws of its parameters, found --draw 3"),
            std::string::npos);
}

}  // namespace
}  // namespace npcsim::testing
