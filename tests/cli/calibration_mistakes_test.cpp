// What a writer of calibrations is told: mistakes of documents and of the command line.
#include "documents.hpp"
#include "tiny_calibration.hpp"

#include <filesystem>
#include <initializer_list>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

constexpr const char* calibration = "configs/calibrations/tiny.yaml";
constexpr const char* model = "configs/models/one_hazard.yaml";
constexpr const char* evidence = "configs/evidence/made.yaml";

struct CalibrationMistakes : ::testing::Test {
  CalibrationMistakes() { write_tiny_calibration(folder); }

  void change(const char* file, std::string_view from, std::string_view to) const {
    folder.write(file, changed(read_text(folder / file), from, to));
  }
  ProcessResult calibrate(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"calibrate", calibration, "--quiet", "--patients", "128"};
    words.insert(words.end(), more.begin(), more.end());
    return npcsim(folder, words);
  }
  // The program refuses with this code and all of these words, and leaves nothing behind.
  void refuses(const ProcessResult& answer, int code,
               std::initializer_list<const char*> words) const {
    EXPECT_EQ(answer.exit_code, code) << answer.out << answer.err;
    for (const char* const word : words)
      EXPECT_NE(answer.err.find(word), std::string::npos) << word << "\n" << answer.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/tiny"));
    EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/tiny.part"));
  }

  const TempFolder folder;
};

TEST_F(CalibrationMistakes, OptionsThatLeaveNoFigure) {
  const char* const none = "--without-designs and --without-studies leave no figure to fit";
  refuses(calibrate({"--without-designs", "randomised"}), 64, {none});
  refuses(calibrate({"--without-studies", "first", "--without-studies", "second"}), 64, {none});
}

// Tables of draws have columns of these names.
TEST_F(CalibrationMistakes, ParametersCalledLikeColumnsOfItsTables) {
  for (const std::string name : {"draw", "mean", "parameter", "study_rate", "hyper_rate"}) {
    const TempFolder other;
    write_tiny_calibration(other);
    for (const char* file : {calibration, model}) {
      std::string text = read_text(other / file);
      const std::string old = "death_rate";
      for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + name.size()))
        text.replace(at, old.size(), name);
      other.write(file, text);
    }
    const ProcessResult answer = npcsim(other, {"calibrate", calibration, "--quiet"});
    EXPECT_EQ(answer.exit_code, 65) << answer.err;
    EXPECT_NE(answer.err.find("error: a calibrated parameter cannot be called '" + name + "'"),
              std::string::npos)
        << answer.err;
  }
}

TEST_F(CalibrationMistakes, NoEmulationsAtAll) {
  change(calibration, "emulations: [first, second]", "emulations: []");
  refuses(calibrate(), 65, {"'emulations' must name at least one emulation, found an empty list"});
}

TEST_F(CalibrationMistakes, ANumberThatIsWrongIsReportedOnce) {
  change(calibration, "patients: 512", "patients: 3");
  const std::string wrong =
      "configs/calibrations/tiny.yaml:6:11: error: 'patients' must be from 64 to 10000000, found "
      "3\n"
      "    6 | patients: 3\n"
      "      |           ^\n"
      "   hint: virtual patients of each pool in one evaluation\n"
      "1 error, nothing was run\n";
  EXPECT_EQ(npcsim(folder, {"check", calibration}).err, wrong);
  const ProcessResult answer = npcsim(folder, {"calibrate", calibration});
  EXPECT_EQ(answer.err, wrong);
  refuses(answer, 65, {});
}

TEST_F(CalibrationMistakes, EmulationsWithoutAFigureToFit) {
  std::string none = "targets:\n";
  for (const char* const figure : {"never_12", "never_24", "treated_12", "treated_24"})
    none += "  first_" + std::string(figure) + ": {none: cannot}\n";
  folder.write("configs/emulations/first.yaml",
               read_text(folder / "configs/emulations/first.yaml") + none);
  change(calibration, "[first, second]", "[first]");
  refuses(calibrate(), 65, {"tiny.yaml:3:14: error: these emulations have no figure that can be"});
}

