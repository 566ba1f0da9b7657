// What a user reads when a plugin cannot be used.
#include "plugin_world.hpp"
#include "support/temp_folder.hpp"

#include <cstddef>
#include <link.h>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

std::string problems(const std::string& rest) {
  World world;
  std::string out;
  const auto strategy = load(world, "strategy: s\n" + rest, out);
  EXPECT_EQ(strategy == nullptr, !out.empty());
  return out;
}

TEST(PluginMessage, OfAMissingFile) {
  EXPECT_EQ(problems("plugin: reponse_adaptive\n"),
            "strategy.yaml:2:9: error: there is no plugin 'reponse_adaptive' beside the strategy "
            "document\n"
            "    2 | plugin: reponse_adaptive\n"
            "      |         ^~~~~~~~~~~~~~~~\n"
            "   in plugin\n"
            "   hint: give the path of the shared library from the folder of the document\n"
            "1 error, nothing was run\n");
}

TEST(PluginMessage, OfAnotherVersion) {
  EXPECT_EQ(problems("plugin: plain_of_tomorrow\n"),
            "strategy.yaml:2:9: error: plugin 'plain_of_tomorrow' was built for version 2 of the "
            "plugin interface, "
            "this npcsim has version 1\n"
            "    2 | plugin: plain_of_tomorrow\n"
            "      |         ^~~~~~~~~~~~~~~~~\n"
            "   in plugin\n"
            "   hint: compile it again with the headers of this npcsim\n"
            "1 error, nothing was run\n");
}

TEST(PluginMessage, OfAMissingFunction) {
  EXPECT_EQ(
      problems("plugin: plain_undecided.so\n"),
      "strategy.yaml:2:9: error: 'plain_undecided.so' is no strategy plugin: it does not export "
      "'npcsim_plugin_decide'\n"
      "    2 | plugin: plain_undecided.so\n"
      "      |         ^~~~~~~~~~~~~~~~~~\n"
      "   in plugin\n"
      "   hint: C++ plugins export themselves by NPCSIM_STRATEGY_PLUGIN\n"
      "1 error, nothing was run\n");
}

TEST(PluginMessage, OfAFileThatIsNoLibrary) {
  World world;
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", "strategy: s\nplugin: world.hpp\n", found);
  StrategyDoc doc = read_strategy(tree, &world.table, found);
  doc.folder = std::string(NPCSIM_SOURCE_DIR) + "/tests/strategies";
  EXPECT_EQ(load_plugin(doc, world.program, world.parameters, found), nullptr);
  ASSERT_EQ(found.items().size(), 1U);
  EXPECT_EQ(found.items().front().message, "plugin 'world.hpp' cannot be loaded");
  EXPECT_NE(found.items().front().hint.find("world.hpp"),
            std::string::npos);  // the words of the system
}

TEST(PluginMessage, OfAPluginThatGivesNoReason) {
  EXPECT_EQ(
      problems("plugin: plain_refusing\n"),
      "strategy.yaml:2:9: error: plugin 'plain_refusing' refuses to work and gives no reason\n"
      "    2 | plugin: plain_refusing\n"
      "      |         ^~~~~~~~~~~~~~\n"
      "   in plugin\n"
      "1 error, nothing was run\n");
}

std::string refusal(const std::string& settings, const std::string& reason) {
  return "strategy.yaml:2:9: error: plugin 'misbehaving' refuses to work: " + reason +
         "\n    2 | plugin: misbehaving\n      |         ^~~~~~~~~~~\n   in plugin\n1 error, "
         "nothing was run\n" +
         settings;
}

TEST(PluginMessage, OfAnExceptionWhileItIsCreated) {
  EXPECT_EQ(problems("plugin: misbehaving\nsettings: {how: 100}\n"),
            refusal("", "the weather is bad"));
  EXPECT_EQ(problems("plugin: misbehaving\nsettings: {how: 101}\n"),
            refusal("", "an exception that is no std::exception"));
}

TEST(PluginMessage, OfAMissingSetting) {
  EXPECT_EQ(problems("plugin: misbehaving\nsettings: {how: 102}\n"),
            refusal("", "it needs the setting 'dose'"));
}

