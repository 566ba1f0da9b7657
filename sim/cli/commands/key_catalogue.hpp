// All keys of all documents, from the descriptors that also read them.
#pragma once

#include <npcsim/base/binder.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

struct CataloguedKey {
  std::string
      document;  ///< model, strategy, study, population, or condition for variables of conditions
  KeyDescription key;
};

/// Every key in the order of the documents.
std::vector<CataloguedKey> catalogue();

/// "agents.pd1.cycle.every", "cycle.every", "effects.1.hr" or "every" as a person would write it
/// fits the path "agents.<name>.cycle.every": names and positions may be left out, and the
/// beginning too.
bool key_fits(std::string_view query, std::string_view path);

/// The last part of a path without brackets: "every", "effects".
std::string last_part(std::string_view path);

/// The whole reference page, Markdown.
std::string reference_page();

}  // namespace npcsim
