#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/model/compile.hpp>

namespace npcsim {
namespace {

struct Resolved {
  Variable variable;
  std::vector<std::string> levels;
  bool found = false;
  bool baseline = false;
};

bool starts_with(const std::string& text, std::string_view head) {
  return text.compare(0, head.size(), head) == 0;
}

Resolved resolve(const std::string& name, const Program& program) {
  const auto dynamic = [](VariableKind kind, std::int32_t index,
                          std::vector<std::string> levels = {}) {
    return Resolved{{kind, index}, std::move(levels), true, false};
  };
  const std::int32_t column = program.find_column(name);
  if (column >= 0 && !program.columns[static_cast<std::size_t>(column)].hidden) {
    return {{VariableKind::column, column},
            program.columns[static_cast<std::size_t>(column)].levels,
            true,
            true};
  }
  const std::vector<std::string> yes_no{"no", "yes"};
  if (name == "months_since_diagnosis") return dynamic(VariableKind::months_since_diagnosis, 0);
  if (name == "progressions") return dynamic(VariableKind::progressions, 0);
  if (name == "line") return dynamic(VariableKind::line, 0);
  if (name == "progression_type") {
    std::vector<std::string> levels;
    for (const Process& process : program.processes) levels.push_back(process.name);
    return dynamic(VariableKind::progression_type, 0, levels);
  }
  for (std::size_t m = 0; m < program.markers.size(); ++m) {
    const Marker& marker = program.markers[m];
    const auto index = static_cast<std::int32_t>(m);
    if (marker.ordered && name == marker.name) {
      return dynamic(VariableKind::marker_level, index, marker.levels);
    }
    if (!marker.ordered && name == marker.name + "_detectable") {
      return dynamic(VariableKind::marker_detectable, index, yes_no);
    }
  }
  const auto suffixed = [&](std::string_view head, VariableKind agent_kind, VariableKind class_kind,
                            const std::vector<std::string>& levels) -> Resolved {
    if (!starts_with(name, head)) return {};
    const std::string rest = name.substr(head.size());
    const std::int32_t agent = program.find_agent(rest);
    if (agent >= 0) return dynamic(agent_kind, agent, levels);
    const std::int32_t group = program.find_class(rest);
    if (group >= 0) return dynamic(class_kind, group, levels);
    return {};
  };
  Resolved found =
      suffixed("received_", VariableKind::agent_received, VariableKind::class_received, yes_no);
  if (found.found) return found;
  found = suffixed("months_since_", VariableKind::months_since_agent,
                   VariableKind::months_since_class, {});
  if (found.found) return found;
  if (starts_with(name, "cycles_")) {
    const std::int32_t agent = program.find_agent(name.substr(7));
    if (agent >= 0) return dynamic(VariableKind::agent_cycles, agent);
  }
  if (starts_with(name, "toxicity_")) {
    for (std::size_t t = 0; t < program.toxicities.size(); ++t) {
      if (program.toxicities[t].name == name.substr(9)) {
        return dynamic(VariableKind::toxicity, static_cast<std::int32_t>(t), yes_no);
      }
    }
  }
  if (starts_with(name, "stopped_")) {
    const std::int32_t agent = program.find_agent(name.substr(8));
    if (agent >= 0) return dynamic(VariableKind::stopped, agent, yes_no);
  }
  return {};
}

class ConditionCompiler {
 public:
  ConditionCompiler(Program& program, const std::vector<double>& parameters, bool baseline_only,
                    Diagnostics& diagnostics)
      : program_(program),
        parameters_(parameters),
        baseline_only_(baseline_only),
        diagnostics_(diagnostics) {}

  std::int32_t compile(const ConditionDoc& doc) {
    auto& nodes = program_.conditions.nodes();
    const auto root = static_cast<std::int32_t>(nodes.size());
    nodes.emplace_back();
    fill(static_cast<std::size_t>(root), doc);
    return root;
  }

