// Text that is safe at its place in an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace npcsim {

/// Text for element content and for attribute values in double or single quotes.
[[nodiscard]] std::string html_text(std::string_view text);

/// JSON for a `script` element: the same values, but nothing in it can end the element or open a
/// comment.
///
/// In JSON a `<` occurs only inside strings, where `\u003c` means the same. \pre json is valid
/// JSON.
[[nodiscard]] std::string script_json(std::string_view json);

}  // namespace npcsim
