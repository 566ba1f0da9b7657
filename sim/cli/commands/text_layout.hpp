// Text for people: broken into lines, cut, freed of Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace npcsim {

/// Characters of UTF-8 text; each is taken to be one column wide.
std::size_t text_width(std::string_view text);

/// Broken at blanks into lines of at most `width` columns, each indented; ends with a line feed.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// At most `width` columns, with "..." where something was cut off.
std::string cut(std::string_view text, std::size_t width);

/// Markdown without its marks, wrapped at 100 columns; indented lines are kept.
std::string plain_markdown(std::string_view text);

}  // namespace npcsim
