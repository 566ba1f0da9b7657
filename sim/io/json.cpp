#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/utf8.hpp>
#include <npcsim/io/json.hpp>

#include <cmath>

namespace npcsim {

void JsonWriter::new_line() {
  if (!indented_) return;
  out_ += '\n';
  out_.append(2 * has_items_.size(), ' ');
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) return;
  if (has_items_.back()) out_ += ',';
  has_items_.back() = true;
  new_line();
}

void JsonWriter::open(char bracket) {
  before_value();
  out_ += bracket;
  has_items_.push_back(false);
}

void JsonWriter::close(char bracket) {
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) new_line();
  out_ += bracket;
}

JsonWriter& JsonWriter::begin_object() {
  open('{');
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  close('}');
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  open('[');
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  close(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  quoted(name);
  out_ += indented_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  before_value();
  quoted(value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  before_value();
  out_ += std::isfinite(value) ? shortest(value) : "null";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  before_value();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

void JsonWriter::quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out_ += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      out_ += "\\ufffd";
    } else if (length > 1) {
      out_ += text.substr(i, length);
    } else if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += text[i];
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (c == '\t') {
      out_ += "\\t";
    } else if (c == '\r') {
      out_ += "\\r";
    } else if (c < 0x20 || c == 0x7f || c == '<') {
      // "</script>" and "<!--" would end or change the element that holds the text.
      out_ += "\\u00";
      out_ += digits[c >> 4];
      out_ += digits[c & 15];
    } else {
      out_ += text[i];
    }
    i += length == 0 ? 1 : length;
  }
  out_ += '"';
}

JsonWriter& JsonWriter::table(const Table& table) {
  begin_object().key("name").text(table.name).key("columns").begin_array();
  for (const Column& column : table.columns) {
    begin_object().key("name").text(column.name).key("unit").text(column.unit);
    key("meaning").text(column.meaning).key("values").begin_array();
    if (const auto* numbers = std::get_if<Column::Numbers>(&column.cells)) {
      for (const double value : *numbers) number(value);
    } else if (const auto* integers = std::get_if<Column::Integers>(&column.cells)) {
      for (const std::int64_t value : *integers) integer(value);
    } else {
      for (const std::string& value : std::get<Column::Texts>(column.cells)) text(value);
    }
    end_array().end_object();
  }
  return end_array().end_object();
}

std::string to_json(const Table& table) { return JsonWriter().table(table).str(); }

}  // namespace npcsim
