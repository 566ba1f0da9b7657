// A plugin that goes wrong stops nothing and is reported: the lowest patient, whoever came first.
#include "plugin_world.hpp"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

struct Case {
  int how;
  std::string message;
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.how; }

class PluginFailureMessage : public ::testing::TestWithParam<Case> {};

TEST_P(PluginFailureMessage, IsThisAndNothingIsDone) {
  World world;
  const auto strategy = plugin(world, "strategy: s\nplugin: misbehaving\nsettings: {how: " +
                                          std::to_string(GetParam().how) + "}\n");
  EXPECT_FALSE(strategy->failed().has_value());
  EXPECT_EQ(world.life(*strategy, 7),
            "0 diagnosis, first_line\n3652.50 alive at the end of follow-up\n");
  ASSERT_TRUE(strategy->failed().has_value());
  EXPECT_EQ(strategy->failed()->patient, 7U);
  EXPECT_EQ(strategy->failed()->message,
            "plugin 'misbehaving' on day 28 (start): " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Strategies, PluginFailureMessage,
    ::testing::Values(Case{2, "an exception that is no std::exception"},
                      Case{3, "action 1 has a delay that is negative or not finite"},
                      Case{4, "action 1 has a delay that is negative or not finite"},
                      Case{5, "action 1 names an agent that the plugin never looked up"},
                      Case{6, "too many actions in one decision"},
                      Case{7, "action 1 wakes the plugin in less than 1/32 day"},
                      Case{8, "action 2 has a number of cycles outside of -1 to 100000"},
                      Case{9, "action 1 names a marker that does not exist"},
                      Case{10, "it reads a variable that it never looked up"},
                      Case{11, "it draws from a stream that it never looked up"},
                      Case{12, "the occurrence of a draw must be below 16777216"},
                      Case{13, "action 1 names an agent twice"},
                      Case{14, "action 1 names no agent, or more than 8"},
                      Case{15, "action 1 has a duration that is negative or not finite"},
                      Case{18, R"(ring \x07 \x1b[2J\x0a\xff caf)"
                               "\xc3\xa9"
                               R"( \xc2\x9b)"}),
    [](const ::testing::TestParamInfo<Case>& row) {
      return "how_" + std::to_string(row.param.how);
    });

constexpr const char* sometimes =
    "strategy: s\nplugin: misbehaving\nsettings: {how: 1, share: 0.2}\n";

// The patients whose draw makes the plugin throw, found one by one.
std::vector<std::uint32_t> failing(std::uint32_t n) {
  World world;
  std::vector<std::uint32_t> out;
  for (std::uint32_t patient = 0; patient < n; ++patient) {
    const auto strategy = plugin(world, sometimes);
    static_cast<void>(world.journal(*strategy, patient));
    if (strategy->failed()) out.push_back(patient);
  }
  return out;
}

TEST(PluginFailure, OfTheLowestPatientIsKeptInWhateverOrder) {
  const std::vector<std::uint32_t> who = failing(40);
  ASSERT_GE(who.size(), 2U);
  ASSERT_LT(who.size(), 40U);
  World world;
  for (const bool upwards : {true, false}) {
    const auto strategy = plugin(world, sometimes);
    for (std::uint32_t i = 0; i < 40; ++i)
      static_cast<void>(world.journal(*strategy, upwards ? i : 39 - i));
    EXPECT_EQ(strategy->failed()->patient, who.front());
    EXPECT_EQ(strategy->failed()->message,
              "plugin 'misbehaving' on day 28 (start): patient drawn 1");
  }
}

TEST(PluginFailure, OfTheLowestPatientIsKeptByManyThreads) {
  const std::vector<std::uint32_t> who = failing(400);
  World world;
  for (int round = 0; round < 5; ++round) {
    const auto strategy = plugin(world, sometimes);
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (std::uint32_t i = 0; i < 100; ++i)
          static_cast<void>(world.journal(*strategy, (4 * i + t) * 77 % 400));
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(strategy->failed()->patient, who.front());
  }
}

TEST(PluginFailure, TakesNothingFromOtherPatients) {
  World world;
  const auto strategy = plugin(world, sometimes);
  const auto always = world.steps("strategy: t\nsteps:\n  - {give: pd1, cycles: 1}\n");
  const std::vector<std::uint32_t> who = failing(40);
  for (std::uint32_t patient = 0; patient < 40; ++patient) {
    const bool fails = std::find(who.begin(), who.end(), patient) != who.end();
    EXPECT_EQ(world.life(*strategy, patient) == world.life(*always, patient), !fails) << patient;
  }
}

TEST(PluginFailure, OfAPluginThatNeverEndsAnInstantEndsThere) {
  World world;
  const auto strategy = plugin(world, "strategy: s\nplugin: misbehaving\nsettings: {how: 17}\n");
  EXPECT_NE(world.life(*strategy).find("alive at the end of follow-up"), std::string::npos);
  ASSERT_TRUE(strategy->failed().has_value());
  EXPECT_EQ(strategy->failed()->message,
            "plugin 'misbehaving' on day 28 (course done): it was asked 100 times at one instant "
            "and still wants more");
}

// 240 bytes are taken over; a letter of several bytes is not cut in two.
TEST(PluginFailure, OfManyWordsEndsWithAWholeLetter) {
  World world;
  const auto strategy = plugin(world, "strategy: s\nplugin: misbehaving\nsettings: {how: 19}\n");
  static_cast<void>(world.life(*strategy));
  ASSERT_TRUE(strategy->failed().has_value());
  EXPECT_EQ(strategy->failed()->message,
            "plugin 'misbehaving' on day 28 (start): " + std::string(238, 'a'));
}

}  // namespace
}  // namespace npcsim::testing
