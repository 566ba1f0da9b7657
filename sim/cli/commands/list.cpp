// npcsim list: what is there, one line each.
#include <npcsim/base/table.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/key_catalogue.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/io/json.hpp>

#include <algorithm>

namespace npcsim {
namespace {

struct Line {
  std::string name;
  std::string title;
  std::string of;             ///< model, where that matters
  std::string document = {};  ///< of evidence, that it stands in
};

struct Section {
  std::string name;
  std::vector<Line> lines;
  std::string remark;  ///< instead of lines
};

std::string title_of(const Tree& tree) {
  const Tree* title = tree.find("title");
  return title != nullptr && title->is_scalar() ? title->text() : std::string();
}

// The documents of one kind; one that cannot be read is listed with the reason.
std::vector<Line> documents(const Library& library, DocumentKind kind) {
  std::vector<Line> out;
  for (const std::string& name : document_names(library, kind)) {
    const auto path = find_document(library, kind, name, ".");
    if (!path) continue;
    Diagnostics diagnostics;
    const auto tree = read_document(library, *path, diagnostics);
    Line line{name, {}, {}};
    if (tree && tree->is_map()) {
      line.title = title_of(*tree);
      const Tree* model = tree->find("model");
      if (kind != DocumentKind::model && model != nullptr)
        line.of = model->is_scalar() ? model->text() : "its own model";
    } else {
      line.title = "(cannot be read: npcsim check " + *path + " says why)";
    }
    out.push_back(std::move(line));
  }
  return out;
}

// The entries of one map in all models.
std::vector<Line> of_models(const Library& library, const std::string& key) {
  std::vector<Line> out;
  for (const std::string& model : document_names(library, DocumentKind::model)) {
    const auto path = find_document(library, DocumentKind::model, model, ".");
    if (!path) continue;
    Diagnostics diagnostics;
    const auto tree = read_document(library, *path, diagnostics);
    const Tree* map = tree && tree->is_map() ? tree->find(key) : nullptr;
    for (std::size_t i = 0; map != nullptr && map->is_map() && i < map->size(); ++i) {
      const Tree& item = map->items()[i];
      Line line{map->keys()[i].text, {}, model};
      if (item.is_map()) line.title = title_of(item);
      for (std::size_t k = 0; item.is_list() && k < item.size(); ++k) {
        line.title += (k == 0 ? "" : ", ") + item.items()[k].text();
      }
      out.push_back(std::move(line));
    }
  }
  return out;
}

std::vector<Line> hazards() {
  std::vector<Line> out;
  for (const FamilyInfo& family : families()) {
    out.push_back({std::string(family.name), std::string(family.help), {}});
  }
  out.push_back({"life_table", "death rates by age, sex and year out of a CSV file", {}});
  return out;
}

std::vector<Line> mechanisms() {
  std::vector<Line> out;
  for (const CataloguedKey& row : catalogue()) {
    if (row.document != "model") continue;
    const std::string& path = row.key.path;
    const bool top = path.find('.') == std::string::npos && row.key.type != "text" &&
                     row.key.type != "name" && path != "include" && path != "sources" &&
                     path != "model";
    const std::string effect = "agents.<name>.effects[].";
    const bool of_effect = path.compare(0, effect.size(), effect) == 0 &&
                           path.find('.', effect.size()) == std::string::npos &&
                           row.key.type.find("map") != std::string::npos;
    if (top || of_effect)
      out.push_back({of_effect ? "effects." + path.substr(effect.size()) : path, row.key.help, {}});
  }
  return out;
}

std::vector<Line> statistics() {
  return {{"patients", "patients who belong to the set of the endpoint", {}},
          {"median", "median time, Kaplan-Meier, months", {}},
          {"survival", "share event-free at each landmark, Kaplan-Meier", {}},
          {"rmst", "restricted mean survival time to the horizon, months", {}},
          {"mean", "mean time, count or duration", {}},
          {"event_share", "share with the event by the horizon", {}},
          {"cumulative_incidence",
           "share with an event of one cause, others competing (Aalen-Johansen)",
           {}},
          {"share", "share of patients of whom a yes-or-no measure is true", {}},
          {"hazard_ratio",
           "strategy / reference, Cox's model on the simulated patients, Efron's ties",
           {}},
          {"difference_median", "strategy - reference, months", {}},
          {"difference_survival", "strategy - reference at each landmark", {}},
          {"difference_rmst", "strategy - reference, paired by patient, months", {}},
          {"difference_mean", "strategy - reference, paired by patient", {}},
          {"difference_share", "the same of a yes-or-no measure", {}}};
}

// One line a study, with how many figures stand behind it, and a last line for all.
Section evidence_section(const Library& library) {
  Section out{"evidence", {}, "none found: no document in configs/evidence"};
  Diagnostics diagnostics;
  const Evidence evidence = read_all_evidence(library, diagnostics);
  for (const EvidenceLine& row : evidence_lines(evidence, diagnostics))
    out.lines.push_back({row.name, row.words, {}, row.document});
  if (diagnostics.has_errors())
    out.lines.push_back({"(with mistakes)", "npcsim check configs/evidence/*.yaml says which", {}});
  return out;
}

Section section(const Library& library, const std::string& name) {
  if (name == "models") return {name, documents(library, DocumentKind::model), {}};
  if (name == "populations") return {name, documents(library, DocumentKind::population), {}};
  if (name == "strategies") return {name, documents(library, DocumentKind::strategy), {}};
  if (name == "studies") return {name, documents(library, DocumentKind::study), {}};
  if (name == "emulations") {
    Section out{name, documents(library, DocumentKind::emulation), {}};
    for (Line& trial : documents(library, DocumentKind::running_trial))
      out.lines.push_back(std::move(trial));
    return out;
  }
  if (name == "calibrations")
    return {name, documents(library, DocumentKind::calibration),
            "none found: no document in configs/calibrations"};
  if (name == "agents" || name == "regimens" || name == "endpoints")
    return {name, of_models(library, name), {}};
  if (name == "hazards") return {name, hazards(), {}};
  if (name == "mechanisms") return {name, mechanisms(), {}};
  if (name == "statistics") return {name, statistics(), {}};
  return evidence_section(library);
}

const std::vector<std::string>& section_names() {
  static const std::vector<std::string> names{
      "models",  "populations", "strategies", "agents",     "regimens",     "studies", "endpoints",
      "hazards", "mechanisms",  "statistics", "emulations", "calibrations", "evidence"};
  return names;
}

}  // namespace

ExitCode list_command(const Context& context) {
  std::vector<std::string> wanted;
  bool json_wanted = false;
  for (const std::string& word : context.arguments) {
    if (word == "--help" || word == "-h") {
      print(
          "npcsim list "
          "[models|populations|strategies|agents|regimens|studies|endpoints|hazards|mechanisms|"
          "statistics|emulations|calibrations|"
          "evidence] [--json]\n  what is there, one line each; without an argument everything\n\n"
          "Example:\n  npcsim list strategies\n");
      return ExitCode::done;
    }
    if (word == "--json") {
      json_wanted = true;
    } else if (!word.empty() && word.front() == '-') {
      throw UsageError("unknown option '" + word + "'");
    } else if (std::find(section_names().begin(), section_names().end(), word) ==
               section_names().end()) {
      throw UsageError("there is no list of '" + word + "'; " + suggestion(word, section_names()));
    } else {
      wanted.push_back(word);
    }
  }
  const bool everything = wanted.empty();
  if (everything) wanted = section_names();
  const Library library = library_near(context, "");
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object().key("command").text("list");
  std::string out;
  for (const std::string& name : wanted) {
    const Section shown = section(library, name);
    json.key(name).begin_array();
    std::vector<std::vector<std::string>> rows;
    std::string of = "\n";
    std::string block;
    const auto flush = [&] {
      if (!rows.empty()) block += aligned(rows);
      rows.clear();
    };
    const bool by_model = name == "agents" || name == "regimens" || name == "endpoints";
    for (const Line& line : shown.lines) {
      json.begin_object().key("name").text(line.name).key("title").text(line.title);
      if (!line.of.empty()) json.key("model").text(line.of);
      if (!line.document.empty()) json.key("document").text(line.document);
      json.end_object();
      if (by_model && line.of != of) {
        flush();
        block += "  model " + line.of + "\n";
        of = line.of;
      }
      rows.push_back({(by_model ? "    " : "  ") + line.name, line.title});
      if (name == "evidence") rows.back().insert(rows.back().begin() + 1, line.document);
    }
    json.end_array();
    flush();
    if (shown.lines.empty())
      block = "  " + (shown.remark.empty() ? std::string("none found") : shown.remark) + "\n";
    out += (out.empty() ? "" : "\n") + (wanted.size() > 1 ? name + "\n" : std::string()) + block;
  }
  json.end_object();
  print(json_wanted ? json.str() + "\n" : out);
  return ExitCode::done;
}

}  // namespace npcsim
