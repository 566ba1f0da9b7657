// The reference page: prose, and a table of keys from the descriptors.
#include <npcsim/cli/commands/key_catalogue.hpp>
#include <npcsim/cli/commands/reference_text.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/model/attribute_kinds.hpp>

namespace npcsim {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += "\\";
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : "`" + cell(text) + "`";
}

// Braces of a path such as agents.<name> would be read as HTML outside of code.
std::string table_head() {
  return "| key | what it means | type and range | default | example |\n|---|---|---|---|---|\n";
}

std::string table_row(const KeyDescription& key, std::string_view prefix) {
  std::string shown = key.path;
  if (!prefix.empty() && shown.size() > prefix.size() &&
      shown.compare(0, prefix.size(), prefix) == 0) {
    shown = shown.substr(prefix.size());
    if (!shown.empty() && shown.front() == '.') shown = shown.substr(1);
  }
  std::string type = key.type;
  const std::string article = type.compare(0, 2, "a ") == 0 ? type.substr(2) : type;
  type = article.substr(0, article.find(" such as"));
  if (!key.range.empty()) {
    std::string range = key.range;
    for (std::size_t at = range.find('|'); at != std::string::npos; at = range.find('|', at))
      range.replace(at, 1, ", ");
    type += key.range.find('|') != std::string::npos || type == "word" || type == "name"
                ? ": " + range
                : ", " + range;
  }
  return "| " + code(shown) + " | " + cell(key.help) + " | " + cell(type) + " | " +
         (key.required ? "**required**" : code(key.fallback)) + " | " + code(key.example) + " |\n";
}

std::string family_table() {
  std::string out =
      "\nHazard families:\n\n| family | also called | parameters | what it is "
      "|\n|---|---|---|---|\n";
  for (const FamilyInfo& family : families()) {
    std::string aliases;
    for (const std::string_view alias : family.aliases) {
      if (!alias.empty()) aliases += (aliases.empty() ? "" : ", ") + code(alias);
    }
    std::string parameters;
    if (family.family == Family::piecewise) {
      parameters = "`times`, `rates`";
    } else if (family.needs_knots) {
      parameters = "`knots`, `gammas` (`time_unit`, default months)";
    } else {
      for (std::size_t i = 0; i < family.parameter_count; ++i) {
        const ParameterInfo& parameter = family.parameters[i];
        const char* unit =
            parameter.dimension == ParameterDimension::time         ? " (duration)"
            : parameter.dimension == ParameterDimension::rate       ? " (rate)"
            : parameter.dimension == ParameterDimension::log_time   ? " (number, needs `time_unit`)"
            : parameter.dimension == ParameterDimension::rate_power ? " (number, needs `time_unit`)"
                                                                    : "";
        parameters += (i == 0 ? "" : ", ") + code(parameter.name) + unit;
      }
      if (family.family == Family::log_normal)
        parameters += "; `median` (duration) instead of `meanlog`";
      if (family.family == Family::generalised_gamma || family.family == Family::generalised_f) {
        parameters += "; mu and sigma of log time";
      }
    }
    out += "| " + code(family.name) + " | " + aliases + " | " + parameters + " | " +
           cell(family.help) + " |\n";
  }
  out +=
      "| `life_table` | | `life_table: FILE.csv`, `hazard_multiplier` | death rates by age, on the "
      "age clock |\n";
  return out +
         "\nThe prefixes `cure_mixture_` and `cure_non_mixture_` before a family are the same as "
         "`cure`, with the share cured "
         "as the parameter `theta`.\n";
}

