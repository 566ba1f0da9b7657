// A study of structural scenarios as its document says it.
#pragma once

#include <npcsim/base/binder.hpp>

#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// What one scenario assumes instead of the base case.
struct ScenarioDoc {
  std::string title;
  std::string description;
  const Tree* parameters = nullptr;  ///< map: name of a parameter, value
  const Tree* set = nullptr;         ///< map: path in the base study, value
  std::vector<Name> source;
};

struct ScenariosDoc {
  std::string name;
  std::string title;
  std::string description;
  std::string kind = "scenarios";
  std::vector<std::pair<Name, ScenarioDoc>> scenarios;
};

/// Trees are parts of the document that is read and live as long as it does.
void bind(Binder& binder, ScenariosDoc& out);

/// Whether a document says `kind: scenarios`.
bool is_scenario_study(const Tree& document);

}  // namespace npcsim