TEST(PluginMessage, OfASettingThatItDoesNotHave) {
  EXPECT_EQ(problems("plugin: misbehaving\nsettings: {shaer: 0.5}\n"),
            "strategy.yaml:3:12: error: plugin 'misbehaving' has no setting 'shaer'\n"
            "    3 | settings: {shaer: 0.5}\n"
            "      |            ^~~~~\n"
            "   in settings\n"
            "   hint: did you mean 'share'?\n"
            "1 error, nothing was run\n");
}

TEST(PluginMessage, OfNamesThatTheModelDoesNotHaveAllAtOnce) {
  World world;
  std::vector<std::int32_t> crowd;
  for (std::int32_t i = 0; i < 9; ++i) crowd.push_back(i % 7);
  world.program.regimens.emplace_back("crowd", crowd);
  std::string text;
  EXPECT_EQ(load(world, "strategy: s\nplugin: misbehaving\nsettings: {how: 103}\n", text), nullptr);
  const std::string place =
      "\n    2 | plugin: misbehaving\n      |         ^~~~~~~~~~~\n   in plugin\n";
  const std::string head = "strategy.yaml:2:9: error: plugin 'misbehaving' asks for the ";
  EXPECT_EQ(text,
            head + "agent or regimen 'pd2', which model 'tiny' does not have" + place +
                "   hint: did you mean 'pd1'?\n" + head +
                "marker 'respons', which model 'tiny' does not have" + place +
                "   hint: did you mean 'response'?\n" +  //
                head + "variable 'respons', which model 'tiny' does not have" + place +
                "   hint: did you mean 'response'?\n" +  //
                head + "level 'CRR' of 'response', which does not exist" + place +
                "   hint: did you mean 'CR'?\n" + head +
                "level 'CR' of 'months_since_diagnosis', which does not exist" + place +
                "   hint: 'months_since_diagnosis' is a number\n" +  //
                head + "regimen 'crowd' of 9 agents; an action takes at most 8" + place +
                "6 errors, nothing was run\n");
}

TEST(PluginMessage, OfStepsBesideAPlugin) {
  EXPECT_EQ(problems("plugin: plain\nsteps:\n  - {give: pd1}\n"),
            "strategy.yaml:4:5: error: strategy 's' has steps and a plugin\n"
            "    4 |   - {give: pd1}\n"
            "      |     ^\n"
            "   hint: a plugin decides alone: remove one of the two\n"
            "1 error, nothing was run\n");
}

TEST(Plugin, SettingsMayBeParametersOfTheModel) {
  World world;
  const auto strategy =
      plugin(world, "strategy: s\nplugin: misbehaving\nsettings: {share: 4 * $share}\n");
  // 4 x 0.25 = 1: the draw is always below it, so that everybody has two cycles.
  for (std::uint32_t patient = 0; patient < 20; ++patient) {
    EXPECT_NE(world.life(*strategy, patient).find("begins pd1, 2 cycles"), std::string::npos);
  }
}

TEST(Plugin, MayGiveWhatItLookedUp) {
  World world;
  const auto strategy = plugin(world, "strategy: s\nplugin: plain\n");
  EXPECT_EQ(strategy->agents(), std::vector<std::int32_t>{world.program.find_agent("pd1")});
}

TEST(Plugin, InPlainCRemembersEachPatientApart) {
  World world;
  const auto strategy = plugin(world, "strategy: s\nplugin: plain\n");
  for (std::uint32_t patient = 0; patient < 20; ++patient) {
    EXPECT_EQ(
        world.life(*strategy, patient),
        "0 diagnosis, first_line\n28 begins pd1, 3 cycles to come\n91 ends pd1 after 3 cycles\n"
        "3652.50 alive at the end of follow-up\n");
  }
  EXPECT_FALSE(strategy->failed().has_value());
}