 private:
  void fill(std::size_t at, const ConditionDoc& doc) {
    if (doc.kind == ConditionDoc::Kind::test) {
      program_.conditions.nodes()[at] = test(doc);
      return;
    }
    ConditionNode node;
    node.kind = doc.kind == ConditionDoc::Kind::any        ? ConditionNode::Kind::any
                : doc.kind == ConditionDoc::Kind::negation ? ConditionNode::Kind::negation
                                                           : ConditionNode::Kind::all;
    auto& nodes = program_.conditions.nodes();
    node.first_child = static_cast<std::int32_t>(nodes.size());
    node.child_count = static_cast<std::int32_t>(doc.parts.size());
    nodes[at] = node;
    nodes.resize(nodes.size() + doc.parts.size());
    for (std::size_t i = 0; i < doc.parts.size(); ++i) {
      fill(static_cast<std::size_t>(node.first_child) + i, doc.parts[i]);
    }
  }

  ConditionNode test(const ConditionDoc& doc) {
    ConditionNode node;
    node.kind = ConditionNode::Kind::range;
    const Resolved found = resolve(doc.variable.text, program_);
    if (!found.found) {
      diagnostics_.error(doc.variable.place,
                         "unknown variable '" + doc.variable.text + "' in a condition",
                         suggestion(doc.variable.text, variable_names(program_, baseline_only_)));
      return node;
    }
    if (!baseline_only_ && found.variable.kind == VariableKind::column &&
        program_.columns[static_cast<std::size_t>(found.variable.index)].latent) {
      diagnostics_.error(doc.variable.place,
                         "'" + doc.variable.text + "' is latent: a strategy sees what is observed",
                         "use an attribute that a physician could know");
      return node;
    }
    if (baseline_only_ && !found.baseline) {
      diagnostics_.error(
          doc.variable.place,
          "'" + doc.variable.text + "' is not known at diagnosis and cannot stand here",
          "use attributes and derived flags only");
      return node;
    }
    node.variable = found.variable;
    if (doc.flag) {
      if (found.levels.empty()) {
        diagnostics_.error(doc.variable.place,
                           "'" + doc.variable.text + "' is a number, not true or false",
                           "give a range, e.g. " + doc.variable.text + ": {min: 1}");
      } else if (found.levels != std::vector<std::string>{"no", "yes"}) {
        diagnostics_.error(doc.variable.place, "'" + doc.variable.text + "' is not true or false",
                           suggestion("", found.levels));
      }
      // A marker that was never assessed is neither.
      const bool assessed = found.variable.kind == VariableKind::marker_detectable;
      node.low = *doc.flag ? 0.5 : assessed ? -0.5 : -std::numeric_limits<double>::infinity();
      node.high = *doc.flag ? std::numeric_limits<double>::infinity() : 0.5;
      return node;
    }
    if (!doc.levels.empty()) {
      node.kind = ConditionNode::Kind::levels;
      for (const Name& level : doc.levels) {
        bool known = false;
        for (std::size_t i = 0; i < found.levels.size() && i < most_levels; ++i) {
          if (found.levels[i] == level.text) {
            node.level_mask |= std::uint64_t{1} << i;
            known = true;
          }
        }
        if (!known) {
          diagnostics_.error(level.place,
                             "'" + doc.variable.text + "' has no level '" + level.text + "'",
                             found.levels.empty() ? "it is a number: give a range such as {min: 1}"
                                                  : suggestion(level.text, found.levels));
        }
      }
      return node;
    }
    if (!found.levels.empty() && !counts_as_flag(doc, found)) {
      const bool flag = found.levels == std::vector<std::string>{"no", "yes"};
      diagnostics_.error(
          doc.variable.place,
          "'" + doc.variable.text + "' is not a number" +
              (flag ? ": it is true or false" : ", it has levels"),
          flag ? "write " + doc.variable.text + ": true, or false" : suggestion("", found.levels));
      return node;
    }
    node.low = -std::numeric_limits<double>::infinity();
    node.high = std::numeric_limits<double>::infinity();
    if (doc.equals.given) node.low = node.high = limit(doc.equals, doc.variable, found);
    if (doc.least.given) node.low = limit(doc.least, doc.variable, found);
    if (doc.above.given) {
      node.low = limit(doc.above, doc.variable, found);
      node.above_low = true;
    }
    if (doc.most.given) node.high = limit(doc.most, doc.variable, found);
    if (doc.below.given) {
      node.high = limit(doc.below, doc.variable, found);
      node.below_high = true;
    }
    if (node.low > node.high) {
      diagnostics_.error(doc.variable.place,
                         "no value of '" + doc.variable.text + "' lies in this range",
                         "the lower limit is above the upper one");
    }
    return node;
  }

