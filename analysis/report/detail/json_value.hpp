// A JSON document as a tree, enough to check report data and to print it as plain tables.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim::detail {

/// One value of a JSON document (RFC 8259).
struct JsonValue {
  enum class Kind { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  /// Decoded text of a string; the digits of a number as written; "true" or "false".
  std::string text;
  std::vector<JsonValue> items;
  /// Members of an object in the order of the document.
  std::vector<std::pair<std::string, JsonValue>> members;

  /// The member of that name (the last one if it is repeated, as in browsers), or null if there is
  /// none.
  const JsonValue* find(std::string_view name) const;

  /// The text of the string member of that name, or an empty text.
  std::string_view text_of(std::string_view name) const;
};

/// \throws std::invalid_argument with line and column if the text is not one JSON value, or nests
/// deeper than 100.
JsonValue parse_json(std::string_view text);

}  // namespace npcsim::detail
