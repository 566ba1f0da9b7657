// A calibration as a whole: documents in, files out.
#include "documents.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/io/csv.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// Two emulations, two parameters and far too few patients: the checks at the end fail, the files
// are written all the same.
constexpr const char* tiny = R"(calibration: tiny
emulations: [gem20110714, captain_1st]
parameters: [gp_log_hr, pd1_log_hr]
seed: 7
patients: 64
starts: 2
steps: 2
wave_points: 40
check_points: 25
draws: 100
)";

constexpr int check_failed = 1;

TEST(Calibrate, EmulationsThatDoNotExistHaveTheirPlaces) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("twice.yaml",
               "calibration: twice\ntitle: Twice\nemulations: [first, secnd, first, qqqqqqqq]\n"
               "parameters: [death_rate]\nseed: 1\n");
  const ProcessResult answer = npcsim(folder, {"calibrate", "twice.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  for (const char* const words :
       {"twice.yaml:3:21: error: there is no emulation 'secnd'", "hint: did you mean 'second'?",
        "twice.yaml:3:28: error: the emulation 'first' is listed twice",
        "twice.yaml:3:35: error: there is no emulation 'qqqqqqqq'",
        "hint: npcsim list emulations names those that are there"})
    EXPECT_NE(answer.err.find(words), std::string::npos) << words << "\n" << answer.err;
}

TEST(Calibrate, WarnsOfAParameterThatAStudyFixes) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const auto path = folder / "configs/emulations/second.yaml";
  // The value is the model's own, which another version of the model may not have.
  folder.write("configs/emulations/second.yaml",
               read_text(path) + "parameters: {death_rate: 0.04 per month}\n");
  const auto warned = [&](const char* emulations) {
    folder.write("fixed.yaml", "calibration: fixed\nseed: 1\ntitle: Fixed\nemulations: [" +
                                   std::string(emulations) +
                                   "]\nparameters: [death_rate, effect]\npatients: 64\nstarts: "
                                   "1\nsteps: 1\nwave_points: 20\ncheck_points: 25\ndraws: 100\n");
    const ProcessResult made =
        npcsim(folder, {"calibrate", "fixed.yaml", "--force", "--out", "out"});
    EXPECT_LE(made.exit_code, check_failed);  // a warning stops nothing
    // One step of the search is not enough, and -q does not hide that.
    const ProcessResult quiet =
        npcsim(folder, {"calibrate", "fixed.yaml", "--force", "--quiet", "--out", "out"});
    EXPECT_EQ(quiet.err.find("npcsim: check failed: ") != std::string::npos,
              quiet.exit_code == check_failed)
        << quiet.err;
    return made.err;
  };
  const std::string some = warned("first, second");
  EXPECT_NE(some.find("fixed.yaml:5:14: warning: some studies fix 'death_rate' and say nothing of "
                      "it: second"),
            std::string::npos)
      << some;
  const std::string all = warned("second");
  EXPECT_NE(all.find("warning: every study fixes 'death_rate', so that it keeps its prior: second"),
            std::string::npos)
      << all;
}

TEST(Calibrate, FilesAreTheSameForAnyNumberOfThreads) {
  const TempFolder folder;
  static_cast<void>(folder.write("tiny.yaml", tiny));
  for (const char* const threads : {"1", "2"}) {
    const ProcessResult run = npcsim(
        folder, {"calibrate", "tiny.yaml", "--quiet", "--threads", threads, "--out", threads});
    ASSERT_EQ(run.exit_code, check_failed) << run.err;
  }
  const auto names = names_in(folder / "1");
  EXPECT_EQ(names, names_in(folder / "2"));
  ASSERT_NE(std::find(names.begin(), names.end(), "posterior.csv"), names.end());
  for (const auto& name : names) {
    // These hold the command as it was typed.
    if (name == "report.html" || name == "provenance.json") continue;
    EXPECT_TRUE(read_text(folder / "1" / name) == read_text(folder / "2" / name)) << name;
  }
  const std::string draws = read_text(folder / "1/posterior.csv");
  EXPECT_EQ(draws.compare(0, 27, "draw,gp_log_hr,pd1_log_hr,h"), 0) << draws.substr(0, 60);
  EXPECT_EQ(std::count(draws.begin(), draws.end(), '\n'), 101);

  // What it writes is what `draws` of a study takes.
  static_cast<void>(folder.write(
      "study.yaml",
      "study: after\nmodel: dmnpc\npopulation: fujian\nstrategies: [gp]\npatients: 10\nseed: 1\n"
      "horizon: 60 months\ndraws: {from: 1/posterior.csv}\n"));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.err, "");
  EXPECT_NE(answer.out.find("100 draws of 2 parameters"), std::string::npos) << answer.out;
}

