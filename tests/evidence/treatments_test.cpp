// Nothing that the evidence names is forgotten: each arm, trial and algorithm has a strategy that
// gives what the words say, or a reason why there is none.
#include "model_and_strategies.hpp"
#include "shipped_evidence.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const Treatment* treatment(const std::string& word) {
  return find(shipped_evidence().treatments, word);
}

// Strategies for an arm of a study; empty where a reason stands instead.
std::vector<Name> strategies_of(const std::string& study, const std::string& arm) {
  const Treatment* entry = treatment(arm);
  if (entry == nullptr) return {};
  for (const auto& [name, of_study] : entry->by_study) {
    if (name.text == study) return of_study.strategies;
  }
  return entry->strategies;
}

// Whether a strategy gives one of the agents that stand for a word.
bool gives(const std::string& strategy, const std::string& word) {
  const Treatment* entry = treatment(word);
  if (entry == nullptr) return false;
  const std::set<std::string> given = given_agents(strategy);
  for (const Name& name : entry->agents) {
    for (const std::string& agent : members(name.text)) {
      if (given.count(agent) > 0) return true;
    }
  }
  return false;
}

bool one_of_them_gives(const std::vector<Name>& strategies, const std::string& word) {
  return std::any_of(strategies.begin(), strategies.end(),
                     [&word](const Name& strategy) { return gives(strategy.text, word); });
}

TEST(Treatments, EveryArmOfAFigureHasAStrategyOrAReason) {
  std::size_t arms = 0;
  for (const auto& [id, target] : shipped_evidence().targets) {
    for (const std::string& arm :
         {target.arm.text, target.contrast.of.text, target.contrast.against.text}) {
      if (arm.empty()) continue;
      ++arms;
      const Treatment* entry = treatment(arm);
      ASSERT_NE(entry, nullptr) << id.text << " has the arm '" << arm
                                << "': add the word to configs/evidence/arms.yaml";
      EXPECT_TRUE(!strategies_of(target.study.text, arm).empty() || !entry->reason.empty())
          << id.text << ": no strategy stands for '" << arm << "' in " << target.study.text;
    }
  }
  EXPECT_GT(arms, 315U);  // contrasts have two
}

std::vector<std::string> texts(const Tree* tree) {
  if (tree == nullptr) return {};
  if (tree->is_scalar()) return {tree->text()};
  std::vector<std::string> out;
  for (const Tree& item : tree->items()) out.push_back(item.text());
  return out;
}

// The group of an emulation that has a figure's word: the figure's own entry may name another.
std::string group_of(const Tree& emulation, const std::string& figure, const char* key,
                     const std::string& word) {
  const Tree* targets = emulation.find("targets");
  const Tree* entry = targets == nullptr ? nullptr : targets->find(figure);
  const Tree* other = entry == nullptr || !entry->is_map() ? nullptr : entry->find(key);
  return other == nullptr ? word : other->text();
}

bool is_simulated(const Tree& emulation, const std::string& figure) {
  const Tree* targets = emulation.find("targets");
  const Tree* entry = targets == nullptr ? nullptr : targets->find(figure);
  return entry == nullptr || !entry->is_map() || entry->find("none") == nullptr;
}

// Strategies of an arm, or of all arms of a group.
std::set<std::string> emulated(const Tree& emulation, const std::string& group) {
  const Tree& arms = *emulation.find("arms");
  std::vector<std::string> names{group};
  if (arms.find(group) == nullptr) {
    const Tree* groups = emulation.find("groups");
    const Tree* entry = groups == nullptr ? nullptr : groups->find(group);
    EXPECT_NE(entry, nullptr) << emulation.find("study")->text() << " has no group " << group;
    if (entry == nullptr) return {};
    names = texts(entry->find("arms"));
    if (names.empty()) {
      for (const Tree::Key& key : arms.keys()) names.push_back(key.text);
    }
  }
  std::set<std::string> out;
  for (const std::string& name : names) out.insert(arms.find(name)->find("strategy")->text());
  return out;
}

