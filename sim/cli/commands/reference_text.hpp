// The prose of the reference page: what no single key can say.
#pragma once

#include <string_view>
#include <vector>

namespace npcsim {

/// A passage about one part of the documents. It stands before the table of the keys below `path`.
struct Topic {
  std::string_view document;  ///< model, strategy, study, population, or empty for all
  std::string_view
      path;  ///< first part of the keys that it is about; empty: about none in particular
  std::string_view title;
  std::string_view text;  ///< Markdown
};

/// In the order of the page.
const std::vector<Topic>& topics();

/// A model, a population, two strategies and a study in one file; it runs as it stands.
std::string_view example_study();

}  // namespace npcsim