  // Whether `flag: 0` or `flag: 1` was written.
  static bool counts_as_flag(const ConditionDoc& doc, const Resolved& found) {
    return found.levels == std::vector<std::string>{"no", "yes"} && doc.equals.given &&
           doc.equals.parameters.empty() && (doc.equals.factor == 0 || doc.equals.factor == 1);
  }

  // A limit in the unit of its variable. Limits with a unit of time were read as months.
  double limit(const Value& value, const Name& variable, const Resolved& found) {
    const double number = value.at(parameters_);
    if (value.dimension == Dimension::none) return number;
    if (value.dimension != Dimension::time)
      return limit_in_own_unit(value, number, variable, found);
    switch (found.variable.kind) {
      case VariableKind::months_since_diagnosis:
      case VariableKind::months_since_agent:
      case VariableKind::months_since_class:
        return number;
      case VariableKind::column: {
        const std::string& unit =
            program_.columns[static_cast<std::size_t>(found.variable.index)].unit;
        if (unit == "years" || unit == "year") return number * days_per_month / days_per_year;
        if (unit == "months" || unit == "month") return number;
        if (unit == "d" || unit == "days" || unit == "day") return number * days_per_month;
        break;
      }
      default:
        break;
    }
    diagnostics_.error(value.place,
                       "'" + variable.text + "' is not a time, but its limit has a unit of time",
                       "write the limit without a unit, in the unit of '" + variable.text + "'");
    return number;
  }

  // A limit that is a dose, a length or a rate, for an attribute with such a unit.
  double limit_in_own_unit(const Value& value, double number, const Name& variable,
                           const Resolved& found) {
    const std::string unit =
        found.variable.kind == VariableKind::column
            ? program_.columns[static_cast<std::size_t>(found.variable.index)].unit
            : std::string();
    const auto one = parse_quantity("1 " + unit);
    if (one && one->dimension == value.dimension && one->value > 0) return number / one->value;
    diagnostics_.error(value.place,
                       "'" + variable.text + "' is " +
                           (unit.empty() ? "a number without unit" : "in " + unit) +
                           ", but its limit is " + std::string(dimension_in_words(value.dimension)),
                       "write the limit without a unit, in the unit of '" + variable.text + "'");
    return number;
  }

  Program& program_;
  const std::vector<double>& parameters_;
  bool baseline_only_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::vector<std::string> variable_names(const Program& program, bool baseline_only) {
  std::vector<std::string> names;
  for (const ColumnInfo& column : program.columns) {
    if (!column.hidden && (baseline_only || !column.latent)) names.push_back(column.name);
  }
  if (baseline_only) return names;
  names.insert(names.end(), {"months_since_diagnosis", "progressions", "line", "progression_type"});
  for (const Marker& marker : program.markers) {
    names.push_back(marker.ordered ? marker.name : marker.name + "_detectable");
  }
  for (const Agent& agent : program.agents) {
    for (const char* head : {"received_", "cycles_", "months_since_", "stopped_"}) {
      names.push_back(head + agent.name);
    }
  }
  for (const std::string& name : program.classes) {
    names.push_back("received_" + name);
    names.push_back("months_since_" + name);
  }
  for (const Toxicity& toxicity : program.toxicities) names.push_back("toxicity_" + toxicity.name);
  return names;
}

std::int32_t compile_condition(const ConditionDoc& condition, Program& program,
                               const std::vector<double>& parameters, bool baseline_only,
                               Diagnostics& diagnostics) {
  if (condition.empty()) return -1;
  return ConditionCompiler(program, parameters, baseline_only, diagnostics).compile(condition);
}

}  // namespace npcsim
