// The example plugin, built outside the tree, against the step document that says the same.
#include "plugin_world.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const TinyHazards hazards{.progression = "weibull: {shape: 1.3, scale: 30 months}",
                          .death_after = "weibull: {shape: 1.1, scale: 15 months}"};
constexpr std::uint32_t patients = 2000;

// PD-1 stops 365.25 days after the first dose, which is due on day 28.
constexpr const char* steps = R"(strategy: as_steps
steps:
  - {give: gp, cycles: 6, name: induction}
  - {give: pd1, after: start, until: {time_on_agent: 24 months}}
  - {assess: response, after: induction}
  - {give: lrrt, when: {response: [CR, PR]}}
  - {stop: pd1, at: 393.25 d, when: {response: CR}}
on_progression:
  - {give: gp_rechallenge, cycles: 6, when: {months_since_platinum: {min: 6}}}
)";

bool same_bits(const JournalEntry& a, const JournalEntry& b) {
  return a.days == b.days && a.kind == b.kind && a.index == b.index && a.detail == b.detail &&
         a.value == b.value;
}

TEST(ResponseAdaptive, LivesTheLivesOfTheStepsToTheLastBit) {
  World world(hazards);
  const auto plugged = plugin(world, "strategy: as_plugin\nplugin: response_adaptive\n");
  const auto stepped = world.steps(steps);
  int early = 0;
  int radiated = 0;
  int again = 0;
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const Journal one = world.journal(*plugged, patient);
    const Journal two = world.journal(*stepped, patient);
    ASSERT_TRUE(std::equal(one.begin(), one.end(), two.begin(), two.end(), same_bits))
        << "patient " << patient << "\n"
        << world.life(*plugged, patient) << "\n"
        << world.life(*stepped, patient);
    const std::string life = world.life(*plugged, patient);
    early += life.find("393.25 breaks off pd1") != std::string::npos ? 1 : 0;
    radiated += life.find("begins lrrt") != std::string::npos ? 1 : 0;
    again += life.find("begins cisplatin", life.find("documented")) != std::string::npos ? 1 : 0;
  }
  // Every branch was taken by somebody and not by everybody.
  for (const int count : {early, radiated, again}) {
    EXPECT_GT(count, 20);
    EXPECT_LT(count, static_cast<int>(patients) - 20);
  }
  EXPECT_FALSE(plugged->failed().has_value());
}

TEST(ResponseAdaptive, FollowsItsSettings) {
  World world({.response_cuts = "[-10, -20, -30]"}, 1000);  // complete response in everybody
  const auto strategy =
      plugin(world,
             "strategy: s\nplugin: response_adaptive.so\n"
             "settings: {induction_cycles: 2, stop_pd1_after_months: 4, accepts_lrrt: 0}\n");
  EXPECT_EQ(world.life(*strategy),
            "0 diagnosis, first_line\n"
            "28 begins gemcitabine, 2 cycles to come\n"
            "28 begins cisplatin, 2 cycles to come\n"
            "28 begins pd1, 35 cycles to come\n"  // doses before 24 x 30.4375 = 730.5 days: 35
            "70 ends gemcitabine after 2 cycles\n"
            "70 ends cisplatin after 2 cycles\n"
            "70 assessed: response CR\n"
            "149.75 breaks off pd1 after 6 cycles\n"  // 28 + 4 x 30.4375; doses on days 28 .. 133
            "1000 alive at the end of follow-up\n");
}

TEST(ResponseAdaptive, RefusesSettingsThatMakeNoSense) {
  World world;
  std::string problems;
  EXPECT_EQ(load(world, "strategy: s\nplugin: response_adaptive\nsettings: {accepts_lrrt: 2}\n",
                 problems),
            nullptr);
  EXPECT_EQ(problems,
            "strategy.yaml:2:9: error: plugin 'response_adaptive' refuses to work: 'accepts_lrrt' "
            "is a share, from 0 "
            "to 1\n"
            "    2 | plugin: response_adaptive\n"
            "      |         ^~~~~~~~~~~~~~~~~\n"
            "   in plugin\n"
            "1 error, nothing was run\n");
}

TEST(ResponseAdaptive, DrawsAreThePatientsOwn) {
  World world({.response_cuts = "[-10, -20, -30]"});
  const auto seldom =
      plugin(world, "strategy: a\nplugin: response_adaptive\nsettings: {accepts_lrrt: 0.3}\n");
  const auto often =
      plugin(world, "strategy: b\nplugin: response_adaptive\nsettings: {accepts_lrrt: 0.6}\n");
  int only_often = 0;
  for (std::uint32_t patient = 0; patient < 200; ++patient) {
    const bool a = world.life(*seldom, patient).find("begins lrrt") != std::string::npos;
    const bool b = world.life(*often, patient).find("begins lrrt") != std::string::npos;
    EXPECT_TRUE(b || !a) << patient;
    only_often += b && !a ? 1 : 0;
  }
  EXPECT_GT(only_often, 0);
}

// The draws of a plugin have a name space of their own, "plugin " before the name.
TEST(ResponseAdaptive, DrawsDifferFromThoseOfStepsWithTheSameName) {
  World world({.response_cuts = "[-10, -20, -30]"});
  const auto plugged =
      plugin(world, "strategy: a\nplugin: response_adaptive\nsettings: {accepts_lrrt: 0.5}\n");
  int taken = 0;
  for (std::uint32_t patient = 0; patient < 200; ++patient) {
    const bool lrrt = world.life(*plugged, patient).find("begins lrrt") != std::string::npos;
    const PatientDraws draws({20240217, 0}, patient);
    EXPECT_EQ(lrrt, draws.uniform(StreamName("plugin accepts lrrt")) < 0.5);
    taken += lrrt != (draws.uniform(StreamName("accepts lrrt")) < 0.5) ? 1 : 0;
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace npcsim::testing
