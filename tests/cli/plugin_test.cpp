// Studies whose strategies are decided by plugins, as a user runs, repeats and joins them.
#include "documents.hpp"
#include "tiny_calibration.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

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

std::string library(const std::string& plugin) {
  return read_text(std::string(NPCSIM_TEST_PLUGINS) + "/" + plugin + ".so");
}

TEST(Plugin, IsKeptWithTheRunWhichGivesTheSameBytesAgain) {
  const TempFolder folder;
  // Without the suffix, which the loader adds.
  static_cast<void>(folder.write("study.yaml", plugged_study("[{strategy: s, plugin: v}]")));
  put(folder, "plain", "v.so");
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  const std::string run = "outputs/runs/plugged";
  EXPECT_EQ(names_in(folder / (run + "/inputs")), std::vector<std::string>{"v.so"});
  EXPECT_EQ(read_text(folder / (run + "/inputs/v.so")), library("plain"));
  EXPECT_NE(read_text(folder / (run + "/study.yaml")).find("plugin: inputs/v.so\n"),
            std::string::npos);
  EXPECT_NE(read_text(folder / (run + "/provenance.json")).find("\"inputs/v.so\""),
            std::string::npos);
  std::filesystem::remove(folder / "v.so");
  // The digest of the study is the same, so the run may take the place of the first.
  const ProcessResult same = npcsim(folder, {"run", run + "/study.yaml", "--quiet"});
  EXPECT_EQ(same.exit_code, 0) << same.err;
  const ProcessResult again =
      npcsim(folder, {"run", run + "/study.yaml", "--quiet", "--out", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out, npcsim(folder, {"digest", run}).out);
  EXPECT_EQ(read_text(folder / "again/study.yaml"), read_text(folder / (run + "/study.yaml")));
  EXPECT_EQ(read_text(folder / "again/inputs/v.so"), library("plain"));
  const ProcessResult page = npcsim(folder, {"report", "again"});
  EXPECT_EQ(page.exit_code, 0) << page.err;
}

TEST(Plugin, IsKeptWithSharesOfARunWhichJoin) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(one_plugin)));
  put(folder, "plain", "v.so");
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet", "--out", "whole"}).exit_code, 0);
  ASSERT_EQ(share(folder, "1/2").exit_code, 0);
  ASSERT_EQ(share(folder, "2/2").exit_code, 0);
  std::filesystem::remove(folder / "v.so");
  const ProcessResult merged = npcsim(folder, {"merge", "outputs/runs/plugged.blocks"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/plugged"}).out,
            npcsim(folder, {"digest", "whole"}).out);
  EXPECT_EQ(read_text(folder / "outputs/runs/plugged/inputs/v.so"), library("plain"));
}

