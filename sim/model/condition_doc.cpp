#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/model/condition_doc.hpp>

namespace npcsim {
namespace {

// Of a product of parameters: the limit has the unit that one of them was declared with.
Dimension dimension_of(Binder& binder, const Tree& limit) {
  const ParameterTable* const parameters = binder.context().parameters;
  if (parameters == nullptr || !limit.is_scalar()) return Dimension::none;
  const std::string& text = limit.text();
  for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    const std::string name = text.substr(at + 1, text.find_first_of(" *", at) - at - 1);
    const std::int32_t index = parameters->find(name);
    if (index < 0) continue;  // read_value() reports it
    const Dimension dimension = parameters->rows()[static_cast<std::size_t>(index)].dimension;
    if (dimension != Dimension::none) return dimension;
  }
  return Dimension::none;
}

void bind_test(Binder& binder, const Tree::Key& key, const Tree& tree, ConditionDoc& out) {
  out.kind = ConditionDoc::Kind::test;
  out.variable = {key.text, key.place};
  if (tree.is_list()) {
    for (const Tree& item : tree.items()) {
      if (item.is_scalar()) {
        out.levels.push_back({item.text(), item.place()});
      } else {
        binder.error(item.place(), "expected a level, found " + in_words(item));
      }
    }
    if (tree.items().empty()) binder.error(tree.place(), "the list of levels is empty");
    return;
  }
  if (tree.is_map()) {
    for (std::size_t i = 0; i < tree.size(); ++i) {
      const std::string& word = tree.keys()[i].text;
      const Tree& limit = tree.items()[i];
      Value* target = word == "min"      ? &out.least
                      : word == "above"  ? &out.above
                      : word == "max"    ? &out.most
                      : word == "below"  ? &out.below
                      : word == "equals" ? &out.equals
                                         : nullptr;
      if (target == nullptr) {
        binder.error(tree.keys()[i].place, "unknown key '" + word + "' in a range",
                     suggestion(word, {"min", "above", "max", "below", "equals"}));
        continue;
      }
      // A limit carries the unit of its variable: months for times, the attribute's own unit
      // otherwise.
      if (limit.is_scalar() && limit.text().find('$') == std::string::npos) {
        const auto quantity = parse_quantity(limit.text());
        if (!quantity) {
          binder.error(limit.place(), "expected a number, found " + in_words(limit));
          continue;
        }
        target->factor = quantity->dimension == Dimension::time ? quantity->value / days_per_month
                                                                : quantity->value;
        target->dimension = quantity->dimension;
        target->place = limit.place();
        target->given = true;
      } else {
        const Dimension dimension = dimension_of(binder, limit);
        if (binder.read_value(limit, {.name = word, .help = "a limit", .dimension = dimension},
                              *target) &&
            dimension == Dimension::time)
          target->factor /= days_per_month;
      }
    }
    if (tree.items().empty()) {
      binder.error(tree.place(), "the range is empty", "e.g. {min: 1, max: 5}");
    }
    return;
  }
  if (!tree.is_scalar()) {
    binder.error(tree.is_null() ? key.place : tree.place(),
                 "expected a level, true, false or a range, found " + in_words(tree));
    return;
  }
  if (tree.text() == "true" || tree.text() == "false") {
    out.flag = tree.text() == "true";
  } else if (const auto number = parse_number(tree.text())) {
    out.equals.factor = *number;
    out.equals.place = tree.place();
    out.equals.given = true;
  } else {
    out.levels.push_back({tree.text(), tree.place()});
  }
}

}  // namespace

void bind_condition(Binder& binder, const Tree& tree, ConditionDoc& out) {
  out.kind = ConditionDoc::Kind::all;
  if (!tree.is_map()) {
    binder.error(tree.place(), "a condition must be a map of tests, found " + in_words(tree),
                 "e.g. {response: [CR, PR], liver: false}");
    return;
  }
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree::Key& key = tree.keys()[i];
    const Tree& item = tree.items()[i];
    ConditionDoc part;
    if (key.text == "any" || key.text == "all") {
      part.kind = key.text == "any" ? ConditionDoc::Kind::any : ConditionDoc::Kind::all;
      if (item.is_list()) {
        for (const Tree& entry : item.items()) {
          part.parts.emplace_back();
          bind_condition(binder, entry, part.parts.back());
        }
      } else if (item.is_map()) {
        // `any: {a: true, b: true}`: the tests themselves are the alternatives.
        for (std::size_t j = 0; j < item.size(); ++j) {
          part.parts.emplace_back();
          bind_test(binder, item.keys()[j], item.items()[j], part.parts.back());
        }
      } else {
        binder.error(item.place(),
                     "'" + key.text + "' must be a list of conditions, found " + in_words(item));
      }
      if (part.parts.empty() && (item.is_list() || item.is_map()))
        binder.error(item.place(), "'" + key.text + "' has no conditions");
    } else if (key.text == "not") {
      part.kind = ConditionDoc::Kind::negation;
      part.parts.emplace_back();
      bind_condition(binder, item, part.parts.back());
    } else {
      bind_test(binder, key, item, part);
    }
    out.parts.push_back(std::move(part));
  }
}

void condition(Binder& binder, const Key& key, ConditionDoc& out) {
  const Tree* tree = binder.raw(key, "condition");
  if (tree != nullptr) bind_condition(binder, *tree, out);
}

std::string in_words(const ConditionDoc& condition) {
  switch (condition.kind) {
    case ConditionDoc::Kind::all:
    case ConditionDoc::Kind::any: {
      const char* joint = condition.kind == ConditionDoc::Kind::any ? " or " : " and ";
      std::string out;
      for (const ConditionDoc& part : condition.parts) {
        const bool nested = part.kind != ConditionDoc::Kind::test && part.parts.size() > 1;
        out += (out.empty() ? "" : joint) + (nested ? "(" + in_words(part) + ")" : in_words(part));
      }
      return out.empty() ? "always" : out;
    }
    case ConditionDoc::Kind::negation:
      return "not (" + in_words(condition.parts.front()) + ")";
    case ConditionDoc::Kind::test:
      break;
  }
  std::string out = condition.variable.text;
  if (condition.flag) return *condition.flag ? out : "no " + out;
  for (std::size_t i = 0; i < condition.levels.size(); ++i) {
    out += (i == 0 ? " is " : " or ") + condition.levels[i].text;
  }
  const auto add = [&out](const Value& limit, const char* sign) {
    if (limit.given) out += std::string(" ") + sign + " " + shortest(limit.factor);
  };
  add(condition.least, ">=");
  add(condition.above, ">");
  add(condition.most, "<=");
  add(condition.below, "<");
  add(condition.equals, "=");
  return out;
}

}  // namespace npcsim
