// Reads JSON in tests: enough of RFC 8259 to look at what the program writes.
#pragma once

#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim::testing {

/// One value. Numbers and null (as NaN) are `number`, texts `text`, true and false the texts "true"
/// and "false".
struct JsonValue {
  double number = std::numeric_limits<double>::quiet_NaN();
  std::string text;
  std::vector<JsonValue> items;
  std::vector<std::pair<std::string, JsonValue>> members;

  /// Throws std::out_of_range, naming the key, if it is missing.
  const JsonValue& at(std::string_view key) const {
    for (const auto& [name, value] : members) {
      if (name == key) return value;
    }
    throw std::out_of_range("no key " + std::string(key));
  }
  bool has(std::string_view key) const {
    for (const auto& member : members) {
      if (member.first == key) return true;
    }
    return false;
  }
  std::vector<double> numbers() const {
    std::vector<double> out;
    for (const JsonValue& item : items) out.push_back(item.number);
    return out;
  }
};

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  JsonValue read() {
    JsonValue out = value();
    blank();
    if (at_ != text_.size()) fail("text behind the value");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error("JSON at " + std::to_string(at_) + ": " + why);
  }
  void blank() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  char next() {
    blank();
    if (at_ >= text_.size()) fail("end of text");
    return text_[at_];
  }
  void take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) fail("expected " + std::string(word));
    at_ += word.size();
  }
  std::string quoted() {
    take("\"");
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') ++at_;
      out += text_[at_++];
    }
    take("\"");
    return out;
  }

  JsonValue value() {
    JsonValue out;
    const char c = next();
    if (c == '"') {
      out.text = quoted();
    } else if (c == '{') {
      list("}", [this, &out] {
        next();
        std::string key = quoted();
        next();
        take(":");
        out.members.emplace_back(std::move(key), value());
      });
    } else if (c == '[') {
      list("]", [this, &out] { out.items.push_back(value()); });
    } else if (c == 'n') {
      take("null");
    } else if (c == 't') {
      take(out.text = "true");
    } else if (c == 'f') {
      take(out.text = "false");
    } else {
      const std::string rest(text_.substr(at_, 40));
      char* end = nullptr;
      out.number = std::strtod(rest.c_str(), &end);
      if (end == rest.c_str()) fail("expected a value");
      at_ += static_cast<std::size_t>(end - rest.c_str());
    }
    return out;
  }

  template <typename One>
  void list(std::string_view closing, One one) {
    ++at_;
    if (next() == closing[0]) return take(closing);
    while (true) {
      one();
      if (next() == closing[0]) return take(closing);
      take(",");
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace npcsim::testing
