// Studies whose strategies are decided by plugins, as a user runs, repeats and joins them.
#include "documents.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// What the plugins of the tests look up, and no more.
std::string plugged_study(const std::string& strategies) {
  return R"(study: plugged
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
strategies: )" +
         strategies + R"(
patients: 640
seed: 3
horizon: 60 months
)";
}

// Puts a plugin of the tests into a folder, instead of what is there. A new file, as a linker
// writes it: programs that have the old one open keep it.
void put(const TempFolder& folder, const std::string& plugin, const std::string& name) {
  std::filesystem::remove(folder / name);
  std::filesystem::create_directories((folder / name).parent_path());
  std::filesystem::copy_file(std::string(NPCSIM_TEST_PLUGINS) + "/" + plugin + ".so",
                             folder / name);
}

constexpr const char* one_plugin = "[{strategy: nothing}, {strategy: s, plugin: v.so}]";

ProcessResult share(const TempFolder& folder, const std::string& blocks) {
  return npcsim(folder, {"run", "study.yaml", "--block-size", "64", "--blocks", blocks, "--quiet"});
}

TEST(Plugin, OfAnotherBuildIsAnotherStudy) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(one_plugin)));
  put(folder, "plain", "v.so");
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  put(folder, "plain_of_one_cycle", "v.so");
  const ProcessResult other = npcsim(folder, {"run", "study.yaml", "--quiet"});
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_EQ(other.err,
            "npcsim: error: outputs/runs/plugged holds the run of another study or other options\n"
            "   hint: --force replaces it, --out DIR writes elsewhere\n");
}

TEST(Plugin, OfAnotherBuildIsNotJoined) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(one_plugin)));
  put(folder, "plain", "v.so");
  ASSERT_EQ(share(folder, "1/2").exit_code, 0);
  put(folder, "plain_of_one_cycle", "v.so");
  ASSERT_EQ(share(folder, "2/2").exit_code, 0);
  const ProcessResult merged = npcsim(folder, {"merge", "outputs/runs/plugged.blocks"});
  EXPECT_EQ(merged.exit_code, 78);
  EXPECT_NE(merged.err.find("\n   hint: merge joins the shares of one run\n"), std::string::npos)
      << merged.err;
}

TEST(Plugin, OfAnotherBuildDoesNotGoOnWithARun) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(one_plugin)));
  put(folder, "plain", "v.so");
  std::vector<std::string> command = {"run",      "study.yaml", "--quiet",
                                      "--output", "patients",   "--block-size",
                                      "64",       "--blocks",   "1/2"};
  ASSERT_EQ(npcsim(folder, command).exit_code, 0);
  // A share that was interrupted after its last block has not been renamed yet.
  const std::string finished = "outputs/runs/plugged.blocks/1-of-2";
  std::filesystem::rename(folder / finished, folder / (finished + ".part"));
  put(folder, "plain_of_one_cycle", "v.so");
  command.emplace_back("--resume");
  const ProcessResult resumed = npcsim(folder, command);
  EXPECT_EQ(resumed.exit_code, 66);
  EXPECT_NE(resumed.err.find("it was begun with another study or other options"), std::string::npos)
      << resumed.err;
}

}  // namespace
}  // namespace npcsim::testing
