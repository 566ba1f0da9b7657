// Interruption, resumption, and what a folder may be used for.
#include "small_scenarios.hpp"

#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// Some tenths of a second a scenario on a fast machine: the signal comes late by that much, or
// more, where others keep the processors busy, so that more than one scenario may be finished.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int patients = 1'000'000;
#else
constexpr int patients = 20'000'000;
#endif
const std::vector<std::string> long_run{
    "run", "scenarios.yaml", "--patients", std::to_string(patients), "--threads", "1", "--quiet"};

std::string row(int count) { return "small,nothing,,,OS,patients,," + std::to_string(count) + ","; }

// Sends the signal once the first scenario is finished.
ProcessResult interrupted(const TempFolder& folder, int signal) {
  ProcessOptions options;
  options.folder = folder.path();
  std::vector<std::string> words = long_run;
  words.insert(words.begin(), NPCSIM_PROGRAM);
  Process run(words, options);
  const auto first = folder / "outputs/runs/scenarios.part/finished/0.csv";
  for (int i = 0; i < 30000 && !std::filesystem::exists(first); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  run.send_signal(signal);
  return run.wait();
}

TEST(ScenarioResume, GoesOnAfterTheFinishedScenariosAndEndsWithTheSameBytes) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult stopped = interrupted(folder, SIGINT);
  ASSERT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_EQ(stopped.err,
            "npcsim: interrupted; what is finished is kept in outputs/runs/scenarios.part\n"
            "   hint: the same command with --resume goes on\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/scenarios"));
  const auto finished = names_in(folder / "outputs/runs/scenarios.part/finished").size();
  const std::string status = npcsim(folder, {"status", "outputs/runs/scenarios"}).out;
  EXPECT_EQ(status.rfind("outputs/runs/scenarios.part: in progress, " +
                             std::to_string(finished * patients) + " of " +
                             std::to_string(4LL * patients) + " patients (" +
                             std::to_string(25 * finished),
                         0),
            0)
      << status;

  // A finished scenario is taken as it is: a change in its file comes through, and a second run
  // from the beginning does not see it.
  const auto kept = folder / "outputs/runs/scenarios.part/finished/0.csv";
  const std::string text = read_text(kept);
  write_text(kept, changed(text, row(patients), row(patients + 1)));
  std::vector<std::string> again = long_run;
  again.emplace_back("--resume");
  ASSERT_EQ(npcsim(folder, again).exit_code, 0);
  const std::string resumed = read_text(folder / "outputs/runs/scenarios/scenarios.csv");
  again.back() = "--out";
  again.emplace_back("whole");
  ASSERT_EQ(npcsim(folder, again).exit_code, 0);
  EXPECT_EQ(changed(resumed, "base," + row(patients + 1), "base," + row(patients)),
            read_text(folder / "whole/scenarios.csv"));
}

TEST(ScenarioResume, TerminationExitsWith143) {
  const TempFolder folder;
  write_studies(folder);
  EXPECT_EQ(interrupted(folder, SIGTERM).exit_code, 143);
}

TEST(ScenarioResume, OtherScenariosNeedForce) {
  const TempFolder folder;
  write_studies(folder);
  const std::vector<std::string> run{"run", "scenarios.yaml", "--patients", "200", "--quiet"};
  ASSERT_EQ(npcsim(folder, run).exit_code, 0);
  EXPECT_EQ(npcsim(folder, run).exit_code, 0);
  static_cast<void>(folder.write("scenarios.yaml",
                                 changed(scenario_study(), "0.02 per month", "0.03 per month")));
  const ProcessResult other = npcsim(folder, run);
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(
      other.err,
      "npcsim: error: outputs/runs/scenarios holds the run of another study or other options\n"
      "   hint: --force replaces it, --out DIR writes elsewhere\n");
}

}  // namespace
}  // namespace npcsim::testing
