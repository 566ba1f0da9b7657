// What a user reads when a strategy document is wrong: the whole text, caret included.
#include "world.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string problems;
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class StepMessage : public ::testing::TestWithParam<Case> {};

TEST_P(StepMessage, IsThis) {
  World world;
  EXPECT_EQ(world.problems("strategy: s\nsteps:\n" + GetParam().text), GetParam().problems);
}

INSTANTIATE_TEST_SUITE_P(
    Strategies, StepMessage,
    ::testing::Values(
        Case{"unknown_agent", "  - {give: gpp}\n",
             "strategy.yaml:3:12: error: model 'tiny' has no agent or regimen 'gpp'\n"
             "    3 |   - {give: gpp}\n"
             "      |            ^~~\n"
             "   in steps > 1\n"
             "   hint: did you mean 'gp'?\n"
             "1 error, nothing was run\n"},
        Case{"cycles_of_a_stop", "  - {stop: pd1, cycles: 3}\n",
             "strategy.yaml:3:25: error: 'cycles' goes with 'give'\n"
             "    3 |   - {stop: pd1, cycles: 3}\n"
             "      |                         ^\n"
             "   in steps > 1\n"
             "1 error, nothing was run\n"},
        Case{"draw_without_a_probability", "  - {give: pd1, draw: consents}\n",
             "strategy.yaml:3:23: error: 'draw' goes with 'probability'\n"
             "    3 |   - {give: pd1, draw: consents}\n"
             "      |                       ^~~~~~~~\n"
             "   in steps > 1\n"
             "   hint: without it everybody takes the step\n"
             "1 error, nothing was run\n"},
        Case{"two_steps_of_one_name",
             "  - {give: gp, cycles: 6, name: a}\n  - {give: pd1, name: a}\n",
             "strategy.yaml:4:23: error: two steps are called 'a'\n"
             "    4 |   - {give: pd1, name: a}\n"
             "      |                       ^\n"
             "   hint: 'after' could mean either\n"
             "1 error, nothing was run\n"},
        Case{"step_called_start", "  - {give: pd1, name: start}\n",
             "strategy.yaml:3:23: error: 'start' cannot be the name of a step\n"
             "    3 |   - {give: pd1, name: start}\n"
             "      |                       ^~~~~\n"
             "   hint: after: start means the beginning of treatment\n"
             "1 error, nothing was run\n"},
        Case{"unknown_companion", "  - {give: pd1, with: {cisplatn: {cycles: 2}}}\n",
             "strategy.yaml:3:24: error: model 'tiny' has no agent or regimen 'cisplatn'\n"
             "    3 |   - {give: pd1, with: {cisplatn: {cycles: 2}}}\n"
             "      |                        ^~~~~~~~\n"
             "   in steps > 1\n"
             "   hint: did you mean 'cisplatin'?\n"
             "1 error, nothing was run\n"},
        Case{"unknown_marker", "  - {assess: respons}\n",
             "strategy.yaml:3:14: error: model 'tiny' has no marker 'respons'\n"
             "    3 |   - {assess: respons}\n"
             "      |              ^~~~~~~\n"
             "   in steps > 1\n"
             "   hint: did you mean 'response'?\n"
             "1 error, nothing was run\n"},
        Case{"unknown_agent_to_stop", "  - {stop: pd2}\n",
             "strategy.yaml:3:12: error: model 'tiny' has no agent or regimen 'pd2'\n"
             "    3 |   - {stop: pd2}\n"
             "      |            ^~~\n"
             "   in steps > 1\n"
             "   hint: did you mean 'pd1'?\n"
             "1 error, nothing was run\n"},
        Case{"unknown_step",
             "  - {give: gp, cycles: 6, name: induction}\n  - {give: pd1, after: inductoin}\n",
             "strategy.yaml:4:24: error: no earlier step is called 'inductoin'\n"
             "    4 |   - {give: pd1, after: inductoin}\n"
             "      |                        ^~~~~~~~~\n"
             "   in steps > 2\n"
             "   hint: did you mean 'induction'?\n"
             "1 error, nothing was run\n"},
        Case{"later_step",
             "  - {give: pd1, after: induction}\n  - {give: gp, cycles: 6, name: induction}\n",
             "strategy.yaml:3:24: error: no earlier step is called 'induction'\n"
             "    3 |   - {give: pd1, after: induction}\n"
             "      |                        ^~~~~~~~~\n"
             "   in steps > 1\n"
             "   hint: one of start\n"
             "1 error, nothing was run\n"},
        Case{"unnamed_steps_are_no_choice",
             "  - {give: gp, cycles: 6}\n  - {give: pd1, after: induction}\n",
             "strategy.yaml:4:24: error: no earlier step is called 'induction'\n"
             "    4 |   - {give: pd1, after: induction}\n"
             "      |                        ^~~~~~~~~\n"
             "   in steps > 2\n"
             "   hint: one of start\n"
             "1 error, nothing was run\n"},
        Case{"cycles_without_cycle", "  - {give: lrrt, cycles: 2}\n",
             "strategy.yaml:3:5: error: 'cycles' and 'until' need an agent with a cycle\n"
             "    3 |   - {give: lrrt, cycles: 2}\n"
             "      |     ^\n"
             "   in steps > 1\n"
             "   hint: use 'for' instead\n"
             "1 error, nothing was run\n"},
        Case{"too_many_agents", "  - {give: [all, rest]}\n",
             "strategy.yaml:3:18: error: a step gives at most 8 agents\n"
             "    3 |   - {give: [all, rest]}\n"
             "      |                  ^~~~\n"
             "   in steps > 1\n"
             "1 error, nothing was run\n"},
        Case{"unknown_variable", "  - {give: pd1, when: {respons: CR}}\n",
             "strategy.yaml:3:24: error: unknown variable 'respons' in a condition\n"
             "    3 |   - {give: pd1, when: {respons: CR}}\n"
             "      |                        ^~~~~~~\n"
             "   hint: did you mean 'response'?\n"
             "1 error, nothing was run\n"},
        Case{"latent_variable", "  - {give: pd1, when: {destiny: true}}\n",
             "strategy.yaml:3:24: error: 'destiny' is latent: a strategy sees what is observed\n"
             "    3 |   - {give: pd1, when: {destiny: true}}\n"
             "      |                        ^~~~~~~\n"
             "   hint: use an attribute that a physician could know\n"
             "1 error, nothing was run\n"},
        Case{"unknown_level", "  - {give: pd1, when: {response: CRR}}\n",
             "strategy.yaml:3:34: error: 'response' has no level 'CRR'\n"
             "    3 |   - {give: pd1, when: {response: CRR}}\n"
             "      |                                  ^~~\n"
             "   hint: did you mean 'CR'?\n"
             "1 error, nothing was run\n"},
        Case{"two_things_at_once", "  - {give: pd1, stop: gp}\n",
             "strategy.yaml:3:5: error: a step does exactly one of give, assess, stop\n"
             "    3 |   - {give: pd1, stop: gp}\n"
             "      |     ^\n"
             "   in steps > 1\n"
             "1 error, nothing was run\n"},
        Case{"companions_of_nothing", "  - {assess: response, with: [pd1]}\n",
             "strategy.yaml:3:30: error: 'with' goes with 'give'\n"
             "    3 |   - {assess: response, with: [pd1]}\n"
             "      |                              ^\n"
             "   in steps > 1\n"
             "1 error, nothing was run\n"},
        Case{"no_cycles", "  - {give: pd1, cycles: 0}\n",
             "strategy.yaml:3:25: error: 'cycles' must be a whole number from 1, or planned, found "
             "'0'\n"
             "    3 |   - {give: pd1, cycles: 0}\n"
             "      |                         ^\n"
             "   in steps > 1\n"
             "1 error, nothing was run\n"}),
    [](const ::testing::TestParamInfo<Case>& row) { return row.param.name; });