// Four figures of a hundred patients cannot add to a prior that knows the effect to 1 %; the file
// of the draws says so itself, and its readers read it all the same.
TEST(Calibrate, TheDrawsSayWhatOnlyThePriorKnows) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("configs/models/one_hazard.yaml",
               changed(read_text(folder / "configs/models/one_hazard.yaml"), "normal: [0, 0.5]",
                       "normal: [0, 0.01]"));
  const ProcessResult answer = npcsim(folder, {"calibrate", "configs/calibrations/tiny.yaml",
                                               "--patients", "8192", "--draws", "40"});
  EXPECT_LE(answer.exit_code, check_failed) << answer.err;
  EXPECT_NE(answer.out.find("\nPosterior: outputs/runs/tiny/posterior.csv\n"), std::string::npos)
      << answer.out;
  const std::string file = "outputs/runs/tiny/posterior.csv";
  const std::string draws = read_text(folder / file);
  EXPECT_EQ(draws.substr(0, draws.find(",hyper")), "# prior only: effect\ndraw,death_rate,effect");
  folder.write("study.yaml",
               "study: after\nmodel: one_hazard\nstrategies: [wait]\npatients: 10\n"
               "seed: 1\nhorizon: 60 months\ndraws: {from: " +
                   file + "}\n");
  const ProcessResult checked = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(checked.err, "");
  EXPECT_NE(checked.out.find("40 draws of 2 parameters"), std::string::npos) << checked.out;
  const ProcessResult validated = npcsim(
      folder, {"validate", "first", "--posterior", file, "--draws", "2", "--patients", "64"});
  EXPECT_EQ(validated.exit_code, 0) << validated.err;
}

TEST(Calibrate, WhatDiffersBetweenStudiesCanBeSwitchedOff) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string document = read_text(folder / "configs/calibrations/tiny.yaml");
  folder.write("configs/calibrations/tiny.yaml",
               document +
                   "between_studies: {tau_death: {fixed: 0}, bias_matched: {fixed: -0.1}, "
                   "sigma_shape: {fixed: -1}}\n");
  const std::vector<std::string> words{
      "calibrate", "configs/calibrations/tiny.yaml", "--patients", "512", "--draws", "40"};
  const ProcessResult refused = npcsim(folder, words);
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_NE(refused.err.find("'sigma_shape' can be fixed at a number that is 0 or above"),
            std::string::npos)
      << refused.err;
  folder.write(
      "configs/calibrations/tiny.yaml",
      document + "between_studies: {tau_death: {fixed: 0}, bias_matched: {fixed: -0.1}}\n");
  const ProcessResult answer = npcsim(folder, words);
  EXPECT_LE(answer.exit_code, check_failed) << answer.err;
  Diagnostics diagnostics;
  const auto table =
      read_csv_file((folder / "outputs/runs/tiny/posterior.csv").string(), diagnostics);
  ASSERT_TRUE(table);
  const auto* const off = table->numbers("hyper_tau_death", diagnostics);
  const auto* const held = table->numbers("hyper_bias_matched", diagnostics);
  ASSERT_TRUE(off != nullptr && held != nullptr);
  EXPECT_EQ(*off, Column::Numbers(40, 0.0));
  EXPECT_EQ(*held, Column::Numbers(40, -0.1));
}