TEST(Plugin, ReadsAttributesThatNothingElseNeeds) {
  World world;
  const auto same = world.steps(
      "strategy: t\nsteps:\n  - {give: pd1, cycles: 2, when: {poor: true}}\n"
      "  - {give: pd1, cycles: 1, when: {poor: false}}\n");
  // Its own world: the conditions of the steps would ask for the attribute too.
  World alone;
  const auto lonely = plugin(alone, "strategy: s\nplugin: misbehaving\nsettings: {how: 16}\n");
  int poor = 0;
  for (std::uint32_t patient = 0; patient < 50; ++patient) {
    const std::string life = alone.life(*lonely, patient);
    EXPECT_EQ(life.substr(0, life.find("\n91")),
              world.life(*same, patient).substr(0, life.find("\n91")))
        << patient;
    poor += life.find("2 cycles to come") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(poor, 0);
  EXPECT_LT(poor, 50);
}

std::string bytes_of(const std::string& name) {
  return read_text(std::string(NPCSIM_TEST_PLUGINS) + "/" + name);
}

// What is said of a file with these bytes under the name of a plugin.
Diagnostics loaded(const std::string& bytes) {
  const TempFolder folder;
  static_cast<void>(folder.write("v.so", bytes));
  World world;
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", "strategy: s\nplugin: v.so\n", found);
  StrategyDoc doc = read_strategy(tree, &world.table, found);
  doc.folder = folder.path().string();
  const auto strategy = load_plugin(doc, world.program, world.parameters, found);
  EXPECT_EQ(strategy == nullptr, found.has_errors());
  return found;
}

// The system's loader maps the parts that the header promises and dies of those that are missing.
TEST(PluginMessage, OfALibraryThatIsCutOff) {
  const std::string whole = bytes_of("plain.so");
  ASSERT_GT(whole.size(), 4000U);
  EXPECT_FALSE(loaded(whole).has_errors());
  EXPECT_EQ(loaded(whole.substr(0, 3000)).text("nothing was run"),
            "strategy.yaml:2:9: error: plugin 'v.so' cannot be loaded: its end is missing\n"
            "    2 | plugin: v.so\n"
            "      |         ^~~~\n"
            "   in plugin\n"
            "   hint: it has 3000 bytes and says that it has " +
                std::to_string(whole.size()) +
                "; copy or build it again\n"
                "1 error, nothing was run\n");
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{63}, std::size_t{64},
                                 std::size_t{500}, whole.size() / 2, whole.size() - 1}) {
    EXPECT_TRUE(loaded(whole.substr(0, size)).has_errors()) << size;
  }
}

TEST(PluginMessage, OfALibraryWhoseHeaderPointsNowhere) {
  using Header = ElfW(Ehdr);
  const std::string whole = bytes_of("plain.so");
  for (const std::size_t field : {offsetof(Header, e_phoff), offsetof(Header, e_shoff)}) {
    for (const char byte : {'\x7f', '\xff'}) {
      std::string wrong = whole;
      wrong.replace(field, sizeof(ElfW(Off)),
                    std::string(sizeof(ElfW(Off)), byte));  // adding to the second one overflows
      const Diagnostics found = loaded(wrong);
      ASSERT_TRUE(found.has_errors()) << field;
      EXPECT_EQ(found.items().front().message,
                "plugin 'v.so' cannot be loaded: its end is missing");
    }
  }
}

TEST(PluginMessage, OfALibraryForAnotherKindOfMachine) {
  std::string wrong = bytes_of("plain.so");
  wrong[4] = wrong[4] == 1 ? '\2' : '\1';  // EI_CLASS: 32 or 64 bit
  EXPECT_EQ(
      loaded(wrong).text("nothing was run"),
      "strategy.yaml:2:9: error: plugin 'v.so' cannot be loaded: it is built for another kind "
      "of machine\n"
      "    2 | plugin: v.so\n"
      "      |         ^~~~\n"
      "   in plugin\n"
      "   hint: build it on this machine\n"
      "1 error, nothing was run\n");
}

// The words of a plugin go to a terminal, which would obey them.
TEST(PluginMessage, OfAPluginIsPlainText) {
  EXPECT_EQ(problems("plugin: misbehaving\nsettings: {how: 104}\n"),
            refusal("", R"(ring \x07 \x1b[2J\x0a\xff caf)"
                        "\xc3\xa9"
                        R"( \xc2\x9b)"));
  const std::string names = problems("plugin: misbehaving\nsettings: {how: 105}\n");
  EXPECT_NE(names.find(R"(asks for the agent or regimen 'pd\x1b[31m', which model)"),
            std::string::npos);
  EXPECT_NE(names.find(R"(asks for the marker 'a\x0ab', which model)"), std::string::npos);
  EXPECT_NE(names.find(R"(asks for the level 'C\x0dR' of 'response', which)"), std::string::npos);
  for (const char byte : names)
    EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20) << names;
}

}  // namespace
}  // namespace npcsim::testing
