// When steps begin. Days follow from the protocol by hand: first dose on day 28, cycles of 21 days,
// a course of 45.
#include "world.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const TinyHazards complete{.response_cuts = "[-10, -20, -30]"};
const TinyHazards partial{.response_cuts = "[10, -10, -20]"};
const TinyHazards stable{.response_cuts = "[20, 10, -10]"};

std::string lived(const std::string& steps, const TinyHazards& hazards = {}) {
  World world(hazards, 1000);
  std::string life = world.life(*world.steps("strategy: s\nsteps:\n" + steps));
  const std::string head = "0 diagnosis, first_line\n";
  const std::string tail = "1000 alive at the end of follow-up\n";
  EXPECT_EQ(life.substr(0, head.size()), head);
  EXPECT_NE(life.find(tail), std::string::npos) << life;
  return life.substr(head.size(), life.find(tail) - head.size());
}

TEST(Steps, FollowEachOther) {
  EXPECT_EQ(lived("  - {give: gp, cycles: 6}\n  - {assess: response}\n  - {give: lrrt}\n  - {give: "
                  "capecitabine}\n",
                  partial),
            "28 begins gemcitabine, 6 cycles to come\n"
            "28 begins cisplatin, 6 cycles to come\n"
            "154 ends gemcitabine after 6 cycles\n"  // 28 + 6 x 21
            "154 ends cisplatin after 6 cycles\n"
            "154 assessed: response PR\n"
            "154 begins lrrt\n"
            "199 ends lrrt\n"  // + 45
            "199 begins capecitabine, 8 cycles to come\n"
            "367 ends capecitabine after 8 cycles\n");  // its cap of 8 cycles
}

TEST(Steps, AfterStartRunBesideOthers) {
  EXPECT_EQ(
      lived("  - {give: cisplatin, cycles: 3}\n"
            "  - {give: pd1, after: start, until: {time_on_agent: 105 d}}\n"),
      "28 begins cisplatin, 3 cycles to come\n"
      "28 begins pd1, 5 cycles to come\n"  // doses at 0, 21, 42, 63, 84 days; the one at 105 is out
      "91 ends cisplatin after 3 cycles\n"
      "133 ends pd1 after 5 cycles\n");
}

// The doses that would fit are more than an integer holds.
TEST(Steps, ALimitBeyondAllTimesIsNone) {
  const std::string one = "  - {give: cisplatin, cycles: 3";
  EXPECT_EQ(lived(one + ", until: {time_on_agent: 1e9 years}}\n"), lived(one + "}\n"));
  const std::string other = "  - {give: pd1";
  EXPECT_EQ(lived(other + ", until: {time_on_agent: 1e9 years}}\n"), lived(other + "}\n"));
}

TEST(Steps, WaitForTheStepThatTheyName) {
  EXPECT_EQ(lived("  - {give: cisplatin, cycles: 2, name: short}\n"
                  "  - {give: gemcitabine, cycles: 4, name: long, after: start}\n"
                  "  - {give: lrrt, after: short}\n"
                  "  - {give: biopsy, after: long}\n"),
            "28 begins cisplatin, 2 cycles to come\n"
            "28 begins gemcitabine, 4 cycles to come\n"
            "70 ends cisplatin after 2 cycles\n"
            "70 begins lrrt\n"
            "112 ends gemcitabine after 4 cycles\n"
            "112 begins biopsy\n"
            "112 ends biopsy\n"
            "115 ends lrrt\n");
}

TEST(Steps, OfSeveralAgentsAreOverWithTheLast) {
  EXPECT_EQ(lived("  - {give: cisplatin, cycles: 1, with: {gemcitabine: {cycles: 3}}}\n  - {give: "
                  "biopsy}\n"),
            "28 begins cisplatin, 1 cycle to come\n"
            "28 begins gemcitabine, 3 cycles to come\n"
            "49 ends cisplatin after 1 cycle\n"
            "91 ends gemcitabine after 3 cycles\n"
            "91 begins biopsy\n"
            "91 ends biopsy\n");
}

TEST(Steps, WaitTheirDelay) {
  EXPECT_EQ(
      lived(
          "  - {give: cisplatin, cycles: 1}\n  - {give: biopsy, delay: 10 d}\n  - {give: lrrt}\n"),
      "28 begins cisplatin, 1 cycle to come\n"
      "49 ends cisplatin after 1 cycle\n"
      "59 begins biopsy\n"
      "59 ends biopsy\n"
      "59 begins lrrt\n"
      "104 ends lrrt\n");
}

