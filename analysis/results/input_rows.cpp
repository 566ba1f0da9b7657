#include <npcsim/base/quantity_text.hpp>
#include <npcsim/results/detail/input_rows.hpp>
#include <npcsim/results/remarks.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace npcsim::detail {

namespace {

constexpr std::string_view assumed_key = "assumed";

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<std::string> source_keys(const Tree& source) {
  std::vector<std::string> keys;
  if (source.is_scalar()) keys.push_back(source.text());
  for (const Tree& item : source.items()) keys.push_back(item.text());
  return keys;
}

// What is said about a number, as against the number: remarks, whom it is about and how to read it.
bool is_about_number(const std::string& key) {
  return is_remark(key) || key == "class" || key == "kind";
}

// Whether a number stands in here that does not come from a parameter and has no other source.
bool holds_number(const Tree& tree) {
  if (tree.is_scalar()) return !tree.quoted() && parse_quantity(tree.text()).has_value();
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    if (tree.is_map() && is_about_number(tree.keys()[i].text)) continue;
    if (item.is_map() && item.find("source") != nullptr) continue;
    if (holds_number(item)) return true;
  }
  return false;
}

// The part on one line, as flow YAML; parts with a source of their own have their own row.
void put_inline(const Tree& tree, bool outermost, std::string& out) {
  if (tree.is_scalar() || tree.is_null()) {
    out += tree.text();
    return;
  }
  const bool map = tree.is_map();
  if (!outermost) out += map ? '{' : '[';
  bool first = true;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    if (map && is_about_number(tree.keys()[i].text)) continue;
    if (item.is_map() && item.find("source") != nullptr) continue;
    if (!first) out += ", ";
    first = false;
    if (map) out += tree.keys()[i].text + ": ";
    put_inline(item, false, out);
  }
  if (!outermost) out += map ? '}' : ']';
}

void add_parts(const Tree& tree, const std::string& path, std::vector<InputRow>& rows) {
  if (const Tree* source = tree.is_map() ? tree.find("source") : nullptr;
      source != nullptr && holds_number(tree)) {
    InputRow row;
    row.name = path;
    put_inline(tree, true, row.text);
    const std::vector<std::string> keys = source_keys(*source);
    row.source = joined(keys);
    row.assumed = std::find(keys.begin(), keys.end(), assumed_key) != keys.end();
    if (const Tree* label = tree.find("label")) row.meaning = label->text();
    if (const Tree* title = tree.find("title")) row.meaning = title->text();
    if (const Tree* unit = tree.find("unit")) row.unit = unit->text();
    rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const std::string name = tree.is_map() ? tree.keys()[i].text : std::to_string(i + 1);
    add_parts(tree.items()[i], path.empty() ? name : path + " > " + name, rows);
  }
}

// Numbers that say what is meant rather than how much: cuts of conditions, the order of processes,
// where a covariate is centred, what counts for an endpoint. No source could confirm them.
bool is_definition(std::string_view key) {
  constexpr std::array<std::string_view, 11> definitions{
      "centre",     "condition", "endpoints", "first_dose", "frailty", "latent",
      "occurrence", "otherwise", "plus",      "rank",       "when"};
  return std::find(definitions.begin(), definitions.end(), key) != definitions.end();
}

bool is_number(const Tree& tree) {
  return tree.is_scalar() && !tree.quoted() && parse_quantity(tree.text()).has_value();
}

// A list or map of single values, a number among them: one row, as in {frail: 0.5, age: 0.01}.
bool is_row_of_numbers(const Tree& tree) {
  bool number = false;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    if (tree.is_map() && is_about_number(tree.keys()[i].text)) continue;
    if (!item.is_scalar()) return false;
    if (tree.is_map() && is_definition(tree.keys()[i].text)) continue;
    number = number || is_number(item);
  }
  return number;
}

void add_without_source(const Tree& tree, const std::string& path, std::vector<InputRow>& rows) {
  if (tree.is_map() && tree.find("source") != nullptr) return;
  if (is_number(tree) || is_row_of_numbers(tree)) {
    InputRow row;
    row.name = path;
    put_inline(tree, true, row.text);
    rows.push_back(std::move(row));
    return;
  }
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree.is_map() &&
        (is_about_number(tree.keys()[i].text) || is_definition(tree.keys()[i].text)))
      continue;
    const std::string name = tree.is_map() ? tree.keys()[i].text : std::to_string(i + 1);
    add_without_source(tree.items()[i], path.empty() ? name : path + " > " + name, rows);
  }
}

}  // namespace

std::vector<InputRow> rows_without_source(const CompiledStudy& study) {
  std::vector<InputRow> rows;
  for (const char* const document : {"model", "population"}) {
    const Tree* tree = study.document.find(document);
    if (tree == nullptr || !tree->is_map() || tree->find("source") != nullptr) continue;
    for (std::size_t i = 0; i < tree->keys().size(); ++i) {
      // Parameters have rows of their own.
      const std::string& part = tree->keys()[i].text;
      if (part != "parameters" && !is_about_number(part) && !is_definition(part))
        add_without_source(tree->items()[i], part, rows);
    }
  }
  return rows;
}

std::vector<InputRow> input_rows(const CompiledStudy& study) {
  std::vector<InputRow> rows;
  for (const Parameter& parameter : study.model.parameters.rows()) {
    InputRow row;
    row.name = parameter.name;
    row.number = parameter.written;
    row.unit = parameter.unit;
    row.prior = parameter.prior;
    row.source = joined(parameter.source);
    row.assumed = std::find(parameter.source.begin(), parameter.source.end(), assumed_key) !=
                  parameter.source.end();
    row.identified = parameter.identified;
    row.meaning = parameter.meaning;
    rows.push_back(std::move(row));
  }
  if (const Tree* model = study.document.find("model")) {
    for (std::size_t i = 0; i < model->keys().size(); ++i) {
      const std::string& part = model->keys()[i].text;
      if (part != "parameters" && part != "sources") add_parts(model->items()[i], part, rows);
    }
  }
  if (const Tree* strategies = study.document.find("strategies")) {
    for (const Tree& strategy : strategies->items()) {
      const Tree* name = strategy.find("strategy");
      add_parts(strategy, name != nullptr ? name->text() : "strategy", rows);
    }
  }
  return rows;
}

void put_input(JsonWriter& json, const InputRow& row) {
  json.key("name").text(row.name);
  json.key("value");
  if (row.number) {
    json.number(*row.number);
  } else {
    json.text(row.text);
  }
  json.key("unit").text(row.unit);
  json.key("meaning").text(row.meaning);
}

}  // namespace npcsim::detail