// All mistakes at once, each where it stands.
TEST(Calibrate, SaysWhatIsWrongWithPriorsBetweenStudies) {
  const TempFolder folder;
  static_cast<void>(folder.write("tiny.yaml", std::string(tiny) +
                                                  "between_studies:\n"
                                                  "  tau_deaths: {half_normal: [0.1]}\n"
                                                  "  tau_death: {normal: [0, 0.1]}\n"
                                                  "  bias_matched: {half_normal: [0.1]}\n"
                                                  "  omega_effect: {half_normal: [0]}\n"));
  const ProcessResult answer = npcsim(folder, {"calibrate", "tiny.yaml", "--quiet"});
  EXPECT_EQ(answer.exit_code, 65);
  for (const char* const words :
       {"tiny.yaml:12:3: error: ", "did you mean 'tau_death'?",
        "tiny.yaml:13:14: error: the prior of 'tau_death' must be half-normal: it is a standard "
        "deviation",
        "tiny.yaml:14:17: error: the prior of 'bias_matched' must be normal: it is a mean",
        "tiny.yaml:15:32: error: this number of the prior must be above 0, found 0"})
    EXPECT_NE(answer.err.find(words), std::string::npos) << words << "\n" << answer.err;
}

TEST(Calibrate, DoesNotReplaceWhatIsNotItsOwn) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("precious/notes.txt", "mine");
  const std::vector<std::string> words{
      "calibrate", "configs/calibrations/tiny.yaml", "--quiet", "--patients", "128", "--draws",
      "40"};
  const auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  const ProcessResult foreign = npcsim(folder, with({"--out", "precious"}));
  EXPECT_EQ(foreign.exit_code, 73);
  EXPECT_EQ(foreign.err,
            "npcsim: error: precious exists and is not a run of this program\n"
            "   hint: --out DIR writes elsewhere; npcsim removes nothing but its own runs\n");
  EXPECT_EQ(read_text(folder / "precious/notes.txt"), "mine");

  // The same calibration may be made again, another seed needs --force.
  const auto made = [](const ProcessResult& result) { return result.exit_code <= check_failed; };
  ASSERT_TRUE(made(npcsim(folder, with({"--out", "posterior"}))));
  EXPECT_TRUE(made(npcsim(folder, with({"--out", "posterior"}))));
  const ProcessResult other = npcsim(folder, with({"--out", "posterior", "--seed", "5"}));
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(other.err,
            "npcsim: error: posterior holds the run of another study or other options\n"
            "   hint: --force replaces it, --out DIR writes elsewhere\n");
  EXPECT_TRUE(made(npcsim(folder, with({"--out", "posterior", "--seed", "5", "--force"}))));
  const std::string provenance = read_text(folder / "posterior/provenance.json");
  EXPECT_NE(provenance.find("\"seed\": 5"), std::string::npos) << provenance;
  EXPECT_NE(provenance.find("\"patients\": 128"), std::string::npos) << provenance;
  const std::string draws = read_text(folder / "posterior/posterior.csv");
  EXPECT_EQ(std::count(draws.begin(), draws.end(), '\n'), 41);
}

TEST(Calibrate, JsonIsAllThereIsOnStandardOutput) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = npcsim(
      folder, {"calibrate", "configs/calibrations/tiny.yaml", "--patients", "128", "--json"});
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out.compare(0, 2, "{\""), 0) << answer.out;
  EXPECT_EQ(answer.out.find('\n'), answer.out.size() - 1);
  for (const char* const words :
       {R"json({"command":"calibrate","version":")json",
        R"json("calibration":"tiny","folder":"outputs/runs/tiny","passed":)json",
        R"json("parameters":{"name":"parameters","columns":[{"name":"parameter")json",
        R"json("gates":{"name":"gates","columns":[{"name":"gate")json"})
    EXPECT_NE(answer.out.find(words), std::string::npos) << words << "\n" << answer.out;
}

