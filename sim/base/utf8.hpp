// Text of unknown origin: is it UTF-8, and may a terminal see it?
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace npcsim {

/// Length of the valid UTF-8 sequence at the start of a non-empty text; 0 if it is not valid (RFC
/// 3629).
std::size_t utf8_length(std::string_view text);

/// The text on one line, for messages: control characters (C0, DEL and C1, which move the cursor,
/// change colours or end the line) and bytes that are no UTF-8 are written as \x1b; everything else
/// stays.
std::string printable(std::string_view text);

}  // namespace npcsim
