#include <npcsim/results/detail/zero_attributes.hpp>

#include <algorithm>
#include <vector>

namespace npcsim::detail {
namespace {

const AttributeDoc* find_attribute(const ModelDoc& model, const std::string& name) {
  for (const auto& [known, attribute] : model.attributes) {
    if (known.text == name) return &attribute;
  }
  return nullptr;
}

// No patient has the level.
bool is_impossible(const AttributeDoc& attribute, const std::string& level,
                   const std::vector<double>& parameters) {
  return std::any_of(attribute.levels.begin(), attribute.levels.end(), [&](const auto& known) {
    return known.first.text == level && known.second.at(parameters) == 0;
  });
}

bool never_holds(const ModelDoc& model, const ConditionDoc& condition) {
  const auto never = [&model](const ConditionDoc& part) { return never_holds(model, part); };
  const auto& parts = condition.parts;
  switch (condition.kind) {
    case ConditionDoc::Kind::all:
      return std::any_of(parts.begin(), parts.end(), never);
    case ConditionDoc::Kind::any:
      return !parts.empty() && std::all_of(parts.begin(), parts.end(), never);
    case ConditionDoc::Kind::negation:
      return false;
    case ConditionDoc::Kind::test:
      break;
  }
  if (condition.flag) return *condition.flag && is_always_zero(model, condition.variable.text);
  const AttributeDoc* attribute = find_attribute(model, condition.variable.text);
  const std::vector<double> values = model.parameters.values();
  return attribute != nullptr && !condition.levels.empty() &&
         std::all_of(condition.levels.begin(), condition.levels.end(), [&](const Name& level) {
           return is_impossible(*attribute, level.text, values);
         });
}

}  // namespace

bool is_always_zero(const ModelDoc& model, const std::string& name) {
  const AttributeDoc* attribute = find_attribute(model, name);
  if (attribute == nullptr) return false;
  if (attribute->kind.text == "condition") return never_holds(model, attribute->derived);
  if (attribute->kind.text != "constant") return false;
  const std::vector<double> values = model.parameters.values();
  return std::all_of(attribute->numbers.begin(), attribute->numbers.end(), [&](const auto& number) {
    return number.second.terms.empty() && number.second.intercept.at(values) == 0;
  });
}

}  // namespace npcsim::detail
