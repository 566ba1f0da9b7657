// Conditions as they stand in documents: `when: {response: [CR, PR], lesion_count: {max: 5}, liver:
// false}`.
#pragma once

#include <npcsim/base/binder.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// A test of one variable, or several conditions joined.
struct ConditionDoc {
  enum class Kind { all, any, negation, test };
  Kind kind = Kind::all;
  std::vector<ConditionDoc> parts;  ///< of all, any, negation (one)

  Name variable;                            ///< of a test
  std::vector<Name> levels;                 ///< the variable is one of these
  std::optional<bool> flag;                 ///< the variable is true / false
  Value least, above, most, below, equals;  ///< limits that were given
  bool empty() const { return kind == Kind::all && parts.empty(); }
};

/// Reads `tree`, a map of tests that must all hold; `any`, `all` and `not` nest.
void bind_condition(Binder& binder, const Tree& tree, ConditionDoc& out);

/// Reads the key as a condition if it is there.
void condition(Binder& binder, const Key& key, ConditionDoc& out);

/// The condition in words, "response is CR or PR, and liver is false".
std::string in_words(const ConditionDoc& condition);

}  // namespace npcsim
