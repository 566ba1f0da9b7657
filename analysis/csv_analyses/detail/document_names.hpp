// Names in a model document for columns, levels and transitions of data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim::detail {

/// What a model document takes for a name: letters, digits and underscores, no digit first. Such a
/// text stays as it is. "<50" becomes below_50, ">=50" at_least_50, "3+" x3_plus; everything else
/// becomes an underscore. Words that a document understands otherwise (no, line, ...) get x_ in
/// front; long texts are cut.
std::string document_name(const std::string& text);

/// Names for several texts, each name once.
///
/// A text that is a name already keeps it. Of the others the first has its document_name() and the
/// next ones a number behind it: "a b", "a-b" are a_b and a_b_2. The same texts in the same order
/// give the same names.
struct DocumentNames {
  std::vector<std::string> names;     ///< [text]
  std::vector<std::size_t> numbered;  ///< texts whose name has a number because another one has it
};
DocumentNames document_names_of(const std::vector<std::string>& texts);

/// A text for a line of comment: line ends and other control characters become blanks.
std::string in_comment(std::string text);

}  // namespace npcsim::detail