TEST_F(CalibrationMistakes, WordsOfOptionsThatFitNothing) {
  refuses(calibrate({"--without-studies", "frist"}), 64,
          {"--without-studies: the calibration has no study 'frist'; did you mean 'first'?"});
  refuses(calibrate({"--without-designs", "registry"}), 64,
          {"--without-designs: the calibration has no study of the design 'registry'; one of "
           "randomised"});
  refuses(calibrate({"--times-patients", "all=2"}), 64,
          {"--times-patients: the calibration has no study of the design 'all'"});
  refuses(calibrate({"--times-patients", "randomised=2", "--times-patients", "randomised=3"}), 64,
          {"--times-patients names 'randomised' twice"});
}

TEST_F(CalibrationMistakes, NothingCountsTwice) {
  change(calibration, "[first, second]", "[first, second, first, configs/emulations/second.yaml]");
  change(calibration, "[death_rate, effect]", "[death_rate, effect, death_rate]");
  refuses(calibrate(), 65,
          {"tiny.yaml:3:29: error: the emulation 'first' is listed twice",
           "tiny.yaml:3:36: error: 'configs/emulations/second.yaml' and 'second' are the same",
           "tiny.yaml:4:34: error: the parameter 'death_rate' is listed twice", "3 errors"});
}

TEST_F(CalibrationMistakes, AFigureOfTwoEmulationsWouldCountTwice) {
  folder.write("configs/emulations/again.yaml",
               changed(read_text(folder / "configs/emulations/first.yaml"), "study: first",
                       "study: again\npublication: first"));
  change(calibration, "[first, second]", "[first, again]");
  refuses(
      calibrate(), 65,
      {"again.yaml:2:14: error: 'first' emulates the figure 'first_never_12', too, and 3 more of "
       "this study"});
}

TEST_F(CalibrationMistakes, OneParameterHasOnePrior) {
  const auto copy = [&](const std::string& from, const std::string& to) {
    std::string text = read_text(folder / from);
    for (std::size_t at = 0; (at = text.find("one_hazard", at)) != std::string::npos; at += 3)
      text.replace(at, 10, "two");
    for (const char* const name : {"wait", "treat"}) {
      const std::string strategy = "strategy: " + std::string(name);
      for (std::size_t at = 0; (at = text.find(strategy, at)) != std::string::npos; at += 12)
        text.insert(at + strategy.size(), "_two");
    }
    folder.write(to, text);
  };
  copy(model, "configs/models/two.yaml");
  copy("strategies/wait.yaml", "strategies/wait_two.yaml");
  copy("strategies/treat.yaml", "strategies/treat_two.yaml");
  copy("configs/emulations/second.yaml", "configs/emulations/second.yaml");
  EXPECT_EQ(npcsim(folder, {"check", calibration}).err, "");
  change("configs/models/two.yaml", "[0.04, 0.3]", "[0.02, 0.3]");
  refuses(calibrate(), 78,
          {"tiny.yaml:4:14: error: 'death_rate' has the prior", "in the model 'one_hazard' and",
           "in 'two'"});
}

TEST_F(CalibrationMistakes, AParameterIsNeeded) {
  change(calibration, "[death_rate, effect]", "[]");
  refuses(calibrate(), 65,
          {"tiny.yaml:4:13: error: 'parameters' must name at least one parameter"});
}

TEST_F(CalibrationMistakes, TooFewPointsOfAWave) {
  change(calibration, "steps: 6", "wave_points: 7");
  refuses(calibrate(), 65,
          {"error: 'wave_points' must be 0 or at least 11 with 2 parameters, found 7"});
}

TEST_F(CalibrationMistakes, ParetosKNeedsRuns) {
  change(calibration, "check_points: 25", "check_points: 24");
  refuses(calibrate(), 65, {"'check_points' must be from 25 to 100000, found 24"});
}

