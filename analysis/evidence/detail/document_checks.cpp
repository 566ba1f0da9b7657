#include <npcsim/base/quantity_text.hpp>
#include <npcsim/evidence/detail/checks.hpp>

#include <algorithm>

namespace npcsim::detail {
namespace {

void check_table(const Name& id, const CountTable& table, Diagnostics& diagnostics) {
  const std::string path = "tables > " + id.text;
  const std::size_t groups = table.groups.size();
  for (const auto& [level, counts] : table.levels) {
    if (counts.size() != groups)
      diagnostics.error(id.place,
                        "the level '" + level + "' of '" + id.text + "' has " +
                            std::to_string(counts.size()) + " counts for " +
                            std::to_string(groups) + " groups",
                        {}, path);
  }
  if (!table.missing.empty() && table.missing.size() != groups)
    diagnostics.error(id.place,
                      "'missing' of '" + id.text + "' has " + std::to_string(table.missing.size()) +
                          " counts for " + std::to_string(groups) + " groups",
                      {}, path);
  if (table.conditions.is_null()) return;
  for (const Tree::Key& key : table.conditions.keys()) {
    const bool known = std::any_of(table.levels.begin(), table.levels.end(),
                                   [&key](const auto& row) { return row.first == key.text; });
    if (!known)
      diagnostics.error(key.place, "'" + key.text + "' is no level of '" + id.text + "'", {}, path);
  }
}

void check_system(const Name& id, const RiskSystem& system, Diagnostics& diagnostics) {
  const std::string path = "systems > " + id.text;
  if (system.classes.size() < 2)
    diagnostics.error(id.place, "a risk system needs two classes or more", {}, path);
  for (const RiskClass& row : system.classes) {
    if (system.classified && row.condition.is_null())
      diagnostics.error(row.flag.place, "nobody can be put into the class '" + row.flag.text + "'",
                        "write its condition, or classified: false for the system", path);
  }
}

// Each flag stands for one class of one system.
void check_flags(const Evidence& evidence, Diagnostics& diagnostics) {
  std::vector<std::string> seen;
  for (const auto& [id, system] : evidence.systems) {
    for (const RiskClass& row : system.classes) {
      if (std::find(seen.begin(), seen.end(), row.flag.text) != seen.end())
        diagnostics.error(row.flag.place, "the flag '" + row.flag.text + "' stands for two classes",
                          {}, "systems > " + id.text);
      seen.push_back(row.flag.text);
    }
  }
}

bool is_registry_number(const std::string& text) {
  const auto digits_after = [&text](std::string_view prefix, std::size_t count) {
    return text.size() == prefix.size() + count && text.compare(0, prefix.size(), prefix) == 0 &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(prefix.size()), text.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  return digits_after("NCT", 8) || digits_after("ChiCTR", 10);
}

}  // namespace

void check_documents(const Evidence& evidence, Diagnostics& diagnostics) {
  for (const auto& [id, table] : evidence.tables) check_table(id, table, diagnostics);
  for (const auto& [id, system] : evidence.systems) check_system(id, system, diagnostics);
  check_flags(evidence, diagnostics);
  for (const auto& [id, trial] : evidence.trials) {
    const std::string path = "trials > " + id.text;
    if (!trial.registry.empty() && !is_registry_number(trial.registry.text))
      diagnostics.error(trial.registry.place, "'" + trial.registry.text + "' is no registry number",
                        "e.g. NCT05294172 or ChiCTR2100046735", path);
    if (trial.arms.empty()) diagnostics.error(id.place, "'" + id.text + "' has no arm", {}, path);
  }
}

void check_exclusions(const Evidence& evidence, Diagnostics& diagnostics) {
  if (!evidence.has_exclusions) return;
  std::vector<std::string> seen;
  const auto known = [&](const Name& id) {
    if (find(evidence.targets, id.text) != nullptr) return true;
    std::vector<std::string> ids;
    for (const auto& [name, target] : evidence.targets) ids.push_back(name.text);
    diagnostics.error(id.place, "there is no target '" + id.text + "'", suggestion(id.text, ids),
                      "exclusions");
    return false;
  };
  const auto first_time = [&](const Name& id) {
    if (std::find(seen.begin(), seen.end(), id.text) != seen.end())
      diagnostics.error(id.place, "'" + id.text + "' is left out twice", {}, "exclusions");
    seen.push_back(id.text);
  };
  std::size_t excluded = 0;
  for (const ExcludedGroup& group : evidence.exclusions.targets) {
    for (const Name& id : group.ids) {
      if (!known(id)) continue;
      first_time(id);
      ++excluded;
    }
  }
  const double most = evidence.exclusions.most * static_cast<double>(evidence.targets.size());
  if (static_cast<double>(excluded) > most)
    diagnostics.error(evidence.exclusions_place,
                      std::to_string(excluded) + " of " + std::to_string(evidence.targets.size()) +
                          " targets are left out, at most " +
                          shortest(100.0 * evidence.exclusions.most) + " % may be",
                      {}, "exclusions");
  for (const ReplacedTarget& row : evidence.exclusions.replaced) {
    if (!known(row.id) || !known(row.by)) continue;
    first_time(row.id);
    if (find(evidence.targets, row.id.text)->conflicts_with.text != row.by.text)
      diagnostics.error(row.by.place,
                        "'" + row.by.text + "' is not in conflict with '" + row.id.text + "'",
                        "only conflicting figures replace each other", "exclusions");
  }
  // Of two conflicting figures exactly one may be used.
  for (const auto& [id, target] : evidence.targets) {
    if (target.conflicts_with.empty()) continue;
    const auto out = [&seen](const std::string& name) {
      return std::find(seen.begin(), seen.end(), name) != seen.end();
    };
    if (!out(id.text) && !out(target.conflicts_with.text) && id.text < target.conflicts_with.text)
      diagnostics.error(
          target.conflicts_with.place,
          "'" + id.text + "' and '" + target.conflicts_with.text + "' conflict, and both are used",
          "say under exclusions > replaced which one is not", "exclusions");
  }
}

}  // namespace npcsim::detail