TEST(Calibrate, StopsAtASignalAndGoesOnToTheSameBytes) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::vector<std::string> words{"calibrate", "configs/calibrations/tiny.yaml", "--patients",
                                       "3000", "--quiet"};
  std::vector<std::string> command = words;
  command.insert(command.begin(), NPCSIM_PROGRAM);
  ProcessOptions options;
  options.folder = folder.path();
  Process run(command, options);
  const auto log = folder / "outputs/runs/tiny.part/evaluations.log";
  for (int i = 0; i < 6000; ++i) {
    std::error_code none;
    if (std::filesystem::exists(log, none) && std::filesystem::file_size(log, none) > 1000) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  run.send_signal(SIGTERM);
  const ProcessResult stopped = run.wait();
  ASSERT_EQ(stopped.exit_code, 143) << stopped.err;
  EXPECT_EQ(stopped.err,
            "npcsim: interrupted; what is finished is kept in outputs/runs/tiny.part\n"
            "   hint: the same command with --resume goes on\n");

  // Other documents, or other options, must not go on from these evaluations.
  const auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  const std::string refusal =
      "npcsim: error: outputs/runs/tiny.part holds a calibration of other documents or other "
      "options, or of another version of npcsim\n   hint: without --resume it is begun anew\n";
  const ProcessResult other = npcsim(folder, with({"--resume", "--without-studies", "second"}));
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(other.err, refusal);
  const auto document = folder / "configs/emulations/first.yaml";
  const std::string text = read_text(document);
  write_text(document, changed(text, "least: 48 months", "least: 50 months"));
  EXPECT_EQ(npcsim(folder, with({"--resume"})).err, refusal);
  write_text(document, text);

  ASSERT_LE(npcsim(folder, with({"--resume"})).exit_code, check_failed);
  ASSERT_LE(npcsim(folder, with({"--out", "whole"})).exit_code, check_failed);
  for (const char* const name : {"posterior.csv", "predictions.csv", "posterior.h5"})
    EXPECT_TRUE(read_text(folder / "outputs/runs/tiny" / name) ==
                read_text(folder / "whole" / name))
        << name;
}

TEST(Calibrate, ALogThatIsNoneSaysWhatToDo) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  static_cast<void>(folder.write("outputs/runs/tiny.part/evaluations.log", "not a log at all\n"));
  const ProcessResult answer =
      npcsim(folder, {"calibrate", "configs/calibrations/tiny.yaml", "--resume"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err,
            "npcsim: error: cannot read 'outputs/runs/tiny.part/evaluations.log': this is not a "
            "block log\n   hint: delete it, or begin anew without --resume\n");
}

TEST(Calibrate, GoesOnWithoutTheFilesOfAnotherCommand) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  static_cast<void>(folder.write("out.part/blocks.log", "of a run"));
  static_cast<void>(folder.write("out.part/figures.csv", "of a validation"));
  const ProcessResult answer =
      npcsim(folder, {"calibrate", "configs/calibrations/tiny.yaml", "--resume", "--quiet",
                      "--patients", "128", "--draws", "40", "--out", "out"});
  ASSERT_LE(answer.exit_code, check_failed) << answer.err;
  for (const char* const name : {"blocks.log", "figures.csv"})
    EXPECT_FALSE(std::filesystem::exists(folder / "out" / name)) << name;
}

TEST(Calibrate, ANameThatIsTooLongIsNoFaultOfTheProgram) {
  const TempFolder folder;
  const std::string name(300, 'a');
  const ProcessResult answer = npcsim(folder, {"calibrate", name});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err, "npcsim: error: cannot read '" + name + "': no such file\n");
}

TEST(Calibrate, DocumentsOfOtherKindsAreCalledByTheirName) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = npcsim(folder, {"calibrate", "configs/emulations/first.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.err.find(": error: this command needs a calibration, found an emulation\n"),
            std::string::npos)
      << answer.err;
  EXPECT_NE(answer.err.find("1 error, nothing was run\n"), std::string::npos) << answer.err;
}

TEST(Calibrate, StatusSaysHowFarItIs) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  ProcessOptions options;
  options.folder = folder.path();
  Process run({NPCSIM_PROGRAM, "calibrate", "configs/calibrations/tiny.yaml", "--patients",
               "100000", "--quiet"},
              options);
  const auto log = folder / "outputs/runs/tiny.part/evaluations.log";
  for (int i = 0; i < 6000; ++i) {
    std::error_code none;
    if (std::filesystem::exists(log, none) && std::filesystem::file_size(log, none) > 1000) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  run.send_signal(SIGKILL);
  static_cast<void>(run.wait());
  ASSERT_FALSE(std::filesystem::exists(folder / "outputs/runs/tiny")) << "it was too quick";
  const std::string status = npcsim(folder, {"status", "outputs/runs/tiny"}).out;
  EXPECT_EQ(status.rfind("outputs/runs/tiny.part: in progress, ", 0), 0) << status;
  EXPECT_NE(status.find(" evaluations of a calibration\n"), std::string::npos) << status;
}

}  // namespace
}  // namespace npcsim::testing
