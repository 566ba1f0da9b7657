#include <npcsim/base/binder.hpp>

#include <algorithm>

namespace npcsim {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto at = text.find(separator);
    out.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// A default as it would be read from a document: "[12, 24]" is a list of two scalars.
Tree tree_of(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']')
    return Tree::scalar(std::string(text));
  Tree list = Tree::list();
  for (const std::string& item : split(text.substr(1, text.size() - 2), ','))
    list.append(Tree::scalar(std::string(trim(item))));
  return list;
}

}  // namespace

std::string path_in_words(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& part : path) out += (out.empty() ? "" : " > ") + part;
  return out;
}

std::string range_in_words(const Key& key) {
  const bool low = key.least > -std::numeric_limits<double>::infinity();
  const bool high = key.most < std::numeric_limits<double>::infinity();
  const std::string unit = key.dimension == Dimension::time   ? " d"
                           : key.dimension == Dimension::dose ? " Gy"
                                                              : "";
  if (low && high) {
    return (key.above_least ? "above " : "from ") + shortest(key.least) + unit +
           (key.below_most ? " to below " : " to ") + shortest(key.most) + unit;
  }
  if (low) return (key.above_least ? "above " : "at least ") + shortest(key.least) + unit;
  if (high) return (key.below_most ? "below " : "at most ") + shortest(key.most) + unit;
  return {};
}

Binder::Binder(BindContext& context, const Tree& node, std::vector<std::string> path)
    : context_(context), node_(node), path_(std::move(path)) {}

const Tree& Binder::empty_map() {
  static const Tree tree = Tree::map();
  return tree;
}

std::vector<std::string> Binder::extended(std::string_view key) const {
  auto path = path_;
  path.emplace_back(key);
  return path;
}

void Binder::error(SourcePlace place, std::string message, std::string hint) {
  if (describing()) return;
  context_.diagnostics->error(place, std::move(message), std::move(hint), path_in_words(path_));
}

void Binder::warning(SourcePlace place, std::string message, std::string hint) {
  if (describing()) return;
  context_.diagnostics->warning(place, std::move(message), std::move(hint), path_in_words(path_));
}

void Binder::describe(const Key& key, std::string_view type) {
  KeyDescription row;
  for (const std::string& part : path_) row.path += (row.path.empty() ? "" : ".") + part;
  row.path += (row.path.empty() ? "" : ".") + std::string(key.name);
  row.type = type;
  row.range = key.choices.empty() ? range_in_words(key) : std::string(key.choices);
  row.fallback = key.fallback;
  row.example = key.example;
  row.help = key.help;
  row.required = key.required;
  context_.descriptions->push_back(std::move(row));
}

const Tree* Binder::find(const Key& key, std::string_view type) {
  asked_.emplace_back(key.name);
  if (describing()) {
    describe(key, type);
    return nullptr;
  }
  const Tree* tree = node_.find(key.name);
  if (tree != nullptr && tree->is_null()) {
    const Tree::Key* written = node_.find_key(key.name);
    error(written->place, "'" + std::string(key.name) + "' has no value",
          "expected " + std::string(type) + (key.example.empty() ? "" : ", e.g. ") +
              std::string(key.example));
    return nullptr;
  }
  if (tree == nullptr) {
    if (key.required) {
      missing_.push_back(
          {std::string(key.name),
           std::string(key.help) +
               (key.example.empty() ? "" : "; e.g. " + std::string(key.name) + ": ") +
               std::string(key.example)});
    } else if (!key.fallback.empty() && context_.defaults != nullptr) {
      context_.defaults->push_back({path_, std::string(key.name), std::string(key.fallback)});
    }
  }
  return tree;
}

const Tree* Binder::enter(const Key& key, std::string_view type, Tree::Kind kind) {
  const Tree* tree = find(key, type);
  if (tree != nullptr && tree->kind() != kind) {
    error(tree->place(),
          "'" + std::string(key.name) + "' must be a " + std::string(type) + ", found " +
              in_words(*tree),
          key.example.empty() ? std::string() : "e.g. " + std::string(key.example));
    return nullptr;
  }
  return tree;
}

const Tree* Binder::raw(const Key& key, std::string_view type) { return find(key, type); }

