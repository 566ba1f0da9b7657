// Steps that nobody can take: what is said of them, and of what nothing is said.
#include "world.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(IdleSteps, ARuleBehindOneThatAlwaysActs) {
  World world;
  EXPECT_EQ(world.warnings("strategy: s\n"
                           "on_progression:\n"
                           "  - {give: capecitabine, cycles: 2}\n"
                           "  - {when: {months_since_platinum: {min: 6}}, give: gp, cycles: 2}\n"
                           "  - {give: pd1}\n"),
            "strategy.yaml:4:5: warning: nobody comes to this rule: rule 1 has no 'when'\n"
            "    4 |   - {when: {months_since_platinum: {min: 6}}, give: gp, cycles: 2}\n"
            "      |     ^\n"
            "   in on_progression > 2\n"
            "   hint: the first rule that holds is taken; put the one without 'when' last\n");
}

TEST(IdleSteps, ADelayBeyondWithin) {
  World world;
  EXPECT_EQ(world.warnings("strategy: s\n"
                           "steps:\n"
                           "  - {give: gp, cycles: 6}\n"
                           "  - {give: lrrt, delay: 30 d, within: 10 d}\n"),
            "strategy.yaml:4:5: warning: nobody takes this: 'delay' is longer than 'within'\n"
            "    4 |   - {give: lrrt, delay: 30 d, within: 10 d}\n"
            "      |     ^\n"
            "   in steps > 2\n"
            "   hint: leave out 'within', or make it at least as long as the delay\n");
}

TEST(IdleSteps, AMarkerThatNoStepAssesses) {
  World world;
  EXPECT_EQ(
      world.warnings("strategy: s\n"
                     "steps:\n"
                     "  - {give: gp, cycles: 6}\n"
                     "  - {give: lrrt, when: {any: [{response: [CR, PR]}]}}\n"),
      "strategy.yaml:4:32: warning: no step assesses 'response', so 'response' is never known "
      "here\n"
      "    4 |   - {give: lrrt, when: {any: [{response: [CR, PR]}]}}\n"
      "      |                                ^~~~~~~~\n"
      "   in steps > 2\n"
      "   hint: put {assess: response} before this step\n");
}

TEST(IdleSteps, NothingToStop) {
  World world;
  EXPECT_EQ(world.warnings("strategy: s\n"
                           "steps:\n"
                           "  - {give: gp, cycles: 6}\n"
                           "  - {stop: pd1}\n"),
            "strategy.yaml:4:12: warning: no step gives 'pd1', so there is nothing to stop\n"
            "    4 |   - {stop: pd1}\n"
            "      |            ^~~\n"
            "   in steps > 2\n");
}

// Rules with a probability or too late leave their place to the next; progression grades the
// response, so that later lines may ask for it; one agent of a regimen is enough to stop it.
TEST(IdleSteps, NothingIsSaidOfStepsThatSomebodyTakes) {
  World world;
  EXPECT_EQ(
      world.warnings("strategy: s\n"
                     "steps:\n"
                     "  - {give: gp, cycles: 6, with: {pd1: {cycles: 2}}}\n"
                     "  - {assess: response}\n"
                     "  - {give: lrrt, when: {response: [CR, PR]}, delay: 10 d, within: 10 d}\n"
                     "  - {stop: pd1}\n"
                     "  - {stop: gp}\n"
                     "on_progression:\n"
                     "  - {give: gp, cycles: 2, probability: 0.5}\n"
                     "  - {when: {months_since_platinum: {min: 6}}, give: gp, cycles: 2}\n"
                     "  - {give: capecitabine, cycles: 2}\n"),
      "");
  EXPECT_EQ(world.warnings("strategy: s\n"
                           "on_progression:\n"
                           "  - {when: {response: [PD]}, give: gp, cycles: 2}\n"),
            "");
}

}  // namespace
}  // namespace npcsim::testing