TEST(Plugin, OfTheSameNameInAnotherFolderIsKeptApart) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study("[a/three.yaml, b/one.yaml, "
                                                             "{strategy: more, plugin: a/v.so}]")));
  static_cast<void>(folder.write("a/three.yaml", "strategy: three\nplugin: v.so\n"));
  static_cast<void>(folder.write("b/one.yaml", "strategy: one\nplugin: v.so\n"));
  put(folder, "plain", "a/v.so");
  put(folder, "plain_of_one_cycle", "b/v.so");
  const ProcessResult first = npcsim(folder, {"run", "study.yaml", "--quiet"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string run = "outputs/runs/plugged";
  EXPECT_EQ(names_in(folder / (run + "/inputs")), (std::vector<std::string>{"_v.so", "v.so"}));
  EXPECT_EQ(read_text(folder / (run + "/inputs/v.so")), library("plain"));
  EXPECT_EQ(read_text(folder / (run + "/inputs/_v.so")), library("plain_of_one_cycle"));
  std::filesystem::remove_all(folder / "a");
  std::filesystem::remove_all(folder / "b");
  const ProcessResult again =
      npcsim(folder, {"run", run + "/study.yaml", "--quiet", "--out", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out, npcsim(folder, {"digest", run}).out);
  EXPECT_EQ(read_text(folder / "again/study.yaml"), read_text(folder / (run + "/study.yaml")));
}

TEST(Plugin, OfScenariosIsKeptWithTheirRun) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(one_plugin)));
  static_cast<void>(folder.write("scenarios.yaml", R"(study: assumptions
kind: scenarios
base: study.yaml
scenarios:
  quicker: {set: {model.processes.death.hazard: 0.04 per month}, source: assumed}
)"));
  put(folder, "plain", "v.so");
  const ProcessResult first = npcsim(folder, {"run", "scenarios.yaml", "--quiet"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  std::filesystem::remove(folder / "v.so");
  const ProcessResult again =
      npcsim(folder, {"run", "outputs/runs/assumptions/study.yaml", "--quiet", "--out", "again"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read_text(folder / "again/scenarios.csv"),
            read_text(folder / "outputs/runs/assumptions/scenarios.csv"));
}

// The plugin throws in one patient of fifty.
constexpr const char* failing_plugin =
    "[{strategy: nothing}, {strategy: s, plugin: v.so, settings: {how: 1, share: 0.02}}]";

TEST(PluginFailure, IsShownByTheReplayThatTheRunRecommends) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", plugged_study(failing_plugin)));
  put(folder, "misbehaving", "v.so");
  const ProcessResult run = npcsim(folder, {"run", "study.yaml", "--quiet"});
  EXPECT_EQ(run.exit_code, 65);
  const std::string advice = "npcsim replay STUDY --patient ";
  const auto at = run.err.find(advice);
  ASSERT_NE(at, std::string::npos) << run.err;
  const int lowest = std::stoi(run.err.substr(at + advice.size()));
  ASSERT_GT(lowest, 0);
  const std::string number = std::to_string(lowest);
  const ProcessResult replay =
      npcsim(folder, {"replay", "study.yaml", "--patient", number, "--strategy", "s"});
  EXPECT_EQ(replay.exit_code, 65);
  EXPECT_EQ(replay.out.find("Patient " + number + " of study plugged, seed 3\n"), 0U);
  EXPECT_NE(replay.out.find("\ns (s)\n"), std::string::npos) << replay.out;
  EXPECT_EQ(replay.err,
            "npcsim: error: plugin 'v.so' on day 0 (start): patient drawn 1\n"
            "   in the life of patient " +
                number +
                " under strategy 's'\n"
                "   hint: the timeline goes on without that decision; it is not what the strategy "
                "would do\n");
  // The others live as they should.
  const ProcessResult before =
      npcsim(folder, {"replay", "study.yaml", "--patient", std::to_string(lowest - 1)});
  EXPECT_EQ(before.exit_code, 0);
  EXPECT_EQ(before.err, "");
  const ProcessResult untreated =
      npcsim(folder, {"replay", "study.yaml", "--patient", number, "--strategy", "nothing"});
  EXPECT_EQ(untreated.exit_code, 0);
  EXPECT_EQ(untreated.err, "");
}

TEST(PluginFailure, IsInTheJsonOfAReplay) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml",
      plugged_study("[{strategy: nothing}, {strategy: s, plugin: v.so, settings: {how: 2}}]")));
  put(folder, "misbehaving", "v.so");
  const ProcessResult replay = npcsim(folder, {"replay", "study.yaml", "--patient", "5", "--json"});
  EXPECT_EQ(replay.exit_code, 65);
  EXPECT_NE(replay.err.find("under strategy 's'\n"), std::string::npos) << replay.err;
  ProcessOptions options;
  options.input = replay.out;
  const ProcessResult parsed =
      run_program({"python3", "-c",
                   "import json,sys; [print(s['strategy'], s.get('failure')) for s in "
                   "json.load(sys.stdin)['strategies']]"},
                  options);
  EXPECT_EQ(parsed.out,
            "nothing None\n"
            "s plugin 'v.so' on day 0 (start): an exception that is no std::exception\n")
      << parsed.err;
}

// A model of its own, so that a strategy can be checked alone.
ProcessResult check_strategy(const TempFolder& folder, const std::string& rest) {
  const std::string study = plugged_study("[]");
  const auto from = study.find("  model: m\n");
  std::string model;
  std::size_t line = from;
  while (study.compare(line, 2, "  ") == 0) {
    const std::size_t end = study.find('\n', line) + 1;
    model += study.substr(line + 2, end - line - 2);
    line = end;
  }
  static_cast<void>(folder.write("m.yaml", model));
  static_cast<void>(folder.write("s.yaml", "strategy: s\nmodel: m.yaml\n" + rest));
  return npcsim(folder, {"check", "s.yaml"});
}

