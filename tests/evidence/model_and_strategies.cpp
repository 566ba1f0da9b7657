#include "model_and_strategies.hpp"

#include "shipped_evidence.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

struct Documents {
  std::map<std::string, Tree> agents;
  std::set<std::string> agent_names;
  std::map<std::string, std::vector<std::string>> regimens;
  std::set<std::string> strategies;
  std::map<std::string, std::set<std::string>> given;
};

std::vector<std::string> words_of(const Tree* tree) {
  if (tree == nullptr) return {};
  if (tree->is_scalar()) return {tree->text()};
  std::vector<std::string> out;
  for (const Tree& item : tree->items()) out.push_back(item.text());
  return out;
}

void read_model(const std::string& path, Documents& out) {
  const Tree model = document(path);
  if (const Tree* agents = model.find("agents")) {
    for (std::size_t i = 0; i < agents->size(); ++i) {
      out.agent_names.insert(agents->keys()[i].text);
      out.agents.emplace(agents->keys()[i].text, agents->items()[i]);
    }
  }
  if (const Tree* regimens = model.find("regimens")) {
    for (std::size_t i = 0; i < regimens->size(); ++i)
      out.regimens[regimens->keys()[i].text] = words_of(&regimens->items()[i]);
  }
  for (const std::string& part : words_of(model.find("include")))
    read_model("configs/models/" + part, out);
}

void read_strategy(const std::string& name, Documents& out) {
  const Tree strategy = document("strategies/" + name + ".yaml");
  std::set<std::string>& given = out.given[name];
  const auto give = [&](const std::string& word) {
    const auto regimen = out.regimens.find(word);
    if (regimen == out.regimens.end()) {
      given.insert(word);
    } else {
      given.insert(regimen->second.begin(), regimen->second.end());
    }
  };
  for (const char* line : {"steps", "on_progression", "on_second_progression"}) {
    const Tree* steps = strategy.find(line);
    if (steps == nullptr) continue;
    for (const Tree& step : steps->items()) {
      for (const std::string& word : words_of(step.find("give"))) give(word);
      const Tree* with = step.find("with");
      if (with != nullptr && with->is_map()) {
        for (const Tree::Key& key : with->keys()) give(key.text);
      } else {
        for (const std::string& word : words_of(with)) give(word);
      }
    }
  }
}

const Documents& documents() {
  static const Documents read = [] {
    Documents out;
    read_model("configs/models/dmnpc.yaml", out);
    const std::filesystem::path folder = std::string(NPCSIM_SOURCE_DIR) + "/strategies";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".yaml") out.strategies.insert(entry.path().stem().string());
    }
    for (const std::string& name : out.strategies) read_strategy(name, out);
    return out;
  }();
  return read;
}

}  // namespace

const std::set<std::string>& agent_names() { return documents().agent_names; }

const Tree& agent(const std::string& name) { return documents().agents.at(name); }

bool of_class(const Tree& agent, const std::string& name) {
  const auto classes = words_of(agent.find("class"));
  return std::find(classes.begin(), classes.end(), name) != classes.end();
}

std::vector<std::string> members(const std::string& name) {
  const auto regimen = documents().regimens.find(name);
  if (regimen != documents().regimens.end()) return regimen->second;
  if (agent_names().count(name) > 0) return {name};
  return {};
}

const std::set<std::string>& strategy_names() { return documents().strategies; }

std::set<std::string> emulated_strategies() {
  std::set<std::string> out;
  const std::filesystem::path root = std::string(NPCSIM_SOURCE_DIR);
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(root / "configs/emulations")) {
    if (entry.path().extension() != ".yaml") continue;
    const Tree emulation = document(entry.path().lexically_relative(root).string());
    const Tree* arms = emulation.find("arms");
    if (arms == nullptr || !arms->is_map()) continue;
    for (const Tree& arm : arms->items()) {
      for (const std::string& word : words_of(arm.find("strategy"))) out.insert(word);
    }
  }
  return out;
}

std::vector<std::string> emulation_paths() {
  std::vector<std::string> out;
  const std::filesystem::path root = std::string(NPCSIM_SOURCE_DIR);
  for (const auto& entry : std::filesystem::directory_iterator(root / "configs/emulations")) {
    if (entry.path().extension() == ".yaml")
      out.push_back(entry.path().lexically_relative(root).string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

const std::set<std::string>& given_agents(const std::string& strategy) {
  static const std::set<std::string> none;
  const auto found = documents().given.find(strategy);
  return found == documents().given.end() ? none : found->second;
}

}  // namespace npcsim::testing