TEST(Steps, ThatCannotBeginSoonEnoughAreLeftOut) {
  EXPECT_EQ(lived("  - {give: biopsy, delay: 31 d, within: 30 d}\n  - {give: lrrt}\n"),
            "28 begins lrrt\n73 ends lrrt\n");
  EXPECT_EQ(lived("  - {give: biopsy, delay: 30 d, within: 30 d}\n"),
            "58 begins biopsy\n58 ends biopsy\n");
}

TEST(Steps, AtATimeCountFromDiagnosis) {
  EXPECT_EQ(lived("  - {give: cisplatin, cycles: 1}\n  - {give: biopsy, at: 200 d}\n"),
            "28 begins cisplatin, 1 cycle to come\n"
            "49 ends cisplatin after 1 cycle\n"
            "200 begins biopsy\n"
            "200 ends biopsy\n");
  // One that is over before treatment begins is done with the first dose.
  EXPECT_EQ(lived("  - {give: biopsy, at: 7 d}\n"), "28 begins biopsy\n28 ends biopsy\n");
}

TEST(Steps, AreFollowedAlsoWhenTheyHadTheirOwnTime) {
  EXPECT_EQ(lived("  - {give: lrrt, at: 100 d, name: radiotherapy}\n  - {give: biopsy, after: "
                  "radiotherapy}\n"),
            "100 begins lrrt\n145 ends lrrt\n145 begins biopsy\n145 ends biopsy\n");
}

TEST(Steps, ReactToTheResponse) {
  const std::string steps =
      "  - {give: cisplatin, cycles: 1}\n  - {assess: response}\n"
      "  - {give: lrrt, when: {response: [CR, PR]}}\n  - {give: biopsy, when: {response: CR}}\n";
  const std::string induction =
      "28 begins cisplatin, 1 cycle to come\n49 ends cisplatin after 1 cycle\n";
  EXPECT_EQ(lived(steps, complete), induction +
                                        "49 assessed: response CR\n49 begins lrrt\n94 ends lrrt\n"
                                        "94 begins biopsy\n94 ends biopsy\n");
  EXPECT_EQ(lived(steps, partial),
            induction + "49 assessed: response PR\n49 begins lrrt\n94 ends lrrt\n");
  EXPECT_EQ(lived(steps, stable), induction + "49 assessed: response SD\n");
}

TEST(Steps, LookAtTheirConditionWhenTheirTurnComes) {
  const std::string steps =
      "  - {give: pd1, cycles: 20}\n  - {stop: pd1, at: 114 d, when: {cycles_pd1: {min: 5}}}\n";
  // The fifth dose is given on day 28 + 4 x 21 = 112.
  EXPECT_EQ(lived(steps), "28 begins pd1, 20 cycles to come\n114 breaks off pd1 after 5 cycles\n");
  EXPECT_EQ(lived("  - {give: pd1, cycles: 20}\n  - {stop: pd1, at: 112 d, when: {cycles_pd1: "
                  "{min: 5}}}\n"),
            "28 begins pd1, 20 cycles to come\n448 ends pd1 after 20 cycles\n");
}

TEST(Steps, ThatAreStoppedAreOver) {
  EXPECT_EQ(lived("  - {give: pd1, name: immunotherapy}\n  - {stop: pd1, at: 100 d}\n"
                  "  - {give: biopsy, after: immunotherapy}\n"),
            "28 begins pd1, 48 cycles to come\n"
            "100 breaks off pd1 after 4 cycles\n"
            "100 begins biopsy\n"
            "100 ends biopsy\n");
}

TEST(Steps, BesideADelayedAssessmentDoNotWaitForIt) {
  EXPECT_EQ(
      lived("  - {assess: response, after: start, delay: 60 d}\n  - {give: lrrt, after: start}\n",
            stable),
      "28 begins lrrt\n73 ends lrrt\n88 assessed: response SD\n");
}

TEST(Steps, GiveAgentsWithoutCyclesForATime) {
  EXPECT_EQ(lived("  - {give: tablets, for: 90 d}\n  - {give: biopsy}\n"),
            "28 begins tablets\n118 ends tablets\n118 begins biopsy\n118 ends biopsy\n");
  EXPECT_EQ(lived("  - {give: tablets}\n  - {give: biopsy}\n"),
            "28 begins tablets\n28 begins biopsy\n28 ends biopsy\n");
}

TEST(Steps, NameEveryAgentThatTheyMayGive) {
  World world;
  const auto strategy = world.steps(
      "strategy: s\nsteps:\n  - {give: gp, cycles: 1}\n  - {stop: pd1}\n"
      "on_progression:\n  - {give: capecitabine}\n  - {give: gemcitabine}\n");
  EXPECT_EQ(strategy->agents(),
            (std::vector<std::int32_t>{world.program.find_agent("gemcitabine"),
                                       world.program.find_agent("cisplatin"),
                                       world.program.find_agent("capecitabine")}));
}

}  // namespace
}  // namespace npcsim::testing
