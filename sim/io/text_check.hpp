// Is this text at all? Checked before a parser sees it, so that nobody reads a message about a
// comma in a photograph.
#pragma once

#include <npcsim/base/diagnostics.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace npcsim {

/// The text without a UTF-8 byte order mark.
std::string_view without_byte_order_mark(std::string_view text);

/// Reports bytes that no text document has: a binary file (one message for the whole of it),
/// invalid UTF-8, control characters, carriage returns that end no line. Places are in `text`,
/// which is source `file`. True if all is well.
bool check_text(std::string_view text, std::int32_t file, Diagnostics& diagnostics);

/// Whether these bytes are a binary file: a NUL, or many control characters.
bool looks_binary(std::string_view bytes);

}  // namespace npcsim
