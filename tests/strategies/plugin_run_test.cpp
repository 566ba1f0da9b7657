// A run that a plugin has spoilt leaves nothing that --resume could go on with.
#include "support/temp_folder.hpp"
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/runner.hpp>

#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// The plugin fails in one patient of five.
constexpr const char* spoilt = R"(study: spoilt
model:
  model: m
  states: [alive, dead]
  attributes:
    poor: {bernoulli: 0.5}
  processes:
    death: {from: alive, to: dead, hazard: 0.02 per month}
  agents:
    pd1: {cycle: {every: 21 d, cap: 4}, effects: [{process: death, hr: 0.6}]}
    biopsy: {procedure: true}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: s, plugin: misbehaving, settings: {how: 1, share: 0.2}}]
patients: 640
seed: 3
horizon: 60 months
)";

// As the program would run it, with a plugin that was loaded a moment ago.
RunResult run(const TempFolder& folder, bool resume, bool keep_patients) {
  Diagnostics problems;
  Library library;
  const Tree tree = read_yaml_text((folder / "study.yaml").string(), spoilt, problems);
  const auto study = compile_study(library, tree, problems);
  if (study == nullptr || problems.has_errors())
    throw std::runtime_error(problems.text("nothing was run"));
  RunOptions options;
  options.threads = 1;
  options.block_patients = 64;
  options.folder = folder.path().string();
  options.resume = resume;
  options.keep_patients = keep_patients;
  options.snapshot_seconds = 0;
  return run_blocks(*study, options);
}

TEST(PluginRun, ThatFailedFailsAgainWhenItIsResumed) {
  for (const bool keep_patients : {false, true}) {
    const TempFolder folder;
    std::filesystem::copy_file(std::string(NPCSIM_TEST_PLUGINS) + "/misbehaving.so",
                               folder / "misbehaving.so");
    const RunResult first = run(folder, false, keep_patients);
    EXPECT_FALSE(first.complete);
    EXPECT_NE(first.failure.find("plugin 'misbehaving' on day "), std::string::npos);
    const RunResult again = run(folder, true, keep_patients);
    EXPECT_FALSE(again.complete);
    EXPECT_EQ(again.failure, first.failure);
  }
}

}  // namespace
}  // namespace npcsim::testing