void Binder::text(const Key& key, std::string& out) {
  const Tree* tree = find(key, key.choices.empty() ? "text" : "word");
  if (tree == nullptr) return;
  if (!tree->is_scalar()) {
    error(tree->place(), "'" + std::string(key.name) + "' must be text, found " + in_words(*tree));
    return;
  }
  if (!key.choices.empty()) {
    const auto choices = split(key.choices, '|');
    if (std::find(choices.begin(), choices.end(), tree->text()) == choices.end()) {
      error(tree->place(), "unknown " + std::string(key.name) + " '" + tree->text() + "'",
            suggestion(tree->text(), choices));
      return;
    }
  }
  out = tree->text();
}

void Binder::name(const Key& key, Name& out) {
  const Tree* tree = find(key, "name");
  if (tree == nullptr) return;
  if (!tree->is_scalar()) {
    error(tree->place(),
          "'" + std::string(key.name) + "' must be a name, found " + in_words(*tree));
    return;
  }
  out = {tree->text(), tree->place()};
}

void Binder::own_name(const Key& key, Name& out) {
  Name given;
  name(key, given);
  const Tree* const tree = node_.find(key.name);
  if (tree == nullptr || !tree->is_scalar()) return;  // name() has reported it
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto allowed = [&letter](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  constexpr std::size_t longest = 100;
  if (given.text.empty() || given.text.size() > longest || !letter(given.text.front()) ||
      !std::all_of(given.text.begin(), given.text.end(), allowed)) {
    error(given.place,
          "'" + std::string(key.name) +
              "' must be a letter and then letters, digits, '_', '-' or '.', at most 100, found '" +
              given.text.substr(0, longest) + "'");
    return;
  }
  out = std::move(given);
}

void Binder::names(const Key& key, std::vector<Name>& out) {
  const Tree* tree = find(key, "name or list of names");
  if (tree == nullptr) return;
  if (tree->is_scalar()) {
    out.push_back({tree->text(), tree->place()});
    return;
  }
  if (!tree->is_list()) {
    error(tree->place(), "'" + std::string(key.name) +
                             "' must be a name or a list of names, found " + in_words(*tree));
    return;
  }
  for (const Tree& item : tree->items()) {
    if (item.is_scalar()) {
      out.push_back({item.text(), item.place()});
    } else {
      error(item.place(), "expected a name, found " + in_words(item));
    }
  }
}

bool ValueUse::allows(double number) const {
  if (above_least ? !(number > least) : !(number >= least)) return false;
  return below_most ? number < most : number <= most;
}

bool Binder::in_range(const Key& key, double value) const {
  if (key.above_least ? !(value > key.least) : !(value >= key.least)) return false;
  return key.below_most ? value < key.most : value <= key.most;
}

void Binder::note_use(const Key& key, const Value& value) {
  std::string range = range_in_words(key);
  if (context_.uses == nullptr || range.empty()) return;
  context_.uses->push_back({value, std::string(key.name), path_in_words(path_), std::move(range),
                            key.least, key.most, key.above_least, key.below_most});
}

void Binder::report_range(const Tree& tree, const Key& key) {
  error(tree.place(),
        "'" + std::string(key.name) + "' must be " + range_in_words(key) + ", found " + tree.text(),
        std::string(key.help));
}

namespace {

// What may have been meant by a word that is no unit. Empty: nothing like it.
std::string meant_unit(const std::string& unit, Dimension dimension) {
  const bool rate = dimension == Dimension::rate;
  if (!rate && dimension != Dimension::time) return {};
  const std::string per = rate ? "per " : "";
  // Minutes or months: a letter is near to everything.
  if (unit == per + "m") return "is a month meant? write " + per + (rate ? "month" : "months");
  std::vector<std::string> known;
  for (const char* const word : {"day", "week", "month", "year"})
    known.push_back(per + word + (rate ? "" : "s"));
  const std::string near = closest(unit, known);
  return near.empty() ? near : "did you mean '" + near + "'?";
}

}  // namespace

bool Binder::read_number(const Tree& tree, const Key& key, double& out) {
  const std::string expected = std::string(dimension_in_words(key.dimension));
  if (!tree.is_scalar()) {
    error(tree.place(),
          "'" + std::string(key.name) + "' must be " + expected + ", found " + in_words(tree));
    return false;
  }
  if (tree.quoted() && parse_number(tree.text())) {
    error(tree.place(), "a number must not stand in quotation marks",
          "write " + tree.text() + " without them");
    return false;
  }
  const auto quantity = parse_quantity(tree.text());
  if (!quantity && context_.diagnostics->has_error_at(tree.place())) return false;
  if (!quantity) {
    error(tree.place(),
          "'" + std::string(key.name) + "' must be " + expected + ", found '" + tree.text() + "'",
          tree.text().size() > 1 && tree.text()[0] == '0' && tree.text()[1] >= '0' &&
                  tree.text()[1] <= '9'
              ? "numbers do not begin with 0"
              : std::string(key.help));
    return false;
  }
  if (quantity->dimension != key.dimension || (quantity->dimension == Dimension::none &&
                                               !quantity->unit.empty() && quantity->unit != "%")) {
    const bool bare = quantity->unit.empty();
    const bool within = quantity->unit.find("within ") != std::string::npos;
    const std::string meant =
        quantity->dimension == Dimension::none ? meant_unit(quantity->unit, key.dimension) : "";
    error(tree.place(),
          bare ? "'" + std::string(key.name) + "' needs a unit: expected " + expected + ", found " +
                     tree.text()
               : "wrong unit '" + quantity->unit + "' for '" + std::string(key.name) +
                     "': expected " + expected,
          within && key.dimension == Dimension::rate
              ? "'within' needs a probability from 0 to below 100 % and a time above 0"
          : meant.empty() ? std::string(key.help)
                          : meant);
    return false;
  }
  if (!in_range(key, quantity->value)) {
    report_range(tree, key);
    return false;
  }
  out = quantity->value;
  return true;
}

bool Binder::read_value(const Tree& tree, const Key& key, Value& out) {
  out.place = tree.place();
  if (!tree.is_scalar() || tree.text().find('$') == std::string::npos) {
    double literal = 0;
    if (!read_number(tree, key, literal)) return false;
    out.factor = literal;
    out.dimension = key.dimension;
    out.parameters.clear();
    out.given = true;
    return true;
  }
  // A product such as "$a", "-$a", "0.5 * $a * $b".
  Value value;
  value.place = tree.place();
  value.factor = 1.0;
  value.given = true;
  double current = 1.0;
  Dimension dimension = Dimension::none;
  std::vector<double> now;
  for (const std::string& part : split(tree.text(), '*')) {
    std::string_view word = trim(part);
    if (!word.empty() && word.front() == '-' && word.size() > 1 && word[1] == '$') {
      value.factor = -value.factor;
      current = -current;
      word.remove_prefix(1);
    }
    if (!word.empty() && word.front() == '$') {
      word.remove_prefix(1);
      const std::int32_t index =
          context_.parameters == nullptr ? -1 : context_.parameters->find(word);
      if (index < 0) {
        std::vector<std::string> names;
        if (context_.parameters != nullptr) {
          for (const Parameter& row : context_.parameters->rows()) names.push_back(row.name);
        }
        const std::string near = closest(word, names);
        error(tree.place(), "unknown parameter '$" + std::string(word) + "'",
              near.empty() ? "declare it under 'parameters'" : "did you mean '$" + near + "'?");
        return false;
      }
      const Parameter& row = context_.parameters->rows()[static_cast<std::size_t>(index)];
      if (row.dimension != Dimension::none) {
        if (dimension != Dimension::none) {
          error(tree.place(), "two quantities with units are multiplied in '" + tree.text() + "'");
          return false;
        }
        dimension = row.dimension;
      }
      value.parameters.push_back(index);
      current *= row.value;
      continue;
    }
    const auto quantity = parse_quantity(word);
    const bool unknown_unit = quantity && quantity->dimension == Dimension::none &&
                              !quantity->unit.empty() && quantity->unit != "%";
    if (!quantity || unknown_unit) {
      error(tree.place(), "cannot read '" + std::string(word) + "' in '" + tree.text() + "'",
            "write a product of numbers and parameters, e.g. 0.5 * $share");
      return false;
    }
    if (quantity->dimension != Dimension::none) {
      if (dimension != Dimension::none) {
        error(tree.place(), "two quantities with units are multiplied in '" + tree.text() + "'");
        return false;
      }
      dimension = quantity->dimension;
    }
    value.factor *= quantity->value;
    current *= quantity->value;
  }
  if (dimension != key.dimension) {
    error(tree.place(),
          "'" + tree.text() + "' has the wrong unit for '" + std::string(key.name) +
              "': expected " + std::string(dimension_in_words(key.dimension)),
          "the unit stands where the parameter is declared");
    return false;
  }
  if (!in_range(key, current)) {
    error(tree.place(),
          "'" + std::string(key.name) + "' must be " + range_in_words(key) + ", but " +
              tree.text() + " is " + shortest(current),
          std::string(key.help));
    return false;
  }
  value.dimension = key.dimension;
  note_use(key, value);
  out = std::move(value);
  return true;
}

void Binder::number(const Key& key, double& out) {
  const Tree* tree = find(key, dimension_in_words(key.dimension));
  if (tree != nullptr) read_number(*tree, key, out);
}

void Binder::value(const Key& key, Value& out) {
  const Tree* tree = find(key, dimension_in_words(key.dimension));
  if (tree != nullptr) read_value(*tree, key, out);
}

void Binder::values(const Key& key, std::vector<Value>& out) {
  const Tree* tree = find(key, "number or list of numbers");
  if (tree == nullptr) return;
  if (tree->is_list()) {
    for (const Tree& item : tree->items()) {
      out.emplace_back();
      read_value(item, key, out.back());
    }
    return;
  }

  out.emplace_back();
  read_value(*tree, key, out.back());
}

void Binder::integer(const Key& key, std::int64_t& out) {
  const Tree* tree = find(key, "whole number");
  if (tree == nullptr) return;
  const auto value =
      tree->is_scalar() && !tree->quoted() ? parse_integer(tree->text()) : std::nullopt;
  if (!value) {
    const std::string text = tree->is_scalar() && !tree->quoted() ? tree->text() : "";
    const bool too_long =
        text.size() > 18 && text.find_first_not_of("+-0123456789") == std::string::npos;
    error(tree->place(),
          "'" + std::string(key.name) + "' must be a whole number" +
              (!too_long          ? ""
               : key.least >= 0.0 ? " from " + shortest(key.least) + " to below 2^63"
                                  : " between -2^63 and 2^63") +
              ", found " + in_words(*tree),
          std::string(key.help));
    return;
  }
  if (!in_range(key, static_cast<double>(*value))) {
    report_range(*tree, key);
    return;
  }
  out = *value;
}

void Binder::flag(const Key& key, bool& out) {
  const Tree* tree = find(key, "true or false");
  if (tree == nullptr) return;
  if (tree->is_scalar() && tree->text() == "true") {
    out = true;
  } else if (tree->is_scalar() && tree->text() == "false") {
    out = false;
  } else {
    error(tree->place(),
          "'" + std::string(key.name) + "' must be true or false, found " + in_words(*tree));
  }
}

void Binder::finish() {
  if (describing()) return;
  auto sorted = asked_;
  std::sort(sorted.begin(), sorted.end());
  for (const Tree::Key& key : node_.keys()) {
    if (std::find(asked_.begin(), asked_.end(), key.text) != asked_.end()) continue;
    error(key.place, "unknown key '" + key.text + "'", suggestion(key.text, sorted));
    // A key that was written wrong is not missing as well.
    const std::string meant = closest(key.text, sorted);
    missing_.erase(std::remove_if(missing_.begin(), missing_.end(),
                                  [&meant](const Missing& entry) { return entry.key == meant; }),
                   missing_.end());
  }
  for (const Missing& entry : missing_)
    error(node_.place(), "missing key '" + entry.key + "'", entry.hint);
  missing_.clear();
}

Tree with_defaults(Tree document, const std::vector<FilledDefault>& defaults) {
  for (const FilledDefault& row : defaults) {
    Tree* at = &document;
    for (const std::string& step : row.path) {
      if (at == nullptr) break;
      if (at->is_list()) {
        const auto index = parse_integer(step);
        at = index && *index >= 1 && static_cast<std::size_t>(*index) <= at->size()
                 ? &at->items()[static_cast<std::size_t>(*index - 1)]
                 : nullptr;
      } else {
        at = at->find(step);
      }
    }
    if (at != nullptr && at->is_map() && at->find(row.key) == nullptr) {
      at->set(row.key, tree_of(row.text));
    }
  }
  return document;
}

}  // namespace npcsim