// The arm of a published study whose plugin fails is no untreated arm.
TEST(PluginFailure, EndsAnEmulation) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  std::filesystem::copy_file(std::string(NPCSIM_TEST_PLUGINS) + "/misbehaving.so",
                             folder / "strategies/misbehaving.so");
  const std::string model = read_text(folder / "configs/models/one_hazard.yaml");
  const std::string with_flag =
      changed(model, "attributes:\n", "attributes:\n  poor: {bernoulli: 0.5, source: assumed}\n");
  folder.write("configs/models/one_hazard.yaml",
               changed(with_flag, "agents:\n",
                       "agents:\n  pd1: {cycle: {every: 21 d}}\n  biopsy: {procedure: true}\n"));
  folder.write("strategies/treat.yaml",
               "strategy: treat\nmodel: one_hazard\nplugin: misbehaving\n"
               "settings: {how: 1, share: 0.2}\n");
  const ProcessResult answer =
      npcsim(folder, {"validate", "first", "--base", "--out", "v", "--patients", "512", "--quiet"});
  EXPECT_EQ(answer.exit_code, 65) << answer.err;
  EXPECT_NE(answer.err.find("npcsim: error: strategy 'treat', patient "), std::string::npos)
      << answer.err;
  EXPECT_NE(answer.err.find("plugin 'misbehaving' on day "), std::string::npos) << answer.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "v"));
}

TEST(Check, LooksForThePluginOfAStrategy) {
  const TempFolder folder;
  const ProcessResult answer = check_strategy(folder, "plugin: nonexist.so\n");
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err,
            "s.yaml:3:9: error: there is no plugin 'nonexist.so' beside the strategy document\n"
            "    3 | plugin: nonexist.so\n"
            "      |         ^~~~~~~~~~~\n"
            "   in plugin\n"
            "   hint: give the path of the shared library from the folder of the document\n"
            "1 error, nothing was run\n");
}

TEST(Check, LoadsThePluginOfAStrategyAgainstItsModel) {
  const TempFolder folder;
  put(folder, "misbehaving", "lib/v.so");
  const ProcessResult right =
      check_strategy(folder, "plugin: lib/v.so\nsettings: {how: 1, share: 0.5}\n");
  EXPECT_EQ(right.exit_code, 0) << right.err;
  EXPECT_EQ(right.out, "s.yaml: strategy s: decided by the plugin lib/v.so, model m\n");
  const ProcessResult wrong = check_strategy(folder, "plugin: lib/v.so\nsettings: {shaer: 0.5}\n");
  EXPECT_EQ(wrong.exit_code, 65);
  EXPECT_EQ(wrong.err,
            "s.yaml:4:12: error: plugin 'lib/v.so' has no setting 'shaer'\n"
            "    4 | settings: {shaer: 0.5}\n"
            "      |            ^~~~~\n"
            "   in settings\n"
            "   hint: did you mean 'share'?\n"
            "1 error, nothing was run\n");
}

// As strategies/examples/response_adaptive/CMakeLists.txt says.
TEST(PluginExample, RunsWithTheModelThatIsShipped) {
  const TempFolder folder;
  for (const char* const name : {"study.yaml", "response_adaptive.yaml"}) {
    static_cast<void>(
        folder.write(name, read_text(std::string(NPCSIM_SOURCE_DIR) +
                                     "/strategies/examples/response_adaptive/" + name)));
  }
  put(folder, "response_adaptive", "build/response_adaptive.so");
  const ProcessResult check = npcsim(folder, {"check", "response_adaptive.yaml", "study.yaml"});
  EXPECT_EQ(check.exit_code, 0) << check.err;
  const ProcessResult run = npcsim(folder, {"run", "study.yaml", "--patients", "500"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  // Everything that it can give is given to somebody.
  const std::string summary = read_text(folder / "outputs/runs/response_adaptive/summary.csv");
  for (const char* const agent : {"gp", "pd1", "lrrt", "gp_rechallenge"}) {
    const std::string row =
        "response_adaptive,response_adaptive,,,received_" + std::string(agent) + ",share,,";
    const auto at = summary.find(row);
    ASSERT_NE(at, std::string::npos) << agent;
    EXPECT_GT(std::stod(summary.substr(at + row.size())), 0) << agent;
  }
}

}  // namespace
}  // namespace npcsim::testing