TEST_F(CalibrationMistakes, PriorsThatLeaveTheRangeOfTheirUse) {
  change(model, "log_normal: [0.04, 0.3]", "normal: [0.04, 0.2]");
  refuses(calibrate(), 65,
          {"one_hazard.yaml:6:46: error: the prior of 'death_rate' reaches -0.160",
           "rate must be 0 or above"});
  // Not even the mean of the prior is possible.
  change(model, "normal: [0.04, 0.2]", "normal: [-0.04, 0.01]");
  refuses(calibrate(), 65,
          {"one_hazard.yaml:6:46: error: the prior of 'death_rate' reaches -0.04"});
  change(model, "normal: [-0.04, 0.01]", "normal: [0.04, 0.2]");
  change(model, "exponential: {rate: $death_rate}", "exponential: $death_rate");
  refuses(calibrate(), 65,
          {"one_hazard.yaml:6:46: error: the prior of 'death_rate' reaches -0.560 (three standard "
           "deviations from its mean), but 'exponential' must be at least 0"});
}

TEST_F(CalibrationMistakes, PriorsOfProbabilities) {
  change(model, "high: {bernoulli: 0.5", "high: {bernoulli: $share");
  change(model, "parameters:\n",
         "parameters:\n  share: {value: 0.4, prior: {normal: [0.4, 0.5]}, source: assumed}\n");
  change(calibration, "[death_rate, effect]", "[death_rate, share]");
  refuses(calibrate(), 65, {"one_hazard.yaml:6:", "error: the prior of 'share' reaches -1.1"});
}

TEST_F(CalibrationMistakes, MediansAreAboveZero) {
  for (const char* const reading : {"", "is: less_than, ", "is: more_than, "}) {
    write_tiny_calibration(folder);
    change(evidence, "targets:\n",
           "targets:\n  m: {study: first, arm: never, endpoint: OS, statistic: median, " +
               std::string(reading) +
               "value: 0, unit: months, n: 100, n_basis: printed, kind: randomised, confounded: "
               "false, population: all_patients, place: T1}\n");
    refuses(calibrate(), 65, {"error: 'm' is a median of 0 months", "medians are above 0"});
  }
}

TEST_F(CalibrationMistakes, StudiesThatNobodyEnters) {
  const std::string first = "configs/emulations/first.yaml";
  change(first.c_str(), "arms:", "origin: 400 months\narms:");
  refuses(calibrate(), 65,
          {"first.yaml:8:9: error: nobody can enter at '400 months': lives end at the horizon"});
  change(first.c_str(), "origin: 400 months", "lived: 119.9 months");
  refuses(
      calibrate(), 65,
      {"first.yaml:8:8: error: 'lived' leaves nobody: it is 119.9 months, and nobody is followed "
       "beyond 60 months"});
}

TEST_F(CalibrationMistakes, PopulationsOfNobody) {
  change("configs/emulations/first.yaml", "arms:",
         "population: {population: none, eligible: {high: true}, attributes: {high: {bernoulli: 0, "
         "source: assumed}}}\narms:");
  const char* const message =
      "first.yaml:8:13: error: the population finds fewer than one eligible patient in";
  refuses(calibrate(), 65, {message});
  refuses(npcsim(folder, {"validate", "first", "--base"}), 65, {message});
}

TEST_F(CalibrationMistakes, AllMistakesAtOnce) {
  change(calibration, "[first, second]", "[first, secnd]");
  change(calibration, "[death_rate, effect]", "[deth_rate, effect]");
  change(calibration, "seed: 11", "sed: 11");
  change("configs/emulations/first.yaml", "strategy: treat", "strategy: treet");
  refuses(calibrate(), 65,
          {"unknown key 'sed'", "there is no emulation 'secnd'", "did you mean 'second'?",
           "cannot find the strategy 'treet'"});
  write_tiny_calibration(folder);
  change(calibration, "[death_rate, effect]", "[deth_rate, effect]");
  change(calibration, "steps: 6", "steps: 0");
  change("configs/emulations/second.yaml", "follow_up", "followup");
  refuses(calibrate(), 65,
          {"the model has no parameter 'deth_rate'", "'steps' must be", "unknown key 'followup'"});
}

