// Text of C++ files as the layout checker reads it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim::layout {

/// The same text with every character of comments blanked, and, if asked, of string and character
/// literals too; line ends stay, so positions and line numbers do as well.
enum class Literals { keep, blank };
std::string without_comments(std::string_view code, Literals literals);

/// Lines without their ends; a last line without an end counts.
std::vector<std::string> lines_of(std::string_view text);

/// An include directive.
struct Include {
  std::size_t line = 0;  ///< From 1.
  std::string path;      ///< Between the quotes or brackets.
  bool quoted = false;   ///< "path", not <path>.
};
std::vector<Include> includes_of(std::string_view code);

/// Where `word` stands in `code` with no letter, digit or underscore beside it.
std::vector<std::size_t> find_word(std::string_view code, std::string_view word);

/// The line of a position, from 1.
std::size_t line_number(std::string_view text, std::size_t position);

/// The first character at or after `position` that is not white space, or 0 at the end.
char next_visible(std::string_view text, std::size_t position);

/// The last character before `position` that is not white space, or 0 at the start.
char previous_visible(std::string_view text, std::size_t position);

}  // namespace npcsim::layout
