#include <npcsim/results/detail/zero_attributes.hpp>
#include <npcsim/results/parameter_use.hpp>
#include <npcsim/results/remarks.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace npcsim {
namespace {

// A named entry of the model that others refer to by its name.
struct Entry {
  std::string part;
  std::string place;  ///< "attributes > liver"
  const Tree* tree = nullptr;
};

// Follows names and $parameters from what is simulated through the model's document.
class Finder {
 public:
  explicit Finder(const CompiledStudy& study)
      : study_(study), program_(*study.program), uses_(study.model.parameters.rows().size()) {
    const Tree* model = study.document.find("model");
    model_ = model == nullptr || !model->is_map() ? &nothing_ : model;
    list_entries("attributes", "patients");
    list_entries("frailties", "patients");
    list_entries("markers", "markers");
  }

  std::vector<ParameterUse> find() {
    for_entries("processes", "hazards", [](const std::string&, const Tree&) { return true; });
    for (const Process& process : program_.processes) {
      for (const std::int32_t column :
           {process.age_column, process.sex_column, process.calendar_column}) {
        if (column >= 0) follow(program_.columns[static_cast<std::size_t>(column)].name);
      }
    }
    for_entries("agents", "treatment",
                [this](const std::string& name, const Tree&) { return is_used(name); });
    for_entries("toxicities", "harms", [this](const std::string&, const Tree& harm) {
      const auto of = words(harm.find("of"));
      return std::any_of(of.begin(), of.end(), [this](const auto& name) { return is_used(name); });
    });
    find_in_lists();
    for (const char* const part : {"observation", "endpoints"}) walk_part(part, part);
    walk_study();
    while (find_copulas()) {
    }
    return result();
  }

 private:
  void list_entries(const std::string& section, const std::string& part) {
    const Tree* map = model_->find(section);
    for (std::size_t i = 0; map != nullptr && i < map->keys().size(); ++i) {
      const std::string& name = map->keys()[i].text;
      const Entry entry{part, section + " > " + name, &map->items()[i]};
      entries_.emplace(name, entry);
      // A pattern of sites makes its members.
      const Tree* pattern = entry.tree->is_map() ? entry.tree->find("pattern") : nullptr;
      if (pattern != nullptr && pattern->is_map()) {
        for (const std::string& member : words(pattern->find("members")))
          entries_.emplace(member, entry);
      }
    }
  }

  template <class Wanted>
  void for_entries(const std::string& section, const std::string& part, Wanted wanted) {
    const Tree* map = model_->find(section);
    for (std::size_t i = 0; map != nullptr && i < map->keys().size(); ++i) {
      const std::string& name = map->keys()[i].text;
      if (map->items()[i].is_map() && wanted(name, map->items()[i]))
        walk(map->items()[i], {part, section + " > " + name, nullptr});
    }
  }

  // Overlaps act if all their agents are in use, the control of lesions if one of them treats some.
  void find_in_lists() {
    const Tree* overlaps = model_->find("overlaps");
    for (std::size_t i = 0; overlaps != nullptr && i < overlaps->size(); ++i) {
      const auto agents = words(overlaps->items()[i].find("agents"));
      if (std::all_of(agents.begin(), agents.end(), [this](const auto& a) { return is_used(a); }))
        walk(overlaps->items()[i], {"treatment", "overlaps", nullptr});
    }
    for (std::size_t a = 0; a < program_.agents.size(); ++a) {
      if (study_.agents_in_use[a] && program_.agents[a].controls)
        return walk_part("lesion_control", "treatment");
    }
  }

  void walk_part(const std::string& section, const std::string& part) {
    if (const Tree* tree = model_->find(section)) walk(*tree, {part, section, nullptr});
  }

  void walk_study() {
    if (const Tree* strategies = study_.document.find("strategies")) {
      for (std::size_t s = 0; s < strategies->size(); ++s)
        walk(strategies->items()[s],
             {"strategies", "strategies > " + study_.shape.strategies[s], nullptr});
    }
    for (const SubgroupShape& subgroup : study_.shape.subgroups) follow(subgroup.name);
    const Tree* population = study_.document.find("population");
    const Tree* eligible = population == nullptr ? nullptr : population->find("eligible");
    if (eligible != nullptr) walk(*eligible, {"patients", "eligible", nullptr});
  }

