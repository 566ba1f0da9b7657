// Which columns a run has to fill: an attribute that nothing looks at costs nothing.
#include <npcsim/model/program.hpp>

namespace npcsim {
namespace {

class WantedColumns {
 public:
  explicit WantedColumns(const Program& program)
      : program_(program), wanted_(program.columns.size(), false) {}

  void want(std::int32_t column) {
    if (column < 0 || wanted_[static_cast<std::size_t>(column)]) return;
    wanted_[static_cast<std::size_t>(column)] = true;
    const ColumnRule& rule = program_.rules[static_cast<std::size_t>(column)];
    want(rule.latent);
    terms(rule.location.terms);
    for (const std::int32_t operand : rule.operands) {
      if (rule.kind != ColumnKind::resample) want(operand);
    }
    condition(rule.condition);
    if (rule.copula >= 0) {
      for (const std::int32_t member :
           program_.copulas[static_cast<std::size_t>(rule.copula)].columns)
        want(member);
    }
  }
  void terms(const std::vector<LinearTerm>& list) {
    for (const LinearTerm& term : list) want(term.column);
  }
  void condition(std::int32_t root) {
    if (root < 0) return;
    const ConditionNode& node = program_.conditions.nodes()[static_cast<std::size_t>(root)];
    if (node.kind == ConditionNode::Kind::range || node.kind == ConditionNode::Kind::levels) {
      if (node.variable.kind == VariableKind::column) want(node.variable.index);
      return;
    }
    for (std::int32_t i = 0; i < node.child_count; ++i) condition(node.first_child + i);
  }
  const std::vector<bool>& wanted() const { return wanted_; }

 private:
  const Program& program_;
  std::vector<bool> wanted_;
};

// The nodes of a condition.
void mark(const std::vector<ConditionNode>& nodes, std::int32_t root, std::vector<bool>& marked) {
  if (root < 0) return;
  const ConditionNode& node = nodes[static_cast<std::size_t>(root)];
  marked[static_cast<std::size_t>(root)] = true;
  for (std::int32_t i = 0; i < node.child_count; ++i) mark(nodes, node.first_child + i, marked);
}

}  // namespace

std::vector<bool> Program::needed_rules(const std::vector<std::int32_t>& wanted) const {
  WantedColumns marker(*this);
  for (const std::int32_t column : wanted) marker.want(column);
  // Conditions of strategies, agents and effects are all in the pool, beside those of attributes,
  // which matter only where the attribute is wanted.
  std::vector<bool> of_attributes(conditions.nodes().size(), false);
  for (const ColumnRule& rule : rules) mark(conditions.nodes(), rule.condition, of_attributes);
  for (std::size_t i = 0; i < of_attributes.size(); ++i) {
    const ConditionNode& node = conditions.nodes()[i];
    if (of_attributes[i] ||
        (node.kind != ConditionNode::Kind::range && node.kind != ConditionNode::Kind::levels)) {
      continue;
    }
    if (node.variable.kind == VariableKind::column) marker.want(node.variable.index);
  }
  for (const Process& process : processes) {
    marker.terms(process.log_hr.terms);
    for (const ParameterTerms& entry : process.covariates) marker.terms(entry.terms);
    for (const FrailtyUse& use : process.frailties) marker.want(use.log_column);
    marker.want(process.age_column);
    marker.want(process.sex_column);
    marker.want(process.calendar_column);
  }
  for (const Agent& agent : agents) marker.want(agent.control_lesions);
  marker.want(lesion_column);
  for (const Track& track : tracks) marker.terms(track.modifiers);
  for (const Toxicity& toxicity : toxicities) marker.terms(toxicity.modifiers);
  for (const Marker& entry : markers) {
    marker.terms(entry.loads);
    marker.want(entry.effect_column);
    marker.want(entry.baseline);
    marker.want(entry.detectable);
    marker.want(entry.fall_column);
    marker.want(entry.shared_column);
  }
  return marker.wanted();
}

}  // namespace npcsim
