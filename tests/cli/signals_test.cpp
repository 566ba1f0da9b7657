// Ctrl-C and SIGTERM end the commands that have nothing to keep at once, and a run in each of its
// long phases.
#include "documents.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// A pipe in a folder: a program that reads it waits for as long as it is open here.
class Pipe {
 public:
  explicit Pipe(std::filesystem::path path) : path_(std::move(path)) {
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  }
  ~Pipe() {
    if (end_ >= 0) ::close(end_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  /// Whether somebody has begun to read within 20 seconds.
  bool is_read() {
    for (int i = 0; i < 2000 && end_ < 0; ++i) {
      end_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      if (end_ < 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return end_ >= 0;
  }

 private:
  std::filesystem::path path_;
  int end_ = -1;
};

// What a command says that is sent a signal while it reads data.csv, which never ends.
ProcessResult signalled(const TempFolder& folder, std::vector<std::string> words, int signal) {
  Pipe pipe(folder / "data.csv");
  words.insert(words.begin(), NPCSIM_PROGRAM);
  ProcessOptions options;
  options.folder = folder.path();
  options.limit = std::chrono::seconds(5);
  Process process(words, options);
  if (!pipe.is_read()) ADD_FAILURE() << "nobody reads";
  process.send_signal(signal);
  return process.wait();
}

struct Case {
  const char* name;
  std::vector<std::string> words;
};

class Signal : public ::testing::TestWithParam<Case> {};

TEST_P(Signal, EndsTheCommandAtOnceAndNothingIsWritten) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const TempFolder folder;
    const ProcessResult ended = signalled(folder, GetParam().words, signal);
    EXPECT_FALSE(ended.timed_out);
    EXPECT_EQ(ended.exit_code, code);
    EXPECT_EQ(ended.out + ended.err, "");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"data.csv"});
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Signal,
    ::testing::Values(
        Case{"survival", {"survival", "data.csv", "--time", "t", "--event", "e"}},
        Case{"fit", {"fit", "data.csv", "--time", "t", "--event", "e", "--out", "fit"}},
        Case{"reconstruct",
             {"reconstruct", "data.csv", "--at-risk", "data.csv", "--out", "records.csv"}}),
    [](const auto& one) { return std::string(one.param.name); });

// Seconds of work, without a look at files.
TEST(Signals, EndABootstrap) {
  const TempFolder folder;
  std::string rows = "t,e\n";
  for (int i = 1; i <= 200; ++i) rows += std::to_string(i) + "," + std::to_string(i % 2) + "\n";
  static_cast<void>(folder.write("data.csv", rows));
  ProcessOptions options;
  options.folder = folder.path();
  options.limit = std::chrono::seconds(10);
  Process process({NPCSIM_PROGRAM, "fit", "data.csv", "--time", "t", "--event", "e", "--model",
                   "weibull", "--bootstrap", "100000", "--out", "fit"},
                  options);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process.send_signal(SIGTERM);
  const ProcessResult ended = process.wait();
  EXPECT_FALSE(ended.timed_out);
  EXPECT_EQ(ended.exit_code, 143) << ended.err;
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"data.csv"});
}

// So many draws of a large model take a minute to check, before the run has a folder.
TEST(Signals, EndTheChecksOfManyDraws) {
  const TempFolder folder;
  ProcessOptions options;
  options.folder = folder.path();
  options.limit = std::chrono::seconds(15);
  Process process(
      {NPCSIM_PROGRAM, "run", std::string(NPCSIM_SOURCE_DIR) + "/configs/studies/lrrt.yaml",
       "--draws", "100000", "--set", "draws.from=prior", "--patients", "100", "--out", "r"},
      options);
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  process.send_signal(SIGTERM);
  const ProcessResult ended = process.wait();
  EXPECT_FALSE(ended.timed_out);
  EXPECT_EQ(ended.exit_code, 143);
  EXPECT_EQ(ended.err, "npcsim: interrupted; nothing was written\n");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{});
}

TEST(Signals, EndTheWritingOfPatientsAndTheRunGoesOn) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  std::vector<std::string> words = {"run",      "study.yaml", "--patients", "100000",
                                    "--output", "journal",    "--quiet"};
  ProcessOptions options;
  options.folder = folder.path();
  std::vector<std::string> command = words;
  command.insert(command.begin(), NPCSIM_PROGRAM);
  Process process(command, options);
  const auto begun = folder / "outputs/runs/small.part/results.h5";
  for (int i = 0; i < 12000 && !std::filesystem::exists(begun); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  process.send_signal(SIGTERM);
  const ProcessResult ended = process.wait();
  ASSERT_EQ(ended.exit_code, 143) << ended.err;
  EXPECT_EQ(ended.err,
            "npcsim: interrupted; what is finished is kept in outputs/runs/small.part\n"
            "   hint: the same command with --resume goes on\n");
  words.emplace_back("--resume");
  const ProcessResult resumed = npcsim(folder, words);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  words.back() = "--out";
  words.emplace_back("whole");
  ASSERT_EQ(npcsim(folder, words).exit_code, 0);
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/small"}).out,
            npcsim(folder, {"digest", "whole"}).out);
}

}  // namespace
}  // namespace npcsim::testing
