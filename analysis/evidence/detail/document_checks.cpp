#include <npcsim/base/quantity_text.hpp>
#include <npcsim/evidence/detail/checks.hpp>
#include <npcsim/evidence/fisher_exact.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace npcsim::detail {
namespace {

// Counts below 0 are refused where they are read.
bool is_count(double number) { return number == std::floor(number); }

// Counts of two groups, given by their columns, in two levels; nothing of other tables, and of
// counts that have been reported.
std::optional<std::pair<TwoCounts, TwoCounts>> two_by_two(const CountTable& table, std::size_t of,
                                                          std::size_t against) {
  if (table.levels.size() != 2) return std::nullopt;
  for (const auto& [level, counts] : table.levels) {
    if (counts.size() != table.groups.size() ||
        !std::all_of(counts.begin(), counts.end(), is_count))
      return std::nullopt;
  }
  const auto counts_of = [&](std::size_t group) {
    return TwoCounts{table.levels[0].second[group], table.levels[1].second[group]};
  };
  return std::pair(counts_of(of), counts_of(against));
}

std::string p_text(double p) { return shortest(std::round(p * 1e4) / 1e4); }

// Half a unit of the last printed digit; a P value of 1 or 0.1 was printed with two digits or more.
double rounding_of(double printed) {
  const std::string text = shortest(printed);
  const auto point = text.find('.');
  const auto digits = point == std::string::npos ? 0 : static_cast<int>(text.size() - point) - 1;
  return 0.5 * std::pow(10.0, -std::max(digits, 2));
}

bool agrees(double printed, double exact) {
  return std::fabs(exact - printed) <= rounding_of(printed) + 1e-9;
}

// The test that the document says it has made, where the counts are two by two.
void check_fisher(const Name& id, const CountTable& table, const std::string& path,
                  Diagnostics& diagnostics) {
  if (!is_printed(table.p_fisher) || table.groups.size() != 2) return;
  const auto counts = two_by_two(table, 0, 1);
  if (!counts) return;
  const double exact = fisher_exact(counts->first, counts->second);
  if (!agrees(table.p_fisher, exact))
    diagnostics.error(id.place,
                      "'p_fisher' of '" + id.text + "' is " + shortest(table.p_fisher) +
                          ", but Fisher's exact test of these counts gives " + p_text(exact),
                      "correct it, or the count that is wrong", path);
}

void check_counts(const Name& id, const std::string& row, const std::vector<double>& counts,
                  const std::string& path, Diagnostics& diagnostics) {
  for (const double count : counts) {
    if (is_count(count)) continue;
    diagnostics.error(id.place,
                      row + " of '" + id.text + "' has a count of " + shortest(count) +
                          ", but patients are counted in whole numbers",
                      {}, path);
    return;
  }
}

// The P value of a comparison against the counts, where these are two by two.
void check_comparison(const CountTable& table, const TableComparison& row, const std::string& path,
                      Diagnostics& diagnostics) {
  const auto column = [&](const Name& group) {
    const auto found = std::find_if(table.groups.begin(), table.groups.end(),
                                    [&](const Name& one) { return one.text == group.text; });
    if (found == table.groups.end() && !group.empty()) {
      std::vector<std::string> groups;
      for (const Name& one : table.groups) groups.push_back(one.text);
      diagnostics.error(group.place, "'" + group.text + "' is no group of the table",
                        suggestion(group.text, groups), path);
    }
    return found - table.groups.begin();
  };
  const auto groups = static_cast<std::ptrdiff_t>(table.groups.size());
  const std::ptrdiff_t of = column(row.of);
  const std::ptrdiff_t against = column(row.against);
  if (of == groups || against == groups) return;
  if (of == against) {
    diagnostics.error(row.against.place, "'" + row.of.text + "' is compared with itself", {}, path);
    return;
  }
  if (!is_printed(row.p) || !row.doubt.empty()) return;
  const auto counts =
      two_by_two(table, static_cast<std::size_t>(of), static_cast<std::size_t>(against));
  if (!counts) return;
  const double exact = fisher_exact(counts->first, counts->second);
  if (!agrees(row.p, exact))
    diagnostics.error(
        row.of.place,
        "the P value " + shortest(row.p) + " of '" + row.of.text + "' against '" +
            row.against.text + "' is printed, but Fisher's exact test gives " + p_text(exact),
        "one of the numbers is misprinted, or it is another test: say so in 'doubt'", path);
}

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
    check_counts(id, "the level '" + level + "'", counts, path, diagnostics);
  }
  check_counts(id, "'missing'", table.missing, path, diagnostics);
  if (!table.missing.empty() && table.missing.size() != groups)
    diagnostics.error(id.place,
                      "'missing' of '" + id.text + "' has " + std::to_string(table.missing.size()) +
                          " counts for " + std::to_string(groups) + " groups",
                      {}, path);
  check_fisher(id, table, path, diagnostics);
  for (const TableComparison& row : table.compared) check_comparison(table, row, path, diagnostics);
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

// A trial that is listed twice would count twice.
void check_registry_numbers(const Evidence& evidence, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < evidence.trials.size(); ++i) {
    const auto& [id, trial] = evidence.trials[i];
    for (std::size_t k = 0; k < i && !trial.registry.empty(); ++k) {
      const auto& [first_id, first] = evidence.trials[k];
      // The same id has been reported.
      if (first.registry.text != trial.registry.text || first_id.text == id.text) continue;
      diagnostics.error(trial.registry.place,
                        "'" + trial.registry.text + "' is the number of two trials",
                        "first that of '" + first_id.text + "' in " +
                            diagnostics.source_name(first.registry.place.file) + ", line " +
                            std::to_string(first.registry.place.line),
                        "trials > " + id.text);
      break;
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
  check_registry_numbers(evidence, diagnostics);
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
  for (const ReplacedTarget& row : evidence.exclusions.replaced) {
    if (std::find(seen.begin(), seen.end(), row.by.text) != seen.end())
      diagnostics.error(row.by.place,
                        "'" + row.by.text + "' stands for '" + row.id.text +
                            "', but is left out itself, so that neither is used",
                        "keep one of them, or give the reason for each under exclusions > targets",
                        "exclusions");
  }
  // Of two conflicting figures at most one may be used.
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
