// Strategies that decide alike share a life until they part, and nobody can tell from the outcome.
#include "world.hpp"

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const TinyHazards hazards{.progression = "weibull: {shape: 1.3, scale: 14 months}",
                          .death_after = "weibull: {shape: 1.1, scale: 15 months}"};
constexpr std::uint32_t patients = 200;

const std::string induction = "steps:\n  - {give: gp, cycles: 6, name: induction}\n";
const std::string second_line = "on_progression: [{give: capecitabine}]\n";

// Fails where a patient's life beside others is not the one that he lives alone. The lives that
// were lived, all patients together.
std::size_t lives_of(const std::vector<std::string>& texts) {
  World world(hazards);
  std::vector<std::unique_ptr<StepStrategy>> owned;
  std::vector<const Strategy*> strategies;
  for (const std::string& text : texts) {
    owned.push_back(world.steps(text));
    strategies.push_back(owned.back().get());
  }
  std::size_t lives = 0;
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const World::Together together = world.together(strategies, patient);
    lives += together.lives;
    for (std::size_t s = 0; s < strategies.size(); ++s) {
      const World::Together alone = world.together({strategies[s]}, patient);
      EXPECT_EQ(together.outcomes[s], alone.outcomes[0]) << "patient " << patient << "\n"
                                                         << texts[s];
    }
  }
  return lives;
}

TEST(Sharing, EqualStrategiesLiveOneLife) {
  EXPECT_EQ(lives_of({"strategy: a\n" + induction + second_line,
                      "strategy: b\n" + induction + second_line}),
            patients);
}

TEST(Sharing, NumbersOfStepsDoNotMatter) {
  // The step that nobody takes moves the numbers of those after it.
  EXPECT_EQ(
      lives_of({"strategy: a\n" + induction + "  - {give: pd1, cycles: 10}\n  - {give: lrrt}\n",
                "strategy: b\n" + induction +
                    "  - {give: capecitabine, probability: 0}\n"
                    "  - {give: pd1, cycles: 10}\n  - {give: lrrt}\n"}),
      patients);
}

TEST(Sharing, LivesPartWhereDecisionsDo) {
  // The gate opens for some of the patients who finish induction: two lives for them, one for all
  // others.
  const std::size_t lives = lives_of(
      {"strategy: a\n" + induction + second_line,
       "strategy: b\n" + induction + "  - {give: lrrt, probability: 0.5}\n" + second_line});
  EXPECT_GT(lives, patients + patients / 10);
  EXPECT_LT(lives, patients + 9 * patients / 10);
}

TEST(Sharing, LivesPartMoreThanOnce) {
  const std::string assessed =
      "steps:\n  - {give: gp, cycles: 6, name: induction}\n  - {assess: response, after: start, "
      "at: "
      "100 d}\n  - {assess: response, after: induction}\n";
  lives_of(
      {"strategy: a\n" + assessed + second_line,
       "strategy: b\n" + assessed + "  - {give: lrrt, when: {response: [CR, PR]}}\n" +
           "  - {give: pd1, cycles: 10}\n" + second_line,
       "strategy: c\n" + assessed + "  - {give: lrrt, when: {response: [CR, PR]}}\n" +
           "  - {give: pd1, cycles: 12}\n",
       "strategy: d\n" + assessed + "  - {give: pd1, at: 120 d, cycles: 3}\n" + second_line,
       "strategy: e\nsteps: [{give: [biopsy, tablets, gemcitabine], cycles: 2}]\n",
       "strategy: f\nsteps: [{give: gp, cycles: 6}, {stop: cisplatin, at: 60 d}, {give: pd1}]\n",
       "strategy: g\n"});
}

// Counts its questions in its memory and calls everything by a new number each time.
class Restless final : public Strategy {
 public:
  explicit Restless(std::int32_t step) : step_(step) {}
  void decide(const StrategyView& view, StrategyMemory& memory,
              Decision& decision) const noexcept override {
    std::int32_t asked = 0;
    std::memcpy(&asked, memory.bytes.data(), sizeof asked);
    if (view.trigger() == Trigger::wake && view.tag() != asked * step_) return;  // wrong number
    ++asked;
    std::memcpy(memory.bytes.data(), &asked, sizeof asked);
    Action action;
    if (asked % 5 == 0 || asked == 7 + step_) {
      action.tag = -asked;
      action.agent_count = 1;
      action.agents[0] = asked == 7 + step_ ? 2 : 0;
      action.cycles[0] = 2;
      decision.add(action);
    }
    action = Action{};
    action.kind = Action::Kind::wake;
    action.tag = asked * step_;
    action.delay_days = 30;
    decision.add(action);
  }

 private:
  std::int32_t step_;
};

TEST(Sharing, MemoriesAndNumbersStayEachStrategysOwn) {
  World world(hazards);
  const Restless one(1);
  const Restless three(3);
  const Restless seven(7);
  for (std::uint32_t patient = 0; patient < patients; ++patient) {
    const World::Together together = world.together({&one, &three, &seven}, patient);
    EXPECT_EQ(together.outcomes[0], world.together({&one}, patient).outcomes[0]);
    EXPECT_EQ(together.outcomes[1], world.together({&three}, patient).outcomes[0]);
    EXPECT_EQ(together.outcomes[2], world.together({&seven}, patient).outcomes[0]);
  }
}

// Two courses of different length, under one number or two; another follows the first that is done.
class TwoCourses final : public Strategy {
 public:
  TwoCourses(std::int32_t first, std::int32_t second) : tags_{first, second} {}
  void decide(const StrategyView& view, StrategyMemory& memory,
              Decision& decision) const noexcept override {
    Action action;
    action.agent_count = 1;
    if (view.trigger() == Trigger::start) {
      for (std::int32_t i = 0; i < 2; ++i) {
        action.tag = tags_[i];
        action.agents[0] = i;
        action.cycles[0] = 2 + 2 * i;
        decision.add(action);
      }
    } else if (view.trigger() == Trigger::course_done && memory.bytes[0] == std::byte{0}) {
      memory.bytes[0] = std::byte{1};
      action.tag = 100;
      action.agents[0] = 2;
      action.cycles[0] = 1;
      decision.add(action);
    }
  }

 private:
  std::int32_t tags_[2];
};

TEST(Sharing, OneNumberForTwoThingsIsAnotherDecision) {
  World world(hazards);
  const TwoCourses apart(1, 2);
  const TwoCourses together(5, 5);
  const World::Together both = world.together({&apart, &together}, 0);
  EXPECT_EQ(both.lives, 2U);
  EXPECT_EQ(both.outcomes[0], world.together({&apart}, 0).outcomes[0]);
  EXPECT_EQ(both.outcomes[1], world.together({&together}, 0).outcomes[0]);
  EXPECT_NE(both.outcomes[0], both.outcomes[1]);
}

}  // namespace
}  // namespace npcsim::testing
