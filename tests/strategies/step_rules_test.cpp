// What follows documented progression. Latent progression falls into the first minutes of a given
// day and is documented by the assessments of days 28 + 42 k.
#include "world.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// The part of a life from the documentation on, for progression soon after `day`.
std::string after_progression(int day, const std::string& strategy) {
  World world({.progression = soon_after(day)}, 1000);
  const std::string life = world.life(*world.steps("strategy: s\n" + strategy));
  const std::size_t documented = life.find("progression documented");
  if (documented == std::string::npos) return life;
  const std::size_t begin = life.rfind('\n', documented) + 1;
  const std::size_t end = life.rfind('\n', life.size() - 2) + 1;
  return life.substr(begin, end - begin);
}

TEST(Rules, TheFirstThatHoldsIsFollowed) {
  const std::string strategy =
      "steps:\n  - {give: cisplatin, cycles: 2}\n"
      "on_progression:\n"
      "  - {when: {months_since_platinum: {min: 6}}, give: gp, cycles: 2}\n"
      "  - {give: capecitabine, cycles: 2}\n";
  // Last platinum on day 49. Documented on day 112: 2.1 months later; on day 238: 6.2 months later.
  EXPECT_EQ(after_progression(100, strategy),
            "112 progression documented: progression\n"
            "112 begins capecitabine, 2 cycles to come\n"
            "154 ends capecitabine after 2 cycles\n");
  EXPECT_EQ(after_progression(230, strategy),
            "238 progression documented: progression\n"
            "238 begins gemcitabine, 2 cycles to come\n"
            "238 begins cisplatin, 2 cycles to come\n"
            "280 ends gemcitabine after 2 cycles\n"
            "280 ends cisplatin after 4 cycles\n");  // two of the first line among them
}

TEST(Rules, EverythingStopsAndNoStepOfTheFirstLineFollows) {
  EXPECT_EQ(
      after_progression(
          100,
          "steps:\n  - {give: pd1}\n  - {give: gp, cycles: 6, after: start}\n"
          "  - {give: lrrt, at: 300 d}\n  - {assess: response, after: start, delay: 90 d}\n"),
      "112 progression documented: progression\n"
      "112 breaks off cisplatin after 4 cycles\n"  // the dose due at the same instant is the fifth
      "112 breaks off gemcitabine after 4 cycles\n"
      "112 breaks off pd1 after 4 cycles\n");
}

TEST(Rules, WaitTheirDelay) {
  EXPECT_EQ(
      after_progression(100, "on_progression:\n  - {give: capecitabine, cycles: 1, delay: 14 d}\n"),
      "112 progression documented: progression\n"
      "126 begins capecitabine, 1 cycle to come\n"
      "147 ends capecitabine after 1 cycle\n");
}

TEST(Rules, ThatCannotBeginSoonEnoughLeaveTheirPlaceToTheNext) {
  EXPECT_EQ(
      after_progression(
          100, "on_progression:\n  - {give: lrrt, delay: 14 d, within: 7 d}\n  - {give: biopsy}\n"),
      "112 progression documented: progression\n112 begins biopsy\n112 ends biopsy\n");
}

TEST(Rules, AnAssessmentFindsProgressionThatIsThere) {
  // Day 28 + 60 = 88 lies between the assessments of days 70 and 112.
  EXPECT_EQ(after_progression(80,
                              "steps:\n  - {assess: response, delay: 60 d}\n  - {give: lrrt}\n"
                              "on_progression:\n  - {give: biopsy}\n"),
            "88 progression documented: progression\n88 begins biopsy\n88 ends biopsy\n");
}

TEST(Rules, WithoutOneThatHoldsNothingIsGiven) {
  EXPECT_EQ(after_progression(
                100, "on_progression:\n  - {give: lrrt, when: {received_platinum: true}}\n"),
            "112 progression documented: progression\n");
}

TEST(Rules, ARuleThatIsNotTakenByChanceLeavesItsPlaceToTheNext) {
  World world({.progression = soon_after(100)}, 1000);
  const auto strategy = world.steps(
      "strategy: s\non_progression:\n"
      "  - {give: lrrt, probability: 0.5}\n  - {give: biopsy}\n");
  int first = 0;
  int second = 0;
  for (std::uint32_t patient = 0; patient < 64; ++patient) {
    const std::string life = world.life(*strategy, patient);
    const bool lrrt = life.find("begins lrrt") != std::string::npos;
    EXPECT_NE(lrrt, life.find("begins biopsy") != std::string::npos);
    (lrrt ? first : second) += 1;
  }
  EXPECT_GT(first, 0);
  EXPECT_GT(second, 0);
}

}  // namespace
}  // namespace npcsim::testing
