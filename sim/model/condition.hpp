// Conditions after compilation: a flat list of tests over numbered variables.
#pragma once

#include <cstdint>
#include <vector>

namespace npcsim {

/// What a variable of a condition is.
enum class VariableKind : std::uint8_t {
  column,  ///< attribute, flag, score: known at diagnosis, does not change
  months_since_diagnosis,
  progressions,      ///< documented so far
  progression_type,  ///< process of the last documented progression, -1 before
  line,              ///< line of treatment, 1 from the start
  marker_level,      ///< last assessed level, -1 before
  marker_detectable,
  agent_received,
  agent_cycles,
  months_since_agent,  ///< since its last dose, very large if never given
  class_received,
  months_since_class,
  toxicity,  ///< happened so far
  stopped,   ///< an agent was stopped for a cause
};

struct Variable {
  VariableKind kind = VariableKind::column;
  std::int32_t index = 0;

  friend bool operator==(const Variable&, const Variable&) = default;
};

struct ConditionNode {
  enum class Kind : std::uint8_t { all, any, negation, range, levels };
  Kind kind = Kind::all;
  bool above_low = false;  ///< low itself is outside
  bool below_high = false;
  Variable variable;
  double low = 0;
  double high = 0;
  std::uint64_t level_mask = 0;
  std::int32_t first_child = 0;  ///< children are contiguous
  std::int32_t child_count = 0;
};

/// A pool of compiled conditions; a condition is the index of its root, -1 means always.
class ConditionPool {
 public:
  std::vector<ConditionNode>& nodes() { return nodes_; }
  const std::vector<ConditionNode>& nodes() const { return nodes_; }

  /// Evaluates with `value_of(Variable) -> double`.
  template <class ValueOf>
  bool holds(std::int32_t root, const ValueOf& value_of) const {
    if (root < 0) return true;
    const ConditionNode& node = nodes_[static_cast<std::size_t>(root)];
    switch (node.kind) {
      case ConditionNode::Kind::all:
        for (std::int32_t i = 0; i < node.child_count; ++i) {
          if (!holds(node.first_child + i, value_of)) return false;
        }
        return true;
      case ConditionNode::Kind::any:
        for (std::int32_t i = 0; i < node.child_count; ++i) {
          if (holds(node.first_child + i, value_of)) return true;
        }
        return node.child_count == 0;
      case ConditionNode::Kind::negation:
        return !holds(node.first_child, value_of);
      case ConditionNode::Kind::range: {
        const double x = value_of(node.variable);
        return (node.above_low ? x > node.low : x >= node.low) &&
               (node.below_high ? x < node.high : x <= node.high);
      }
      case ConditionNode::Kind::levels: {
        const double x = value_of(node.variable);
        if (!(x >= 0) || x > 63) return false;
        return ((node.level_mask >> static_cast<unsigned>(x)) & 1U) != 0;
      }
    }
    return false;
  }

 private:
  std::vector<ConditionNode> nodes_;
};

}  // namespace npcsim
