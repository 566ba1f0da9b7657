// A run that is killed at any rename or removal goes on from all that it had, to the same bytes.
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

struct Case {
  const char* study;
  const char* output;
  long patients;
  long draws;
};

std::vector<std::string> run_command(const Case& which, const std::string& folder) {
  std::vector<std::string> command = {
      NPCSIM_PROGRAM,
      "run",
      std::string(NPCSIM_SOURCE_DIR) + "/configs/studies/" + which.study,
      "--patients",
      std::to_string(which.patients),
      "--output",
      which.output,
      "--threads",
      "1",
      "--block-size",
      "1024",
      "--quiet",
      "--out",
      folder};
  if (which.draws > 0) command.insert(command.end(), {"--draws", std::to_string(which.draws)});
  return command;
}

std::string digest(const std::string& folder) {
  const ProcessResult result = run_program({NPCSIM_PROGRAM, "digest", folder});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

// Whether all that was simulated is still there: as results, or as what --resume goes on with.
bool has_everything(const std::string& folder, long all) {
  if (std::filesystem::exists(folder + "/provenance.json")) return true;
  const ProcessResult result = run_program({NPCSIM_PROGRAM, "status", folder, "--json"});
  return result.out.find("\"patients_done\":" + std::to_string(all) + ",") != std::string::npos;
}

class KilledWhileFinishing : public ::testing::TestWithParam<Case> {};

TEST_P(KilledWhileFinishing, LosesNothing) {
  const TempFolder folder;
  const std::string whole = (folder / "whole").string();
  const ProcessResult first = run_program(run_command(GetParam(), whole));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string expected = digest(whole);
  const long all = GetParam().patients * (GetParam().draws + 1);

  int kills = 0;
  int with_everything = 0;
  for (int call = 1; call < 1000; ++call) {
    SCOPED_TRACE("killed at call " + std::to_string(call));
    const std::string broken = (folder / std::to_string(call)).string();
    ProcessOptions options;
    options.environment = {{"LD_PRELOAD", NPCSIM_KILLER}, {"NPCSIM_KILL_AT", std::to_string(call)}};
    std::vector<std::string> command = run_command(GetParam(), broken);
    const ProcessResult result = run_program(command, options);
    if (result.exit_code == 0) break;
    ASSERT_EQ(result.exit_code, 128 + SIGKILL) << result.err;
    ++kills;
    // What was complete at an earlier call is complete at this one.
    const bool everything = has_everything(broken, all);
    EXPECT_TRUE(everything || with_everything == 0) << "simulated patients were lost";
    with_everything += everything ? 1 : 0;
    command.push_back("--resume");
    const ProcessResult again = run_program(command);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(digest(broken), expected);
    std::filesystem::remove_all(broken);
  }
  // Files of results, the folder, and at least two files of progress.
  EXPECT_GT(kills, 5);
  EXPECT_GT(with_everything, 4);
}

INSTANTIATE_TEST_SUITE_P(Outputs, KilledWhileFinishing,
                         ::testing::Values(Case{"three_state.yaml", "summary", 2000, 0},
                                           Case{"three_state.yaml", "patients", 2000, 0},
                                           Case{"lrrt.yaml", "summary", 200, 2}),
                         [](const ::testing::TestParamInfo<Case>& which) {
                           return std::string(which.param.output) +
                                  (which.param.draws > 0 ? "_with_draws" : "");
                         });

// What a run replaces, and on which file system.
struct Replacement {
  const char* name;
  bool other_study;   // replaced with --force
  bool can_exchange;  // the file system can put one folder in the place of another at once
};

class KilledWhileReplacing : public ::testing::TestWithParam<Replacement> {};

TEST_P(KilledWhileReplacing, LeavesAWholeRunAndNothingInTheWay) {
  const Case study{"three_state.yaml", "summary", 2000, 0};
  const TempFolder folder;
  const std::string before = (folder / "before").string();
  const std::string whole = (folder / "whole").string();
  std::vector<std::string> first = run_command(study, before);
  if (GetParam().other_study) first.insert(first.end(), {"--seed", "5"});
  ASSERT_EQ(run_program(first).exit_code, 0);
  ASSERT_EQ(run_program(run_command(study, whole)).exit_code, 0);
  const std::string expected = digest(whole);
  const std::string old = digest(before);

  int kills = 0;
  int with_the_old = 0;
  int with_the_new = 0;
  for (int call = 1; call < 1000; ++call) {
    SCOPED_TRACE("killed at call " + std::to_string(call));
    const TempFolder place;
    const std::string run = (place / "run").string();
    std::filesystem::copy(before, run);
    std::vector<std::string> command = run_command(study, run);
    if (GetParam().other_study) command.emplace_back("--force");
    ProcessOptions options;
    options.environment = {{"LD_PRELOAD", NPCSIM_KILLER}};
    if (!GetParam().can_exchange) options.environment.emplace_back("NPCSIM_NO_EXCHANGE", "1");
    ProcessOptions killed = options;
    killed.environment.emplace_back("NPCSIM_KILL_AT", std::to_string(call));
    const ProcessResult result = run_program(command, killed);
    if (result.exit_code == 0) break;
    ASSERT_EQ(result.exit_code, 128 + SIGKILL) << result.err;
    ++kills;
    // Only where two renames are needed is there a moment without a run in its place; the new one
    // is complete then.
    const bool there = std::filesystem::exists(run + "/provenance.json");
    EXPECT_TRUE(there || (!GetParam().can_exchange && has_everything(run, study.patients)));
    if (there) {
      const std::string now = digest(run);
      EXPECT_TRUE(now == old || now == expected) << now;
      with_the_old += now == old ? 1 : 0;
      with_the_new += now == expected ? 1 : 0;
    }
    // Goes on at odd calls, and begins anew at even ones.
    if (call % 2 == 1) command.emplace_back("--resume");
    const ProcessResult again = run_program(command, options);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(digest(run), expected);
    std::size_t names = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(place.path()))
      ++names;
    EXPECT_EQ(names, 1U) << "something was left beside the run";
  }
  EXPECT_GT(kills, 10);
  EXPECT_GT(with_the_old, 4);
  EXPECT_GT(with_the_new, 4);
}

INSTANTIATE_TEST_SUITE_P(All, KilledWhileReplacing,
                         ::testing::Values(Replacement{"TheSameStudy", false, true},
                                           Replacement{"AnotherStudy", true, true},
                                           Replacement{"TheSameStudyInTwoSteps", false, false},
                                           Replacement{"AnotherStudyInTwoSteps", true, false}),
                         [](const auto& which) { return std::string(which.param.name); });

}  // namespace
}  // namespace npcsim::testing