TEST(Treatments, ArmsHaveTheStrategiesOfTheirEmulation) {
  std::size_t compared = 0;
  for (const std::string& path : emulation_paths()) {
    const Tree emulation = document(path);
    const Tree* named = emulation.find("publication");
    const std::string study = (named == nullptr ? emulation.find("study") : named)->text();
    for (const auto& [id, target] : shipped_evidence().targets) {
      if (target.study.text != study || !is_simulated(emulation, id.text)) continue;
      const std::vector<std::pair<const char*, std::string>> words{
          {"group", target.arm.text},
          {"of", target.contrast.of.text},
          {"against", target.contrast.against.text}};
      for (const auto& [key, word] : words) {
        // Groups of patients have a reason and no strategy.
        const std::vector<Name> said = strategies_of(study, word);
        if (word.empty() || said.empty()) continue;
        std::set<std::string> names;
        for (const Name& name : said) names.insert(name.text);
        EXPECT_EQ(names, emulated(emulation, group_of(emulation, id.text, key, word)))
            << path << ": '" << word << "' of " << id.text;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 150U);
}

TEST(Treatments, EveryNameIsAStrategyOrAnAgent) {
  const std::set<std::string> known = strategy_names();
  const auto expect_known = [&known](const std::vector<Name>& names, const std::string& where) {
    for (const Name& name : names)
      EXPECT_EQ(known.count(name.text), 1U) << where << " " << name.text;
  };
  for (const auto& [word, entry] : shipped_evidence().treatments) {
    expect_known(entry.strategies, word.text);
    for (const auto& [study, arm] : entry.by_study) expect_known(arm.strategies, word.text);
    for (const Name& name : entry.agents)
      EXPECT_FALSE(members(name.text).empty()) << word.text << ": no agent " << name.text;
  }
  for (const auto& [id, trial] : shipped_evidence().trials) {
    for (const auto& [arm, entry] : trial.arms) expect_known(entry.strategies, id.text);
  }
  for (const auto& [id, algorithm] : shipped_evidence().algorithms)
    expect_known(algorithm.strategies, id.text);
}

TEST(Treatments, StrategiesOfATrialGiveEveryDrugAndFieldOfTheArm) {
  for (const auto& [id, trial] : shipped_evidence().trials) {
    for (const auto& [arm, entry] : trial.arms) {
      ASSERT_FALSE(entry.strategies.empty()) << id.text << " " << arm.text;
      for (const Name& strategy : entry.strategies) {
        for (const auto* words : {&entry.drugs, &entry.radiotherapy, &entry.maintenance}) {
          for (const Name& word : *words) {
            const bool optional = std::any_of(
                entry.optional.begin(), entry.optional.end(),
                [&word = word](const Name& choice) { return choice.text == word.text; });
            if (optional) {
              EXPECT_TRUE(one_of_them_gives(entry.strategies, word.text)) << id.text;
            } else {
              EXPECT_TRUE(gives(strategy.text, word.text))
                  << id.text << ", " << arm.text << ": " << strategy.text << " does not give "
                  << word.text;
            }
          }
        }
      }
    }
  }
}

TEST(Treatments, StrategiesOfAnAlgorithmTakeEveryStep) {
  std::size_t actions = 0;
  for (const auto& [id, algorithm] : shipped_evidence().algorithms) {
    ASSERT_FALSE(algorithm.strategies.empty()) << id.text;
    for (const DecisionStep& step : algorithm.steps) {
      std::vector<DecisionAction> all = step.then;
      all.insert(all.end(), step.alternative.begin(), step.alternative.end());
      for (const DecisionAction& action : all) {
        ++actions;
        std::vector<std::string> words{action.action};
        if (!action.with.empty()) words.clear();
        for (const Name& option : action.with) words.push_back(option.text);
        bool taken = false;
        for (const std::string& word : words) {
          const Treatment* entry = treatment(word);
          ASSERT_NE(entry, nullptr) << id.text << ": nothing stands for '" << word << "'";
          taken = taken || one_of_them_gives(algorithm.strategies, word) ||
                  (entry->agents.empty() && !entry->reason.empty());
        }
        EXPECT_TRUE(taken) << id.text << ", " << step.branch << " " << step.order
                           << ": no strategy takes '" << action.action << "'";
      }
    }
  }
  EXPECT_GE(actions, 32U);  // one a step at least
}

TEST(Treatments, EveryAgentIsGivenBySomeStrategy) {
  std::set<std::string> idle;
  for (const std::string& agent : agent_names()) idle.insert(agent);
  for (const std::string& strategy : strategy_names()) {
    for (const std::string& agent : given_agents(strategy)) idle.erase(agent);
  }
  EXPECT_TRUE(idle.empty()) << *idle.begin();
}

TEST(Treatments, EveryStrategyIsInAStudyOrAnEmulation) {
  std::set<std::string> idle = strategy_names();
  for (const char* study : {"all_strategies", "treatments", "algorithms"}) {
    const Tree compared = document("configs/studies/" + std::string(study) + ".yaml");
    for (const Tree& name : compared.find("strategies")->items()) idle.erase(name.text());
  }
  for (const std::string& name : emulated_strategies()) idle.erase(name);
  EXPECT_TRUE(idle.empty()) << *idle.begin();
}

// What the parts repeat of dmnpc.yaml, for anchors end with their file.
TEST(Treatments, ProductsHaveTheEffectDosesAndStopsOfThePd1Inhibitor) {
  const Tree& pd1 = agent("pd1");
  const std::string effect = to_yaml(pd1.find("effects")->items().at(0));
  int products = 0;
  for (const std::string& name : agent_names()) {
    const Tree& other = agent(name);
    if (name == "pd1" || !of_class(other, "first_line_pd1")) continue;
    ++products;
    EXPECT_EQ(to_yaml(other.find("effects")->items().at(0)), effect) << name;
    for (const char* key : {"class", "cycle", "stop"})
      EXPECT_EQ(to_yaml(*other.find(key)), to_yaml(*pd1.find(key))) << name << " " << key;
    // The deviation comes and goes as the effect of the class does.
    Tree deviation = other.find("effects")->items().at(1);
    EXPECT_EQ(deviation.find("log_hr")->text(), "$" + name + "_log_hr");
    for (const char* key : {"process", "kernel", "masked_by", "carry_over"}) {
      EXPECT_EQ(to_yaml(*deviation.find(key)),
                to_yaml(*pd1.find("effects")->items().at(0).find(key)))
          << name << " " << key;
    }
  }
  EXPECT_EQ(products, 9);
}

TEST(Treatments, EveryDoseOfRadiotherapyHasTheEffectsOfTheFullDose) {
  const std::string effects = to_yaml(*agent("lrrt").find("effects"));
  for (const char* dose : {"20", "40", "60", "66", "70"}) {
    const Tree& lower = agent("lrrt_" + std::string(dose) + "_gy");
    EXPECT_EQ(to_yaml(*lower.find("effects")), effects) << dose;
    EXPECT_EQ(lower.find("course")->find("dose")->text(), std::string(dose) + " Gy");
  }
}

}  // namespace
}  // namespace npcsim::testing
