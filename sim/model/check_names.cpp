// Names that a model gives. Columns of files, datasets and conditions are called after them.
#include <npcsim/model/detail/check_names.hpp>

#include <algorithm>
#include <set>

namespace npcsim {
namespace {

constexpr std::size_t longest = 100;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_name(const std::string& text) {
  // Other readers of YAML take these for truth values.
  for (const char* const word : {"on", "off", "yes", "no", "true", "false", "null"}) {
    if (lower(text) == word) return false;
  }
  return !text.empty() && text.size() <= longest && !is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

class NameCheck {
 public:
  NameCheck(const ModelDoc& model, Diagnostics& diagnostics)
      : model_(model), diagnostics_(diagnostics) {}

  void run() {
    for (const StateDoc& state : model_.states) one(state.name, "state");
    all(model_.frailties, "frailty");
    all(model_.processes, "process");
    all(model_.agents, "agent");
    all(model_.regimens, "regimen");
    all(model_.markers, "marker");
    all(model_.toxicities, "toxicity");
    all(model_.endpoints, "endpoint");
    for (const auto& [name, attribute] : model_.attributes) one(name, "attribute");
    for (const auto& [name, agent] : model_.agents) {
      for (const Name& group : agent.classes) one(group, "class");
      for (const auto& [cause, stop] : agent.stop) one(cause, "cause");
    }
    for (const auto& [name, marker] : model_.markers) {
      for (const Name& level : marker.levels) check_level(level);
    }
    endpoints();
    attributes();
  }

 private:
  void one(const Name& name, const std::string& what) {
    if (is_name(name.text)) return;
    diagnostics_.error(name.place,
                       "'" + name.text.substr(0, longest) + "' cannot be the name of a" +
                           (what.front() == 'a' || what.front() == 'e' ? "n " : " ") + what,
                       "letters, digits and '_', no digit first, no word for true or false, at "
                       "most 100; words for people go "
                       "into 'title' or 'label'");
  }
  // Levels may be grades, such as 3 or 2+.
  void check_level(const Name& level) {
    const std::string& text = level.text;
    const auto fits = [](char c) {
      return is_letter(c) || is_digit(c) || c == '_' || c == '+' || c == '-';
    };
    if (!text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), fits))
      return;
    diagnostics_.error(level.place,
                       "'" + text.substr(0, longest) + "' cannot be the name of a level",
                       "letters, digits, '_', '+' and '-', at most 100");
  }
  template <class List>
  void all(const List& list, const std::string& what) {
    for (const auto& entry : list) one(entry.first, what);
  }

  // Columns of results are written in small letters.
  void endpoints() {
    std::set<std::string> seen;
    for (const auto& [name, endpoint] : model_.endpoints) {
      if (seen.insert(lower(name.text)).second) continue;
      diagnostics_.error(name.place,
                         "two endpoints are called '" + name.text + "' but for capital letters",
                         "columns of results are written in small letters");
    }
  }

  // An attribute would hide what a condition calls by the same name.
  void attributes() {
    std::set<std::string> taken{"months_since_diagnosis", "progressions", "line",
                                "progression_type"};
    for (const auto& [name, marker] : model_.markers)
      taken.insert(marker.levels.empty() ? name.text + "_detectable" : name.text);
    for (const auto& [name, toxicity] : model_.toxicities) taken.insert("toxicity_" + name.text);
    const auto add = [&taken](const std::string& name) {
      for (const char* const head : {"received_", "cycles_", "months_since_", "stopped_"})
        taken.insert(head + name);
    };
    for (const auto& [name, agent] : model_.agents) {
      add(name.text);
      for (const Name& group : agent.classes) add(group.text);
    }
    for (const auto& [name, attribute] : model_.attributes) {
      if (taken.count(name.text) == 0) continue;
      diagnostics_.error(
          name.place,
          "attribute '" + name.text + "' has the name of something that conditions know already",
          "give it another name");
    }
  }

  const ModelDoc& model_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_names(const ModelDoc& model, Diagnostics& diagnostics) {
  NameCheck(model, diagnostics).run();
}

}  // namespace npcsim
