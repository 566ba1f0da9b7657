#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/cli/commands/key_catalogue.hpp>
#include <npcsim/emulation/emulation_doc.hpp>
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/model/model_doc.hpp>
#include <npcsim/run/population_doc.hpp>
#include <npcsim/run/study_doc.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>
#include <npcsim/strategies/step_doc.hpp>

namespace npcsim {
namespace {

template <class Document>
void add_document(const std::string& name, std::vector<CataloguedKey>& out) {
  Diagnostics none;
  std::vector<KeyDescription> rows;
  BindContext context{&none, nullptr, &rows, nullptr};
  const Tree empty = Tree::map();
  Binder binder(context, empty, {});
  Document document{};
  bind(binder, document);
  for (KeyDescription& row : rows) out.push_back({name, std::move(row)});
}

void add_variables(std::vector<CataloguedKey>& out) {
  const auto add = [&out](std::string path, std::string type, std::string help,
                          std::string example) {
    KeyDescription row;
    row.path = std::move(path);
    row.type = std::move(type);
    row.help = std::move(help);
    row.example = std::move(example);
    out.push_back({"condition", std::move(row)});
  };
  add("<attribute>", "true or false, levels, or range", "an attribute of the model", "liver: true");
  add("months_since_diagnosis", "range", "time since diagnosis",
      "months_since_diagnosis: {max: 6}");
  add("line", "range", "line of treatment, 1 from the start", "line: 1");
  add("progressions", "range", "progressions documented so far", "progressions: 0");
  add("progression_type", "levels", "process of the last documented progression",
      "progression_type: locoregional_progression");
  add("<marker>", "levels",
      "level of an ordered marker at its last assessment; no level holds before the first",
      "response: [CR, PR]");
  add("<marker>_detectable", "true or false",
      "a kinetic marker at its last assessment; neither before the first",
      "ebv_dna_detectable: false");
  add("received_<agent or class>", "true or false", "whether it has been given",
      "received_pd1: true");
  add("months_since_<agent or class>", "range",
      "since its last dose; counts as endless if it was never given",
      "months_since_platinum: {min: 6}");
  add("cycles_<agent>", "range", "doses received so far", "cycles_gp: {min: 4}");
  add("stopped_<agent>", "true or false", "whether it was stopped for one of its causes",
      "stopped_pd1: false");
  add("toxicity_<toxicity>", "true or false", "whether it has happened so far",
      "toxicity_neutropenia: true");
}

std::vector<std::string> parts(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    const auto dot = path.find('.');
    std::string part(path.substr(0, dot));
    if (part.size() > 2 && part.substr(part.size() - 2) == "[]") part.resize(part.size() - 2);
    out.push_back(std::move(part));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return out;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// "months_since_<agent or class>" fits "months_since_gp".
bool part_fits(const std::string& asked, const std::string& part) {
  if (asked == part) return true;
  const auto open = part.find('<');
  if (open == std::string::npos) return false;
  const auto close = part.find('>');
  const std::string head = part.substr(0, open);
  const std::string tail = part.substr(close + 1);
  if (head.empty() && tail.empty()) return false;
  return asked.size() > head.size() + tail.size() && asked.compare(0, head.size(), head) == 0 &&
         asked.compare(asked.size() - tail.size(), tail.size(), tail) == 0;
}

bool is_name(const std::string& part) { return part.front() == '<' && part.back() == '>'; }

}  // namespace

std::vector<CataloguedKey> catalogue() {
  std::vector<CataloguedKey> out;
  add_document<ModelDoc>("model", out);
  add_document<StrategyDoc>("strategy", out);
  add_document<StudyDoc>("study", out);
  add_document<PopulationDoc>("population", out);
  add_document<ScenariosDoc>("scenario study", out);
  for (KeyDescription& row : emulation_keys()) out.push_back({"emulation", std::move(row)});
  for (KeyDescription& row : calibration_keys()) out.push_back({"calibration", std::move(row)});
  for (KeyDescription& row : evidence_keys()) out.push_back({"evidence", std::move(row)});
  add_variables(out);
  return out;
}

std::string last_part(std::string_view path) {
  const auto all = parts(path);
  return all.empty() ? std::string() : all.back();
}

bool key_fits(std::string_view query, std::string_view path) {
  const auto asked = parts(query);
  const auto known = parts(path);
  if (asked.empty() || known.empty()) return false;
  std::size_t a = asked.size();
  std::size_t k = known.size();
  while (a > 0) {
    if (is_number(asked[a - 1])) {
      --a;
      continue;
    }
    if (k == 0) return false;
    const bool names_an_entry =
        k == known.size() && a == asked.size() && a > 1 && is_name(known[k - 1]);
    if (part_fits(asked[a - 1], known[k - 1]) || names_an_entry) {
      --a;
      --k;
    } else if (is_name(known[k - 1]) && k < known.size()) {
      // A name of the user's stands in its place, or nothing does.
      --k;
      if (k > 0 && !part_fits(asked[a - 1], known[k - 1])) --a;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace npcsim