TEST_F(CalibrationMistakes, WhichPriorsCanBeFitted) {
  change(model, "normal: [0, 0.5]", "half_normal: [0.5]");
  refuses(calibrate(), 65,
          {"tiny.yaml:4:26: error: 'effect' has the prior {half_normal: [0.5]}, which calibration "
           "cannot fit",
           "normal, log_normal and beta can be fitted; half_normal and fixed cannot"});
}

TEST_F(CalibrationMistakes, CheckAndDescribeKnowCalibrations) {
  const ProcessResult checked = npcsim(folder, {"check", calibration});
  EXPECT_EQ(checked.err, "");
  EXPECT_EQ(checked.out,
            std::string(calibration) +
                ": calibration tiny: 2 parameters, 8 figures of 2 studies to fit, 0 to "
                "show, model one_hazard\n");
  const ProcessResult described = npcsim(folder, {"describe", "tiny"});
  EXPECT_EQ(described.exit_code, 0) << described.err;
  for (const char* const words : {"Two <made-up> trials\ncalibration tiny, model one_hazard\n",
                                  "Fits 2 parameters to 8 published figures of 2 studies",
                                  "death_rate", "tau_death", "half-normal, scale 0.2"})
    EXPECT_NE(described.out.find(words), std::string::npos) << words << "\n" << described.out;
  change(calibration, "[death_rate, effect]", "[deth_rate, effect]");
  const ProcessResult wrong = npcsim(folder, {"check", calibration});
  EXPECT_EQ(wrong.exit_code, 65);
  EXPECT_NE(wrong.err.find("the model has no parameter 'deth_rate'"), std::string::npos)
      << wrong.err;
}

// The library reads all evidence for each of them.
TEST_F(CalibrationMistakes, TwoCheckedDocumentsSayTheSameOnce) {
  change(evidence, "design: randomised, patients: 200, disease: dmnpc, source: [nobody]}\n  second",
         "design: randomized, patients: 200, disease: dmnpc, source: [nobody]}\n  second");
  folder.write("configs/evidence/other.yaml", "evidence: other\ntitle: Other\n");
  const ProcessResult answer =
      npcsim(folder, {"check", evidence, "configs/evidence/other.yaml", calibration});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_NE(answer.err.find("unknown design 'randomized'"), std::string::npos) << answer.err;
  EXPECT_EQ(answer.err.find("unknown design"), answer.err.rfind("unknown design")) << answer.err;
  EXPECT_NE(answer.err.find("\n1 error, nothing was run\n"), std::string::npos) << answer.err;
}

TEST_F(CalibrationMistakes, NumbersOfOptions) {
  refuses(calibrate({"--seed", "-1"}), 64, {"--seed needs a whole number from 0 on, found -1"});
  refuses(calibrate({"--threads", "-1"}), 64, {"--threads must be from 0 to 4096"});
  refuses(npcsim(folder, {"calibrate", calibration, "b.yaml"}), 64,
          {"one calibration at a time, found 2"});
  refuses(npcsim(folder, {"calibrate", "configs"}), 66, {"cannot read 'configs': it is a folder"});
}

TEST_F(CalibrationMistakes, NoSelfTestWithoutItsModel) {
  const TempFolder elsewhere;
  const std::filesystem::path program = elsewhere / "npcsim";
  std::filesystem::copy_file(NPCSIM_PROGRAM, program);
  ProcessOptions options;
  options.folder = elsewhere.path();
  Process run({program.string(), "calibrate", "--self-test", "1"}, options);
  const ProcessResult answer = run.wait();
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_NE(answer.err.find("configs/studies/illness_death.yaml"), std::string::npos) << answer.err;
}

}  // namespace
}  // namespace npcsim::testing
