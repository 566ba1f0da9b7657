// Conditions on what is known of a patient of an emulated study: attributes, and measures under the
// arm that the patient is in.
#pragma once

#include <npcsim/emulation/emulation_doc.hpp>
#include <npcsim/emulation/patient_pool.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// A number of a patient.
struct RecordVariable {
  enum class Kind : std::uint8_t { none, attribute, measure };
  Kind kind = Kind::none;
  std::size_t index = 0;
  std::vector<std::string> levels;

  /// Its value under a strategy; NaN where the measure does not apply.
  double at(const Twins& twins, const OutcomeShape& shape, std::size_t strategy,
            std::uint32_t patient) const;
};

/// Finds a variable by name and has the pool keep it. An unknown name is an error.
RecordVariable find_variable(const Name& name, PatientPool& pool, Diagnostics& diagnostics);

class RecordCondition {
 public:
  RecordCondition() = default;
  /// Problems go to `diagnostics`.
  RecordCondition(const ConditionDoc& doc, PatientPool& pool, Diagnostics& diagnostics);

  /// Always true when default-made.
  bool holds(const Twins& twins, const OutcomeShape& shape, std::size_t strategy,
             std::uint32_t patient) const {
    return holds(root_, twins, shape, strategy, patient);
  }

  /// Holds where the points of the terms that hold sum to more than `above` and at most `most`.
  /// Points and limits are those of the pool's own parameters.
  static RecordCondition of_score(const EmulatedGroup& group, PatientPool& pool,
                                  Diagnostics& diagnostics);

  /// Whether what happens after diagnosis decides.
  bool asks_measure() const { return asks_measure(root_); }

  /// Joins another condition: both must hold.
  static RecordCondition both(const RecordCondition& a, const RecordCondition& b);

 private:
  struct Node {
    ConditionDoc::Kind kind = ConditionDoc::Kind::all;
    RecordVariable variable;
    double low = 0, high = 0;
    bool above_low = false, below_high = false;
    std::vector<bool> level;  ///< [level] accepted; empty: a range
    std::vector<Node> parts;
    std::vector<double> points;  ///< of each part of a score; empty: no score
  };
  static bool asks_measure(const Node& node);
  static double number(const Node& node, const Twins& twins, const OutcomeShape& shape,
                       std::size_t strategy, std::uint32_t patient);
  static Node make(const ConditionDoc& doc, PatientPool& pool, Diagnostics& diagnostics);
  static bool holds(const Node& node, const Twins& twins, const OutcomeShape& shape,
                    std::size_t strategy, std::uint32_t patient);
  Node root_;
};

}  // namespace npcsim::detail
