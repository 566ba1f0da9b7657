#include <npcsim/base/quantity_text.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/set_value.hpp>

#include <vector>

namespace npcsim {
namespace {

const std::string* strategy_name(const Tree& item) {
  const Tree* name = item.is_map() ? item.find("strategy") : nullptr;
  return name == nullptr ? nullptr : &name->text();
}

// The entry of a map or list, nullptr if there is none. Node is Tree or const Tree.
template <class Node>
Node* child(Node& tree, const std::string& key) {
  if (!tree.is_list()) return tree.is_map() ? tree.find(key) : nullptr;
  const auto index = parse_integer(key);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const std::string* name = strategy_name(tree.items()[i]);
    if ((index && *index == static_cast<std::int64_t>(i) + 1) || (name != nullptr && *name == key))
      return &tree.items()[i];
  }
  return nullptr;
}

std::vector<std::string> names_in(const Tree& tree) {
  std::vector<std::string> names;
  for (const Tree::Key& known : tree.keys()) names.push_back(known.text);
  for (const Tree& item : tree.items()) {
    const std::string* name = tree.is_list() ? strategy_name(item) : nullptr;
    if (name != nullptr) names.push_back(*name);
  }
  return names;
}

// Takes the first key off a path.
std::string take_key(std::string& path) {
  const auto dot = path.find('.');
  const std::string key = path.substr(0, dot);
  path = dot == std::string::npos ? std::string() : path.substr(dot + 1);
  return key;
}

void report_missing(const Tree& holder, const std::string& key, SourcePlace place,
                    const std::string& shown, Diagnostics& diagnostics) {
  diagnostics.error(place, "there is no '" + key + "' in " + shown,
                    suggestion(key, names_in(holder)));
}

// The map or list that the last key of `path` is in, and that key in `last`.
Tree* holder_of(Tree& study, const Tree::Key& path, const std::string& shown, std::string& last,
                Diagnostics& diagnostics) {
  Tree* at = &study;
  std::string rest = path.text;
  for (;;) {
    last = take_key(rest);
    Tree* next = child(*at, last);
    if (rest.empty() && (next != nullptr || at->is_map())) return at;
    if (next == nullptr) {
      report_missing(*at, last, path.place, shown, diagnostics);
      return nullptr;
    }
    at = next;
  }
}

void put(Tree& holder, const Tree::Key& last, const Tree& value) {
  Tree* old = child(holder, last.text);
  // A parameter is a map with its value inside: setting the parameter sets the value.
  const bool parameter =
      old != nullptr && old->is_map() && value.is_scalar() && old->find("value") != nullptr;
  if (parameter) {
    old->set("value", value);
  } else if (holder.is_list()) {
    *old = value;
  } else {
    holder.set(last, value);
  }
}

// "parameters.x", "population.parameters.x", also of the base of scenarios: the map of a study that
// says nothing of parameters is made.
void make_parameters(Tree& study, std::string path) {
  for (Tree* at = &study; at != nullptr && at->is_map();) {
    const std::string key = take_key(path);
    if (path.empty()) return;
    if (key == "parameters") {
      if (at->find(key) == nullptr) at->set(key, Tree::map());
      return;
    }
    if (key != "base" && key != "population") return;
    at = at->find(key);
  }
}

}  // namespace

ChangeOf change_of(const std::string& path) {
  if (path == "model" || path == "population" || path == "strategies") return ChangeOf::names;
  const std::string first = path.substr(0, path.find('.'));
  const bool written = first == "parameters" || first == "population" || path == "model.include";
  return written ? ChangeOf::written : ChangeOf::whole;
}

const Tree* find_at(const Tree& study, const std::string& path) {
  const Tree* at = &study;
  for (std::string rest = path; at != nullptr && !rest.empty();) at = child(*at, take_key(rest));
  return at;
}

std::string path_by_numbers(const Tree& study, const std::string& path) {
  std::string out;
  const Tree* at = &study;
  for (std::string rest = path; !rest.empty();) {
    std::string key = take_key(rest);
    const Tree* next = at == nullptr ? nullptr : child(*at, key);
    if (next != nullptr && at->is_list()) key = std::to_string(next - at->items().data() + 1);
    out += (out.empty() ? "" : ".") + key;
    at = next;
  }
  const bool parameter = at != nullptr && at->is_map() && at->find("value") != nullptr;
  return parameter ? out + ".value" : out;
}

const Tree* require_at(const Tree& study, const Tree::Key& path, const std::string& shown,
                       Diagnostics& diagnostics) {
  const Tree* at = &study;
  for (std::string rest = path.text; !rest.empty();) {
    const std::string key = take_key(rest);
    const Tree* next = child(*at, key);
    if (next == nullptr) {
      report_missing(*at, key, path.place, shown, diagnostics);
      return nullptr;
    }
    at = next;
  }
  return at;
}

void set_at(Tree& study, const Tree::Key& path, const Tree& value, const std::string& shown,
            Diagnostics& diagnostics) {
  std::string last;
  Tree* holder = holder_of(study, path, shown, last, diagnostics);
  if (holder != nullptr) put(*holder, {last, path.place}, value);
}

void set_value(Tree& study, const std::string& path, const std::string& text,
               Diagnostics& diagnostics) {
  const std::string shown = "--set " + path + "=" + text;
  const std::size_t before = diagnostics.error_count();
  const Tree value = read_yaml_text(shown, text, diagnostics);
  if (diagnostics.error_count() > before) return;
  make_parameters(study, path);
  std::string last;
  Tree* holder = holder_of(study, {path, value.place()}, shown, last, diagnostics);
  if (holder == nullptr) return;
  const Tree* old = child(*holder, last);
  if (old != nullptr && old->is_map() && value.is_scalar() && old->find("value") == nullptr) {
    diagnostics.error(value.place(), "'" + path + "' has keys of its own, found one value",
                      "set a key in it, or change the study");
    return;
  }
  put(*holder, {last, value.place()}, value);
}

}  // namespace npcsim
