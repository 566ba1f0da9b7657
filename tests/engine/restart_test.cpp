// kill -9 at random moments and --resume, through the program.
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

using std::chrono::milliseconds;

std::vector<std::string> run_command(const std::string& folder, const std::string& output) {
  return {NPCSIM_PROGRAM, "run", std::string(NPCSIM_SOURCE_DIR) + "/configs/studies/lrrt.yaml",
          "--patients", "40000", "--output", output, "--threads", "2",
          // Snapshots after every block, so that a summary run too has something to go on with.
          "--block-size", "1024", "--snapshot-seconds", "0", "--quiet", "--out", folder};
}

std::string digest(const std::string& folder) {
  const ProcessResult result = run_program({NPCSIM_PROGRAM, "digest", folder});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out, "");
  return result.out;
}

// Patients that a killed run has kept, as npcsim status says; all, if it was killed after the end.
long kept(const std::string& folder) {
  if (std::filesystem::exists(folder + "/provenance.json")) return 40000;
  const ProcessResult result = run_program({NPCSIM_PROGRAM, "status", folder, "--json"});
  const std::string mark = "\"patients_done\":";
  const auto at = result.out.find(mark);
  return at == std::string::npos ? 0 : std::stol(result.out.substr(at + mark.size()));
}

void survives_being_killed(const std::string& output) {
  const TempFolder folder;
  const std::string whole = (folder / "whole").string();
  const auto begin = std::chrono::steady_clock::now();
  const ProcessResult first = run_program(run_command(whole, output));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto took =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);

  // Seeded moments within the time that a whole run takes; each attempt goes on where the last one
  // was killed.
  std::mt19937 random(20240217);
  const std::string broken = (folder / "broken").string();
  std::vector<std::string> command = run_command(broken, output);
  int killed = 0;
  long most_kept = 0;
  for (int attempt = 0; attempt < 6; ++attempt) {
    Process process(command);
    const auto wait =
        milliseconds(static_cast<int>(random() % static_cast<unsigned>(took.count() + 1)) / 2 + 5);
    std::this_thread::sleep_for(wait);
    process.send_signal(SIGKILL);
    const ProcessResult result = process.wait();
    killed += result.exit_code == 128 + SIGKILL ? 1 : 0;
    if (result.exit_code == 0) break;
    // What was kept is never lost again.
    const long now = kept(broken);
    EXPECT_GE(now, most_kept);
    most_kept = std::max(most_kept, now);
    if (attempt == 0) command.push_back("--resume");
  }
  EXPECT_GT(killed, 0);
  EXPECT_GT(most_kept, 0) << "nothing was resumed, everything began anew";
  const ProcessResult last = run_program(command);
  ASSERT_EQ(last.exit_code, 0) << last.err;
  EXPECT_EQ(digest(broken), digest(whole));
}

TEST(Restart, SummaryIsTheSameAfterKill) { survives_being_killed("summary"); }

TEST(Restart, PatientsAreTheSameAfterKill) { survives_being_killed("patients"); }

}  // namespace
}  // namespace npcsim::testing
