// Names in evidence that only other documents can vouch for: strategies, populations, agents and
// parameters of models, words of arms. Which there are, the caller says.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace npcsim {

/// Names of one kind as seen from the place where one is used. Nothing is checked where `has` is
/// empty, or where it says that it cannot know.
struct NamesOfKind {
  enum class Answer : std::uint8_t { there, not_there, unknown };
  std::function<Answer(const Name&)> has;
  std::function<std::vector<std::string>(const Name&)> all;  ///< for hints
};

struct KnownNames {
  NamesOfKind strategies;
  NamesOfKind populations;  ///< documents that `preset` may name
  NamesOfKind agents;       ///< agents and regimens of the model
  NamesOfKind parameters;   ///< of the model
};

/// Strategies, presets, agents, assumed parameters that `known` does not have; words of arms, drugs
/// and decisions for which no entry of `treatments` stands, if there are any entries. All at once.
void check_names(const Evidence& evidence, const KnownNames& known, Diagnostics& diagnostics);

/// A condition and what it may ask for.
struct ConditionUse {
  enum class Knows : std::uint8_t {
    diagnosis,  ///< what is known at diagnosis
    course,     ///< what a strategy sees during treatment
    either      ///< a class or a level of a table: the one or the other
  };
  const Tree* condition = nullptr;  ///< into the Evidence
  Knows knows = Knows::diagnosis;
  std::string path;    ///< "populations > ours > eligible"
  std::string preset;  ///< population document whose attributes it may use too; may be empty
};

/// Every condition of populations, tables, risk systems, trials and algorithms.
std::vector<ConditionUse> conditions_of(const Evidence& evidence);

}  // namespace npcsim