std::string kind_table() {
  std::string out =
      "\nKinds of attributes (a star marks what may be `{intercept, terms}`):\n\n"
      "| kind | parameters | what it is | example |\n|---|---|---|---|\n";
  for (const AttributeKind& kind : attribute_kinds) {
    std::string parameters;
    for (const char c : kind.parameters) {
      if (c == '*') continue;
      parameters += c == ' ' ? std::string(", ") : std::string(1, c);
    }
    std::string starred;
    std::string_view rest = kind.parameters;
    while (!rest.empty()) {
      const auto end = rest.find(' ');
      std::string_view name = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      const bool star = name.front() == '*';
      if (star) name.remove_prefix(1);
      starred += (starred.empty() ? "" : ", ") + code(name) + (star ? "\\*" : "");
    }
    if (kind.name == "pattern") starred = "`members`, `weights`, `pair`";
    if (kind.name == "poisson") starred += ", `times`";
    out += "| " + code(kind.name) + " | " + starred + " | " + cell(kind.help) + " | " +
           code(std::string(kind.name) + ": " + std::string(kind.example)) + " |\n";
  }
  return out;
}

bool below(const std::string& path, std::string_view prefix) {
  if (prefix.empty()) return true;
  if (path.compare(0, prefix.size(), prefix) != 0) return false;
  return path.size() == prefix.size() || path[prefix.size()] == '.' || path[prefix.size()] == '[';
}

// Which of the topics of a document a key belongs to: the one with the longest path.
std::size_t home_of(const CataloguedKey& row) {
  std::size_t best = topics().size();
  std::size_t length = 0;
  for (std::size_t i = 0; i < topics().size(); ++i) {
    const Topic& topic = topics()[i];
    if (topic.document != row.document || !below(row.key.path, topic.path)) continue;
    if (best == topics().size() || topic.path.size() > length) {
      best = i;
      length = topic.path.size();
    }
  }
  return best;
}

// Families and kinds have tables of their own.
bool shown_elsewhere(const KeyDescription& key) {
  for (const FamilyInfo& family : families()) {
    if (below(key.path, "processes.<name>.hazard." + std::string(family.name))) return true;
  }
  for (const AttributeKind& kind : attribute_kinds) {
    if (below(key.path, "attributes.<name>." + std::string(kind.name))) return true;
  }
  return false;
}

}  // namespace

std::string reference_page() {
  const std::vector<CataloguedKey> keys = catalogue();
  std::string out =
      "# Reference of the documents\n\n"
      "This page is printed by `npcsim explain --reference`; the keys, types, ranges and defaults "
      "come from the code that reads\n"
      "the documents. `npcsim explain KEY` prints one entry, `npcsim check FILE` reads a document "
      "and reports every mistake,\n"
      "`npcsim describe FILE` tells models, strategies, populations, studies, calibrations, "
      "emulations and evidence in words, `npcsim list` shows what is there.\n\n"
      "## A whole study in one file\n\n"
      "It can be run as it stands: `npcsim run example.yaml`.\n\n```yaml\n" +
      std::string(example_study()) + "```\n";
  for (std::size_t i = 0; i < topics().size(); ++i) {
    const Topic& topic = topics()[i];
    const bool inner = topic.document == "model" && !topic.path.empty();
    out += (inner ? "\n### " : "\n## ") + std::string(topic.title) + "\n" + std::string(topic.text);
    if (topic.title == "Conditions") {
      out += "\n| variable | what it means | type | example |\n|---|---|---|---|\n";
      for (const CataloguedKey& row : keys) {
        if (row.document != "condition") continue;
        out += "| " + code(row.key.path) + " | " + cell(row.key.help) + " | " + cell(row.key.type) +
               " | " + code(row.key.example) + " |\n";
      }
    }
    if (topic.document == "model" && topic.path == "attributes") out += kind_table();
    if (topic.document == "model" && topic.path == "processes") out += family_table();
    if (topic.document.empty()) continue;
    // Keys are shown below the part of the path that the heading has said.
    const std::string prefix = topic.path.empty() ? std::string() : std::string(topic.path);
    std::string rows;
    for (const CataloguedKey& row : keys) {
      if (home_of(row) != i || shown_elsewhere(row.key)) continue;
      rows += table_row(row.key, "");
    }
    if (!rows.empty()) out += "\n" + table_head() + rows;
  }
  return out;
}

}  // namespace npcsim
