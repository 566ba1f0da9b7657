// JSON text, written from front to back (RFC 8259).
#pragma once

#include <npcsim/base/table.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// Keys keep the order in which they are written; numbers read back to the same double; NaN and
/// infinities become null; bytes that are not UTF-8 become U+FFFD. The text may stand inside a
/// <script> element of a page.
class JsonWriter {
 public:
  enum class Layout { compact, indented };
  explicit JsonWriter(Layout layout = Layout::compact) : indented_(layout == Layout::indented) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  /// Before every value of an object.
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(double value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json);
  /// {"name": ..., "columns": [{"name", "unit", "meaning", "values": [...]}, ...]}
  JsonWriter& table(const Table& table);

  /// The text so far; complete once everything is closed.
  const std::string& str() const { return out_; }

 private:
  void before_value();
  void open(char bracket);
  void close(char bracket);
  void new_line();
  void quoted(std::string_view text);

  std::string out_;
  std::vector<bool> has_items_;  // one per open bracket
  bool after_key_ = false;
  bool indented_ = false;
};

/// One table as JSON.
std::string to_json(const Table& table);

}  // namespace npcsim
