// What a user can write wrong, and the whole answer.
#pragma once

#include "documents.hpp"

#include <string>
#include <vector>

namespace npcsim::testing {

struct Wrong {
  std::string name;
  std::string from;  ///< what stands in the right study
  std::string to;    ///< what the user wrote instead
  int exit_code;
  std::string message;
};

/// In keys, numbers, states, attributes, hazards.
std::vector<Wrong> mistakes_of_diseases();

/// In agents, markers, strategies and studies.
std::vector<Wrong> mistakes_of_treatments();

/// In names, and in things that do not go together.
std::vector<Wrong> mistakes_of_combinations();

}  // namespace npcsim::testing
