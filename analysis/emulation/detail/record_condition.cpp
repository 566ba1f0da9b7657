#include <npcsim/emulation/detail/record_condition.hpp>
#include <npcsim/model/compile.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

}  // namespace

double RecordVariable::at(const Twins& twins, const OutcomeShape& shape, std::size_t strategy,
                          std::uint32_t patient) const {
  const OutcomeBlock& outcomes = twins.outcomes;
  if (kind == Kind::attribute) return outcomes.attributes[index * twins.patients + patient];
  const std::int32_t value =
      outcomes.measures[outcomes.measure_column(shape, strategy, index) + patient];
  if (value == measure_missing) return std::numeric_limits<double>::quiet_NaN();
  switch (shape.measures[index].kind) {
    case MeasureKind::duration:
      return value / 974.0;
    case MeasureKind::portion:
      return value * 1e-6;
    case MeasureKind::flag:
    case MeasureKind::count:
      break;
  }
  return value;
}

RecordVariable find_variable(const Name& name, PatientPool& pool, Diagnostics& diagnostics) {
  RecordVariable out;
  const Program& program = pool.program();
  const std::int32_t column = program.find_column(name.text);
  if (column >= 0 && !program.columns[static_cast<std::size_t>(column)].hidden) {
    out.kind = RecordVariable::Kind::attribute;
    out.index = pool.keep(column);
    out.levels = program.columns[static_cast<std::size_t>(column)].levels;
    return out;
  }
  const std::int32_t measure = pool.find_measure(name.text);
  if (measure >= 0) {
    out.kind = RecordVariable::Kind::measure;
    out.index = static_cast<std::size_t>(measure);
    if (pool.base().shape.measures[out.index].kind == MeasureKind::flag) out.levels = {"no", "yes"};
    return out;
  }
  std::vector<std::string> names = variable_names(program, true);
  for (const MeasureShape& shape : pool.base().shape.measures) names.push_back(shape.name);
  diagnostics.error(name.place,
                    "'" + name.text + "' is neither an attribute nor a measure of the study",
                    suggestion(name.text, names));
  return out;
}

RecordCondition::RecordCondition(const ConditionDoc& doc, PatientPool& pool,
                                 Diagnostics& diagnostics)
    : root_(make(doc, pool, diagnostics)) {}

RecordCondition::Node RecordCondition::make(const ConditionDoc& doc, PatientPool& pool,
                                            Diagnostics& diagnostics) {
  Node node;
  node.kind = doc.kind;
  for (const ConditionDoc& part : doc.parts) node.parts.push_back(make(part, pool, diagnostics));
  if (doc.kind != ConditionDoc::Kind::test) return node;
  node.variable = find_variable(doc.variable, pool, diagnostics);
  const std::vector<std::string>& levels = node.variable.levels;
  if (doc.flag) {
    node.level = {!*doc.flag, *doc.flag};
    return node;
  }
  if (!doc.levels.empty()) {
    node.level.assign(levels.size(), false);
    for (const Name& wanted : doc.levels) {
      bool found = false;
      for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i] == wanted.text) node.level[i] = found = true;
      }
      if (!found && node.variable.kind != RecordVariable::Kind::none)
        diagnostics.error(wanted.place,
                          "'" + doc.variable.text + "' has no level '" + wanted.text + "'",
                          suggestion(wanted.text, levels));
    }
    return node;
  }
  const std::vector<double> values = pool.base().model.parameters.values();
  node.low = -unbounded;
  node.high = unbounded;
  if (doc.least.given) node.low = doc.least.at(values);
  if (doc.above.given) {
    node.low = doc.above.at(values);
    node.above_low = true;
  }
  if (doc.most.given) node.high = doc.most.at(values);
  if (doc.below.given) {
    node.high = doc.below.at(values);
    node.below_high = true;
  }
  if (doc.equals.given) node.low = node.high = doc.equals.at(values);
  return node;
}

bool RecordCondition::holds(const Node& node, const Twins& twins, const OutcomeShape& shape,
                            std::size_t strategy, std::uint32_t patient) {
  switch (node.kind) {
    case ConditionDoc::Kind::all:
      for (const Node& part : node.parts) {
        if (!holds(part, twins, shape, strategy, patient)) return false;
      }
      return true;
    case ConditionDoc::Kind::any:
      for (const Node& part : node.parts) {
        if (holds(part, twins, shape, strategy, patient)) return true;
      }
      return node.parts.empty();
    case ConditionDoc::Kind::negation:
      return !holds(node.parts.front(), twins, shape, strategy, patient);
    case ConditionDoc::Kind::test:
      break;
  }
  if (node.variable.kind == RecordVariable::Kind::none && node.points.empty()) return false;
  const double x = number(node, twins, shape, strategy, patient);
  if (!node.level.empty())
    return x >= 0 && x < static_cast<double>(node.level.size()) &&
           node.level[static_cast<std::size_t>(x)];
  return (node.above_low ? x > node.low : x >= node.low) &&
         (node.below_high ? x < node.high : x <= node.high);
}

double RecordCondition::number(const Node& node, const Twins& twins, const OutcomeShape& shape,
                               std::size_t strategy, std::uint32_t patient) {
  if (node.points.empty()) return node.variable.at(twins, shape, strategy, patient);
  double sum = 0;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (holds(node.parts[i], twins, shape, strategy, patient)) sum += node.points[i];
  }
  return sum;
}

RecordCondition RecordCondition::of_score(const EmulatedGroup& group, PatientPool& pool,
                                          Diagnostics& diagnostics) {
  const std::vector<double> values = pool.base().model.parameters.values();
  RecordCondition out;
  out.root_.kind = ConditionDoc::Kind::test;
  for (const ScoreTerm& term : group.score) {
    out.root_.parts.push_back(make(term.when, pool, diagnostics));
    out.root_.points.push_back(term.points.at(values));
  }
  out.root_.low = group.above.given ? group.above.at(values) : -unbounded;
  out.root_.high = group.most.given ? group.most.at(values) : unbounded;
  out.root_.above_low = true;
  return out;
}

bool RecordCondition::asks_measure(const Node& node) {
  return node.variable.kind == RecordVariable::Kind::measure ||
         std::any_of(node.parts.begin(), node.parts.end(),
                     [](const Node& part) { return asks_measure(part); });
}

RecordCondition RecordCondition::both(const RecordCondition& a, const RecordCondition& b) {
  RecordCondition out;
  out.root_.parts = {a.root_, b.root_};
  return out;
}

}  // namespace npcsim::detail
