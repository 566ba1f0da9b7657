#include "support/process.hpp"

#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace npcsim::testing {
namespace {

// Every variable of the test's environment but those that are replaced, then the replacements.
std::vector<std::string> merged_environment(
    const std::vector<std::pair<std::string, std::string>>& changes) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : changes) {
      replaced = replaced || text.compare(0, name.size() + 1, name + "=") == 0;
    }
    if (!replaced) {
      merged.push_back(text);
    }
  }
  for (const auto& [name, value] : changes) {
    std::string entry = name;
    entry += '=';
    entry += value;
    merged.push_back(std::move(entry));
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace

Process::Process(const std::vector<std::string>& command, ProcessOptions options)
    : options_(std::move(options)) {
  if (command.empty()) {
    throw std::runtime_error("no program to run");
  }
  files_.write("in", options_.input);

  std::vector<std::string> words = command;
  std::vector<std::string> variables = merged_environment(options_.environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int created = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, (files_ / "in").c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (files_ / "out").c_str(), created,
                                   0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (files_ / "err").c_str(), created,
                                   0600);
  if (!options_.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options_.folder.c_str());
  }
  // Tests that are run with `&` ignore signals; the program would inherit that.
  sigset_t heard;
  sigemptyset(&heard);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&heard, signal);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &heard);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failed = posix_spawnp(&id_, words[0].c_str(), &actions, &attributes,
                                  pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    id_ = -1;
    throw std::runtime_error("cannot start " + words[0] + ": " + std::strerror(failed));
  }
}

Process::~Process() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
}

void Process::send_signal(int signal) const {
  if (id_ > 0) {
    kill(id_, signal);
  }
}

std::string Process::err_so_far() const {
  const std::filesystem::path file = files_ / "err";
  return std::filesystem::exists(file) ? read_text(file) : std::string();
}

ProcessResult Process::wait() {
  if (id_ <= 0) {
    throw std::runtime_error("wait() was called twice");
  }
  ProcessResult result;
  const auto deadline = std::chrono::steady_clock::now() + options_.limit;
  int status = 0;
  while (waitpid(id_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      result.timed_out = true;
      kill(id_, SIGKILL);
      waitpid(id_, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  id_ = -1;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_text(files_ / "out");
  result.err = read_text(files_ / "err");
  return result;
}

ProcessResult run_program(const std::vector<std::string>& command, ProcessOptions options) {
  Process process(command, std::move(options));
  return process.wait();
}

}  // namespace npcsim::testing