  // Copulas of attributes that are drawn; true if there was a new one.
  bool find_copulas() {
    const Tree* copulas = model_->find("copulas");
    bool found = false;
    for (std::size_t i = 0; copulas != nullptr && i < copulas->size(); ++i) {
      const Tree& copula = copulas->items()[i];
      const auto of = words(copula.find("of"));
      const bool drawn = std::any_of(of.begin(), of.end(), [this](const auto& name) {
        const auto entry = entries_.find(name);
        return entry != entries_.end() && followed_.count(entry->second.tree) > 0;
      });
      if (!drawn || !followed_.insert(&copula).second) continue;
      walk(copula, {"patients", "copulas", nullptr});
      found = true;
    }
    return found;
  }

  void follow(const std::string& name) {
    auto entry = entries_.find(name);
    if (entry == entries_.end()) {
      static constexpr std::string_view suffix = "_detectable";  // of a marker, in conditions
      if (!name.ends_with(suffix)) return;
      entry = entries_.find(name.substr(0, name.size() - suffix.size()));
      if (entry == entries_.end()) return;
    }
    if (followed_.insert(entry->second.tree).second) walk(*entry->second.tree, entry->second);
  }

  void walk(const Tree& tree, const Entry& where) {
    if (tree.is_scalar()) {
      add_parameters(tree.text(), where);
      follow(tree.text());
      return;
    }
    if (tree.is_map() && !acts(tree)) return;
    for (std::size_t i = 0; i < tree.size(); ++i) {
      if (tree.is_map()) {
        const std::string& key = tree.keys()[i].text;
        if (is_remark(key) || is_unused(key) || detail::is_always_zero(study_.model, key)) continue;
        follow(key);
      }
      walk(tree.items()[i], where);
    }
  }

  // A term on something that is 0 for everybody, or a mask by a class that nobody gets, does not.
  bool acts(const Tree& map) const {
    for (const char* const key : {"class", "agent"}) {
      const Tree* named = map.find(key);
      if (named != nullptr && named->is_scalar() && is_unused(named->text())) return false;
    }
    const Tree* of = map.find("of");
    return of == nullptr || !of->is_scalar() || map.find("coef") == nullptr ||
           map.find("centre") != nullptr || !detail::is_always_zero(study_.model, of->text());
  }

  // An agent, or a class with an agent, that a strategy can give.
  bool is_used(const std::string& name) const {
    const std::int32_t index = program_.find_class(name);
    for (std::size_t a = 0; a < program_.agents.size(); ++a) {
      const auto& classes = program_.agents[a].classes;
      const bool named = program_.agents[a].name == name ||
                         std::find(classes.begin(), classes.end(), index) != classes.end();
      if (named && study_.agents_in_use[a]) return true;
    }
    return false;
  }
  bool is_unused(const std::string& name) const {
    return (program_.find_agent(name) >= 0 || program_.find_class(name) >= 0) && !is_used(name);
  }

  void add_parameters(const std::string& text, const Entry& where) {
    for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
      const auto is_part = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9');
      };
      std::size_t end = at + 1;
      while (end < text.size() && is_part(text[end])) ++end;
      const std::int32_t index = study_.model.parameters.find(text.substr(at + 1, end - at - 1));
      if (index < 0) continue;
      ParameterUse& use = uses_[static_cast<std::size_t>(index)];
      if (use.part.empty()) use.part = where.part;
      if (std::find(use.acts_on.begin(), use.acts_on.end(), where.place) == use.acts_on.end())
        use.acts_on.push_back(where.place);
    }
  }

  static std::vector<std::string> words(const Tree* tree) {
    std::vector<std::string> out;
    if (tree == nullptr) return out;
    if (tree->is_scalar()) out.push_back(tree->text());
    for (const Tree& item : tree->items()) {
      if (item.is_scalar()) out.push_back(item.text());
    }
    return out;
  }

  std::vector<ParameterUse> result() {
    std::vector<ParameterUse> out;
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      uses_[i].parameter = i;
      if (!uses_[i].part.empty()) out.push_back(std::move(uses_[i]));
    }
    return out;
  }

  const Tree nothing_ = Tree::map();
  const CompiledStudy& study_;
  const Program& program_;
  const Tree* model_ = nullptr;
  std::map<std::string, Entry> entries_;
  std::set<const Tree*> followed_;
  std::vector<ParameterUse> uses_;  ///< [parameter], an empty part where it does not act
};

}  // namespace

std::vector<ParameterUse> parameters_at_work(const CompiledStudy& study) {
  return Finder(study).find();
}

}  // namespace npcsim
