#include <npcsim/evidence/evidence_names.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// Whether one letter is wrong, missing, or too many. Short words are too near to each other.
bool is_one_letter_off(const std::string& a, const std::string& b) {
  constexpr std::size_t shortest_word = 4;
  const std::string& longer = a.size() < b.size() ? b : a;
  const std::string& other = a.size() < b.size() ? a : b;
  if (other.size() < shortest_word || longer.size() > other.size() + 1) return false;
  const auto [at, there] = std::mismatch(other.begin(), other.end(), longer.begin());
  const bool replaced = longer.size() == other.size();
  return std::equal(replaced && at != other.end() ? at + 1 : at, other.end(),
                    there == longer.end() ? there : there + 1, longer.end());
}

class NameCheck {
 public:
  NameCheck(const Evidence& evidence, Diagnostics& diagnostics)
      : evidence_(evidence), diagnostics_(diagnostics) {}

  void known(const NamesOfKind& kind, const Name& name, const std::string& before,
             const std::string& path) {
    if (name.empty() || !kind.has || kind.has(name) != NamesOfKind::Answer::not_there) return;
    diagnostics_.error(name.place, before + " '" + name.text + "'",
                       kind.all ? suggestion(name.text, kind.all(name)) : std::string(), path);
  }

  void known(const NamesOfKind& kind, const std::vector<Name>& names, const std::string& before,
             const std::string& path) {
    for (const Name& name : names) known(kind, name, before, path);
  }

  // A word that some entry of `treatments` explains. Others are free: a hospital calls its arms as
  // it likes. Only what is one letter off an explained word looks like a slip of the pen.
  void explained(const Name& word, const std::string& path) {
    if (word.empty() || evidence_.treatments.empty() ||
        find(evidence_.treatments, word.text) != nullptr)
      return;
    for (const auto& [name, entry] : evidence_.treatments) {
      if (!is_one_letter_off(word.text, name.text)) continue;
      diagnostics_.warning(word.place, "nothing says what stands for '" + word.text + "'",
                           "did you mean '" + name.text + "'?", path);
      return;
    }
  }

  void explained(const std::vector<Name>& words, const std::string& path) {
    for (const Name& word : words) explained(word, path);
  }

 private:
  const Evidence& evidence_;
  Diagnostics& diagnostics_;
};

constexpr const char* no_strategy = "there is no strategy";

}  // namespace

void check_names(const Evidence& evidence, const KnownNames& known, Diagnostics& diagnostics) {
  NameCheck check(evidence, diagnostics);
  for (const auto& [id, population] : evidence.populations)
    check.known(known.populations, population.preset, "there is no population document",
                "populations > " + id.text);
  for (const auto& [id, target] : evidence.targets) {
    const std::string path = "targets > " + id.text;
    check.explained({target.arm, target.contrast.of, target.contrast.against}, path);
  }
  for (const auto& [id, system] : evidence.systems)
    check.known(known.parameters, system.assumed, "the model has no parameter",
                "systems > " + id.text);
  for (const auto& [id, trial] : evidence.trials) {
    for (const auto& [arm, entry] : trial.arms) {
      const std::string path = "trials > " + id.text + " > arms > " + arm.text;
      for (const auto* words :
           {&entry.drugs, &entry.optional, &entry.radiotherapy, &entry.maintenance})
        check.explained(*words, path);
      check.known(known.strategies, entry.strategies, no_strategy, path);
    }
  }
  for (const auto& [id, algorithm] : evidence.algorithms) {
    const std::string path = "algorithms > " + id.text;
    check.known(known.strategies, algorithm.strategies, no_strategy, path);
    for (const DecisionStep& step : algorithm.steps) {
      for (const auto* actions : {&step.then, &step.alternative}) {
        for (const DecisionAction& action : *actions) check.explained(action.with, path);
      }
    }
  }
  for (const auto& [id, treatment] : evidence.treatments) {
    const std::string path = "treatments > " + id.text;
    check.known(known.strategies, treatment.strategies, no_strategy, path);
    for (const auto& [study, arm] : treatment.by_study)
      check.known(known.strategies, arm.strategies, no_strategy,
                  path + " > by_study > " + study.text);
    check.known(known.agents, treatment.agents, "the model has no agent or regimen", path);
  }
}

std::vector<ConditionUse> conditions_of(const Evidence& evidence) {
  using Knows = ConditionUse::Knows;
  std::vector<ConditionUse> out;
  const auto add = [&out](const Tree& condition, Knows knows, std::string path,
                          std::string preset = {}) {
    if (!condition.is_null())
      out.push_back({&condition, knows, std::move(path), std::move(preset)});
  };
  for (const auto& [id, population] : evidence.populations) {
    const std::string path = "populations > " + id.text;
    add(population.eligible, Knows::diagnosis, path + " > eligible", population.preset.text);
    add(population.later, Knows::course, path + " > later", population.preset.text);
  }
  for (const auto& [id, table] : evidence.tables) {
    for (std::size_t i = 0; i < table.conditions.size() && table.conditions.is_map(); ++i)
      add(table.conditions.items()[i], Knows::either,
          "tables > " + id.text + " > conditions > " + table.conditions.keys()[i].text);
  }
  for (const auto& [id, system] : evidence.systems) {
    const std::string path = "systems > " + id.text;
    add(system.applies_to, Knows::diagnosis, path + " > applies_to");
    for (const RiskClass& row : system.classes)
      add(row.condition, Knows::either, path + " > classes > " + row.flag.text);
  }
  for (const auto& [id, trial] : evidence.trials)
    add(trial.eligible, Knows::diagnosis, "trials > " + id.text + " > eligible");
  for (const auto& [id, algorithm] : evidence.algorithms) {
    for (std::size_t s = 0; s < algorithm.steps.size(); ++s)
      add(algorithm.steps[s].when, Knows::course,
          "algorithms > " + id.text + " > steps > " + std::to_string(s + 1) + " > when");
  }
  return out;
}

}  // namespace npcsim