TEST(StepMessage, ARuleIsFoundByItsList) {
  World world;
  EXPECT_EQ(
      world.problems(
          "strategy: s\non_progression:\n  - {give: gp, cycles: 4}\n  - {give: capecitabin}\n"),
      "strategy.yaml:4:12: error: model 'tiny' has no agent or regimen 'capecitabin'\n"
      "    4 |   - {give: capecitabin}\n"
      "      |            ^~~~~~~~~~~\n"
      "   in on_progression > 2\n"
      "   hint: did you mean 'capecitabine'?\n"
      "1 error, nothing was run\n");
}

// A decision holds 16 actions; every step may be among those of the first one.
TEST(StepMessage, StepsThatDoNotFitOneDecisionAreRefused) {
  World world;
  std::string text = "strategy: s\nsteps:\n";
  for (int i = 0; i < 16; ++i)
    text += "  - {assess: response, at: " + std::to_string(100 + i) + " d}\n";
  EXPECT_EQ(world.problems(text), "");
  text += "  - {assess: response, at: 200 d}\n";
  EXPECT_EQ(world.problems(text),
            "strategy.yaml:19:5: error: a strategy has at most 16 steps\n"
            "   19 |   - {assess: response, at: 200 d}\n"
            "      |     ^\n"
            "1 error, nothing was run\n");
}

TEST(StepMessage, RulesForProgressionNeedAModelThatObservesIt) {
  World world;
  world.program.observation.given = false;
  EXPECT_EQ(world.problems("strategy: s\non_progression:\n  - {give: gp, cycles: 4}\n"),
            "strategy.yaml:1:1: error: strategy 's' reacts to progression, but model 'tiny' does "
            "not say how "
            "progression becomes known\n"
            "    1 | strategy: s\n"
            "      | ^\n"
            "   hint: add 'observation' to the model\n"
            "1 error, nothing was run\n");
}

TEST(StrategyMessage, OfSettingsWithoutAPlugin) {
  World world;
  EXPECT_EQ(world.problems("strategy: s\nsettings: {share: 0.5}\nsteps: [{give: pd1}]\n"),
            "strategy.yaml:2:1: error: 'settings' are numbers for a plugin, and there is no "
            "'plugin'\n"
            "    2 | settings: {share: 0.5}\n"
            "      | ^~~~~~~~\n"
            "   hint: name the shared library under 'plugin', or remove 'settings'\n"
            "1 error, nothing was run\n");
}

// It would be a strategy without treatment.
TEST(StrategyMessage, OfAPluginWithoutAName) {
  World world;
  EXPECT_EQ(world.problems("strategy: s\nplugin: \"\"\nsettings: {share: 0.5}\n"),
            "strategy.yaml:2:9: error: 'plugin' must name a shared library, found no text\n"
            "    2 | plugin: \"\"\n"
            "      |         ^~\n"
            "   hint: e.g. response_adaptive.so; without the key the steps decide\n"
            "1 error, nothing was run\n");
}

TEST(StrategyMessage, OfSettingsThatAreNoMap) {
  World world;
  EXPECT_EQ(world.problems("strategy: s\nplugin: p.so\nsettings: 3\n"),
            "strategy.yaml:3:11: error: 'settings' must be a map of numbers, found '3'\n"
            "    3 | settings: 3\n"
            "      |           ^\n"
            "1 error, nothing was run\n");
}

}  // namespace
}  // namespace npcsim::testing
