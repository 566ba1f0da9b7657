#include "support/process.hpp"

#include <chrono>
#include <signal.h>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::chrono::milliseconds;

TEST(Process, CapturesBothStreamsAndTheExitCode) {
  const ProcessResult result = run_program({"sh", "-c", "echo out; echo err >&2; exit 65"});
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(result.exit_code, 65);
  EXPECT_FALSE(result.timed_out);
}

TEST(Process, PassesInputFolderAndEnvironment) {
  const TempFolder folder;
  ProcessOptions options;
  options.folder = folder.path();
  options.input = "line";
  options.environment = {{"NPCSIM_TEST_WORD", "word"}};
  const ProcessResult result =
      run_program({"sh", "-c", "cat; echo \" $NPCSIM_TEST_WORD\"; pwd -P"}, options);
  EXPECT_EQ(result.out, "line word\n" + std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(Process, ReportsASignalAs128PlusItsNumber) {
  Process process({"sleep", "30"});
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 128 + SIGTERM);
}

TEST(Process, KillsWhatRunsTooLong) {
  ProcessOptions options;
  options.limit = milliseconds(50);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(run_program({"sleep", "30"}, options).timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Process, MoreOutputThanAPipeHoldsDoesNotBlock) {
  const ProcessResult result = run_program({"sh", "-c", "head -c 1000000 /dev/zero"});
  EXPECT_EQ(result.out.size(), 1000000U);
}

TEST(Process, SaysWhichProgramCannotBeStarted) {
  EXPECT_THROW(Process({"no_such_program_anywhere"}), std::runtime_error);
}

}  // namespace
}  // namespace npcsim::testing
