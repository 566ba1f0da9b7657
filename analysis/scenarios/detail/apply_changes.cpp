#include <npcsim/results/remarks.hpp>
#include <npcsim/run/set_value.hpp>
#include <npcsim/scenarios/detail/apply_changes.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace npcsim::detail {
namespace {

// A part of a document on one line, as flow YAML, without remarks and without what `other`, the
// same part elsewhere, says as well.
std::string on_one_line(const Tree& tree, const Tree* other) {
  if (!tree.is_map() && !tree.is_list()) return tree.text();
  std::string out;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    std::string key;
    if (tree.is_map()) {
      key = tree.keys()[i].text;
      const Tree* same = other != nullptr && other->is_map() ? other->find(key) : nullptr;
      if (is_remark(key) || (same != nullptr && same_content(item, *same))) continue;
      key += ": ";
    }
    out += (out.empty() ? "" : ", ") + key + on_one_line(item, nullptr);
  }
  return tree.is_map() ? "{" + out + "}" : "[" + out + "]";
}

// Of a parameter its value counts, of other parts all that is written.
const Tree* counted(const Tree* tree) {
  const Tree* value = tree != nullptr && tree->is_map() ? tree->find("value") : nullptr;
  return value != nullptr ? value : tree;
}

ScenarioChange change_at(const std::string& what, const std::string& path,
                         const CompiledStudy& base, const CompiledStudy& scenario) {
  const Tree* before = counted(find_at(base.document, path));
  const Tree* after = counted(find_at(scenario.document, path));
  if (before == nullptr || after == nullptr) return {what, {}, {}};
  return {what, on_one_line(*before, after), on_one_line(*after, before)};
}

bool may_change(const std::string& path) {
  static constexpr std::array<std::string_view, 3> parts{"model", "population", "strategies"};
  const std::string first = path.substr(0, path.find('.'));
  return first != path && std::find(parts.begin(), parts.end(), first) != parts.end();
}

void apply_set(const Tree& set, const CompiledStudy& base, Tree& study, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    const Tree::Key& path = set.keys()[i];
    if (!may_change(path.text)) {
      diagnostics.error(path.place, "a scenario cannot change '" + path.text + "'",
                        "a path begins with model, population or strategies, e.g. "
                        "model.processes.NAME.hazard; everything else is the base's");
      continue;
    }
    const std::string shown = "'" + path.text + "'";
    if (require_at(base.document, path, shown, diagnostics) != nullptr)
      set_at(study, path, set.items()[i], shown, diagnostics);
  }
}

}  // namespace

void apply_changes(const ScenarioDoc& scenario, const CompiledStudy* base, Tree& study,
                   Diagnostics& diagnostics) {
  Tree* model = study.find("model");
  if (scenario.parameters != nullptr && model != nullptr && model->is_map())
    set_parameters(*model, *scenario.parameters, diagnostics);
  if (scenario.set != nullptr && !scenario.set->is_map()) {
    diagnostics.error(scenario.set->place(),
                      "'set' must be a map of paths, found " + in_words(*scenario.set),
                      "e.g. {model.processes.NAME.hazard: {exponential: 0.05 per month}}");
  } else if (scenario.set != nullptr && base != nullptr) {
    apply_set(*scenario.set, *base, study, diagnostics);
  }
}

std::vector<ScenarioChange> changes_of(const ScenarioDoc& scenario, const CompiledStudy& base,
                                       const CompiledStudy& compiled) {
  std::vector<ScenarioChange> out;
  if (scenario.parameters != nullptr) {
    for (const Tree::Key& name : scenario.parameters->keys())
      out.push_back(change_at(name.text, "model.parameters." + name.text, base, compiled));
  }
  if (scenario.set != nullptr) {
    for (const Tree::Key& path : scenario.set->keys())
      out.push_back(change_at(path.text, path.text, base, compiled));
  }
  return out;
}

Tree compiled_values(const Tree& set, const CompiledStudy& scenario) {
  Tree out = Tree::map(set.place());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const Tree* value = find_at(scenario.document, set.keys()[i].text);
    // One value for a parameter stays one: the rest of the parameter is the base's.
    const bool whole = value != nullptr && value->kind() == set.items()[i].kind();
    out.append(set.keys()[i], whole ? *value : set.items()[i]);
  }
  return out;
}

}  // namespace npcsim::detail
