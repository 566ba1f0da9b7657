// A calibration as a whole: documents in, files out.
#include "documents.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Two emulations, two parameters and far too few patients: the checks at the end fail, the files
// are written all the same.
constexpr const char* tiny = R"(calibration: tiny
emulations: [gem20110714, captain_1st]
parameters: [gp_log_hr, pd1_log_hr]
seed: 7
patients: 256
starts: 2
steps: 2
wave_points: 40
check_points: 10
draws: 100
)";

constexpr int check_failed = 1;

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
    if (name == "report.html") continue;  // it holds the command as it was typed
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

}  // namespace
}  // namespace npcsim::testing
